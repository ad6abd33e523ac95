"""Operators whose sizes, factors or axes are operands: as models, with values to feed them."""

import re
import subprocess
from dataclasses import dataclass, field

import numpy as np

DTYPES = {
    "f32": np.float32,
    "i8": np.int8,
    "ui8": np.uint8,
    "i16": np.int16,
    "i32": np.int32,
    "i64": np.int64,
    "ui64": np.uint64,
    "complex<f32>": np.complex64,
}

I8, I16 = "!quant.uniform<i8:f32, 0.5:3>", "!quant.uniform<i16:f32, 0.25>"


@dataclass
class Case:
    """One operator. Types are written like MLIR's, without `tensor<>`."""

    name: str
    op: str
    # The operands in their order: {name: type}. Those that `values` names are fed or constant.
    operands: dict
    results: list
    # Operands' values that the operator takes, and such that it rejects.
    values: list
    rejected: list = field(default_factory=list)
    attributes: str = ""
    # Operands that are constants in both forms.
    constants: dict = field(default_factory=dict)
    # The least version of the operator that LiteRT has.
    version: int = 1


def resize(name, op, element, attributes, values, rejected):
    return Case(
        name,
        op,
        {"x": f"2x3x4x2x{element}", "size": "2xi32"},
        [f"2x?x?x2x{element}"],
        [{"size": value} for value in values],
        [{"size": value} for value in rejected],
        attributes,
    )


def mask(**bits):
    return ", ".join(f"{name}_mask = {value} : i32" for name, value in {"ellipsis": 0, **bits}.items())


CORNERS, CENTERS = "align_corners = true", "half_pixel_centers = true"
SIZES, NO_SIZES = [[6, 8], [1, 1], [2, 9], [7, 3]], [[0, 4], [3, -1]]

