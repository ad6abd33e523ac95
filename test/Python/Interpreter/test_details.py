"""get_input_details and its sisters: the same keys, types and values."""

import numpy as np
import pytest

KEYS = {"name", "index", "shape", "shape_signature", "dtype", "quantization", "quantization_parameters", "sparsity_parameters"}
MNIST = [
    ("mnist_cnn_float32", np.float32),
    ("mnist_cnn_int8", np.int8),
    ("mnist_cnn_int16x8", np.int16),
    ("mnist_cnn_int8_uint8_io", np.uint8),
    ("mnist_cnn_int8_float_io", np.float32),
    ("mnist_cnn_fp16", np.float32),
]


@pytest.mark.parametrize("method", ["get_input_details", "get_output_details", "get_tensor_details"])
def test_keys(make, method):
    for details in getattr(make("mnist_cnn_int8"), method)():
        assert KEYS <= set(details)


@pytest.mark.parametrize("model, dtype", MNIST)
def test_input(make, model, dtype):
    (details,) = make(model).get_input_details()
    assert details["dtype"] is dtype
    assert details["shape"].tolist() == [1, 28, 28]
    assert details["shape_signature"].tolist() == [-1, 28, 28]
    assert details["shape"].dtype == details["shape_signature"].dtype == np.int32


@pytest.mark.parametrize("model, dtype", MNIST)
def test_output(make, model, dtype):
    (details,) = make(model).get_output_details()
    assert details["dtype"] is dtype
    assert details["shape"].tolist() == [1, 10]


def test_types_of_values(make):
    (details,) = make("mnist_cnn_int8").get_input_details()
    assert type(details["name"]) is str
    assert type(details["index"]) is int
    assert type(details["quantization"]) is tuple
    assert type(details["sparsity_parameters"]) is dict


def test_quantization(make):
    (details,) = make("mnist_cnn_int8").get_input_details()
    scale, zero_point = details["quantization"]
    assert scale == np.float32(1 / 255) and zero_point == -128
    assert type(scale) is float and type(zero_point) is int


def test_no_quantization(make):
    (details,) = make("mnist_cnn_float32").get_input_details()
    assert details["quantization"] == (0.0, 0)
    parameters = details["quantization_parameters"]
    assert parameters["scales"].shape == parameters["zero_points"].shape == (0,)
    assert parameters["quantized_dimension"] == 0


def test_quantization_per_axis(make):
    tensors = make("mnist_cnn_int8").get_tensor_details()
    (weights,) = [t for t in tensors if t["shape"].tolist() == [12, 3, 3, 1]]
    parameters = weights["quantization_parameters"]
    assert weights["quantization"] == (0.0, 0)
    assert parameters["scales"].shape == parameters["zero_points"].shape == (12,)
    assert parameters["scales"].dtype == np.float32 and parameters["zero_points"].dtype == np.int32
    assert parameters["quantized_dimension"] == 0


def test_sparsity(make):
    tensors = make("mnist_cnn_pruned80_sparse_int8").get_tensor_details()
    sparse = [t["sparsity_parameters"] for t in tensors if t["sparsity_parameters"]]
    assert len(sparse) == 2
    for parameters in sparse:
        assert set(parameters) == {"traversal_order", "block_map", "dim_metadata"}
        assert parameters["traversal_order"].dtype == np.int32
        assert parameters["dim_metadata"][0]["format"] == 0
        assert parameters["dim_metadata"][-1]["format"] == 1
        assert parameters["dim_metadata"][-1]["array_segments"].dtype == np.int32


def test_tensors_have_their_numbers(make):
    tensors = make("mnist_cnn_float32").get_tensor_details()
    assert [t["index"] for t in tensors] == list(range(len(tensors)))


def test_tensors_contain_inputs_and_outputs(make):
    interpreter = make("two_in_two_out")
    names = {t["index"]: t["name"] for t in interpreter.get_tensor_details()}
    for details in interpreter.get_input_details() + interpreter.get_output_details():
        assert names[details["index"]] == details["name"]


def test_order_of_inputs(make):
    assert [d["name"] for d in make("two_in_two_out").get_input_details()] == ["mix_left:0", "mix_right:0"]


def test_order_of_outputs(make):
    assert [d["index"] for d in make("two_in_two_out").get_output_details()] == [6, 4]


def test_details_before_allocation(make):
    assert make("squared").get_output_details()[0]["shape"].tolist() == [1]


def test_details_are_copies(make):
    interpreter = make("squared")
    interpreter.get_input_details()[0]["shape"][0] = 7
    assert interpreter.get_input_details()[0]["shape"].tolist() == [1]


def test_subgraphs(make):
    assert make("accumulator").num_subgraphs() == 2
    assert make("squared").num_subgraphs() == 1


def test_tensors_of_another_subgraph(make):
    assert make("encode_decode").get_tensor_details(subgraph_index=1)[0]["name"] == "encode_bias:0"


@pytest.mark.parametrize("index", [1, 7])
def test_no_such_subgraph(make, index):
    with pytest.raises(ValueError):
        make("squared").get_tensor_details(subgraph_index=index)


def test_resource(make):
    (variable,) = [t for t in make("accumulator").get_tensor_details() if t["name"] == "Variable"]
    assert variable["dtype"] is np.object_
    assert variable["shape"].tolist() == []


def test_scalar_shape(make):
    for details in make("mnist_cnn_float32").get_tensor_details():
        if details["shape"].size == 0:
            assert details["shape"].dtype == np.int32
            return
    pytest.fail("the model has scalars")
