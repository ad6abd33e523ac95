"""Custom operators that functions of the user compute."""

import ctypes
import pathlib
import shutil
import subprocess

import numpy as np
import pytest

import tflc
import tflc_runtime

from .conftest import ROOT

MODEL = ROOT / "test" / "Import" / "Inputs" / "custom-operator.tflite"
HEADERS = ROOT / "runtime" / "include"

# Twice the first input.
FUNCTION = """
#include "tflc/custom.h"
int32_t NAME(const tflc_custom_call *call) {
  size_t count = 1;
  for (uint32_t i = 0; i < call->outputs[0].rank; ++i)
    count *= (size_t)call->outputs[0].shape[i];
  for (size_t i = 0; i < count; ++i)
    ((float *)call->outputs[0].data)[i] = 2 * ((const float *)call->inputs[0].data)[i];
  return TFLC_OK;
}
"""

needs_compiler = pytest.mark.skipif(not shutil.which("cc"), reason="there is no C compiler")


def load_function(folder: pathlib.Path, name: str) -> None:
    """Brings a C function of that name into the process."""
    source, library = folder / "function.c", folder / "libfunction.so"
    source.write_text(FUNCTION.replace("NAME", name))
    subprocess.run(["cc", "-shared", "-fPIC", f"-I{HEADERS}", source, "-o", library], check=True)
    ctypes.CDLL(str(library), ctypes.RTLD_GLOBAL)


@needs_compiler
def test_compile(tmp_path):
    load_function(tmp_path, "twice_for_compile")
    model = tflc.compile(MODEL, custom={"Frobnicate": "twice_for_compile"})
    values = [np.ones([max(size, 1) for size in info.shape], info.dtype) for info in model.inputs]
    found = model(*values)
    assert np.unique(found).tolist() == [4]  # there are two of them, one behind the other


@needs_compiler
def test_interpreter(tmp_path):
    load_function(tmp_path, "twice_for_interpreter")
    interpreter = tflc.InterpreterWithCustomOps({"Frobnicate": "twice_for_interpreter"}, model_path=MODEL)
    interpreter.allocate_tensors()
    for details in interpreter.get_input_details():
        interpreter.set_tensor(details["index"], np.ones(details["shape"], details["dtype"]))
    interpreter.invoke()
    assert np.unique(interpreter.get_tensor(interpreter.get_output_details()[0]["index"])).tolist() == [4]


def test_unknown_operator():
    with pytest.raises(tflc.CompileError, match="Frobnicate.*--custom"):
        tflc.compile(MODEL)
    with pytest.raises(RuntimeError, match="Frobnicate"):
        tflc.Interpreter(MODEL).allocate_tensors()


def test_function_that_is_missing():
    with pytest.raises(tflc_runtime.LoadError, match="RTLD_GLOBAL"):
        tflc.compile(MODEL, custom={"Frobnicate": "nobody_has_this"}).inputs  # noqa: B018


def test_no_identifier():
    with pytest.raises(tflc.CompileError, match="no identifier' .*Frobnicate"):
        tflc.compile(MODEL, custom={"Frobnicate": "no identifier"})


def test_registerers():
    with pytest.raises(ValueError, match="registerers"):
        tflc.InterpreterWithCustomOps(custom_op_registerers=["RegisterFrobnicate"], model_path=MODEL)
    assert tflc.InterpreterWithCustomOps(model_path=MODEL.parents[2] / "Inputs" / "models" / "squared" / "model.tflite")
