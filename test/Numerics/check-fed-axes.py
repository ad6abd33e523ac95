"""Compares operators whose axes are fed with the same in NumPy.

usage: check-fed-axes.py MODEL TFLC-ARGS...
"""

import subprocess
import sys

import numpy as np

MODEL, *ARGS = sys.argv[1:]
RNG = np.random.default_rng(1)


def run(signature, **inputs):
    """The outputs in their order, or None where the invocation ends with a status."""
    np.savez("fed.npz", **{f"{signature}_{name}": value for name, value in inputs.items()})
    done = subprocess.run(
        ["tflc", "run", MODEL, f"--signature={signature}", "--inputs=fed.npz", "--outputs=out.npz", *ARGS],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 1 and "rejects" in done.stderr:
        return None
    assert done.returncode == 0, done.stderr
    return list(dict(np.load("out.npz")).values())


def same(got, want):
    return got is not None and got[0].shape == want.shape and np.allclose(got[0], want, rtol=1e-6)


def ints(*values):
    return np.array(values, np.int32)


def report(name, good):
    print(name, "ok" if good else "differs")


def main():
    x = RNG.random((2, 3, 4)).astype(np.float32)
    report(
        "mean",
        all(
            same(run("mean", x=x, axes=ints(*axes)), x.mean(tuple({a % 3 for a in axes}), keepdims=True))
            for axes in ((2, -3), (1, -2))
        ),
    )

    x = RNG.integers(-99, 99, (2, 3, 4, 2)).astype(np.int32)
    report("largest", all(same(run("largest", x=x, axes=ints(*axes)), x.max(axes)) for axes in ((0, 3), (1, 2))))
    report("other rank", run("largest", x=x, axes=ints(1, 1)) is None)

    x = RNG.random((4, 5, 3)).astype(np.float32)
    report(
        "least",
        all(same(run("least", x=x, axis=ints(axis).reshape(())), x.argmin(axis).astype(np.int32)) for axis in (0, 1, -1)),
    )
    report("no such axis", run("least", x=x, axis=np.int32(3)) is None and run("least", x=x, axis=np.int32(-4)) is None)

    x, good = RNG.integers(-99, 99, (2, 3, 4)).astype(np.int32), True
    for axis in (0, -2, 2):
        forwards, backwards = run("sums", x=x, axis=np.int32(axis))
        later = np.flip(np.cumsum(np.flip(x, axis), axis), axis) - x
        good &= same([forwards], np.cumsum(x, axis)) and same([backwards], later)
    report("sums", good)

    x = RNG.integers(-99, 99, (2, 3, 4)).astype(np.int8)
    report(
        "reverse",
        all(
            same(run("reverse", x=x, axes=ints(*axes)), np.flip(x, tuple({a % 3 for a in axes}))) for axes in ((1, 2), (-1, -1))
        ),
    )

    x = RNG.random((3, 2)).astype(np.float32)
    report("expand", all(same(run("expand", x=x, axis=np.int64(axis)), np.expand_dims(x, axis)) for axis in (0, 1, 2, -3)))

    x = RNG.integers(-99, 99, (2, 3, 4)).astype(np.int16)
    report(
        "transpose", all(same(run("transpose", x=x, perm=ints(*perm)), x.transpose(perm)) for perm in ((2, 0, 1), (0, 2, 1)))
    )
    report("no permutation", run("transpose", x=x, perm=ints(0, 2, 2)) is None)


main()
