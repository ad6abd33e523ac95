"""tflc.compile, quantize, compare, evaluate, inspect, and tflc_runtime."""

import json
import pathlib
import pickle
import re
import subprocess
import sys

import numpy as np
import pytest

import tflc
import tflc_runtime

from .conftest import model_bytes, model_path, recorded
from .test_converter import SAVED_MODEL


@pytest.fixture(scope="module")
def digits():
    with np.load(SAVED_MODEL.parent / "digits.npz") as file:
        return file["images"].astype(np.float32) / 255, file["labels"]


@pytest.fixture(scope="module")
def squared():
    return tflc.compile(model_path("squared"))


def test_call_by_position(squared):
    assert squared(np.array([3], np.float32)).tolist() == [9]


def test_call_by_name(squared):
    result = squared(x=np.array([3], np.float32))
    assert {name: value.tolist() for name, value in result.items()} == {"output_0": [9]}


def test_several_outputs():
    model, data = tflc.compile(model_path("two_in_two_out")), recorded("two_in_two_out")
    first, second = model(data["c0/in/0"], data["c0/in/1"])
    np.testing.assert_allclose(first, data["c0/ref/0"], rtol=1e-4)
    np.testing.assert_allclose(second, data["c0/ref/1"], rtol=1e-4)
    assert [info.name for info in model.inputs] == ["left", "right"]


def test_signatures():
    model, data = tflc.compile(model_path("encode_decode")), recorded("encode_decode")
    encode = model.signatures["encode"]
    code = encode(image=data["c0/sig/encode/in/image"], bias=data["c0/sig/encode/in/bias"])["code"]
    np.testing.assert_allclose(code, data["c0/sig/encode/out/code"], rtol=1e-4)


def test_variables():
    model = tflc.compile(model_path("accumulator"))
    one = np.ones(4, np.float32)
    assert model(one).tolist() == [1] * 4 and model(one).tolist() == [2] * 4
    model.reset()
    assert model(one).tolist() == [1] * 4


def test_run_into(squared):
    output = np.empty(1, np.float32)
    squared.run_into(output, np.array([4], np.float32))
    assert output.tolist() == [16]
    squared.run_into({"output_0": output}, x=np.array([5], np.float32))
    assert output.tolist() == [25]


@pytest.mark.parametrize("array", [np.empty(2, np.float32), np.empty(1, np.float64)])
def test_run_into_wrong_array(squared, array):
    with pytest.raises(ValueError, match="output_0"):
        squared.run_into(array, np.array([4], np.float32))


@pytest.mark.parametrize(
    "args, kwargs, error",
    [
        ((), {}, TypeError),
        ((np.ones(1, np.float32),) * 2, {}, TypeError),
        ((np.ones(1, np.float32),), {"x": np.ones(1, np.float32)}, TypeError),
        ((), {"y": np.ones(1, np.float32)}, TypeError),
        ((np.ones(1, np.float64),), {}, ValueError),
        ((np.ones(2, np.float32),), {}, ValueError),
        ((np.ones((1, 1), np.float32),), {}, ValueError),
        (("text",), {}, ValueError),
    ],
)
def test_wrong_calls(squared, args, kwargs, error):
    with pytest.raises(error):
        squared(*args, **kwargs)


def test_shapes():
    model = tflc.compile(model_path("squared"), shapes={"x": (4,)})
    assert model(np.full(4, 3, np.float32)).tolist() == [9] * 4


def test_dynamic():
    model = tflc.compile(model_path("squared"), dynamic=True)
    for size in (1, 5, 2):
        assert model(np.full(size, 3, np.float32)).tolist() == [9] * size
    assert model.inputs[0].shape == (-1,)


def test_dynamic_default_without_sense():
    """The model notes the size 1 for a dimension along which it pools three elements: no call uses that size."""
    model = tflc.compile(pathlib.Path(__file__).parent / "Inputs" / "open-pool.tflite", dynamic=True)
    with pytest.raises(tflc_runtime.InvokeError):
        model(np.ones((1, 1, 4, 1), np.float32))
    assert model(np.ones((1, 5, 4, 1), np.float32)).shape == (1, 3, 2, 1)


