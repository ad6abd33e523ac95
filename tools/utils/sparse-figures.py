#!/usr/bin/env python3
"""Counts what sparse weights save: instructions of one inference with all products, and without those of zero weights.

    sparse-figures.py --tflc build/bin/tflc --translate build/bin/tflc-translate

Writes layers with random weights, of which a part is kept, and the same layers with all weights, and counts both with
instruction-counts.py on the targets. Prints the table of docs/Performance.md ("Sparse weights"); needs what that script
needs, and numpy.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
SCALES = {"x": "0.05:3", "w": "0.01", "b": "0.0005"}

# What is printed of a layer: its kind, element type, share of weights that are kept, shape of the blocks that go together.
LAYERS = {
    "1x1 float32, a fifth of single weights": ("1x1", "f32", 0.2, (1, 1)),
    "1x1 float32, a fifth of 1x4 blocks": ("1x1", "f32", 0.2, (1, 4)),
    "1x1 int8, a fifth of single weights": ("1x1", "i8", 0.2, (1, 1)),
    "dense int8, a tenth of single weights": ("dense", "i8", 0.1, (1, 1)),
}


def make_weights(random, shape, kept, block):
    """Integers from -127 to 127, none of them zero but in blocks that are left out."""
    weights = random.integers(1, 128, shape) * random.choice([-1, 1], shape)
    blocks = random.random((shape[0] // block[0], shape[1] // block[1])) < kept
    return (weights * np.kron(blocks, np.ones(block, int))).astype(np.int8)


def tensor(shape, element, scale):
    """The type of a tensor, quantized where its elements are integers."""
    dims = "x".join(map(str, shape))
    if element == "f32":
        return f"tensor<{dims}xf32>"
    limits = "<-127:127>" if scale == "w" else ""
    return f"tensor<{dims}x!quant.uniform<{element}{limits}:f32, {SCALES[scale]}>>"


def write_layer(kind, element, weights):
    """The text of a model with one layer."""
    columns, depth = weights.shape
    pixels = (7, 7) if kind == "1x1" else ()
    x = tensor((1, *pixels, depth), element, "x")
    y = tensor((1, *pixels, columns), element, "x")
    shape = (columns, *(1 for _ in pixels), depth)
    w = tensor(shape, element, "w")
    bias = "f32" if element == "f32" else "i32"
    b = tensor((columns,), bias, "b")
    values = weights if element == "i8" else (weights / np.float32(100)).astype(np.float32)
    stored = "x".join(map(str, shape)) + "x" + element
    name = "conv_2d" if pixels else "fully_connected"
    steps = ', padding = "VALID", stride_h = 1 : i32, stride_w = 1 : i32' if pixels else ""
    return f"""
func.func @main(%x: {x} {{tfl.name = "x"}}) -> ({y} {{tfl.name = "y"}}) {{
  %w = tfl.const dense<"0x{values.tobytes().hex().upper()}"> : tensor<{stored}> -> {w}
  %b = tfl.const dense<0{".0" if bias == "f32" else ""}> : tensor<{columns}x{bias}> -> {b}
  %y = tfl.{name} %x, %w, %b {{fused_activation_function = "NONE"{steps}}} : ({x}, {w}, {b}) -> {y}
  return %y : {y}
}}
"""


def write_models(translate, folder):
    """Two models for each layer: with all weights, and with a part of them."""
    models = []
    for number, (kind, element, kept, block) in enumerate(LAYERS.values()):
        shape = (64, 64) if kind == "1x1" else (64, 256)
        for name, share in (("all", 1), ("kept", kept)):
            text = write_layer(kind, element, make_weights(np.random.default_rng(number), shape, share, block))
            path = folder / f"{number}-{name}.tflite"
            path.with_suffix(".mlir").write_text(text)
            subprocess.run([translate, "--export-tflite", path.with_suffix(".mlir"), "-o", path], check=True)
            models.append(path)
    return models


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tflc", default="build/bin/tflc")
    parser.add_argument("--translate", default="build/bin/tflc-translate")
    parser.add_argument("--targets", default="cortex-m4,riscv64-gc", help="names, joined by commas; default: %(default)s")
    parser.add_argument("--options", default="-O2", help="options of tflc compile; default: %(default)s")
    args = parser.parse_args()
    targets = args.targets.split(",")
    with tempfile.TemporaryDirectory() as folder:
        models = write_models(args.translate, pathlib.Path(folder))
        counted = subprocess.run(
            [sys.executable, HERE / "instruction-counts.py", "--tflc", args.tflc, "--targets", args.targets]
            + [f"--options={args.options}", "--json=-", *models],
            check=True,
            stdout=subprocess.PIPE,
        )
    facts = json.loads(counted.stdout)
    print("| model | " + " | ".join(targets) + " | constants |\n|---|" + "---|" * (len(targets) + 1))
    for number, name in enumerate(LAYERS):
        whole, kept = facts[f"{number}-all"], facts[f"{number}-kept"]
        cells = [f"{whole[target]['instructions']:,} -> {kept[target]['instructions']:,}" for target in targets]
        first = targets[0]
        cells.append(f"{whole[first]['constant_bytes']:,} -> {kept[first]['constant_bytes']:,}")
        print(f"| {name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
