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
from fed_cases import CASES, Form, make_data, run_litert, write_model  # noqa: E402

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
    results = np.load("out.npz")
    return [results[name] for name in sorted(results.files, key=int)]


def same(got, want):
    return (
        got is not None
        and want is not None
        and len(got) == len(want)
        and all(
            a.dtype == b.dtype and a.shape == b.shape and np.allclose(a, b, rtol=1e-5, atol=1e-6) for a, b in zip(got, want)
        )
    )


def run_both(case, data):
    """What the fed form gives for each of the values, and the constant one. All are one model: most of the time goes into
    starting and compiling."""
    forms, inputs = [], {}
    for number, (value, arrays) in enumerate(zip(case.values, data)):
        prefix = f"v{number}_"
        forms += [Form({}, prefix), Form(value, prefix)]
        inputs |= {prefix + name: array for name, array in arrays.items()}
    write_model(case, forms)
    outputs, count = run(inputs), len(case.results)
    parts = [outputs[at : at + count] if outputs else None for at in range(0, len(forms) * count, count)]
    return list(zip(parts[::2], parts[1::2]))


def check(case):
    """The first value for which the case is not as it should be, or None."""
    rng = np.random.default_rng(1)
    data = [make_data(case, value, rng) for value in case.values]
    pairs = run_both(case, data)
    write_model(case, [Form({})])
    for value in case.rejected:
        if run(make_data(case, value, rng)) is not None:
            return f"takes {value}"
    for value, arrays, (fed, constant) in zip(case.values, data, pairs):
        if not same(fed, constant):
            return f"differs for {value}"
        if WITH_LITERT and not same(fed, run_litert(arrays)):
            return f"differs from LiteRT for {value}"
    return None


def main():
    for case in CASES:
        if not ONLY or any(re.search(pattern, case.name) for pattern in ONLY):
            print(f"{case.name}: {check(case) or 'ok'}")


main()