@pytest.mark.parametrize("opt", [0, 1, 2, 3, "s"])
def test_levels(opt):
    data = recorded("mnist_cnn_int8")
    assert np.array_equal(tflc.compile(model_path("mnist_cnn_int8"), opt=opt)(data["c0/in/0"]), data["c0/ref/0"])


def test_report(squared):
    assert len(str(squared).splitlines()) == 9 == len(squared.summary.splitlines())
    assert squared.arena_size == squared.report["arena_bytes"]
    assert squared.target["name"] == "native"
    assert [op["op"] for op in squared.report["operators"]] == ["SQUARE"]


def test_save(squared, tmp_path):
    paths = squared.save(tmp_path / "out")
    assert {path.name for path in paths} == {"model.o", "model.h", "libmodel.a", "libmodel.so", "model.json"}
    assert json.loads((tmp_path / "out" / "model.json").read_text()) == squared.report
    model = tflc_runtime.load(tmp_path / "out" / "libmodel.so")
    assert model.name == "model" and model(np.array([3], np.float32)).tolist() == [9]


def test_other_target():
    model = tflc.compile(model_path("mnist_cnn_int8"), target="cortex-m4", opt="s", name="digits")
    assert set(model.files) == {"digits.o", "digits.h", "libdigits.a"}
    with pytest.raises(RuntimeError, match="cortex-m4"):
        model(np.zeros((1, 28, 28), np.int8))


def test_emit():
    model = tflc.compile(model_path("squared"), emit=["asm"])
    assert set(model.files) == {"model.s"}


@pytest.mark.parametrize(
    "options, message",
    [
        ({"target": "cortex-m99"}, "cortex-m99"),
        ({"opt": 9}, "level"),
        ({"name": "no name"}, "identifier"),
        ({"emit": ["nothing"]}, "nothing"),
        ({"shapes": {"y": [2]}}, "y"),
    ],
)
def test_wrong_options(options, message):
    with pytest.raises(tflc.CompileError, match=message) as caught:
        tflc.compile(model_path("squared"), **options)
    assert caught.value.findings[0].severity == "error"


def test_sources():
    assert tflc.compile(model_bytes("squared"))(np.array([2], np.float32)).tolist() == [4]
    assert tflc.compile(SAVED_MODEL)(np.zeros((1, 28, 28), np.float32)).shape == (1, 10)
    with pytest.raises(FileNotFoundError):
        tflc.compile("missing.tflite")


def test_pickle(squared):
    again = pickle.loads(pickle.dumps(squared))
    assert again(np.array([3], np.float32)).tolist() == [9]


def test_per_op():
    operators = tflc.compile(model_path("mnist_cnn_int8")).per_op(seconds=0.05)
    assert operators and "CONV_2D" in json.dumps(operators)


def test_quantize_and_evaluate(digits):
    images, labels = digits
    model = tflc.quantize(SAVED_MODEL, "int8", [[image[None]] for image in images[:50]], io="int8")
    before, after = tflc.evaluate(SAVED_MODEL, images, labels), tflc.evaluate(model, images, labels)
    assert before.samples == 500 and before.accuracy > 0.9 and before.top_accuracy > 0.97
    assert abs(before.accuracy - after.accuracy) <= 0.004
    assert after.file_bytes == len(model) < before.file_bytes / 3
    assert sum(map(sum, after.confusion)) == 500
    assert after.median_us > 0 and after.code_bytes > 0


def test_evaluations_add_up(digits):
    images, labels = digits
    whole = tflc.evaluate(SAVED_MODEL, images[:60], labels[:60])
    parts = [tflc.evaluate(SAVED_MODEL, zip(images[i : i + 20], labels[i : i + 20])) for i in (0, 20, 40)]
    total = sum(pickle.loads(pickle.dumps(part)) for part in parts)
    assert (total.samples, total.right, total.in_top) == (whole.samples, whole.right, whole.in_top)
    assert total.confusion == whole.confusion


def test_evaluate_wrong_data(digits):
    images, labels = digits
    with pytest.raises(ValueError, match="more samples"):
        tflc.evaluate(SAVED_MODEL, images[:3], labels[:2])
    with pytest.raises(tflc.CompileError, match="label"):
        tflc.evaluate(SAVED_MODEL, images[:1], [77])
    with pytest.raises(tflc.CompileError, match="no samples"):
        tflc.evaluate(SAVED_MODEL, [], [])


