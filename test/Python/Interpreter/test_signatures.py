"""Signatures and their runners."""

import numpy as np
import pytest

from ..conftest import recorded


def test_list(make):
    assert make("encode_decode").get_signature_list() == {
        "decode": {"inputs": ["code", "hint"], "outputs": ["energy", "image"]},
        "encode": {"inputs": ["bias", "image"], "outputs": ["code"]},
    }


def test_model_without_signatures(make):
    assert make("mlperf_kws_int8").get_signature_list() == {}


@pytest.mark.parametrize("key", [None, "serving_default"])
def test_only_signature(make, key):
    run = make("squared").get_signature_runner(key)
    assert run(x=np.array([3], np.float32))["output_0"].tolist() == [9]


def test_no_key_but_several_signatures(make):
    with pytest.raises(ValueError, match="signature_key is None"):
        make("encode_decode").get_signature_runner()


def test_no_key_and_no_signatures(make):
    with pytest.raises(ValueError):
        make("mlperf_kws_int8").get_signature_runner()


@pytest.mark.parametrize("key", ["missing", "SERVING_DEFAULT", " "])
def test_unknown_key(make, key):
    with pytest.raises(ValueError, match="Invalid signature_key"):
        make("squared").get_signature_runner(key)


@pytest.mark.parametrize("key", ["encode", "decode"])
def test_recorded(make, key):
    data, prefix = recorded("encode_decode"), f"c0/sig/{key}/"
    run = make("encode_decode").get_signature_runner(key)
    inputs = {name[len(prefix) + 3 :]: value for name, value in data.items() if name.startswith(prefix + "in/")}
    outputs = run(**inputs)
    assert set(outputs) == set(run.get_output_details())
    for name, value in outputs.items():
        np.testing.assert_allclose(value, data[f"{prefix}out/{name}"], rtol=1e-4, atol=1e-5)


def test_without_allocation(make):
    assert make("add_signature").get_signature_runner("my_signature")(x=np.ones((1, 10), np.float32))["result"].shape == (1, 10)


def test_outputs_are_copies(make):
    run = make("squared").get_signature_runner()
    first = run(x=np.array([2], np.float32))["output_0"]
    run(x=np.array([3], np.float32))
    assert first.tolist() == [4]


def test_input_details(make):
    details = make("encode_decode").get_signature_runner("encode").get_input_details()
    assert {name: value["index"] for name, value in details.items()} == {"bias": 0, "image": 1}
    assert details["image"]["shape"].tolist() == [1, 32] and details["image"]["dtype"] is np.float32


def test_output_details(make):
    details = make("encode_decode").get_signature_runner("decode").get_output_details()
    assert {name: value["index"] for name, value in details.items()} == {"energy": 9, "image": 8}


def test_by_position(make):
    with pytest.raises(TypeError):
        make("squared").get_signature_runner()(np.ones(1, np.float32))


@pytest.mark.parametrize("arguments", [{}, {"x": 1, "y": 1}])
def test_wrong_number(make, arguments):
    with pytest.raises(ValueError, match="number of inputs"):
        make("squared").get_signature_runner()(**{name: np.ones(1, np.float32) for name in arguments})


def test_wrong_name(make):
    with pytest.raises(ValueError, match="Invalid Input name"):
        make("squared").get_signature_runner()(y=np.ones(1, np.float32))


@pytest.mark.parametrize("dtype", [np.float64, np.int32])
def test_wrong_type(make, dtype):
    with pytest.raises(ValueError):
        make("squared").get_signature_runner()(x=np.ones(1, dtype))


@pytest.mark.parametrize("size", [1, 4, 2])
def test_other_shape(make, size):
    run = make("squared").get_signature_runner()
    assert run(x=np.full(size, 3, np.float32))["output_0"].tolist() == [9] * size


def test_shape_after_shape(make):
    run = make("squared").get_signature_runner()
    for size in (1, 3, 1):
        assert run(x=np.full(size, 3, np.float32))["output_0"].shape == (size,)


def test_two_runners(make):
    interpreter, data = make("encode_decode"), recorded("encode_decode")
    encode, decode = (interpreter.get_signature_runner(key) for key in ("encode", "decode"))
    code = encode(image=data["c0/sig/encode/in/image"], bias=data["c0/sig/encode/in/bias"])["code"]
    decode(code=code, hint=data["c0/sig/decode/in/hint"])
    again = encode(image=data["c0/sig/encode/in/image"], bias=data["c0/sig/encode/in/bias"])["code"]
    assert np.array_equal(code, again)


def test_runner_outlives_the_name_of_its_interpreter(make):
    run = make("squared").get_signature_runner()
    assert run(x=np.array([4], np.float32))["output_0"].tolist() == [16]


def test_runner_needs_an_interpreter(api):
    with pytest.raises(ValueError):
        api.SignatureRunner(None, "serving_default")


def test_runner_needs_a_key(api, make):
    with pytest.raises(ValueError):
        api.SignatureRunner(make("squared"), None)
