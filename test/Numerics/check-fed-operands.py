"""Compares operators whose sizes, factors or axes are fed with the same operators whose are constants.

usage: check-fed-operands.py [--only=REGEX] [--litert] TFLC-ARGS...

What an operand says must not depend on when it is known: the constant form has recorded results of its own. Values that the
operator rejects end the invocation. With --litert the fed form is compared with LiteRT's reference kernels, too.
"""

import pathlib
import re
import subprocess
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parent / "Inputs"))
from fed_cases import CASES, make_data, run_litert, write_model  # noqa: E402

ONLY = [arg.removeprefix("--only=") for arg in sys.argv[1:] if arg.startswith("--only=")]
WITH_LITERT = "--litert" in sys.argv
ARGS = [arg for arg in sys.argv[1:] if not arg.startswith("--only=") and arg != "--litert"]


def run(inputs):
    """The outputs in their order, or None where the invocation ends with a status."""
    np.savez("fed.npz", **inputs)
    done = subprocess.run(
        ["tflc", "run", "model.tflite", "--inputs=fed.npz", "--outputs=out.npz", "--keys=index", *ARGS],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 1 and re.search("rejects|lies outside", done.stderr):
        return None
    assert done.returncode == 0, done.stderr
    return list(dict(np.load("out.npz")).values())


def same(got, want):
    return (
        got is not None
        and len(got) == len(want)
        and all(
            a.dtype == b.dtype and a.shape == b.shape and np.allclose(a, b, rtol=1e-5, atol=1e-6) for a, b in zip(got, want)
        )
    )


def check(case):
    """The first value for which the case is not as it should be, or None."""
    rng = np.random.default_rng(1)
    write_model(case, {})
    fed = [(value, data, run(data)) for value in case.values for data in [make_data(case, value, rng)]]
    for value in case.rejected:
        if run(make_data(case, value, rng)) is not None:
            return f"takes {value}"
    for value, data, got in fed if WITH_LITERT else []:
        if not same(got, run_litert(data)):
            return f"differs from LiteRT for {value}"
    for value, data, got in fed:
        write_model(case, value)
        if not same(got, run({name: array for name, array in data.items() if name not in value})):
            return f"differs for {value}"
    return None


def main():
    for case in CASES:
        if not ONLY or any(re.search(pattern, case.name) for pattern in ONLY):
            print(f"{case.name}: {check(case) or 'ok'}")


main()
