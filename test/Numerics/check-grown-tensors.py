#!/usr/bin/env python3
"""Runs grown-tensors.mlir: loops whose lists become longer or shorter, against numpy.

usage: check-grown-tensors.py MODEL TFLC-ARGS...
"""

import subprocess
import sys

import numpy as np

MODEL, *ARGS = sys.argv[1:]
X = np.array([[1.5, -2, 3]], np.float32)
NINE = np.arange(27, dtype=np.float32).reshape(9, 3)


def append(count):
    return np.concatenate([np.zeros((0, 3), np.float32)] + [X + np.float32(i) for i in range(count)])


def double(count):
    rows = X
    for _ in range(count):
        rows = np.concatenate([rows, rows + X])
    return rows


CASES = [("counted", {"x": X}, [append(5)])]
for limit in (0, 1, 3, 2000):
    fed = {"x": X, "limit": np.int32(limit)}
    rows = append(limit)
    CASES += [("fed", fed, [rows, rows.sum(0)]), ("some", fed, [np.repeat(X, limit // 2, 0)])]
for limit in (0, 3, 12):
    fed = {"x": X, "limit": np.int32(limit)}
    nested = np.concatenate([append(i) for i in range(limit + 1)][:-1] or [append(0)])
    CASES += [
        ("twice", fed, [double(min(limit, 10))]),
        ("nested", fed, [nested]),
        ("branch", {**fed, "c": np.bool_(True)}, [append(limit)]),
        ("branch", {**fed, "c": np.bool_(False)}, [-X]),
    ]
CASES += [("shorter", {"x": NINE, "limit": np.int32(limit)}, [NINE[limit:]]) for limit in (0, 4, 9)]

bad = 0
for signature, inputs, wanted in CASES:
    np.savez("fed.npz", **{f"{signature}_{name}": value for name, value in inputs.items()})
    command = ["tflc", "run", MODEL, f"--signature={signature}", "--inputs=fed.npz", "--outputs=out.npz"]
    done = subprocess.run([*command, "--keys=index", *ARGS], capture_output=True, text=True, check=False)
    if done.returncode:
        print(signature, inputs, done.stderr)
        bad += 1
        continue
    outputs = np.load("out.npz")
    for number, expected in enumerate(wanted):
        got = outputs[str(number)]
        if got.shape != expected.shape or not np.allclose(got, expected, rtol=1e-6):
            print(signature, inputs, got.shape, expected.shape)
            bad += 1
print(f"{len(CASES)} cases, {bad} wrong")
