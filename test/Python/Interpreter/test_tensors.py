"""set_tensor, get_tensor and invoke."""

import numpy as np
import pytest

from ..conftest import recorded

ONE_STEP = [
    "add_signature",
    "mlperf_kws_int8",
    "mnist_cnn_dynamic_batch",
    "mnist_cnn_dynamic_range",
    "mnist_cnn_float32",
    "mnist_cnn_fp16",
    "mnist_cnn_int16x8",
    "mnist_cnn_int8",
    "mnist_cnn_int8_float_io",
    "mnist_cnn_int8_uint8_io",
    "mnist_cnn_pruned80_sparse_int8",
    "mnist_gru_float32",
    "mnist_lstm_float32",
    "mnist_lstm_int8",
    "squared",
    "two_in_two_out",
]


def check(found, wanted):
    if found.dtype.kind == "f":
        np.testing.assert_allclose(found, wanted, rtol=1e-3, atol=1e-3)
    else:
        assert np.array_equal(found, wanted)


@pytest.mark.parametrize("model", ONE_STEP)
def test_recorded(api, ready, model):
    """What the reference kernels gave. Those of XNNPACK, the other interpreter's default, do not round as they do."""
    interpreter = ready(model, experimental_op_resolver_type=api.OpResolverType.BUILTIN_REF)
    data = recorded(model)
    case = "c0" if "c0/in/0" in data else "c0/step0"  # models with variables
    for i, details in enumerate(interpreter.get_input_details()):
        interpreter.set_tensor(details["index"], data[f"{case}/in/{i}"])
    interpreter.invoke()
    for i, details in enumerate(interpreter.get_output_details()):
        found = interpreter.get_tensor(details["index"])
        assert found.dtype == details["dtype"] and found.shape == tuple(details["shape"])
        check(found, data[f"{case}/ref/{i}"])


def test_invoke_gives_nothing(ready):
    assert ready("squared").invoke() is None


def test_invoke_again_and_again(ready):
    interpreter = ready("squared")
    for value in (2, 3, -4):
        interpreter.set_tensor(0, np.array([value], np.float32))
        interpreter.invoke()
        assert interpreter.get_tensor(1).tolist() == [value * value]


def test_invoke_without_allocation(make):
    with pytest.raises(RuntimeError):
        make("squared").invoke()


def test_set_without_allocation(make):
    with pytest.raises(ValueError, match="allocate_tensors"):
        make("squared").set_tensor(0, np.ones(1, np.float32))


def test_get_without_allocation(make):
    with pytest.raises(ValueError, match="allocate_tensors"):
        make("squared").get_tensor(1)


def test_get_of_an_input(ready):
    interpreter = ready("squared")
    interpreter.set_tensor(0, np.array([5], np.float32))
    assert interpreter.get_tensor(0).tolist() == [5]


def test_set_copies(ready):
    interpreter, value = ready("squared"), np.array([3], np.float32)
    interpreter.set_tensor(0, value)
    value[0] = 7
    interpreter.invoke()
    assert interpreter.get_tensor(1).tolist() == [9]


def test_get_copies(ready):
    interpreter = ready("squared")
    interpreter.set_tensor(0, np.array([3], np.float32))
    interpreter.invoke()
    first = interpreter.get_tensor(1)
    interpreter.set_tensor(0, np.array([4], np.float32))
    interpreter.invoke()
    assert first.tolist() == [9] and first.flags.owndata and first.flags.writeable


@pytest.mark.parametrize("dtype", [np.float64, np.int32, np.uint8, np.int8, np.float16, np.int64, np.bool_])
def test_wrong_type(ready, dtype):
    with pytest.raises(ValueError, match="type"):
        ready("squared").set_tensor(0, np.ones(1, dtype))


@pytest.mark.parametrize("value", [None, "text", [1.0], 0.5, [[1]], {}])
def test_wrong_value(ready, value):
    with pytest.raises(ValueError):
        ready("squared").set_tensor(0, value)


@pytest.mark.parametrize("shape", [(), (2,), (0,), (1, 1)])
def test_wrong_shape(ready, shape):
    with pytest.raises(ValueError, match="[Dd]imension"):
        ready("squared").set_tensor(0, np.ones(shape, np.float32))


@pytest.mark.parametrize("index", [2**20, -1, -100])
def test_wrong_index(ready, index):
    interpreter = ready("squared")
    with pytest.raises(ValueError, match="[Ii]ndex"):
        interpreter.set_tensor(index, np.ones(1, np.float32))
    with pytest.raises(ValueError, match="[Ii]ndex"):
        interpreter.get_tensor(index)


@pytest.mark.parametrize("index", ["0", None, 0.0, [0]])
def test_index_of_another_type(ready, index):
    interpreter = ready("squared")
    with pytest.raises(TypeError):
        interpreter.set_tensor(index, np.ones(1, np.float32))
    with pytest.raises(TypeError):
        interpreter.get_tensor(index)