def test_compare(digits):
    images, _ = digits
    model = tflc.quantize(SAVED_MODEL, "int8", [[image[None]] for image in images[:50]])
    result = tflc.compare(SAVED_MODEL, model, ([image[None]] for image in images[:10]))
    assert result.samples == 10
    assert result.outputs[0].name == "output_0" and result.outputs[0].sqnr_db > 20
    assert result.worst.sqnr_db == min(tensor.sqnr_db for tensor in result.tensors)
    assert result.html.startswith("<!")


def test_quantize_wrong_mode():
    with pytest.raises(tflc.ConverterError, match="int9"):
        tflc.quantize(SAVED_MODEL, "int9")


def test_quantize_needs_data():
    with pytest.raises(tflc.ConverterError, match="representative dataset"):
        tflc.quantize(SAVED_MODEL, "int8")


def test_quantize_a_quantized_model():
    with pytest.raises(tflc.ConverterError, match="quantized already"):
        tflc.quantize(model_path("mnist_cnn_int8"), "float16")


def test_inspect():
    model = tflc.inspect(model_path("mnist_cnn_int8"))
    assert model.bytes == len(model_bytes("mnist_cnn_int8")) and model.macs == 93288
    assert model.operator_counts["CONV_2D"] == 1
    (signature,) = model.signatures
    assert signature.key == "serving_default" and signature.inputs[0].shape[1:] == (28, 28)
    assert any(len(tensor.scales) == 12 for tensor in model.subgraphs[0].tensors)


def test_inspect_no_model():
    with pytest.raises(tflc.ModelError):
        tflc.inspect(b"no model at all")


def test_command_line():
    done = subprocess.run([sys.executable, "-m", "tflc", "inspect", model_path("squared")], capture_output=True, text=True)
    assert done.returncode == 0 and "SQUARE" in done.stdout
    done = subprocess.run([sys.executable, "-m", "tflc", "frobnicate"], capture_output=True, text=True)
    assert done.returncode == 1 and "there is no subcommand" in done.stderr


@pytest.mark.parametrize("contents", [b"", b"no library", b"\x7fELF" + b"\0" * 60])
def test_load_no_library(tmp_path, contents):
    path = tmp_path / "libmodel.so"
    path.write_bytes(contents)
    with pytest.raises(tflc_runtime.LoadError):
        tflc_runtime.load(path)


def test_load_missing_library():
    with pytest.raises(FileNotFoundError):
        tflc_runtime.load("libmissing.so")


def test_load_other_library():
    with pytest.raises(tflc_runtime.LoadError, match="no compiled model"):
        tflc_runtime.load(tflc_runtime.abi.native._name)


def test_load_by_another_name(squared, tmp_path):
    squared.save(tmp_path)
    (tmp_path / "libmodel.so").rename(tmp_path / "digits.so")
    assert tflc_runtime.load(tmp_path / "digits.so", name="model").arena_size == squared.arena_size
    with pytest.raises(tflc_runtime.LoadError, match="digits"):
        tflc_runtime.load(tmp_path / "digits.so")


def test_data_without_an_answer(tmp_path):
    assert issubclass(tflc.InvokeError, RuntimeError)
    assert tflc.InvokeError(1).status == 1 and "index" in str(tflc.InvokeError(1))


def test_names():
    assert set(tflc.__all__) <= set(dir(tflc))
    for name in tflc.__all__:
        assert getattr(tflc, name).__doc__
    with pytest.raises(AttributeError):
        _ = tflc.no_such_name


def test_stub_has_all_names():
    stub = (pathlib.Path(tflc.__file__).parent / "__init__.pyi").read_text()
    for name in tflc.__all__:
        assert f"import {name} as {name}\n" in stub
    assert (pathlib.Path(tflc.__file__).parent / "py.typed").exists()


def test_stub_of_the_compiler():
    from tflc import _compiler

    stub = (pathlib.Path(tflc.__file__).parent / "_compiler.pyi").read_text()
    functions = {name for name in dir(_compiler) if not name.startswith("__") and callable(getattr(_compiler, name))}
    assert functions == set(re.findall(r"^def (\w+)", stub, re.MULTILINE))
