"""An exported model runs in LiteRT and gives what the original gives.

usage: litert.py ORIGINAL EXPORTED
"""

# REQUIRES: litert
# DEFINE: %{model} =
# DEFINE: %{check} = tflc-translate --import-tflite %models/%{model}/model.tflite -o %t.mlir && \
# DEFINE:   tflc-translate --export-tflite %t.mlir -o %t.tflite && \
# DEFINE:   %peers_python %s %models/%{model}/model.tflite %t.tflite
# REDEFINE: %{model} = accumulator
# RUN: %{check}
# REDEFINE: %{model} = mnist_cnn_float32
# RUN: %{check}
# REDEFINE: %{model} = mnist_cnn_dynamic_range
# RUN: %{check}
# REDEFINE: %{model} = mnist_cnn_int8_uint8_io
# RUN: %{check}
# REDEFINE: %{model} = mnist_cnn_int16x8
# RUN: %{check}
# REDEFINE: %{model} = mnist_cnn_pruned80_sparse_int8
# RUN: %{check}
# REDEFINE: %{model} = two_in_two_out
# RUN: %{check}

import sys

import numpy
from ai_edge_litert.interpreter import Interpreter, OpResolverType


def load(path):
    interpreter = Interpreter(path, experimental_op_resolver_type=OpResolverType.BUILTIN_REF)
    interpreter.allocate_tensors()
    return interpreter


def same_details(ours, theirs):
    assert len(ours) == len(theirs)
    for a, b in zip(ours, theirs):
        for key in ("name", "dtype", "quantization"):
            assert a[key] == b[key], (key, a[key], b[key])
        assert list(a["shape"]) == list(b["shape"])
    return zip(ours, theirs)


def main(original, exported):
    expected, actual = load(original), load(exported)
    random = numpy.random.default_rng(0)
    for a, b in same_details(expected.get_input_details(), actual.get_input_details()):
        value = (random.random(a["shape"]) * 100).astype(a["dtype"])
        expected.set_tensor(a["index"], value)
        actual.set_tensor(b["index"], value)
    expected.invoke()
    actual.invoke()
    for a, b in same_details(expected.get_output_details(), actual.get_output_details()):
        numpy.testing.assert_array_equal(expected.get_tensor(a["index"]), actual.get_tensor(b["index"]))


if __name__ == "__main__":
    main(*sys.argv[1:])
