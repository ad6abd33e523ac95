"""What all tests of the Python package share. PYTHONPATH has the package, as CMake puts it together in build/python."""

import pathlib

import numpy as np
import pytest

ROOT = pathlib.Path(__file__).parents[2]
MODELS = ROOT / "test" / "Inputs" / "models"


@pytest.fixture(scope="session", autouse=True)
def cache_folder(tmp_path_factory):
    """A cache of the tests' own: nothing is taken from that of the user, and nothing is left there."""
    patch = pytest.MonkeyPatch()
    patch.setenv("TFLC_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
    yield
    patch.undo()


def model_path(name: str) -> str:
    return str(MODELS / name / "model.tflite")


def model_bytes(name: str) -> bytes:
    return (MODELS / name / "model.tflite").read_bytes()


def recorded(name: str) -> dict[str, np.ndarray]:
    """Inputs and outputs of the reference kernels: c0/in/0, c0/ref/0."""
    with np.load(MODELS / name / "cases.npz") as file:
        return dict(file)
