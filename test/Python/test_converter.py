"""TFLiteConverter: its attributes, its forms of data, and what it refuses."""

import importlib.util
import pathlib
import subprocess
import sys
import warnings

import numpy as np
import pytest

import tflc
from tflc import OpsSet, Optimize, TFLiteConverter

from .conftest import ROOT

SAVED_MODEL = pathlib.Path(__file__).parent / "Inputs" / "mnist_saved_model"
INT16 = OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8


@pytest.fixture
def converter():
    return TFLiteConverter.from_saved_model(SAVED_MODEL)


@pytest.fixture(scope="module")
def images():
    with np.load(SAVED_MODEL.parent / "digits.npz") as file:
        return file["images"][:8].astype(np.float32) / 255


def types(contents: bytes) -> tuple[type, type]:
    interpreter = tflc.Interpreter(model_content=contents)
    return interpreter.get_input_details()[0]["dtype"], interpreter.get_output_details()[0]["dtype"]


def quantized_types(contents: bytes) -> set[str]:
    return {tensor.type for graph in tflc.inspect(contents).subgraphs for tensor in graph.tensors if tensor.scales}


def test_float(converter):
    contents = converter.convert()
    assert contents[4:8] == b"TFL3" and types(contents) == (np.float32, np.float32)
    assert not quantized_types(contents)


def test_signature_keys():
    contents = TFLiteConverter.from_saved_model(SAVED_MODEL, signature_keys=["serving_default"]).convert()
    assert list(tflc.Interpreter(model_content=contents).get_signature_list()) == ["serving_default"]


def test_unknown_signature_key():
    with pytest.raises(tflc.ConverterError, match="no signature 'missing'"):
        TFLiteConverter.from_saved_model(SAVED_MODEL, signature_keys=["missing"]).convert()


def test_tags():
    TFLiteConverter.from_saved_model(SAVED_MODEL, tags=["serve"]).convert()
    with pytest.raises(ValueError, match="serve"):
        TFLiteConverter.from_saved_model(SAVED_MODEL, tags=["train"])


def test_missing_folder():
    with pytest.raises(OSError):
        TFLiteConverter.from_saved_model("missing")


def test_no_saved_model(tmp_path):
    with pytest.raises(tflc.ConverterError) as caught:
        TFLiteConverter.from_saved_model(tmp_path).convert()
    assert caught.value.findings


def test_dynamic_range(converter):
    converter.optimizations = [Optimize.DEFAULT]
    contents = converter.convert()
    assert types(contents) == (np.float32, np.float32) and quantized_types(contents) == {"int8"}


@pytest.mark.parametrize("dtype", [np.float16, np.dtype(np.float16), "float16"])
def test_float16(converter, dtype):
    converter.optimizations = {Optimize.OPTIMIZE_FOR_SIZE}
    converter.target_spec.supported_types = [dtype]
    assert len(converter.convert()) < 50000


FORMS = {
    "lists": lambda images: lambda: ([image[None]] for image in images),
    "dicts": lambda images: lambda: ({"keras_tensor": image[None]} for image in images),
    "signatures": lambda images: lambda: (("serving_default", {"keras_tensor": image[None]}) for image in images),
    "class": lambda images: tflc.RepresentativeDataset(lambda: ([image[None]] for image in images)),
    "arrays": lambda images: [[image[None]] for image in images],
}


@pytest.mark.parametrize("form", FORMS)
def test_representative_dataset(converter, images, form):
    converter.optimizations = [Optimize.DEFAULT]
    reference = tflc.quantize(converter_bytes(), "int8", FORMS["lists"](images), allow_float=True)
    converter.representative_dataset = FORMS[form](images)
    contents = converter.convert()
    assert contents == reference and types(contents) == (np.float32, np.float32)