CASES = [
    resize("nearest", "resize_nearest_neighbor", "f32", "", SIZES, [[-1, 4]]),
    resize("nearest corners", "resize_nearest_neighbor", "i16", CORNERS, SIZES, [[-1, 4]]),
    resize("nearest centers", "resize_nearest_neighbor", I8, CENTERS, SIZES, [[-1, 4]]),
    resize("nearest both", "resize_nearest_neighbor", "f32", f"{CORNERS}, {CENTERS}", SIZES, [[-1, 4]]),
    resize("bilinear", "resize_bilinear", "f32", "", SIZES, NO_SIZES),
    resize("bilinear corners", "resize_bilinear", "f32", CORNERS, SIZES, NO_SIZES),
    resize("bilinear centers", "resize_bilinear", "ui8", CENTERS, SIZES, NO_SIZES),
    resize("bilinear int8", "resize_bilinear", I8, CENTERS, SIZES, NO_SIZES),
    resize("bilinear int16", "resize_bilinear", "i16", CORNERS, SIZES, NO_SIZES),
    Case(
        "split",
        "split",
        {"axis": "i32", "x": "4x6x2xf32"},
        ["?x?x?xf32"] * 2,
        [{"axis": axis} for axis in (0, 1, 2, -1, -3)],
        [{"axis": 3}, {"axis": -4}],
        "num_splits = 2 : i32",
    ),
    Case(
        "split unevenly",
        "split",
        {"axis": "i32", "x": "4x6xi8"},
        ["?x?xi8"] * 3,
        [{"axis": 1}],
        [{"axis": 0}],
        "num_splits = 3 : i32",
    ),
    Case(
        "split_v",
        "split_v",
        {"x": "4x6xf32", "sizes": "3xi32", "axis": "i32"},
        ["?x?xf32"] * 3,
        [{"sizes": [1, 2, 3], "axis": 1}, {"sizes": [2, -1, 0], "axis": -2}, {"sizes": [-1, 4, 2], "axis": 1}],
        [
            {"sizes": [1, 2, 2], "axis": 1},
            {"sizes": [-1, 5, 2], "axis": 1},
            {"sizes": [-1, 1, -1], "axis": 0},
            {"sizes": [8, -2, 0], "axis": 1},
            {"sizes": [1, 2, 3], "axis": 2},
        ],
        "num_splits = 3 : i32",
    ),
    Case(
        "split_v sizes",
        "split_v",
        {"x": "4x6xi16", "sizes": "2xi64", "axis": "i32"},
        ["4x?xi16"] * 2,
        [{"sizes": [1, 5]}, {"sizes": [-1, 6]}],
        [{"sizes": [1, 6]}, {"sizes": [3, 1]}],
        "num_splits = 2 : i32",
        {"axis": 1},
    ),
    Case(
        "strided_slice",
        "strided_slice",
        {"x": "4x7x5xf32", "begin": "3xi32", "end": "3xi32", "strides": "3xi32"},
        ["?x?x?xf32"],
        [
            {"begin": [0, 1, 4], "end": [4, 7, 0], "strides": [2, 3, -1]},
            {"begin": [-1, -1, -1], "end": [-9, 0, -3], "strides": [-3, -2, -1]},
            {"begin": [3, 0, 2], "end": [1, 7, 3], "strides": [1, 2147483647, 9]},
        ],
        [{"begin": [0, 0, 0], "end": [4, 7, 5], "strides": [1, 0, 1]}],
        mask(begin=0, end=0, new_axis=0, shrink_axis=0),
    ),
    Case(
        "strided_slice masks",
        "strided_slice",
        {"x": "4x7x5xi8", "begin": "4xi32", "end": "4xi32", "strides": "4xi32"},
        ["1x?x?xi8"],
        [
            {"begin": [0, 2, 1, 3], "end": [1, 0, 5, 0], "strides": [1, 1, -2, -1]},
            {"begin": [0, -1, 1, -2], "end": [1, 0, 5, 4], "strides": [1, 1, 2, 2]},
        ],
        [],
        mask(begin=4, end=8, new_axis=1, shrink_axis=2),
    ),
    Case(
        "space_to_batch",
        "space_to_batch_nd",
        {"x": "1x4x6x2xf32", "blocks": "2xi32", "paddings": "2x2xi32"},
        ["?x?x?x2xf32"],
        [{"blocks": [2, 3], "paddings": [[0, 0], [0, 0]]}, {"blocks": [3, 1], "paddings": [[1, 1], [0, 2]]}],
        [
            {"blocks": [3, 1], "paddings": [[0, 0], [0, 0]]},
            {"blocks": [0, 1], "paddings": [[0, 0], [0, 0]]},
            {"blocks": [1, 1], "paddings": [[-1, 1], [0, 0]]},
        ],
    ),
    Case(
        "space_to_batch quantized",
        "space_to_batch_nd",
        {"x": f"2x5x3x{I8}", "blocks": "1xi32", "paddings": "1x2xi32"},
        [f"?x?x3x{I8}"],
        [{"blocks": [3], "paddings": [[0, 1]]}, {"blocks": [5], "paddings": [[3, 2]]}],
    ),
    Case(
        "batch_to_space",
        "batch_to_space_nd",
        {"x": "12x2x3x1xf32", "blocks": "2xi32", "crops": "2x2xi32"},
        ["?x?x?x1xf32"],
        [{"blocks": [2, 3], "crops": [[0, 0], [0, 0]]}, {"blocks": [4, 1], "crops": [[1, 2], [0, 1]]}],
        [
            {"blocks": [5, 1], "crops": [[0, 0], [0, 0]]},
            {"blocks": [2, 2], "crops": [[3, 2], [0, 0]]},
            {"blocks": [2, 2], "crops": [[0, 0], [-1, 0]]},
            {"blocks": [-2, -2], "crops": [[0, 0], [0, 0]]},
        ],
    ),
    Case(
        "reduce_prod",
        "reduce_prod",
        {"x": f"2x3x4x{I8}", "axes": "2xi32"},
        [f"?x?x?x{I8}"],
        [{"axes": [0, 2]}, {"axes": [1, -1]}, {"axes": [-3, 0]}],
        [{"axes": [0, 3]}],
        "keep_dims = true",
    ),
    Case(
        "reduce_prod int16",
        "reduce_prod",
        {"x": f"3x2x5x{I16}", "axes": "1xi32"},
        [f"?x?x{I16}"],
        [{"axes": [0]}, {"axes": [1]}, {"axes": [-1]}],
        [{"axes": [-4]}],
        "keep_dims = false",
    ),
    Case(
        "transpose_conv",
        "transpose_conv",
        {"shape": "4xi32", "weights": "3x3x3x2xf32", "x": "2x4x5x2xf32"},
        ["2x?x?x3xf32"],
        [{"shape": [2, 8, 10, 3]}, {"shape": [2, 7, 9, 3]}],
        [{"shape": [1, 8, 10, 3]}, {"shape": [2, 8, 10, 2]}, {"shape": [2, 0, 10, 3]}, {"shape": [2, 8, -1, 3]}],
        'padding = "SAME", stride_w = 2 : i32, stride_h = 2 : i32',
    ),
    Case(
        "transpose_conv valid",
        "transpose_conv",
        {"shape": "4xi32", "weights": "1x3x2x1xf32", "x": "1x4x5x1xf32"},
        ["1x?x?x1xf32"],
        [{"shape": [1, 9, 6, 1]}, {"shape": [1, 10, 6, 1]}],
        [],
        'padding = "VALID", stride_w = 1 : i32, stride_h = 2 : i32',
    ),
    Case(
        "conv_3d_transpose",
        "conv_3d_transpose",
        {"shape": "5xi32", "weights": "2x2x2x2x1xf32", "x": "1x2x3x2x1xf32"},
        ["1x?x?x?x2xf32"],
        [{"shape": [1, 4, 6, 4, 2]}, {"shape": [1, 3, 6, 3, 2]}],
        [{"shape": [1, 4, 6, 4, 1]}],
        'padding = "SAME", stride_d = 2 : i32, stride_w = 2 : i32, stride_h = 2 : i32',
    ),
    Case(
        "conv_3d_transpose dilated",
        "conv_3d_transpose",
        {"shape": "5xi32", "weights": "2x3x2x2x1xf32", "x": "1x2x3x2x1xf32"},
        ["1x?x?x?x2xf32"],
        [{"shape": [1, 4, 7, 5, 2]}],
        [],
        'padding = "VALID", stride_d = 1 : i32, stride_w = 1 : i32, stride_h = 1 : i32, '
        "dilation_d_factor = 2 : i32, dilation_h_factor = 2 : i32, dilation_w_factor = 3 : i32",
    ),
    Case(
        "pad",
        "pad",
        {"x": f"2x3x{I8}", "paddings": "2x2xi32"},
        [f"?x?x{I8}"],
        [{"paddings": [[1, 2], [0, 3]]}],
        [{"paddings": [[-1, 2], [0, 3]]}],
    ),
    Case(
        "mirror_pad",
        "mirror_pad",
        {"x": "2x3xf32", "paddings": "2x2xi32"},
        ["?x?xf32"],
        [{"paddings": [[1, 1], [0, 2]]}],
        [{"paddings": [[1, 1], [0, 3]]}, {"paddings": [[1, -1], [0, 0]]}],
        'mode = "REFLECT"',
    ),
    Case(
        "mirror_pad symmetric",
        "mirror_pad",
        {"x": "2x3xi32", "paddings": "2x2xi64"},
        ["?x?xi32"],
        [{"paddings": [[2, 1], [3, 3]]}],
        [{"paddings": [[3, 0], [0, 0]]}],
        'mode = "SYMMETRIC"',
    ),
    Case(
        "tile",
        "tile",
        {"x": "2x3xf32", "multiples": "2xi32"},
        ["?x?xf32"],
        [{"multiples": [2, 3]}, {"multiples": [0, 1]}],
        [{"multiples": [2, -1]}],
    ),
    Case("fill", "fill", {"dims": "2xi32", "value": "f32"}, ["?x?xf32"], [{"dims": [2, 3]}], [{"dims": [-2, 3]}]),
    Case(
        "broadcast_to",
        "broadcast_to",
        {"x": "1x3xi16", "shape": "3xi64"},
        ["?x?x?xi16"],
        [{"shape": [2, 4, 3]}],
        [{"shape": [2, 4, 2]}, {"shape": [2, -4, 3]}],
        version=3,
    ),
    Case(
        "one_hot",
        "one_hot",
        {"x": "3xi32", "depth": "i32", "on": "f32", "off": "f32"},
        ["3x?xf32"],
        [{"depth": 4}, {"depth": 0}],
        [{"depth": -4}],
        "axis = -1 : i32",
    ),
    Case(
        "dilate",
        "dilate",
        {"x": "2x3xf32", "dilations": "2xi32", "value": "f32"},
        ["?x?xf32"],
        [{"dilations": [2, 3]}],
        [{"dilations": [0, 3]}],
    ),
    Case(
        "slice",
        "slice",
        {"x": "4x6xf32", "begin": "2xi32", "size": "2xi32"},
        ["?x?xf32"],
        [{"begin": [1, 2], "size": [2, -1]}, {"begin": [4, 0], "size": [0, 6]}],
        [
            {"begin": [1, 2], "size": [2, 5]},
            {"begin": [-1, 2], "size": [2, 1]},
            {"begin": [5, 0], "size": [-1, 1]},
            {"begin": [0, 0], "size": [-2, 1]},
        ],
    ),
    Case(
        "slice of a size",
        "slice",
        {"x": "4x6xi8", "begin": "2xi64", "size": "2xi64"},
        ["2x6xi8"],
        [{"begin": [2, 0]}],
        [{"begin": [3, 0]}, {"begin": [-1, 0]}],
        "",
        {"size": [2, 6]},
    ),
    Case(
        "rfft2d",
        "rfft2d",
        {"x": "2x5x7xf32", "length": "2xi32"},
        ["2x?x?xcomplex<f32>"],
        [{"length": [8, 16]}, {"length": [4, 4]}, {"length": [1, 2]}, {"length": [32, 2]}],
        [{"length": [3, 4]}, {"length": [4, 0]}, {"length": [-4, 4]}],
    ),
    Case(
        "rng state",
        "stablehlo_rng_bit_generator",
        {"state": "2xui64"},
        ["2xui64", "2x3xi32"],
        [{"state": [5, 7]}],
        [],
        'algorithm = "THREEFRY"',
    ),
]


