"""Whatever programs hand over, the answer is an exception or a result, never the end of the process.

TFLC_EXAMPLES says how many examples each test tries.
"""

import os

import numpy as np
import pytest

import tflc

from .conftest import model_bytes, model_path
from .test_converter import SAVED_MODEL

hypothesis = pytest.importorskip("hypothesis")
strategies = hypothesis.strategies
EXAMPLES = int(os.environ.get("TFLC_EXAMPLES", 40))
settings = hypothesis.settings(deadline=None, max_examples=EXAMPLES, suppress_health_check=list(hypothesis.HealthCheck))

ANYTHING = strategies.one_of(
    strategies.none(),
    strategies.booleans(),
    strategies.integers(-(2**70), 2**70),
    strategies.floats(),
    strategies.text(max_size=8),
    strategies.binary(max_size=8),
    strategies.lists(strategies.integers(-3, 40), max_size=5),
    strategies.tuples(strategies.floats(), strategies.text(max_size=3)),
    strategies.dictionaries(strategies.text(max_size=3), strategies.integers(), max_size=2),
)
DTYPES = strategies.sampled_from(
    [
        "f2",
        "f4",
        "f8",
        ">f4",
        "i1",
        "u1",
        ">i2",
        "i4",
        "i8",
        "u8",
        "?",
        "c8",
        "c16",
        "O",
        "S3",
        "U2",
        "M8[s]",
        "m8[s]",
        "V4",
        "i4,f4",
    ]
)
SHAPES = strategies.lists(strategies.integers(0, 30), max_size=4).map(tuple)
ERRORS = (TypeError, ValueError, RuntimeError, KeyError, OSError, OverflowError, MemoryError, tflc.ConverterError)


@strategies.composite
def arrays(draw):
    """Arrays of many types, shapes and memory layouts."""
    dtype, shape = np.dtype(draw(DTYPES)), draw(SHAPES)
    array = np.zeros(shape, dtype)
    layout = draw(strategies.integers(0, 4))
    if layout == 1:
        array = np.asfortranarray(array)
    elif layout == 2 and array.ndim:
        array = np.repeat(array, 2, axis=-1)[..., ::2]
    elif layout == 3 and array.ndim:
        array = array[::-1]
    elif layout == 4:
        array.flags.writeable = False
    return array


def attempt(function, *args, **kwargs):
    """Calls a function; one of the known exceptions is as good as a result."""
    try:
        return function(*args, **kwargs)
    except ERRORS as error:
        assert str(error) and "defect of the compiler" not in str(error)
        return None


@pytest.fixture(scope="module")
def mnist():
    interpreter = tflc.Interpreter(model_path("mnist_cnn_dynamic_batch"))
    interpreter.allocate_tensors()
    return interpreter


@settings
@hypothesis.given(index=strategies.one_of(strategies.integers(-3, 40), ANYTHING), value=strategies.one_of(arrays(), ANYTHING))
def test_set_tensor(mnist, index, value):
    attempt(mnist.set_tensor, index, value)
    attempt(mnist.get_tensor, index)
    attempt(lambda: mnist.tensor(index)())
    attempt(mnist.invoke)


@settings
@hypothesis.given(sizes=strategies.one_of(SHAPES, ANYTHING), strict=strategies.booleans())
def test_resize(sizes, strict):
    interpreter = tflc.Interpreter(model_path("squared"))
    attempt(interpreter.resize_tensor_input, 0, sizes, strict)
    attempt(interpreter.invoke)
    if interpreter.get_input_details()[0]["shape"].prod(dtype=object) < 10**6:
        attempt(interpreter.allocate_tensors)
        attempt(interpreter.invoke)
        attempt(interpreter.get_tensor, 1)


@settings
@hypothesis.given(arguments=strategies.dictionaries(strategies.sampled_from(["left", "right", "x"]), arrays(), max_size=3))
def test_signature_runner(arguments):
    interpreter = tflc.Interpreter(model_path("two_in_two_out"))
    small = {name: value for name, value in arguments.items() if value.size < 100}
    attempt(interpreter.get_signature_runner("mix"), **small)


@settings
@hypothesis.given(
    position=strategies.integers(0, 2**16), value=strategies.integers(0, 255), length=strategies.integers(0, 2**16)
)
def test_damaged_model(position, value, length):
    contents = bytearray(model_bytes("squared"))
    contents[position % len(contents)] = value
    interpreter = attempt(tflc.Interpreter, model_content=bytes(contents[: max(1, length % (2 * len(contents)))]))
    if interpreter is not None:
        attempt(interpreter.get_tensor_details)
        attempt(interpreter.allocate_tensors)
        attempt(interpreter.invoke)
    attempt(tflc.inspect, bytes(contents))


@settings
@hypothesis.given(
    sample=strategies.one_of(arrays().map(lambda a: [a]), ANYTHING, strategies.tuples(strategies.text(max_size=3), arrays()))
)
def test_samples(sample):
    if isinstance(sample, list) and sample and isinstance(sample[0], np.ndarray) and sample[0].size > 2000:
        return
    attempt(tflc.calibrate, SAVED_MODEL, [sample])


@settings
@hypothesis.given(value=ANYTHING)
def test_arguments(value):
    attempt(tflc.Interpreter, value)
    attempt(tflc.Interpreter, model_content=value)
    attempt(tflc.Interpreter, model_path("squared"), num_threads=value)
    attempt(tflc.Interpreter, model_path("squared"), experimental_op_resolver_type=value)
    attempt(tflc.Interpreter(model_path("squared")).get_signature_runner, value)
    attempt(tflc.compile, value)
    attempt(tflc.compile, model_path("squared"), target=value)
    attempt(tflc.compile, model_path("squared"), emit=value)
    attempt(tflc.compile, model_path("squared"), threads=value)
    attempt(tflc.compile, model_path("squared"), custom=value)
    attempt(tflc.InterpreterWithCustomOps, value, model_path=model_path("squared"))
    attempt(tflc.quantize, model_path("squared"), value)
    attempt(tflc.quantize, model_path("squared"), "float16", keep_float=value)


@pytest.fixture(scope="module")
def squared():
    return tflc.compile(model_path("squared"), dynamic=True)


@settings
@hypothesis.given(args=strategies.lists(strategies.one_of(arrays(), ANYTHING), max_size=2))
def test_compiled_model(squared, args):
    attempt(squared, *args)
    for array in args:
        attempt(squared.run_into, array, np.ones(1, np.float32))


def test_closed_file_descriptor():
    with pytest.raises(ValueError):
        tflc.Interpreter("/dev/null")


def test_folder_as_a_model(tmp_path):
    with pytest.raises(ValueError, match="directory"):
        tflc.Interpreter(tmp_path)