@pytest.mark.parametrize("kind", [np.int32, np.int64, np.uint8])
def test_index_of_numpy(ready, kind):
    interpreter = ready("squared")
    interpreter.set_tensor(kind(0), np.array([2], np.float32))
    interpreter.invoke()
    assert interpreter.get_tensor(kind(1)).tolist() == [4]


def test_transposed(ready):
    interpreter, data = ready("two_in_two_out"), recorded("two_in_two_out")
    interpreter.set_tensor(0, np.asfortranarray(data["c0/in/0"]))
    assert np.array_equal(interpreter.get_tensor(0), data["c0/in/0"])


def test_every_second(ready):
    interpreter, data = ready("two_in_two_out"), recorded("two_in_two_out")
    interpreter.set_tensor(0, np.repeat(data["c0/in/0"], 2, axis=1)[:, ::2])
    assert np.array_equal(interpreter.get_tensor(0), data["c0/in/0"])


def test_negative_strides(ready):
    interpreter, data = ready("two_in_two_out"), recorded("two_in_two_out")
    interpreter.set_tensor(0, data["c0/in/0"][::-1])
    assert np.array_equal(interpreter.get_tensor(0), data["c0/in/0"][::-1])


def test_broadcast(ready):
    interpreter = ready("two_in_two_out")
    interpreter.set_tensor(0, np.broadcast_to(np.float32(3), (2, 6)))
    assert (interpreter.get_tensor(0) == 3).all()


def test_read_only(ready):
    value = np.array([3], np.float32)
    value.flags.writeable = False
    ready("squared").set_tensor(0, value)


def test_constant(ready):
    interpreter = ready("mnist_cnn_float32")
    (bias,) = [t for t in interpreter.get_tensor_details() if t["shape"].tolist() == [12]]
    values = interpreter.get_tensor(bias["index"])
    assert values.shape == (12,) and values.dtype == np.float32 and np.isfinite(values).all()


def test_float16_constant(ready):
    interpreter = ready("mnist_cnn_fp16")
    halves = [t for t in interpreter.get_tensor_details() if t["dtype"] is np.float16]
    assert halves
    for details in halves:
        assert interpreter.get_tensor(details["index"]).dtype == np.float16


def test_sparse_constant(ready):
    interpreter = ready("mnist_cnn_pruned80_sparse_int8")
    for details in interpreter.get_tensor_details():
        if parameters := details["sparsity_parameters"]:
            stored = parameters["dim_metadata"][-1]["array_indices"].shape
            assert interpreter.get_tensor(details["index"]).shape == stored


def test_preserve_all_tensors(ready):
    interpreter, data = ready("mnist_cnn_float32", experimental_preserve_all_tensors=True), recorded("mnist_cnn_float32")
    interpreter.set_tensor(0, data["c0/in/0"])
    interpreter.invoke()
    (pooled,) = [t for t in interpreter.get_tensor_details() if t["shape"].tolist() == [1, 13, 13, 12]]
    (full,) = [t for t in interpreter.get_tensor_details() if t["shape"].tolist() == [1, 26, 26, 12]]
    before = interpreter.get_tensor(full["index"]).reshape(13, 2, 13, 2, 12)
    np.testing.assert_allclose(interpreter.get_tensor(pooled["index"])[0], before.max(axis=(1, 3)))


def test_preserved_tensors_are_readable(ready):
    interpreter = ready("mnist_cnn_float32", experimental_preserve_all_tensors=True)
    interpreter.invoke()
    for details in interpreter.get_tensor_details():
        assert interpreter.get_tensor(details["index"]).dtype == details["dtype"]


def test_preserved_outputs_are_the_same(ready):
    results = []
    for preserve in (False, True):
        interpreter, data = ready("mnist_cnn_int8", experimental_preserve_all_tensors=preserve), recorded("mnist_cnn_int8")
        interpreter.set_tensor(0, data["c0/in/0"])
        interpreter.invoke()
        results.append(interpreter.get_tensor(interpreter.get_output_details()[0]["index"]))
    check(*results)


def test_allocation_again(ready):
    interpreter = ready("squared")
    interpreter.set_tensor(0, np.array([6], np.float32))
    interpreter.allocate_tensors()
    interpreter.invoke()
    assert interpreter.get_tensor(1).tolist() == [36]


def test_two_interpreters(ready):
    first, second = ready("squared"), ready("squared")
    first.set_tensor(0, np.array([2], np.float32))
    second.set_tensor(0, np.array([3], np.float32))
    first.invoke()
    second.invoke()
    assert first.get_tensor(1).tolist() == [4] and second.get_tensor(1).tolist() == [9]
