"""Runs branches and loops whose conditions have a shape that is fed, and branches of different sizes.

usage: check-conditions.py MODEL TFLC-ARGS...
"""

import subprocess
import sys

import numpy as np

MODEL, *ARGS = sys.argv[1:]


def run(signature, **inputs):
    """The output, or None where the invocation ends with a status."""
    np.savez("fed.npz", **{f"{signature}_{name}": value for name, value in inputs.items()})
    command = ["tflc", "run", MODEL, f"--signature={signature}", "--inputs=fed.npz", "--outputs=out.npz", *ARGS]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 1 and "rejects" in done.stderr:
        return None
    assert done.returncode == 0, done.stderr
    return np.load("out.npz")[signature]


def main():
    x = np.array([1, -2], np.float32)
    size = {number: np.array([number], np.int32) for number in (0, 1, 2)}
    for flag in (False, True):
        print(f"branch {flag}:", run("branch", flags=np.array([flag, True, False]), size=size[1], x=x).tolist())
    for number in (0, 2):
        print(f"branch of {number}:", run("branch", flags=np.ones(3, bool), size=size[number], x=x))
    for flag in (False, True):
        print(f"sizes {flag}:", run("sizes", c=np.array(flag), x=x).tolist())
    start = np.array([0, 5, 6], np.int32)
    print("loop:", run("loop", i=start, size=size[1]).tolist())
    print("loop of 2:", run("loop", i=start, size=size[2]))


main()
