"""Models whose shapes only data decide, and models with strings, through the interpreter: recorded results of the reference
kernels."""

import io
import zipfile

import numpy as np
import pytest

import tflc

from .conftest import ROOT

ARCHIVES = ROOT / "test" / "Numerics" / "Operators" / "Inputs"


def list_cases() -> list[tuple[str, str]]:
    cases = []
    for archive, part in {"Lookup.zip": "HASHTABLE", "Search.zip": "UNIQUE"}.items():
        with zipfile.ZipFile(ARCHIVES / archive) as file:
            cases += [
                (archive, n.removesuffix(".tflite")) for n in file.namelist() if n.startswith(part) and n.endswith(".tflite")
            ]
    return cases


@pytest.mark.parametrize("archive, case", list_cases())
def test_recorded(archive, case):
    with zipfile.ZipFile(ARCHIVES / archive) as file:

        def arrays(kind: str) -> list[np.ndarray]:
            names = sorted(name for name in file.namelist() if name.startswith(f"{case}/{kind}/"))
            return [np.load(io.BytesIO(file.read(name)), allow_pickle=False) for name in names]

        inputs, wanted = arrays("in"), arrays("ref")
        interpreter = tflc.Interpreter(model_content=file.read(f"{case}.tflite"))
    for details, value in zip(interpreter.get_input_details(), inputs):
        if tuple(details["shape"]) != value.shape:
            interpreter.resize_tensor_input(details["index"], value.shape)
    interpreter.allocate_tensors()
    for details, value in zip(interpreter.get_input_details(), inputs):
        assert tuple(details["shape"]) == value.shape
        interpreter.set_tensor(details["index"], value)
    interpreter.invoke()
    for details, value in zip(interpreter.get_output_details(), wanted):
        found = interpreter.get_tensor(details["index"])
        assert found.shape == tuple(details["shape"]) == value.shape
        if found.dtype == object:
            assert found.tolist() == value.tolist()
        else:
            np.testing.assert_allclose(found, value, rtol=1e-5)
