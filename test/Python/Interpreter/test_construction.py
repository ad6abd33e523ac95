"""Interpreter(): its arguments, and files that are no models."""

import inspect
import os
import pathlib

import pytest

from ..conftest import model_bytes, model_path

SQUARED = "squared"


def test_path_as_text(api):
    assert api.Interpreter(model_path=model_path(SQUARED)).get_input_details()


def test_path_as_first_argument(api):
    assert api.Interpreter(model_path(SQUARED)).get_input_details()


def test_path_object(api):
    assert api.Interpreter(model_path=pathlib.Path(model_path(SQUARED))).get_input_details()


def test_content(api):
    assert api.Interpreter(model_content=model_bytes(SQUARED)).get_input_details()


def test_content_may_go_away(api):
    interpreter = api.Interpreter(model_content=bytes(bytearray(model_bytes(SQUARED))))
    interpreter.allocate_tensors()
    interpreter.invoke()


def test_neither_path_nor_content(api):
    with pytest.raises(ValueError, match="model_path.*model_content.*must be specified"):
        api.Interpreter()


def test_path_and_content(api):
    with pytest.raises(ValueError, match="both"):
        api.Interpreter(model_path=model_path(SQUARED), model_content=model_bytes(SQUARED))


def test_missing_file(api):
    with pytest.raises(ValueError, match="missing.tflite"):
        api.Interpreter(model_path="missing.tflite")


def test_empty_content(api):
    with pytest.raises(ValueError):
        api.Interpreter(model_content=b"")


def test_empty_file(api, tmp_path):
    path = tmp_path / "empty.tflite"
    path.touch()
    with pytest.raises(ValueError):
        api.Interpreter(model_path=str(path))


@pytest.mark.parametrize("content", [b"x", b"garbage", b"TFL3", b"\0" * 64, b"\x1c\0\0\0TFL3" + b"\xff" * 56])
def test_no_model(api, content):
    with pytest.raises(ValueError):
        api.Interpreter(model_content=content)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_truncated_file(api, share):
    whole = model_bytes("mnist_cnn_float32")
    with pytest.raises(ValueError):
        api.Interpreter(model_content=whole[: int(len(whole) * share)])


@pytest.mark.parametrize("content", ["text", 3, ["list"]])
def test_content_of_another_type(api, content):
    with pytest.raises(TypeError):
        api.Interpreter(model_content=content)


@pytest.mark.parametrize("path", [3, ["list"]])
def test_path_of_another_type(api, path):
    with pytest.raises(TypeError):
        api.Interpreter(model_path=path)


@pytest.mark.parametrize("threads", [None, 1, 2, 8])
def test_threads(make, threads):
    assert make(SQUARED, num_threads=threads).get_input_details()


@pytest.mark.parametrize("threads", [0, -1, 1.5, "2"])
def test_wrong_threads(make, threads):
    with pytest.raises(ValueError, match="num_threads"):
        make(SQUARED, num_threads=threads)


def test_resolver_types(api):
    assert {entry.name for entry in api.OpResolverType} == {
        "AUTO",
        "BUILTIN",
        "BUILTIN_REF",
        "BUILTIN_WITHOUT_DEFAULT_DELEGATES",
    }


@pytest.mark.parametrize("name", ["AUTO", "BUILTIN", "BUILTIN_REF", "BUILTIN_WITHOUT_DEFAULT_DELEGATES"])
def test_resolver(api, ready, name):
    ready(SQUARED, experimental_op_resolver_type=api.OpResolverType[name]).invoke()


@pytest.mark.parametrize("resolver", [1, "AUTO", None])
def test_wrong_resolver(make, resolver):
    with pytest.raises(ValueError, match="resolver"):
        make(SQUARED, experimental_op_resolver_type=resolver)


@pytest.mark.parametrize("delegates", [None, []])
def test_no_delegates(make, delegates):
    assert make(SQUARED, experimental_delegates=delegates).get_input_details()


def test_missing_delegate(api):
    with pytest.raises((ValueError, OSError)):
        api.load_delegate("libmissing.so")


def test_unknown_argument(api):
    with pytest.raises(TypeError):
        api.Interpreter(model_path=model_path(SQUARED), no_such_argument=1)


@pytest.mark.parametrize(
    "name",
    [
        "experimental_preserve_all_tensors",
        "experimental_disable_delegate_clustering",
        "experimental_default_delegate_latest_features",
    ],
)
@pytest.mark.parametrize("value", [False, True])
def test_flags(ready, name, value):
    ready(SQUARED, **{name: value}).invoke()


def test_order_of_arguments(api):
    names = list(inspect.signature(api.Interpreter.__init__).parameters)
    assert names[:5] == ["self", "model_path", "model_content", "experimental_delegates", "num_threads"]


def test_file_may_go_away(api, tmp_path):
    path = tmp_path / "model.tflite"
    path.write_bytes(model_bytes(SQUARED))
    interpreter = api.Interpreter(model_path=str(path))
    interpreter.allocate_tensors()
    os.unlink(path)
    interpreter.invoke()
