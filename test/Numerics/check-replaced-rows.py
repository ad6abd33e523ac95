#!/usr/bin/env python3
"""Runs replaced-rows.mlir: a loop whose list keeps its length, and one whose list does not."""

import subprocess
import sys

import numpy as np

model, *options = sys.argv[1:]


def run(stride):
    x = np.arange(15, dtype=np.float32).reshape(5, 3)
    np.savez("x.npz", x=x, stride=np.int32(stride))
    command = ["tflc", "run", model, "--inputs=x.npz", "--outputs=y.npz", *options]
    return x, subprocess.run(command, capture_output=True, text=True)


x, done = run(1)
x[:4] = [10, 20, 30]
print("replaced", "ok" if done.returncode == 0 and np.array_equal(np.load("y.npz")["y"], x) else done.stderr)
# Rows 0 and 2 become one new row each, of which the second also drops the row behind.
x, done = run(2)
rows = x
for i in (0, 2):
    rows = np.concatenate([rows[:i], [[10, 20, 30]], rows[i + 2 :]]).astype(np.float32)
print("shorter", "ok" if done.returncode == 0 and np.array_equal(np.load("y.npz")["y"], rows) else done.stderr)
