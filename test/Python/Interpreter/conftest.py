"""The same cases for tflc.interpreter and for the interpreter that it stands in for, where that is installed."""

import importlib
import importlib.util

import pytest

from ..conftest import model_path

APIS = ["tflc.interpreter", "ai_edge_litert.interpreter"]


@pytest.fixture(params=APIS, scope="session")
def api(request):
    """A module with Interpreter, SignatureRunner, OpResolverType and load_delegate."""
    if importlib.util.find_spec(request.param.split(".")[0]) is None:
        pytest.skip(f"{request.param} is not installed")
    return importlib.import_module(request.param)


@pytest.fixture
def is_tflc(api):
    return api.__name__.startswith("tflc")


@pytest.fixture
def make(api):
    """make("squared", ...): an interpreter for a model of the tests."""
    return lambda name, **arguments: api.Interpreter(model_path=model_path(name), **arguments)


@pytest.fixture
def ready(make):
    """ready("squared", ...): likewise, with its tensors allocated."""

    def allocate(name, **arguments):
        interpreter = make(name, **arguments)
        interpreter.allocate_tensors()
        return interpreter

    return allocate
