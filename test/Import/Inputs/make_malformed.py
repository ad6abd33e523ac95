"""Makes the models beside this file: sound ones of unusual forms, and malformed ones, each wrong in one way. Needs flatc alone.

usage: make_malformed.py FLATC MODEL.fbs FOLDER
"""

import copy
import json
import pathlib
import subprocess
import sys


def tensor(name, **more):
    return {"name": name, "shape": [1, 4], "type": "FLOAT32", "buffer": 0, **more}


def add(inputs, outputs, activation="NONE"):
    return {
        "opcode_index": 0,
        "inputs": inputs,
        "outputs": outputs,
        "builtin_options_type": "AddOptions",
        "builtin_options": {"fused_activation_function": activation},
    }


SOUND = {
    "version": 3,
    "operator_codes": [{"deprecated_builtin_code": 0, "builtin_code": "ADD"}],
    "subgraphs": [
        {
            "name": "main",
            "inputs": [0, 1],
            "outputs": [3],
            "operators": [add([0, 1], [2]), add([2, 1], [3])],
            "tensors": [tensor(name) for name in ("x", "y", "sum", "out")],
        }
    ],
    "buffers": [{}, {"data": list(range(16))}, {"data": [1, 2, 3, 4]}],
    "signature_defs": [
        {
            "signature_key": "run",
            "subgraph_index": 0,
            "inputs": [{"name": "a", "tensor_index": 0}, {"name": "b", "tensor_index": 1}],
            "outputs": [{"name": "c", "tensor_index": 3}],
        }
    ],
}
CASES = {}


def case(change):
    CASES[change.__name__.replace("_", "-")] = change
    return change


def int8(main, **quantization):
    main["tensors"][0].update(type="INT8", quantization=quantization)


@case
def sound(model, main):
    pass


@case
def variable_output(model, main):
    main["tensors"][2]["is_variable"] = True


@case
def version(model, main):
    model["version"] = 2


@case
def output_index(model, main):
    main["operators"][1]["outputs"] = [9]


@case
def input_twice(model, main):
    main["inputs"] = [0, 0]


@case
def output_unwritten(model, main):
    main["operators"].pop()


@case
def written_twice(model, main):
    main["operators"][1]["outputs"] = [2]


@case
def writes_input(model, main):
    main["operators"][1]["outputs"] = [0]


@case
def wrong_order(model, main):
    main["operators"].reverse()


@case
def scale_count(model, main):
    int8(main, scale=[0.5, 0.25, 0.125], zero_point=[0, 0, 0], quantized_dimension=1)


@case
def quantized_dimension(model, main):
    int8(main, scale=[0.5, 0.25], zero_point=[0, 0], quantized_dimension=2)


@case
def zero_point_count(model, main):
    int8(main, scale=[0.5] * 4, zero_point=[0, 0, 0], quantized_dimension=1)


@case
def zero_point_range(model, main):
    int8(main, scale=[0.5], zero_point=[128])


def blockwise(main, **details):
    """A constant with a scale for each block."""
    main["tensors"].append(
        {
            "name": "w",
            "shape": [1, 4],
            "type": "INT4",
            "buffer": 2,
            "quantization": {
                "details_type": "BlockwiseQuantization",
                "details": {"zero_points": -1, "block_size": 2, **details},
            },
        }
    )


@case
def block_size(model, main):
    blockwise(main, scales=5, block_size=3)


@case
def block_scales(model, main):
    blockwise(main, scales=9)


@case
def block_scales_type(model, main):
    blockwise(main, scales=0)


@case
def block_scales_value(model, main):
    blockwise(main, scales=5)
    main["tensors"].append({"name": "scales", "shape": [1, 2], "type": "FLOAT16", "buffer": 3})
    model["buffers"].append({"data": [0, 0, 0, 60]})


@case
def activation(model, main):
    main["operators"][0]["builtin_options"]["fused_activation_function"] = 77


@case
def ignored_activations(model, main):
    for op, name in zip(main["operators"], ("TANH", "SIGN_BIT")):
        op["builtin_options"]["fused_activation_function"] = name


@case
def result_type(model, main):
    main["tensors"][3]["type"] = "INT32"


@case
def signature_subgraph(model, main):
    model["signature_defs"][0]["subgraph_index"] = 7


@case
def signature_tensor(model, main):
    model["signature_defs"][0]["inputs"][1]["tensor_index"] = 2


@case
def signature_twice(model, main):
    model["signature_defs"] *= 2


@case
def shape_signature(model, main):
    main["tensors"][0]["shape_signature"] = [-1]


@case
def rank(model, main):
    main["tensors"][0]["shape"] = [1] * 33


@case
def buffer_offset(model, main):
    model["buffers"][2] = {"offset": 1 << 40, "size": 16}
    main["tensors"][1]["buffer"] = 2
    main["inputs"] = [0]
    del model["signature_defs"]


@case
def external_buffer(model, main):
    main["tensors"][1]["external_buffer"] = 1