def split_type(text):
    """The shape and the dtype of an MLIR type."""
    *sizes, element = re.match(r"((?:[0-9?]+x)*)(.*)", text).groups()
    stored = re.match(r"!quant.uniform<(\w+):", element)
    dtype = np.dtype(DTYPES[stored.group(1).replace("u8", "ui8") if stored else element])
    return [int(size) for size in sizes[0].split("x")[:-1]], dtype


@dataclass
class Form:
    """One use of a case's operator: the operands that `constants` names are constants, the others inputs `PREFIXname`."""

    constants: dict
    prefix: str = ""

    def write(self, case, number):
        """The inputs {name: type}, the lines of the body, and the results as [(value, type)]."""
        inputs, body, operands = {}, [], []
        constants = {**case.constants, **self.constants}
        for name, text in case.operands.items():
            operand = f"{self.prefix}{name}"
            if name in constants:
                operand = f"c{number}_{name}"
                value = np.array(constants[name])
                text = text.replace("?", str(len(value))) if value.ndim else text
                body.append(f"    %{operand} = tfl.const dense<{value.tolist()}> : tensor<{text}> -> tensor<{text}>")
            else:
                inputs[operand] = text
            operands.append((operand, text))
        count = len(case.results)
        names = [f"%r{number}#{n}" if count > 1 else f"%r{number}" for n in range(count)]
        body.append(
            f"    %r{number}{f':{count}' if count > 1 else ''} = tfl.{case.op} {', '.join(f'%{name}' for name, _ in operands)}"
            f" {{{case.attributes}}} : ({', '.join(f'tensor<{text}>' for _, text in operands)})"
            f" -> ({', '.join(f'tensor<{text}>' for text in case.results)})"
        )
        return inputs, body, list(zip(names, case.results))


