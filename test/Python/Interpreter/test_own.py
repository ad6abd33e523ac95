"""What holds for tflc's interpreter alone: docs/Python.md lists these differences."""

import copy
import pickle
import threading

import numpy as np
import pytest

import tflc
import tflc.interpreter as tflite

from ..conftest import model_bytes, model_path, recorded
from .test_tensors import ONE_STEP, check


@pytest.fixture
def squared():
    interpreter = tflc.Interpreter(model_path("squared"))
    interpreter.allocate_tensors()
    return interpreter


@pytest.mark.parametrize("model", ONE_STEP)
def test_default_kernels_are_exact(model):
    interpreter, data = tflc.Interpreter(model_path(model)), recorded(model)
    interpreter.allocate_tensors()
    case = "c0" if "c0/in/0" in data else "c0/step0"
    for i, details in enumerate(interpreter.get_input_details()):
        interpreter.set_tensor(details["index"], data[f"{case}/in/{i}"])
    interpreter.invoke()
    for i, details in enumerate(interpreter.get_output_details()):
        check(interpreter.get_tensor(details["index"]), data[f"{case}/ref/{i}"])


def test_other_byte_order(squared):
    squared.set_tensor(0, np.array([3], ">f4"))
    assert squared.get_tensor(0).tolist() == [3]


def test_set_of_a_constant():
    interpreter = tflc.Interpreter(model_path("mnist_cnn_float32"))
    interpreter.allocate_tensors()
    (bias,) = [t for t in interpreter.get_tensor_details() if t["shape"].tolist() == [12]]
    with pytest.raises(ValueError, match="no input"):
        interpreter.set_tensor(bias["index"], np.zeros(12, np.float32))
    assert not interpreter.tensor(bias["index"])().flags.writeable


def test_tensor_between_operators():
    interpreter = tflc.Interpreter(model_path("mnist_cnn_float32"))
    interpreter.allocate_tensors()
    with pytest.raises(ValueError, match="experimental_preserve_all_tensors"):
        interpreter.get_tensor(15)


def test_live_view_and_a_runner(squared):
    view = squared.tensor(0)()
    with pytest.raises(RuntimeError, match="reference"):
        squared.get_signature_runner()(x=np.ones(2, np.float32))
    assert view.shape == (1,)


@pytest.mark.parametrize("use", [pickle.dumps, copy.copy, copy.deepcopy])
def test_no_pickling(squared, use):
    with pytest.raises(TypeError, match="machine code"):
        use(squared)


def test_findings_of_a_damaged_model():
    with pytest.raises(tflc.ModelError, match="cut off") as caught:
        tflc.Interpreter(model_content=model_bytes("squared")[:-100])
    (finding,) = caught.value.findings
    assert finding.severity == "error" and "cut off" in finding.text
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.findings == caught.value.findings and str(again) == str(caught.value)


def test_impossible_shape():
    interpreter = tflc.Interpreter(model_path("mnist_cnn_float32"))
    interpreter.resize_tensor_input(0, [1, 3])
    with pytest.raises(tflc.CompileError, match="RESHAPE") as caught:
        interpreter.allocate_tensors()
    assert caught.value.findings[0].operator == "RESHAPE"
    interpreter.resize_tensor_input(0, [1, 28, 28])
    interpreter.allocate_tensors()
    interpreter.invoke()


def test_delegate():
    with pytest.raises(ValueError, match="no delegates"):
        tflite.load_delegate("libedgetpu.so.1")
    with pytest.raises(ValueError, match="no delegates"):
        tflc.Interpreter(model_path("squared"), experimental_delegates=[object()])


def test_closed():
    with tflc.Interpreter(model_path("squared")) as interpreter:
        interpreter.allocate_tensors()
        view = interpreter.tensor(0)()
    view[0] = 3
    assert view.tolist() == [3]
    value = np.ones(1, np.float32)
    for use in (
        interpreter.invoke,
        interpreter.allocate_tensors,
        interpreter.get_input_details,
        interpreter.get_signature_list,
        interpreter.reset_all_variables,
        lambda: interpreter.get_tensor(0),
        lambda: interpreter.set_tensor(0, value),
        lambda: interpreter.tensor(0),
        lambda: interpreter.resize_tensor_input(0, [2]),
    ):
        with pytest.raises(RuntimeError, match="closed"):
            use()


def test_file_that_changes(tmp_path):
    path = tmp_path / "model.tflite"
    path.write_bytes(model_bytes("squared"))
    interpreter = tflc.Interpreter(path)
    path.write_bytes(model_bytes("add_signature"))
    interpreter.resize_tensor_input(0, [61])  # nothing that the cache has
    with pytest.raises(RuntimeError, match="changed"):
        interpreter.allocate_tensors()


def test_shape_of_one_signature_alone():
    interpreter, data = tflc.Interpreter(model_path("encode_decode")), recorded("encode_decode")
    encode, decode = (interpreter.get_signature_runner(key) for key in ("encode", "decode"))
    single = encode(image=data["c0/sig/encode/in/image"], bias=data["c0/sig/encode/in/bias"])["code"]
    image = np.repeat(data["c0/sig/encode/in/image"], 3, axis=0)
    three = encode(image=image, bias=data["c0/sig/encode/in/bias"])["code"]
    np.testing.assert_allclose(three, np.repeat(single, 3, axis=0), rtol=1e-5)
    assert decode(code=single, hint=data["c0/sig/decode/in/hint"])["image"].shape == (1, 32)


def test_state_outlives_another_shape_of_another_signature():
    """`step` adds to a variable that all code for the model shares."""
    interpreter = tflc.Interpreter(model_path("accumulator"))
    step = interpreter.get_signature_runner("step")
    step(x=np.ones(4, np.float32))
    assert step(x=np.ones(4, np.float32))["total"].tolist() == [2] * 4
    interpreter.reset_all_variables()
    assert step(x=np.ones(4, np.float32))["total"].tolist() == [1] * 4


def test_threads_with_an_interpreter_each():
    data = recorded("mnist_cnn_int8")
    wrong = []

    def work():
        interpreter = tflc.Interpreter(model_path("mnist_cnn_int8"))
        interpreter.allocate_tensors()
        for i in range(50):
            case = i % 2
            interpreter.set_tensor(0, data[f"c{case}/in/0"])
            interpreter.invoke()
            if not np.array_equal(interpreter.get_tensor(20), data[f"c{case}/ref/0"]):
                wrong.append(i)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_threads_with_one_interpreter(squared):
    def work():
        for _ in range(200):
            squared.invoke()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert squared.get_tensor(1).shape == (1,)
