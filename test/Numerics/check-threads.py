"""Compares models compiled with --threads with the same ones without, byte for byte.

usage: check-threads.py MODEL... -- ARGS

Runs each model with random inputs, without threads and with 1, 2 and 3. Prints a line for each difference, and "all equal" if
there is none.
"""

import functools
import json
import subprocess
import sys

import numpy as np

TYPES = {
    "float32": np.float32,
    "int8": np.int8,
    "uint8": np.uint8,
    "int16": np.int16,
    "int32": np.int32,
    "int64": np.int64,
    "bool": np.bool_,
    "float16": np.float16,
}


def tflc(*args):
    result = subprocess.run(["tflc", *args], capture_output=True, text=True)
    if result.returncode:
        sys.exit(f"tflc {' '.join(args)}: {result.stderr}")
    return result.stdout


def make_inputs(signature, rng):
    """Small random values, under the numbers of the inputs."""
    inputs = {}
    for number, tensor in enumerate(signature["inputs"]):
        kind = TYPES[tensor["type"]]
        shape = [max(size, 1) for size in tensor["shape"]]
        wide = np.issubdtype(kind, np.floating)
        inputs[str(number)] = (
            rng.normal(size=shape) if wide else rng.integers(0, 2 if kind in (np.bool_, np.int32, np.int64) else 100, shape)
        ).astype(kind)
    return inputs


def outputs_of(model, key, options, *threads):
    """The bytes of each output of one run over inputs.npz."""
    tflc("run", model, "--inputs=inputs.npz", "--outputs=outputs.npz", "--keys=index", f"--signature={key}", *threads, *options)
    with np.load("outputs.npz") as arrays:
        return {number: arrays[number].tobytes() for number in arrays}


def main():
    at = sys.argv.index("--")
    rng = np.random.default_rng(1)
    count = differences = 0
    for model in sys.argv[1:at]:
        for signature in json.loads(tflc("inspect", model, "--json"))["signatures"]:
            np.savez("inputs.npz", **make_inputs(signature, rng))
            run = functools.partial(outputs_of, model, signature["key"], sys.argv[at + 1 :])
            want = run()
            for threads in (1, 2, 3):
                count += 1
                if run(f"--threads={threads}") != want:
                    differences += 1
                    print(f"{model} {signature['key']} with {threads} threads: other results")
    if not differences:
        print(count, "all equal")


main()
