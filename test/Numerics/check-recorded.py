#!/usr/bin/env python3
"""Runs `tflc run` over a recorded model and compares every output.

    check-recorded.py FOLDER [--rtol=R] [--atol=A] [-- ARGS OF tflc run...]

FOLDER holds model.tflite and cases.npz. Keys of the latter: CASE/in/I and CASE/ref/J, inputs and outputs by number;
CASE/stepK/in/I and so on for invocations that keep state; CASE/sig/KEY/in/NAME and CASE/sig/KEY/out/NAME for
signatures. Integers must be equal, floats within the tolerances. Needs numpy.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile

import numpy as np


def invoke(model, inputs, arguments):
    with tempfile.TemporaryDirectory() as folder:
        np.savez(f"{folder}/in.npz", **inputs)
        command = ["tflc", "run", str(model), f"--inputs={folder}/in.npz", f"--outputs={folder}/out.npz", *arguments]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{' '.join(command)}: exit {done.returncode}\n{done.stderr}")
        return dict(np.load(f"{folder}/out.npz"))


def compare(name, got, want, options):
    if got is None or got.dtype != want.dtype or got.shape != want.shape:
        sys.exit(f"{name}: {None if got is None else (got.dtype, got.shape)}, expected {want.dtype} {want.shape}")
    exact = want.dtype.kind not in "fc"
    equal = got == want if exact else np.isclose(got, want, rtol=options.rtol, atol=options.atol, equal_nan=True)
    if not equal.all():
        at = np.unravel_index(np.argmin(equal), want.shape)
        sys.exit(f"{name}: {(~equal).sum()} of {want.size} differ, first at {at}: {got[at]}, expected {want[at]}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--rtol", type=float, default=1e-4)
    parser.add_argument("--atol", type=float, default=1e-5)
    parser.add_argument("arguments", nargs="*")
    options = parser.parse_args()
    model = options.folder / "model.tflite"

    plain, steps, signatures = {}, {}, {}
    for key, value in np.load(options.folder / "cases.npz").items():
        case, *rest = key.split("/")
        if rest[0] in ("in", "ref"):
            plain.setdefault(case, {}).setdefault(rest[0], {})[rest[1]] = value
        elif rest[0].startswith("step") and rest[1] in ("in", "ref"):
            step = steps.setdefault(case, {}).setdefault(int(rest[0][4:]), {})
            step.setdefault(rest[1], {})[rest[2]] = value
        elif rest[0] == "sig" and rest[2] in ("in", "out"):
            signatures.setdefault((case, rest[1]), {}).setdefault(rest[2], {})["/".join(rest[3:])] = value

    compared = 0
    for case, data in plain.items():
        outputs = invoke(model, data["in"], ["--keys=index", *options.arguments])
        for number, want in data["ref"].items():
            compare(f"{case} output {number}", outputs.get(number), want, options)
            compared += 1
    for case, sequence in steps.items():
        order = [sequence[k] for k in sorted(sequence)]
        inputs = {i: np.stack([step["in"][i] for step in order]) for i in order[0]["in"]}
        outputs = invoke(model, inputs, ["--keys=index", "--samples", *options.arguments])
        for number in order[0]["ref"]:
            for n, step in enumerate(order):
                compare(f"{case} step {n} output {number}", outputs[number][n], step["ref"][number], options)
                compared += 1
    for (case, key), data in signatures.items():
        outputs = invoke(model, data["in"], [f"--signature={key}", *options.arguments])
        for name, want in data["out"].items():
            compare(f"{case} signature {key} {name}", outputs.get(name), want, options)
            compared += 1
    if not compared:
        sys.exit("nothing to compare")
    print(f"{compared} outputs agree")


if __name__ == "__main__":
    main()
