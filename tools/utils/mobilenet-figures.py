#!/usr/bin/env python3
"""Counts MobileNetV2 0.30 at 80x80 with two classes in int8 on a Cortex-M core, the network that engines publish figures of.

    mobilenet-figures.py --tflc build/bin/tflc

Makes the network in Keras with random weights that keep activations in their range (figures do not depend on the
weights), converts and quantizes it with tflc, and counts instructions, estimated cycles and bytes with
instruction-counts.py at -O2, with rows and at -Os. Prints the table of docs/Performance.md ("Estimated cycles").

Needs Keras 3 beside what instruction-counts.py needs.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import keras
import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
SIZE = 80
OPTIONS = ("-O2", "-O2 --row-streaming", "-Os")


def fan_in(layer, kernel):
    """How many products one result sums up."""
    if isinstance(layer, keras.layers.DepthwiseConv2D):
        return kernel.shape[0] * kernel.shape[1]
    return int(np.prod(kernel.shape[:-1]))


def make_network(random):
    network = keras.applications.MobileNetV2(input_shape=(SIZE, SIZE, 3), alpha=0.30, classes=2, weights=None)
    for layer in network.layers:
        values = layer.get_weights()
        if isinstance(layer, keras.layers.BatchNormalization):
            shape = values[0].shape
            scale, offset = random.uniform(0.8, 1.2, shape), random.normal(0, 0.3, shape)
            layer.set_weights([scale, offset, np.zeros(shape), np.ones(shape)])
        elif values:
            kernel = values[0]
            deviation = np.sqrt(2 / fan_in(layer, kernel))
            layer.set_weights([random.normal(0, deviation, kernel.shape), *values[1:]])
    return network


def make_model(tflc, folder):
    random = np.random.default_rng(1)
    network = make_network(random)
    network.save(folder / "network.keras")
    samples = random.uniform(-1, 1, (16, 1, SIZE, SIZE, 3)).astype(np.float32)
    np.savez(folder / "samples.npz", **{network.inputs[0].name: samples})
    model = folder / "network.tflite"
    for command in (
        ["convert", folder / "network.keras", "-o", folder / "float.tflite"],
        ["quantize", folder / "float.tflite", "-o", model, "--mode=int8", "--io=int8", "-q"]
        + [f"--calibrate={folder / 'samples.npz'}"],
    ):
        subprocess.run([tflc, *command], check=True)
    return model


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tflc", default="build/bin/tflc")
    parser.add_argument("--target", default="cortex-m7", help="a core with a model of cycles; default: %(default)s")
    parser.add_argument("--megahertz", type=float, default=480, help="for the column of times; default: %(default)s")
    args = parser.parse_args()
    print(f"| options | instructions | estimated cycles | at {args.megahertz:g} MHz | arena | code | constants |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        model = make_model(args.tflc, pathlib.Path(folder))
        for options in OPTIONS:
            counted = subprocess.run(
                [sys.executable, HERE / "instruction-counts.py", "--tflc", args.tflc, "--targets", args.target]
                + ["--cycles", f"--options={options}", "--json=-", model],
                check=True,
                stdout=subprocess.PIPE,
            )
            facts = json.loads(counted.stdout)[model.stem][args.target]
            time = facts["cycles"] / args.megahertz / 1000
            cells = [f"{facts[name]:,}" for name in ("arena_bytes", "code_bytes", "constant_bytes")]
            print(f"| {options} | {facts['instructions']:,} | {facts['cycles']:,} | {time:.0f} ms | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
