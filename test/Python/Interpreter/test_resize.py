"""resize_tensor_input."""

import numpy as np
import pytest

from ..conftest import recorded


def run(interpreter, value):
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], value)
    interpreter.invoke()
    return interpreter.get_tensor(interpreter.get_output_details()[0]["index"])


@pytest.mark.parametrize("size", [[5], (5,), np.array([5]), np.array([5], np.int32)])
def test_forms_of_sizes(ready, size):
    interpreter = ready("squared")
    interpreter.resize_tensor_input(0, size)
    interpreter.allocate_tensors()
    assert run(interpreter, np.arange(5, dtype=np.float32)).tolist() == [0, 1, 4, 9, 16]


@pytest.mark.parametrize("batch", [1, 2, 7])
def test_batch(ready, batch):
    interpreter, data = ready("mnist_cnn_dynamic_batch"), recorded("mnist_cnn_float32")
    interpreter.resize_tensor_input(0, [batch, 28, 28])
    interpreter.allocate_tensors()
    found = run(interpreter, np.repeat(data["c0/in/0"], batch, axis=0))
    assert found.shape == (batch, 10)
    assert (found == found[0]).all() or np.allclose(found, found[0], rtol=1e-4, atol=1e-4)


def test_before_the_first_allocation(make):
    interpreter = make("squared")
    interpreter.resize_tensor_input(0, [2])
    interpreter.allocate_tensors()
    assert run(interpreter, np.array([2, 3], np.float32)).tolist() == [4, 9]


def test_back_again(ready):
    interpreter = ready("squared")
    for size in (3, 1, 4):
        interpreter.resize_tensor_input(0, [size])
        interpreter.allocate_tensors()
        assert run(interpreter, np.full(size, 2, np.float32)).tolist() == [4] * size


def test_details_follow_at_once(ready):
    interpreter = ready("squared")
    interpreter.resize_tensor_input(0, [6])
    details = interpreter.get_input_details()[0]
    assert details["shape"].tolist() == [6] and details["shape_signature"].tolist() == [-1]


def test_details_of_outputs(ready):
    interpreter = ready("squared")
    interpreter.resize_tensor_input(0, [6])
    interpreter.allocate_tensors()
    assert interpreter.get_output_details()[0]["shape"].tolist() == [6]


def test_invoke_needs_allocation(ready):
    interpreter = ready("squared")
    interpreter.resize_tensor_input(0, [6])
    with pytest.raises(RuntimeError):
        interpreter.invoke()


def test_set_needs_allocation(ready):
    interpreter = ready("squared")
    interpreter.resize_tensor_input(0, [6])
    with pytest.raises(ValueError):
        interpreter.set_tensor(0, np.ones(6, np.float32))


def test_same_shape(ready):
    interpreter = ready("squared")
    interpreter.resize_tensor_input(0, [1])
    interpreter.allocate_tensors()
    assert run(interpreter, np.array([3], np.float32)).tolist() == [9]


def test_other_input_keeps_its_shape(ready):
    interpreter = ready("two_in_two_out")
    interpreter.resize_tensor_input(0, [4, 6])
    interpreter.allocate_tensors()
    assert [d["shape"].tolist() for d in interpreter.get_input_details()] == [[4, 6], [6, 3]]


@pytest.mark.parametrize("size", [[2, 28, 28], [9, 28, 28]])
def test_strict(make, size):
    make("mnist_cnn_float32").resize_tensor_input(0, size, strict=True)


@pytest.mark.parametrize("size", [[1, 14, 28], [28, 28], [1, 28, 28, 1]])
def test_strict_refuses(make, size):
    with pytest.raises(RuntimeError):
        make("mnist_cnn_float32").resize_tensor_input(0, size, strict=True)


@pytest.mark.parametrize("index", [99, -1])
def test_wrong_index(make, index):
    with pytest.raises(RuntimeError):
        make("squared").resize_tensor_input(index, [1])


def test_constant(make):
    interpreter = make("mnist_cnn_float32")
    (bias,) = [t for t in interpreter.get_tensor_details() if t["shape"].tolist() == [12]]
    with pytest.raises(RuntimeError):
        interpreter.resize_tensor_input(bias["index"], [1])


def test_negative(make):
    with pytest.raises(RuntimeError):
        make("squared").resize_tensor_input(0, [-1])


@pytest.mark.parametrize("size", ["abc", np.ones((2, 2), np.int32)])
def test_no_list_of_sizes(make, size):
    with pytest.raises(ValueError):
        make("squared").resize_tensor_input(0, size)


def test_output_of_several_shapes(ready):
    interpreter = ready("squared")
    shapes = []
    for size in (2, 8):
        interpreter.resize_tensor_input(0, [size])
        interpreter.allocate_tensors()
        interpreter.invoke()
        shapes.append(interpreter.get_tensor(1).shape)
    assert shapes == [(2,), (8,)]
