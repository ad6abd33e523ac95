"""Compares operators with a scale for each block of weights with the reference kernel's arithmetic in numpy.

usage: check-blockwise.py [ARGS...]

Models are written as MLIR with random weights and exported; ARGS are options of `tflc run`. Prints a line for each model:
its name and "ok", or the largest difference.
"""

import subprocess
import sys

import numpy as np

RNG = np.random.default_rng(1)


def write_list(values):
    return "{" + ", ".join(write_list(v) if isinstance(v, np.ndarray) else f"{float(v):.12e}" for v in values) + "}"


class Table:
    """Random int4 weights with float16 scales for blocks of a row."""

    def __init__(self, rows, depth, block):
        self.weights = RNG.integers(-8, 8, (rows, depth)).astype(np.int8)
        self.scales = RNG.uniform(0.001, 0.05, (rows, depth // block)).astype(np.float16)
        self.block = block
        self.type = f"tensor<{rows}x{depth}x!quant.uniform<i4:f32:{{0:1, 1:{block}}}, {write_list(self.scales)}>>"
        elements = ", ".join(f"[{', '.join(map(str, row))}]" for row in self.weights)
        self.constant = f"tfl.const dense<[{elements}]> : tensor<{rows}x{depth}xi4> -> {self.type}"

    def dequantized(self):
        return self.weights * np.repeat(self.scales.astype(np.float32), self.block, axis=1)


def run(text, args, **inputs):
    with open("model.mlir", "w") as file:
        file.write(text)
    subprocess.run(["tflc-translate", "--export-tflite", "model.mlir", "-o", "model.tflite"], check=True)
    np.savez("x.npz", **inputs)
    subprocess.run(["tflc", "run", "model.tflite", "--inputs=x.npz", "--outputs=y.npz", *args], check=True)
    return np.load("y.npz")["y"]


def quantize_rows(x):
    """Bytes, scale and zero point of each row, as the kernel makes them."""
    low, high = np.minimum(x.min(axis=1), 0).astype(np.float64), np.maximum(x.max(axis=1), 0).astype(np.float64)
    step = (high - low) / 255
    from_low, from_high = -128 - low / step, 127 - high / step
    zero = np.where(128 - low / step < 127 + high / step, from_low, from_high)
    zero = np.rint(np.clip(zero, -128, 127)).astype(np.int32)
    scale = step.astype(np.float32)
    inverse = (1 / scale.astype(np.float64)).astype(np.float32)
    quantized = np.clip(np.rint(zero[:, None] + x * inverse[:, None]), -128, 127).astype(np.int32)
    return quantized, scale, zero


def connect(x, table, bias, activation):
    rows, scale, zero = quantize_rows(x)
    result = np.zeros((len(x), len(table.weights)), np.float32)
    sums = np.zeros(len(table.weights), np.float32)
    for i in range(table.scales.shape[1]):
        part = slice(i * table.block, (i + 1) * table.block)
        weights, factor = table.weights[:, part].astype(np.int32), table.scales[:, i].astype(np.float32)
        result += (rows[:, part] @ weights.T).astype(np.float32) * factor
        sums += factor * weights.sum(axis=1).astype(np.float32)
    result = (result - zero[:, None].astype(np.float32) * sums) * scale[:, None] + bias
    return np.maximum(result, 0) if activation == "RELU" else result


def write_function(x_type, y_type, lines, value):
    body = "\n".join(f"  {line}" for line in lines)
    return (
        f'func.func @main(%x: {x_type} {{tfl.name = "x"}}) -> ({y_type} {{tfl.name = "y"}}) {{\n'
        f"{body}\n  %y = {value} -> {y_type}\n  return %y : {y_type}\n}}\n"
    )


def check_connected(args):
    for count, columns, depth, block, activation, has_bias in (
        (1, 16, 64, 32, "NONE", True),
        (3, 10, 256, 64, "RELU", True),
        (5, 33, 96, 32, "NONE", False),
        (1, 40, 512, 256, "NONE", True),
    ):
        table = Table(columns, depth, block)
        x = RNG.normal(0.3, 1, (count, depth)).astype(np.float32)
        bias = RNG.normal(0, 1, columns).astype(np.float32) if has_bias else np.zeros(columns, np.float32)
        x_type, y_type = f"tensor<{count}x{depth}xf32>", f"tensor<{count}x{columns}xf32>"
        b_type = f"tensor<{columns}xf32>"
        values = ", ".join(f"{v:.9e}" for v in bias)
        operands, types = ("%x, %w, %b", f", {b_type}") if has_bias else ("%x, %w", "")
        text = write_function(
            x_type,
            y_type,
            [f"%w = {table.constant}", f"%b = tfl.const dense<[{values}]> : {b_type} -> {b_type}"],
            f'tfl.fully_connected {operands} {{fused_activation_function = "{activation}"}} : ({x_type}, {table.type}{types})',
        )
        want = connect(x, table, bias, activation)
        report(f"fully_connected {count}x{depth}x{columns} by {block}", run(text, args, x=x), want)


def check_embedded(args):
    for rows, depth, block, count in ((9, 64, 32, 5), (20, 128, 128, 7)):
        table = Table(rows, depth, block)
        x = RNG.integers(0, rows, count).astype(np.int32)
        x_type = f"tensor<{count}xi32>"
        text = write_function(
            x_type,
            f"tensor<{count}x{depth}xf32>",
            [f"%w = {table.constant}"],
            f"tfl.embedding_lookup %x, %w : ({x_type}, {table.type})",
        )
        report(f"embedding_lookup {rows}x{depth} by {block}", run(text, args, x=x), table.dequantized()[x])


def report(name, got, want):
    error = np.abs(got - want).max()
    print(f"{name}: {'ok' if error <= 1e-5 * np.abs(want).max() else error}")


check_connected(sys.argv[1:])
check_embedded(sys.argv[1:])
