"""Quantizes a layer whose weights the file stores without their zeros, and the same layer stored as it is, in each mode.

usage: sparse-weights.py TFLC TFLC_TRANSLATE

Prints for each mode whether DENSIFY is gone and whether both files give the same results.
"""

import subprocess
import sys

import numpy as np

tflc, translate = sys.argv[1:]
random = np.random.default_rng(1)
rows, depth = 32, 64


def write_array(values):
    return f"array<i64: {', '.join(map(str, values))}>"


def make_sparsity(weights):
    """Rows are dense, and of each those columns are stored that are not zero."""
    stored = [np.flatnonzero(row) for row in weights]
    segments = np.cumsum([0] + [len(row) for row in stored])
    columns = f"{{indices = {write_array(np.concatenate(stored))}, segments = {write_array(segments)}, size = 0 : i64}}"
    levels = f"[{{size = {rows} : i64}}, {columns}]"
    return f"{{block_map = array<i64>, levels = {levels}, traversal_order = array<i64: 0, 1>}}"


def write_model(path, weights, sparse):
    kind, bias = f"tensor<{rows}x{depth}xf32>", f"tensor<{rows}xf32>"
    x_type, y_type = f"tensor<1x{depth}xf32>", f"tensor<1x{rows}xf32>"
    values = "dense<[" + ", ".join("[" + ", ".join(f"{v:.8e}" for v in row) + "]" for row in weights) + "]>"
    note = f"{{sparsity = {make_sparsity(weights)}}} " if sparse else ""
    lines = [
        f'func.func @main(%x: {x_type} {{tfl.name = "x"}}) -> ({y_type} {{tfl.name = "y"}})',
        'attributes {tfl.signature = "serving_default"} {',
        f"%s = tfl.const {values} : {kind} {note}-> {kind}",
        f"%w = tfl.densify %s : ({kind}) -> {kind}" if sparse else "",
        f"%b = tfl.const dense<0.5> : {bias} -> {bias}",
        f'%y = tfl.fully_connected %x, {"%w" if sparse else "%s"}, %b {{fused_activation_function = "NONE"}}',
        f": ({x_type}, {kind}, {bias}) -> {y_type}",
        f"return %y : {y_type}",
        "}",
    ]
    with open("model.mlir", "w") as file:
        file.write("\n".join(lines) + "\n")
    subprocess.run([translate, "--export-tflite", "model.mlir", "-o", path], check=True)


def list_operators(path):
    return subprocess.run([tflc, "inspect", path, "--ops"], check=True, capture_output=True, text=True).stdout


def quantize(path, output, options):
    subprocess.run([tflc, "quantize", "-q", path, "-o", output, "--calibrate=x.npz", *options], check=True)
    inputs = "bytes.npz" if "--mode=int8-io" in options else "x.npz"
    subprocess.run([tflc, "run", output, "--samples", "--keys=index", "--inputs=" + inputs, "--outputs=y.npz"], check=True)
    return np.load("y.npz")["0"]


def main():
    weights = random.normal(size=(rows, depth)).astype(np.float32)
    weights[random.random(weights.shape) < 0.25] = 0
    write_model("dense.tflite", weights, sparse=False)
    write_model("sparse.tflite", weights, sparse=True)
    assert "DENSIFY" in list_operators("sparse.tflite")
    np.savez("x.npz", **{"0": random.normal(size=(16, 1, depth)).astype(np.float32)})
    np.savez("bytes.npz", **{"0": random.integers(-128, 128, (16, 1, depth)).astype(np.int8)})
    modes = {
        "float16": ["--mode=float16"],
        "dynamic-range": ["--mode=dynamic-range"],
        "dynamic-range in blocks": ["--mode=dynamic-range", "--weight-bits=4", "--block=32"],
        "int8": ["--mode=int8"],
        "int8 of 4 bits": ["--mode=int8", "--weight-bits=4"],
        "int8-io": ["--mode=int8-io"],
        "int16x8": ["--mode=int16x8"],
    }
    for name, options in modes.items():
        wanted, found = (quantize(path, path + ".quantized", options) for path in ("dense.tflite", "sparse.tflite"))
        kept = "DENSIFY" in list_operators("sparse.tflite.quantized")
        print(f"{name}: {'a' if kept else 'no'} DENSIFY, {'the same' if np.array_equal(wanted, found) else 'other'} results")


main()
