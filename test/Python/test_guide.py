"""The guide's programs run, and keep the relations that the guide tells: a half for float16, a quarter for int8, and nearly
the accuracy of the float model."""

import os
import pathlib
import subprocess
import sys

import pytest

GUIDE = pathlib.Path(__file__).parent / "guide"


def run(name: str) -> dict[str, str]:
    """What a program prints, by the first word of each line."""
    done = subprocess.run([sys.executable, GUIDE / f"{name}.py"], capture_output=True, text=True, env=os.environ)
    assert done.returncode == 0, done.stderr
    return dict(line.split(" ", 1) for line in done.stdout.splitlines())


def share(values: dict[str, str], part: str) -> float:
    return float(values[f"{part}_bytes"]) / float(values["float_bytes"])


def loss(values: dict[str, str], part: str) -> float:
    """Per cent of the test digits that the float model does better on."""
    return float(values["float_accuracy"]) - float(values[f"{part}_accuracy"])


def test_convert():
    assert int(run("convert")["saved_model"]) == pytest.approx(84000, rel=0.05)


def test_inference():
    assert run("inference") == {"shape": "1 10", "finite": "1"}


def test_signatures():
    values = run("signatures")
    assert float(values["result"]) == 5.0
    assert values["signatures"] == "{'my_signature': {'inputs': ['x'], 'outputs': ['result']}}"


def test_dynamic_range():
    values = run("dynamic_range")
    assert share(values, "quantized") == pytest.approx(0.25, abs=0.05)
    assert loss(values, "quantized") <= 0.1


def test_integer():
    values = run("integer")
    assert values["input"] == values["output"] == "uint8"
    for part in ("float_io", "uint8_io"):
        assert share(values, part) == pytest.approx(0.25, abs=0.05)
    # One digit of the small set.
    assert loss(values, "float_io") <= 0.3 and loss(values, "uint8_io") <= 0.3


def test_float16():
    values = run("float16")
    assert share(values, "float16") == pytest.approx(0.5, abs=0.05)
    assert loss(values, "float16") <= 0.1


def test_int16x8():
    values = run("int16x8")
    for part in ("int16x8", "fallback"):
        assert share(values, part) == pytest.approx(0.25, abs=0.05)
        assert loss(values, part) <= 0.1
