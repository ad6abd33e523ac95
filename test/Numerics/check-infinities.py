"""Compares arithmetic beyond the range of float32 with NumPy: infinities become the largest finite numbers.

usage: check-infinities.py MODEL TFLC-ARGS...
"""

import subprocess
import sys

import numpy as np

MODEL, *ARGS = sys.argv[1:]
LARGEST = np.finfo(np.float32).max
X = np.array([np.inf, -np.inf, 3e38, np.nan, 1, -3e38, 2, 3e38], np.float32)
Y = np.array([1, 1, 3e38, 1, 2, -3e38, 0.5, -3e38], np.float32)


def clamp(value):
    return np.clip(value, -LARGEST, LARGEST)


np.savez("in.npz", x=X, y=Y)
subprocess.run(["tflc", "run", MODEL, "--inputs=in.npz", "--outputs=out.npz", *ARGS], check=True)
out = np.load("out.npz")
with np.errstate(all="ignore"):
    want = {
        "add": clamp(X + Y),
        "sub": clamp(X - Y),
        "mul": clamp(X * Y),
        "div": clamp(X / Y),
        "relu": np.clip(X + Y, 0, LARGEST),
        "add_n": clamp(clamp(X + X) + Y),
    }
for name, value in want.items():
    print(name, "ok" if np.array_equal(out[name], value, equal_nan=True) else f"differs: {out[name]}, expected {value}")
