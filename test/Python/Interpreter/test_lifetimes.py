"""Interpreters that go away in any order, and delegates that are not there."""

import gc
import threading

import numpy as np
import pytest

from ..conftest import model_bytes, recorded


def feed(interpreter, value: float) -> None:
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], np.array([value], np.float32))


def result(interpreter) -> list[float]:
    return interpreter.get_tensor(interpreter.get_output_details()[0]["index"]).tolist()


def test_the_first_goes_first(ready):
    first, second = ready("squared"), ready("squared")
    feed(second, 3)
    del first
    gc.collect()
    second.invoke()
    assert result(second) == [9]


def test_the_second_goes_first(ready):
    first, second = ready("squared"), ready("squared")
    feed(first, 3)
    del second
    gc.collect()
    first.invoke()
    assert result(first) == [9]


def test_many_come_and_go(make):
    for value in range(20):
        interpreter = make("squared")
        interpreter.allocate_tensors()
        feed(interpreter, value)
        interpreter.invoke()
        assert result(interpreter) == [value**2]


def test_without_use(make):
    interpreter = make("squared")
    del interpreter
    gc.collect()


def test_function_of_a_tensor_keeps_the_interpreter(ready):
    interpreter = ready("squared")
    feed(interpreter, 3)
    tensor = interpreter.tensor(interpreter.get_input_details()[0]["index"])
    del interpreter
    gc.collect()
    assert tensor().tolist() == [3]


def test_runner_keeps_the_interpreter(make):
    interpreter = make("add_signature")
    runner = interpreter.get_signature_runner()
    details = runner.get_input_details()
    del interpreter
    gc.collect()
    (name,) = details
    shape = [max(size, 1) for size in details[name]["shape"]]
    assert runner(**{name: np.ones(shape, np.float32)})["result"].size


def test_details_outlive_the_interpreter(ready):
    details = ready("squared").get_input_details()
    gc.collect()
    assert details[0]["shape"].tolist() == [1]


def test_one_content_for_several(api):
    contents = model_bytes("squared")
    interpreters = [api.Interpreter(model_content=contents) for _ in range(3)]
    del contents
    for value, interpreter in enumerate(interpreters):
        interpreter.allocate_tensors()
        feed(interpreter, value)
        interpreter.invoke()
    assert [result(interpreter) for interpreter in interpreters] == [[0], [1], [4]]


def test_made_here_and_used_there(ready):
    interpreter, data = ready("mnist_cnn_int8"), recorded("mnist_cnn_int8")
    found = []

    def work():
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], data["c0/in/0"])
        interpreter.invoke()
        found.append(interpreter.get_tensor(interpreter.get_output_details()[0]["index"]))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert np.abs(found[0].astype(int) - data["c0/ref/0"]).max() <= 1


@pytest.mark.parametrize("delegates", [None, []])
def test_no_delegates(make, delegates):
    assert make("squared", experimental_delegates=delegates).get_input_details()


def test_missing_delegate(api):
    """What programs do that would use an accelerator where there is one."""
    with pytest.raises(OSError):
        api.load_delegate("libmissing.so.1")
    with pytest.raises(OSError):
        api.load_delegate("libmissing.so.1", options={"device": "usb"})
