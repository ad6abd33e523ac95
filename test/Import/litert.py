"""Exported models run in LiteRT and give what the originals give.

usage: litert.py TFLC_TRANSLATE MODEL.tflite...

Each model is imported and exported, with its dimensions fixed and, where some are open, with these left open. Every
signature of both files is then invoked with the same random inputs, several times, since variables may keep values.
"""

# REQUIRES: litert
# RUN: %peers_python %s tflc-translate %models/*/model.tflite | FileCheck %s
# CHECK: 15 models, 0 failed

import pathlib
import subprocess
import sys
import tempfile

import numpy
from ai_edge_litert.interpreter import Interpreter, OpResolverType

INVOCATIONS = 3


def load(path):
    interpreter = Interpreter(str(path), experimental_op_resolver_type=OpResolverType.BUILTIN_REF)
    interpreter.allocate_tensors()
    return interpreter


def same_details(ours, theirs):
    assert list(ours) == list(theirs), (list(ours), list(theirs))
    for name, a in ours.items():
        for key in ("name", "dtype", "quantization"):
            assert a[key] == theirs[name][key], (key, a[key], theirs[name][key])
        assert list(a["shape"]) == list(theirs[name]["shape"]), (name, a["shape"], theirs[name]["shape"])


def random_value(random, details):
    dtype = numpy.dtype(details["dtype"])
    if dtype.kind == "f":
        return random.standard_normal(details["shape"]).astype(dtype)
    if dtype.itemsize == 1 and dtype.kind in "iu":
        return random.integers(numpy.iinfo(dtype).min, numpy.iinfo(dtype).max, details["shape"], dtype, endpoint=True)
    return (random.random(details["shape"]) * 100).astype(dtype)


def compare_signature(random, expected, actual):
    same_details(expected.get_input_details(), actual.get_input_details())
    same_details(expected.get_output_details(), actual.get_output_details())
    for _ in range(INVOCATIONS):
        inputs = {name: random_value(random, a) for name, a in expected.get_input_details().items()}
        want, got = expected(**inputs), actual(**inputs)
        for name, value in want.items():
            numpy.testing.assert_array_equal(value, got[name], err_msg=name)


def by_position(details):
    return {i: a for i, a in enumerate(details)}


def compare_main(random, expected, actual):
    """For files whose original has no signature."""
    inputs, outputs = expected.get_input_details(), expected.get_output_details()
    same_details(by_position(inputs), by_position(actual.get_input_details()))
    same_details(by_position(outputs), by_position(actual.get_output_details()))
    for _ in range(INVOCATIONS):
        for a, b in zip(inputs, actual.get_input_details()):
            value = random_value(random, a)
            expected.set_tensor(a["index"], value)
            actual.set_tensor(b["index"], value)
        expected.invoke()
        actual.invoke()
        for a, b in zip(outputs, actual.get_output_details()):
            numpy.testing.assert_array_equal(expected.get_tensor(a["index"]), actual.get_tensor(b["index"]))


def compare(original, exported):
    random = numpy.random.default_rng(0)
    expected, actual = load(original), load(exported)
    signatures = sorted(expected.get_signature_list())
    if not signatures:
        return compare_main(random, expected, actual)
    assert signatures == sorted(actual.get_signature_list())
    for key in signatures:
        compare_signature(random, expected.get_signature_runner(key), actual.get_signature_runner(key))


def export(translate, model, folder, *options):
    text, exported = folder / "model.mlir", folder / "model.tflite"
    subprocess.run([translate, "--import-tflite", *options, model, "-o", text], check=True)
    subprocess.run([translate, "--export-tflite", text, "-o", exported], check=True)
    return exported


def main(translate, *models):
    failed = 0
    for model in models:
        with tempfile.TemporaryDirectory() as folder:
            try:
                for options in ([], ["--dynamic"]):
                    compare(model, export(translate, model, pathlib.Path(folder), *options))
            except (AssertionError, subprocess.CalledProcessError, RuntimeError, ValueError) as error:
                failed += 1
                print(f"failed {model}: {error}")
    print(f"{len(models)} models, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