def write_model(case, forms):
    """A model of these forms, whose inputs of one name are one input; its outputs are theirs in their order."""
    inputs, body, results = {}, [], []
    for number, form in enumerate(forms):
        more, lines, values = form.write(case, number)
        inputs |= more
        body += lines
        results += values
    arguments = ", ".join(f'%{name}: tensor<{text}> {{tfl.name = "{name}"}}' for name, text in inputs.items())
    outputs = ", ".join(f'tensor<{text}> {{tfl.name = "y{n}"}}' for n, (_, text) in enumerate(results))
    values, types = ", ".join(name for name, _ in results), ", ".join(f"tensor<{text}>" for _, text in results)
    text = [
        f"module attributes {{tfl.operator_versions = {{{case.op.upper()} = {case.version} : i32}}}} {{",
        f"  func.func @main({arguments}) -> ({outputs})",
        '      attributes {tfl.signature = "main"} {',
        *body,
        f"    return {values} : {types}",
        "  }",
        "}",
    ]
    with open("model.mlir", "w", encoding="utf-8") as file:
        file.write("\n".join(text) + "\n")
    subprocess.run(["tflc-translate", "--export-tflite", "model.mlir", "-o", "model.tflite"], check=True)


def make_data(case, value, rng):
    data = {}
    for name, text in case.operands.items():
        shape, dtype = split_type(text)
        if name in case.constants:
            continue
        if name in value:
            data[name] = np.array(value[name], dtype)
        elif dtype.kind == "f":
            data[name] = rng.random(shape).astype(dtype)
        else:
            data[name] = rng.integers(-99 if dtype.kind == "i" else 0, 99, shape).astype(dtype)
    return data


def run_litert(inputs):
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    interpreter = Interpreter("model.tflite", experimental_op_resolver_type=OpResolverType.BUILTIN_REF)
    interpreter.allocate_tensors()
    for detail in interpreter.get_input_details():
        interpreter.set_tensor(detail["index"], inputs[detail["name"]])
    interpreter.invoke()
    # It has no empty tensors to give.
    return [
        interpreter.get_tensor(detail["index"]) if all(detail["shape"]) else np.zeros(detail["shape"], detail["dtype"])
        for detail in interpreter.get_output_details()
    ]
