"""tensor(): arrays that share memory with the interpreter."""

import gc

import numpy as np
import pytest

METHODS = {
    "invoke": lambda interpreter: interpreter.invoke(),
    "allocate_tensors": lambda interpreter: interpreter.allocate_tensors(),
    "resize_tensor_input": lambda interpreter: interpreter.resize_tensor_input(0, [3]),
}


def test_gives_a_function(ready):
    assert callable(ready("squared").tensor(0))


def test_without_allocation(make):
    function = make("squared").tensor(0)
    with pytest.raises(ValueError, match="allocate_tensors"):
        function()


def test_write(ready):
    interpreter = ready("squared")
    interpreter.tensor(0)()[0] = 5
    interpreter.invoke()
    assert interpreter.get_tensor(1).tolist() == [25]


def test_read(ready):
    interpreter = ready("squared")
    output = interpreter.tensor(1)
    for value in (2, 3):
        interpreter.set_tensor(0, np.array([value], np.float32))
        interpreter.invoke()
        assert output().tolist() == [value * value]


def test_no_copy(ready):
    interpreter = ready("squared")
    view = interpreter.tensor(0)()
    interpreter.set_tensor(0, np.array([8], np.float32))
    assert view.tolist() == [8] and not view.flags.owndata and view.flags.writeable


def test_shape_and_type(ready):
    interpreter = ready("mnist_cnn_int8")
    view = interpreter.tensor(0)()
    assert view.shape == (1, 28, 28) and view.dtype == np.int8


def test_fill(ready):
    interpreter = ready("squared")
    interpreter.tensor(0)().fill(7)
    assert interpreter.get_tensor(0).tolist() == [7]


@pytest.mark.parametrize("method", METHODS)
def test_live_view(ready, method):
    interpreter = ready("squared")
    view = interpreter.tensor(1)()
    with pytest.raises(RuntimeError, match="reference"):
        METHODS[method](interpreter)
    del view
    METHODS[method](interpreter)


@pytest.mark.parametrize("method", METHODS)
def test_live_slice(ready, method):
    interpreter = ready("two_in_two_out")
    part = interpreter.tensor(0)()[0][1:3]
    with pytest.raises(RuntimeError, match="reference"):
        METHODS[method](interpreter)
    assert part.shape == (2,)


def test_live_view_allows_get_and_set(ready):
    interpreter = ready("squared")
    view = interpreter.tensor(0)()
    interpreter.set_tensor(0, np.array([3], np.float32))
    assert interpreter.get_tensor(0).tolist() == view.tolist() == [3]


def test_live_function_is_allowed(ready):
    interpreter = ready("squared")
    function = interpreter.tensor(0)
    interpreter.invoke()
    interpreter.allocate_tensors()
    assert function().shape == (1,)


def test_views_are_counted(ready):
    interpreter = ready("squared")
    first, second = interpreter.tensor(0)(), interpreter.tensor(1)()
    del first
    with pytest.raises(RuntimeError):
        interpreter.invoke()
    del second
    interpreter.invoke()


def test_view_outlives_the_interpreter(ready):
    interpreter = ready("squared")
    interpreter.set_tensor(0, np.array([3], np.float32))
    view = interpreter.tensor(0)()
    del interpreter
    gc.collect()
    assert view.tolist() == [3]


def test_function_after_resize(ready):
    interpreter = ready("squared")
    function = interpreter.tensor(0)
    interpreter.resize_tensor_input(0, [4])
    interpreter.allocate_tensors()
    assert function().shape == (4,)


@pytest.mark.parametrize("index", [99, -1])
def test_wrong_index(ready, index):
    with pytest.raises(ValueError):
        ready("squared").tensor(index)()


def test_constant(ready):
    interpreter = ready("mnist_cnn_float32")
    (bias,) = [t for t in interpreter.get_tensor_details() if t["shape"].tolist() == [12]]
    assert np.array_equal(interpreter.tensor(bias["index"])(), interpreter.get_tensor(bias["index"]))
