"""Compares functions of floats, sine, logarithm, LOGISTIC and others, with the same functions of doubles.

usage: check-functions.py MODEL TFLC-ARGS...
"""

import math
import subprocess
import sys

import numpy as np

SPECIAL = np.array(
    [0, -0.0, 1, -1, 2, -2, 0.5, -0.5, 3, -3, 16777217, 1e30, -1e30, 3.4e38, 1e-30, 1e-45, np.inf, -np.inf, np.nan], np.float32
)


def draw():
    """4096 pairs: all pairs of special values, then numbers of all sizes, and ordinary ones."""
    rng = np.random.default_rng(0)
    x, y = (grid.ravel() for grid in np.meshgrid(SPECIAL, SPECIAL))
    count = 4096 - x.size
    sizes = 10.0 ** rng.uniform(-6, 38, (2, count // 2)) * rng.choice([-1, 1], (2, count // 2))
    common = rng.uniform(-20, 20, (2, count - count // 2))
    return [np.concatenate(parts).astype(np.float32) for parts in ((x, sizes[0], common[0]), (y, sizes[1], common[1]))]


def floor_mod(x, y):
    rest = np.fmod(x, y)
    return np.where((rest != 0) & ((rest < 0) != (y < 0)), rest.astype(np.float32) + y.astype(np.float32), rest)


def hard_swish(x):
    """In float32, each operation rounded."""
    return x * np.minimum(np.maximum(x + np.float32(3), np.float32(0)), np.float32(6)) / np.float32(6)


def main():
    model, *args = sys.argv[1:]
    x, y = draw()
    np.savez("functions.npz", x=x, y=y)
    subprocess.run(["tflc", "run", model, "--inputs=functions.npz", "--outputs=results.npz", *args], check=True)
    results = np.load("results.npz")
    wide = x.astype(np.float64), y.astype(np.float64)
    wanted = {
        "sin": np.sin(wide[0]),
        "cos": np.cos(wide[0]),
        "pow": np.power(*wide),
        "floor_mod": floor_mod(*wide),
        "atan2": np.arctan2(*wide),
        "gelu": wide[0] / 2 * np.array([math.erfc(-v * math.sqrt(0.5)) for v in wide[0]]),
        "log": np.log(wide[0]),
        "elu": np.where(wide[0] < 0, np.expm1(wide[0]), wide[0]),
        "exp": np.exp(wide[0]),
        "tanh": np.tanh(wide[0]),
        "logistic": 1 / (1 + np.exp(-wide[0])),
        "hard_swish": hard_swish(x),
    }
    # Of the values themselves, except where a sine near zero counts by its argument.
    tolerances = {
        "sin": (1e-6, 1e-7),
        "cos": (1e-6, 1e-7),
        "pow": (1e-6, 1e-45),
        "floor_mod": (0, 0),
        "atan2": (1e-6, 1e-7),
        "gelu": (1e-6, 5e-7),
        "log": (3e-7, 0),
        "elu": (2e-7, 0),
        # What is below 2^-125.5 is zero.
        "exp": (2e-7, 2e-38),
        "tanh": (4e-7, 0),
        "logistic": (3e-7, 1e-38),
        "hard_swish": (0, 2e-45),
    }
    for name, want in wanted.items():
        got, want = results[name], want.astype(np.float32)
        rtol, atol = tolerances[name]
        wrong = ~np.isclose(got, want, rtol=rtol, atol=atol, equal_nan=True)
        print(name, "ok" if not wrong.any() else f"{wrong.sum()} differ")
        for i in np.flatnonzero(wrong)[:10]:
            print(f"  {name}({x[i]!r}, {y[i]!r}) = {got[i]!r}, expected {want[i]!r}")


np.seterr(all="ignore")
main()