def converter_bytes() -> bytes:
    return TFLiteConverter.from_saved_model(SAVED_MODEL).convert()


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, "int8", np.dtype(np.uint8)])
def test_integer_interface(converter, images, dtype):
    converter.optimizations = [Optimize.DEFAULT]
    converter.representative_dataset = FORMS["lists"](images)
    converter.target_spec.supported_ops = [OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = dtype
    wanted = np.dtype(dtype).type
    assert types(converter.convert()) == (wanted, wanted)


@pytest.mark.parametrize("inputs, outputs", [("uint8", "float32"), ("float32", "int8"), ("int8", "uint8")])
def test_different_types(converter, images, inputs, outputs):
    converter.optimizations = [Optimize.DEFAULT]
    converter.representative_dataset = FORMS["lists"](images)
    float_model = converter.convert()
    converter.inference_input_type, converter.inference_output_type = inputs, outputs
    contents = converter.convert()
    assert types(contents) == (np.dtype(inputs).type, np.dtype(outputs).type)
    for image in images:
        wanted, found = (classify(model, image) for model in (float_model, contents))
        np.testing.assert_allclose(found, wanted, atol=0.3)


def classify(contents: bytes, image: np.ndarray) -> np.ndarray:
    """The real numbers of a model's output for those of an image."""
    interpreter = tflc.Interpreter(model_content=contents)
    interpreter.allocate_tensors()
    (source,), (target,) = interpreter.get_input_details(), interpreter.get_output_details()
    value = image[None]
    if source["dtype"] != np.float32:
        scale, zero_point = source["quantization"]
        limits = np.iinfo(source["dtype"])
        value = np.clip(np.round(value / scale) + zero_point, limits.min, limits.max).astype(source["dtype"])
    interpreter.set_tensor(source["index"], value)
    interpreter.invoke()
    found = interpreter.get_tensor(target["index"])
    if target["dtype"] != np.float32:
        scale, zero_point = target["quantization"]
        found = (found.astype(np.float32) - zero_point) * scale
    return found


def test_int16(converter, images):
    converter.optimizations = [Optimize.DEFAULT]
    converter.representative_dataset = FORMS["lists"](images)
    converter.target_spec.supported_ops = [INT16]
    converter.inference_input_type = converter.inference_output_type = np.int16
    contents = converter.convert()
    assert types(contents) == (np.int16, np.int16) and "int16" in quantized_types(contents)


def test_converts_again(converter):
    first = converter.convert()
    converter.optimizations = [Optimize.DEFAULT]
    assert len(converter.convert()) < len(first) / 3
    converter.optimizations = []
    assert converter.convert() == first


def test_unknown_attribute(converter):
    with pytest.raises(AttributeError, match="did you mean 'optimizations'"):
        converter.optimisations = []
    with pytest.raises(AttributeError, match="did you mean 'supported_types'"):
        converter.target_spec.supported_type = []
    with pytest.raises(AttributeError):
        converter.zzz = 1


@pytest.mark.parametrize("name", sorted(TFLiteConverter.WITHOUT_EFFECT))
def test_attributes_without_effect(converter, name):
    setattr(converter, name, getattr(converter, name))


@pytest.mark.parametrize(
    "attributes",
    [
        {"inference_input_type": np.int8},
        {"optimizations": [Optimize.DEFAULT], "inference_input_type": np.int8},
        {"optimizations": ["FASTER"]},
        {"optimizations": [Optimize.DEFAULT], "target_spec": tflc.TargetSpec([OpsSet.TFLITE_BUILTINS_INT8])},
        {"optimizations": [Optimize.DEFAULT], "target_spec": tflc.TargetSpec([INT16])},
        {"target_spec": tflc.TargetSpec(["NO_OPS"])},
    ],
)
def test_what_does_not_fit(converter, attributes):
    for name, value in attributes.items():
        setattr(converter, name, value)
    with pytest.raises(ValueError):
        converter.convert()


def test_exception_of_the_dataset(converter):
    def samples():
        yield [np.zeros((1, 28, 28), np.float32)]
        raise KeyError("no more digits")

    converter.optimizations = [Optimize.DEFAULT]
    converter.representative_dataset = samples
    with pytest.raises(KeyError, match="no more digits"):
        converter.convert()


@pytest.mark.parametrize(
    "sample, message",
    [
        ([np.zeros((1, 27, 28), np.float32)], "keras_tensor"),
        ([np.zeros((1, 28, 28), np.int32)], "keras_tensor"),
        ([np.full((1, 28, 28), np.nan, np.float32)], "NaN"),
        ([], "inputs"),
        ({"wrong": np.zeros((1, 28, 28), np.float32)}, "wrong"),
        (("missing", {"keras_tensor": np.zeros((1, 28, 28), np.float32)}), "missing"),
    ],
)
def test_samples_that_do_not_fit(converter, sample, message):
    converter.optimizations = [Optimize.DEFAULT]
    converter.representative_dataset = lambda: [sample]
    with pytest.raises(tflc.ConverterError, match=message):
        converter.convert()


def test_empty_dataset(converter):
    converter.optimizations = [Optimize.DEFAULT]
    converter.representative_dataset = lambda: []
    with pytest.raises(tflc.ConverterError, match="no samples"):
        converter.convert()


def test_custom_operators():
    """TensorFlow's Digamma has no operator of its own."""
    converter = TFLiteConverter.from_saved_model(ROOT / "test" / "Import" / "SavedModel" / "Inputs" / "digamma")
    with pytest.raises(tflc.ConverterError, match="Digamma"):
        converter.convert()
    converter.allow_custom_ops = True
    assert tflc.inspect(converter.convert()).operator_counts == {"CUSTOM": 1, "MUL": 1}


def test_no_keras_model():
    with pytest.raises(ValueError, match="no Keras model"):
        TFLiteConverter.from_keras_model(3).convert()


def test_no_concrete_functions():
    with pytest.raises(ValueError):
        TFLiteConverter.from_concrete_functions([])
    with pytest.raises(ValueError, match="concrete functions"):
        TFLiteConverter.from_concrete_functions([lambda x: x])


needs_tensorflow = pytest.mark.skipif(not importlib.util.find_spec("tensorflow"), reason="TensorFlow is not installed")


def check_against(contents: bytes, call, value: np.ndarray) -> None:
    run = tflc.Interpreter(model_content=contents).get_signature_runner()
    (name,) = run.get_input_details()
    (found,) = run(**{name: value}).values()
    np.testing.assert_allclose(found, np.asarray(call(value)), rtol=1e-4, atol=1e-5)


@needs_tensorflow
@pytest.mark.parametrize("package", ["keras", "tf_keras"])
def test_keras_model(package):
    if not importlib.util.find_spec(package):
        pytest.skip(f"{package} is not installed")
    warnings.simplefilter("ignore")
    keras = importlib.import_module(package)
    layers = keras.layers
    model = keras.Sequential([layers.Input((8, 8, 1)), layers.Conv2D(2, 3), layers.ReLU(), layers.Flatten(), layers.Dense(3)])
    value = np.random.default_rng(0).random((1, 8, 8, 1), np.float32)
    check_against(TFLiteConverter.from_keras_model(model).convert(), lambda x: model.predict(x, verbose=0), value)


@needs_tensorflow
def test_keras_model_with_python_code():
    import keras

    if keras.backend.backend() != "tensorflow":
        pytest.skip("only TensorFlow's backend exports SavedModels")
    model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Lambda(lambda x: x * 2), keras.layers.Dense(3)])
    value = np.ones((1, 4), np.float32)
    check_against(TFLiteConverter.from_keras_model(model).convert(), lambda x: model.predict(x, verbose=0), value)


@needs_tensorflow
@pytest.mark.parametrize("with_owner", [False, True])
def test_concrete_functions(with_owner):
    import tensorflow as tf

    class Scale(tf.Module):
        def __init__(self):
            self.factor = tf.Variable([2.0, 3.0])

        @tf.function(input_signature=[tf.TensorSpec([None, 2], tf.float32)])
        def scale(self, x):
            return x * self.factor

    module = Scale()
    functions = [module.scale.get_concrete_function()]
    owners = [module] if with_owner else []
    contents = TFLiteConverter.from_concrete_functions(functions, *owners).convert()
    check_against(contents, lambda x: x * np.array([2, 3], np.float32), np.ones((3, 2), np.float32))


@needs_tensorflow
def test_tensorflow_enumerations(converter, images):
    import tensorflow as tf

    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = FORMS["lists"](images)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    assert types(converter.convert()) == (np.int8, np.int8)


@needs_tensorflow
def test_tensorflow_loaded_first():
    """Both have protobuf, in different versions."""
    program = f"import tensorflow, tflc; print(len(tflc.TFLiteConverter.from_saved_model({str(SAVED_MODEL)!r}).convert()))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 80000
