"""Compares optimization levels and instruction sets with -O0 on generated models, int8 and float.

usage: check-schedules.py [TARGET...]

Without targets, levels and instruction sets of an x86 machine. Features may follow a target's name, as in
riscv64-gcv+zvl256b. Models are written as MLIR with random weights,
exported, and run with random inputs. Prints a line for each difference, and "all equal" if there is none.
"""

import pathlib
import subprocess
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parent / "Inputs"))
from schedule_models import models  # noqa: E402

HOST = (["-O2"], ["-Os"], ["-O2", "--target=x86-64"], ["-O2", "--target=x86-64-v2"], ["-O2", "--target=x86-64-v3"])


def run(model, inputs, *args):
    result = subprocess.run(
        ["tflc", "run", model, f"--inputs={inputs}", "--outputs=y.npz", *args], capture_output=True, text=True
    )
    if result.returncode:
        sys.exit(f"tflc run {' '.join(args)}: {result.stderr}")
    return np.load("y.npz")["y"]


def target_options(target):
    name, *features = target.split("+")
    return [f"--target={name}"] + ["--features=" + ",".join(f"+{feature}" for feature in features)] * bool(features)


def main():
    variants = [["-O2", *target_options(target)] for target in sys.argv[1:]] or HOST
    count = differences = 0
    for name, model in models(large=not sys.argv[1:]):
        with open("model.mlir", "w") as file:
            file.write(model.text())
        subprocess.run(["tflc-translate", "--export-tflite", "model.mlir", "-o", "model.tflite"], check=True)
        np.savez("x.npz", x=model.inputs())
        want = run("model.tflite", "x.npz", "-O0")
        spread = len(np.unique(want))
        if want.size > 200 and spread < 20:
            print(f"{name}: only {spread} different results, which shows nothing; differ")
        for variant in variants:
            got = run("model.tflite", "x.npz", *variant)
            count += 1
            if not model.equal(got, want):
                differences += 1
                print(f"{name} {' '.join(variant)}: {np.sum(got != want)} of {want.size} differ")
    if not differences:
        print(count, "all equal")


main()
