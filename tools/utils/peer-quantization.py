#!/usr/bin/env python3
"""Records in docs/peer-quantization.json which operators TensorFlow's converter quantizes.

    tools/utils/peer-quantization.py OPS CONVERTED [--only OPERATOR ...]

OPS has a folder for each operator with float models of it alone (OPERATOR-float32-*.tflite); each is calibrated with random
inputs and quantized by the converter's own passes, for int8 and for int16 activations. CONVERTED has folders with
dynamic-range.tflite, where an operator of float activations and int8 weights shows what that mode does. Needs TensorFlow.
"""

import argparse
import collections
import json
import multiprocessing
import pathlib

import numpy as np
import tensorflow as tf
from tensorflow.lite.python import convert
from tensorflow.lite.python import schema_py_generated as schema
from tensorflow.lite.python.optimize import calibrator

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "peer-quantization.json"
NAMES = {value: name for name, value in vars(schema.BuiltinOperator).items() if not name.startswith("_")}
TYPES = schema.TensorType
MOST_MODELS = 2


def list_indices(vector):
    return [] if vector is None else vector


def list_operators(contents):
    """(name, types of operands, types of results) of all operators of a file; -1 for an operand left out."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(contents, 0))
    for graph in model.subgraphs:
        for op in graph.operators:
            code = model.operatorCodes[op.opcodeIndex]
            name = NAMES[max(code.builtinCode, code.deprecatedBuiltinCode)]
            operands = [graph.tensors[i].type if i >= 0 else -1 for i in list_indices(op.inputs)]
            yield (
                name,
                operands,
                [graph.tensors[i].type for i in list_indices(op.outputs)],
            )


def make_samples(contents):
    random = np.random.default_rng(1)
    details = tf.lite.Interpreter(model_content=contents).get_input_details()

    def make(detail):
        shape = [max(size, 1) for size in detail["shape"]]
        if detail["dtype"] == np.float32:
            return random.random(shape, dtype=np.float32) + np.float32(0.1)
        if detail["dtype"] == np.bool_:
            return random.random(shape) < 0.5
        return np.zeros(shape, detail["dtype"])

    samples = [[make(detail) for detail in details] for _ in range(2)]
    return lambda: iter(samples)


def quantize(contents, word):
    samples = make_samples(contents)
    if word:
        return calibrator.Calibrator(contents).calibrate_and_quantize(
            samples,
            tf.float32,
            tf.float32,
            True,
            activations_type=tf.int16,
            bias_type=tf.int64,
        )
    return convert.mlir_quantize(calibrator.Calibrator(contents).calibrate(samples))


def find_mode(contents, operator, word):
    """Whether the operator computes with integers afterwards; None where that cannot be found out."""
    try:
        quantized = quantize(contents, word)
    except Exception:  # a fault of the converter: the next model may say more
        return None
    wanted = TYPES.INT16 if word else TYPES.INT8
    found = [operands + results for name, operands, results in list_operators(quantized) if name == operator]
    return any(wanted in types and TYPES.FLOAT32 not in types for types in found) if found else None


def examine(folder, answer):
    models = [path.read_bytes() for path in sorted(folder.glob(f"{folder.name}-float32-*.tflite"))[:MOST_MODELS]]
    found = {}
    for word, key in ((False, "int8"), (True, "int16")):
        modes = [find_mode(model, folder.name, word) for model in models]
        modes = [mode for mode in modes if mode is not None]
        if modes:
            found[key] = any(modes)
            answer.send(found)
    answer.close()


def ask(folder):
    """What a process of its own finds out: some operators end TensorFlow's quantizer by a signal."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=examine, args=(folder, sender))
    process.start()
    sender.close()
    found = {}
    try:
        while True:
            found = receiver.recv()
    except EOFError:
        process.join()
    return found


def find_hybrid(folder):
    counts = collections.Counter()
    for path in sorted(folder.glob("*/dynamic-range.tflite")):
        for name, operands, results in list_operators(path.read_bytes()):
            if TYPES.INT8 in operands and TYPES.FLOAT32 in results and name != "DEQUANTIZE":
                counts[name] += 1
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ops", type=pathlib.Path)
    parser.add_argument("converted", type=pathlib.Path)
    parser.add_argument("--only", nargs="*")
    options = parser.parse_args()
    hybrid = find_hybrid(options.converted)
    operators = {}
    for folder in sorted(options.ops.iterdir()):
        if options.only and folder.name not in options.only:
            continue
        found = ask(folder)
        if hybrid[folder.name]:
            found["hybrid"] = True
        if found:
            operators[folder.name] = [key for key, value in found.items() if value]
            print(folder.name, found, flush=True)
    record = {"version": f"TensorFlow {tf.__version__}", "operators": operators}
    PAGE.write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