@case
def input_constant(model, main):
    main["tensors"][1]["buffer"] = 1


@case
def no_strings(model, main):
    """Sound: a constant without strings has no bytes, not even those of their number."""
    model["operator_codes"].append({"deprecated_builtin_code": 77, "builtin_code": "SHAPE"})
    model["buffers"].append({"data": []})
    main["tensors"].append(tensor("none", shape=[0], type="STRING", buffer=3))
    main["tensors"].append(tensor("sizes", shape=[1], type="INT32"))
    main["operators"].append({"opcode_index": 1, "inputs": [4], "outputs": [5], "builtin_options_type": "ShapeOptions"})
    main["operators"][-1]["builtin_options"] = {"out_type": "INT32"}
    main["outputs"].append(5)
    del model["signature_defs"]


@case
def metadata_buffer(model, main):
    model["metadata"] = [{"name": "notes", "buffer": 12}]


@case
def custom_operator(model, main):
    model["operator_codes"] = [{"deprecated_builtin_code": 32, "builtin_code": "CUSTOM", "custom_code": "Frobnicate"}]
    for operator in main["operators"]:
        del operator["builtin_options"], operator["builtin_options_type"]


@case
def unsupported_operator(model, main):
    model["operator_codes"] = [{"deprecated_builtin_code": 127, "builtin_code": "STABLEHLO_CBRT"}]
    for operator in main["operators"]:
        del operator["builtin_options"], operator["builtin_options_type"]


@case
def called_subgraph(model, main):
    model["operator_codes"] = [{"deprecated_builtin_code": 119, "builtin_code": "WHILE"}]
    for operator in main["operators"]:
        operator.update(
            builtin_options_type="WhileOptions", builtin_options={"cond_subgraph_index": 3, "body_subgraph_index": 0}
        )


def sparse(model, main, **changes):
    level = {
        "format": "SPARSE_CSR",
        "array_segments_type": "Int32Vector",
        "array_segments": {"values": [0, 1]},
        "array_indices_type": "Int32Vector",
        "array_indices": {"values": [2]},
    }
    parameters = {"traversal_order": [0, 1], "dim_metadata": [{"format": "DENSE", "dense_size": 1}, {**level, **changes}]}
    main["tensors"][1].update(buffer=2, sparsity=parameters)
    main["inputs"] = [0]
    del model["signature_defs"]
    return parameters


@case
def sparse_without_values(model, main):
    sparse(model, main, array_segments={"values": [0, 0]}, array_indices={"values": []})
    main["tensors"][1]["buffer"] = 0


@case
def sparse_order(model, main):
    sparse(model, main)["traversal_order"] = [1, 1]


@case
def sparse_segments(model, main):
    sparse(model, main, array_segments={"values": [0, 5]})


@case
def sparse_index(model, main):
    sparse(model, main, array_indices={"values": [4]})


@case
def sparse_values(model, main):
    sparse(model, main, array_segments={"values": [0, 2]}, array_indices={"values": [0, 2]})


def shuffle(model, main):
    """A dense layer of 4 rows by 32 columns in the order of the shuffled kernel, and its workspace."""
    model["operator_codes"][0].update(deprecated_builtin_code=9, builtin_code="FULLY_CONNECTED")
    bytes_ = {"type": "UINT8", "quantization": {"scale": [0.5], "zero_point": [128]}}
    main["tensors"] = [
        tensor("x", **{**bytes_, "shape": [1, 32]}),
        tensor("w", **{**bytes_, "shape": [4, 32]}, buffer=1),
        tensor("y", type="INT16", quantization={"scale": [0.25], "zero_point": [0]}),
        tensor("room", **{**bytes_, "shape": [1, 32]}),
    ]
    model["buffers"][1]["data"] = list(range(128))
    layer = {
        "inputs": [0, 1],
        "outputs": [2, 3],
        "builtin_options_type": "FullyConnectedOptions",
        "builtin_options": {"weights_format": "SHUFFLED4x16INT8"},
    }
    main.update(inputs=[0], outputs=[2], operators=[layer])
    del model["signature_defs"]


@case
def shuffled(model, main):
    shuffle(model, main)


@case
def shuffled_columns(model, main):
    shuffle(model, main)
    main["tensors"][1]["shape"] = [16, 8]


@case
def shuffled_workspace(model, main):
    shuffle(model, main)
    main["outputs"] = [2, 3]


@case
def shuffled_zero_point(model, main):
    shuffle(model, main)
    main["tensors"][0]["quantization"]["zero_point"] = [127]


def main(flatc, schema, folder):
    folder = pathlib.Path(folder)
    for name, change in CASES.items():
        model = copy.deepcopy(SOUND)
        change(model, model["subgraphs"][0])
        text = folder / (name + ".json")
        text.write_text(json.dumps(model))
        subprocess.run([flatc, "--binary", "-o", folder, schema, text], check=True)
        text.unlink()


if __name__ == "__main__":
    main(*sys.argv[1:])
