"""Models are compiled in a process of its own, and in this one where there can be none."""

import os
import subprocess
import sys

import numpy as np
import pytest

import tflc
from tflc import child, compilation

from .conftest import model_bytes, model_path, recorded

PROGRAM = f"""
import sys, numpy, tflc
interpreter = tflc.Interpreter({model_path("mnist_cnn_int8")!r})
interpreter.allocate_tensors()
interpreter.invoke()
print("tflc._compiler" in sys.modules)
print(any("libLLVM" in line or "/_compiler." in line for line in open("/proc/self/maps")))
"""


def run(tmp_path, **settings) -> list[str]:
    """Whether a new program that compiles a model has the compiler's module, and any of its code."""
    environment = {**os.environ, "TFLC_CACHE_DIR": str(tmp_path), **settings}
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.skipif(not os.path.exists("/proc/self/maps"), reason="/proc shows what is mapped")
def test_nothing_of_the_compiler_stays(tmp_path):
    assert run(tmp_path) == ["False", "False"]
    assert run(tmp_path / "other", TFLC_CHILD="0") == ["True", "True"]


def test_results_are_the_same():
    contents = model_bytes("mnist_cnn_int8")
    options = {"name": "model", "emit": ["obj", "header"]}
    assert child.call("compile", contents, "x", **options) == compilation.compiler().compile(contents, "x", **options)


def test_errors_are_the_same():
    assert child.call("describe", b"no model", "x") == compilation.compiler().describe(b"no model", "x")


@pytest.mark.parametrize("options", [{"emit": [3]}, {"custom": [(1, 2)]}, {"opt": None}, {"no_such_option": 1}])
def test_wrong_types_are_the_same(options):
    with pytest.raises(TypeError) as here:
        compilation.compiler().compile(b"", "x", **options)
    with pytest.raises(TypeError) as there:
        child.call("compile", b"", "x", **options)
    assert str(here.value) == str(there.value)


@pytest.fixture
def no_compiler_here(monkeypatch):
    """As in a program that has not loaded the compiler."""
    here = compilation.compiler()
    compilation.compiler.cache_clear()
    monkeypatch.setenv("TFLC_CACHE", "0")
    yield
    assert compilation.compiler() is here


def start(monkeypatch, tmp_path, program: str) -> None:
    """Lets `program` be the child's."""
    path = tmp_path / "worker.py"
    path.write_text(program)
    monkeypatch.setattr(child, "WORKER", str(path))


@pytest.mark.parametrize("end, message", [("import os; os.abort()", "SIGABRT"), ("raise SystemExit(3)", "status 3")])
def test_a_compiler_that_dies(no_compiler_here, monkeypatch, tmp_path, end, message):
    start(monkeypatch, tmp_path, f"import sys; print('R', flush=True); print('no reason', file=sys.stderr, flush=True); {end}")
    with pytest.raises(tflc.CompileError, match=message) as caught:
        tflc.Interpreter(model_path("squared"))
    assert "no reason" in str(caught.value)


def test_no_child_to_be_had(no_compiler_here, monkeypatch, tmp_path):
    start(monkeypatch, tmp_path, "raise SystemExit(1)")
    check_here()


@pytest.mark.parametrize("executable", ["", None, "/usr/bin/blender", "/no/such/python"])
def test_no_python_to_start(no_compiler_here, monkeypatch, executable):
    monkeypatch.setattr(sys, "executable", executable)
    check_here()


def check_here() -> None:
    data = recorded("mnist_cnn_int8")
    interpreter = tflc.Interpreter(model_path("mnist_cnn_int8"))
    interpreter.allocate_tensors()
    interpreter.set_tensor(0, data["c0/in/0"])
    interpreter.invoke()
    assert np.array_equal(interpreter.get_tensor(interpreter.get_output_details()[0]["index"]), data["c0/ref/0"])
