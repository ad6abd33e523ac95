"""Compares random graphs of operators at several levels with the plain loops of -O0, and with LiteRT where it is installed.

usage: check-graphs.py [--seed=N] [--levels=-O3,-Os] [--litert] [--keep=FOLDER] COUNT

A graph has one to three inputs, float32, int8 or int32, of up to four dimensions, and 2 to 12 operators of all kinds:
elementwise ones with broadcasts, comparisons and selections, reductions, contractions, windows, and what moves elements.
Operators that jump (FLOOR, comparisons, casts to integers) follow only on values that are the same to the last bit at every
level. Integers must then be equal, floats close to each other. What differs, fails or ends with a defect is written to
FOLDER, and its line names the seed and the number, which make the same graph again. The last line says how many graphs
agree, how many operators they had, and how many were refused.
"""

import argparse
import collections
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

ELEMENTS = {"float32": "f32", "int32": "i32", "bool": "i1"}
Value = collections.namedtuple("Value", "name shape kind scale exact bound")  # bound: of the magnitude of a float


def element_of(value):
    return ELEMENTS.get(value.kind) or f"!quant.uniform<i8:f32, {value.scale[0]!r}:{value.scale[1]}>"


def type_of(value):
    return f"tensor<{''.join(f'{n}x' for n in value.shape)}{element_of(value)}>"


class Graph:
    def __init__(self, rng):
        self.rng, self.lines, self.values, self.count = rng, [], [], 0
        self.operators = collections.Counter()
        self.inputs = [self.make_input() for _ in range(int(rng.integers(1, 4)))]
        self.values += self.inputs

    # Values

    def name(self):
        self.count += 1
        return f"%v{self.count}"

    def shape(self, rank=None):
        rank = int(self.rng.choice([1, 2, 3, 4, 4])) if rank is None else rank
        return tuple(int(self.rng.choice([1, 2, 3, 4, 5, 8, 9, 16, 17])) for _ in range(rank))

    def make_input(self):
        kind = str(self.rng.choice(["float32", "float32", "int8", "int8", "int32"]))
        return Value(self.name(), self.shape(), kind, self.scale() if kind == "int8" else None, True, 4.0)

    def scale(self):
        return float(np.float32(self.rng.uniform(0.01, 0.1))), int(self.rng.integers(-20, 20))

    def pick(self, *kinds, rank=None, exact=False, bound=1e6):
        fitting = [
            v
            for v in self.values
            if v.kind in kinds
            and (rank is None or len(v.shape) in rank)
            and 0 < np.prod(v.shape) <= 20000
            and (v.exact or not exact)
            and (v.kind != "float32" or v.bound <= bound)
        ]
        return fitting[int(self.rng.integers(len(fitting)))] if fitting else None

    def constant(self, array, quantized=None):
        stored = {"int8": "i8", "int32": "i32", "float32": "f32", "bool": "i1"}[str(array.dtype)]
        dims = "".join(f"{n}x" for n in array.shape)
        name, target = self.name(), f"tensor<{dims}{quantized or stored}>"
        text = f'dense<"0x{array.tobytes().hex().upper()}">' if array.size else "dense<>"
        self.lines.append(f"{name} = tfl.const {text} : tensor<{dims}{stored}> -> {target}")
        return name, target

    def emit(self, op, operands, attributes, shape, kind, scale=None, exact=False, bound=4.0):
        """Adds an operator; operands are values, or names with types."""
        pairs = [(v.name, type_of(v)) if isinstance(v, Value) else v for v in operands]
        result = Value(self.name(), tuple(int(n) for n in shape), kind, scale, exact or kind != "float32", bound)

        def text(value):
            if isinstance(value, bool):
                return str(value).lower()
            if isinstance(value, str):
                return f'"{value}"'
            return f"{value:e} : f32" if isinstance(value, float) else f"{value} : i32"

        options = ", ".join(f"{k} = {text(v)}" for k, v in attributes.items())
        self.lines.append(
            f"{result.name} = tfl.{op} {', '.join(n for n, _ in pairs)} {{{options}}} : ({', '.join(t for _, t in pairs)}) -> "
            f"{type_of(result)}"
        )
        self.operators[op] += 1
        self.values.append(result)
        return result

    def like(self, op, value, attributes=None, extra=(), shape=None, bound=None):
        """An operator that only moves elements of a value."""
        self.emit(
            op,
            [value, *extra],
            attributes or {},
            value.shape if shape is None else shape,
            value.kind,
            value.scale,
            value.exact,
            value.bound if bound is None else bound,
        )

    def ints(self, values):
        return self.constant(np.array(values, np.int32))

    # Elementwise operators

    def unary(self):
        op, bound = self.rng.choice(
            [
                ("abs", 0),
                ("neg", 0),
                ("tanh", 1),
                ("logistic", 1),
                ("relu", 0),
                ("relu6", 6),
                ("relu_n1_to_1", 1),
                ("hard_swish", 0),
                ("elu", 0),
                ("sin", 1),
                ("cos", 1),
                ("exp", 3000),
                ("square", -1),
                ("gelu", 0),
                ("leaky_relu", 0),
            ]
        )
        bound = int(bound)
        value = self.pick("float32", bound=8 if op == "exp" else 1e3 if op in ("square", "sin", "cos") else 1e6)
        attributes = {"gelu": {"approximate": bool(self.rng.random() < 0.5)}, "leaky_relu": {"alpha": 0.25}}.get(str(op), {})
        if value:
            self.emit(
                op, [value], attributes, value.shape, "float32", bound=bound or value.bound if bound >= 0 else value.bound**2
            )

    def jumping(self):
        value = self.pick("float32", exact=True)
        if value:
            self.emit(
                str(self.rng.choice(["floor", "ceil", "round", "sign"])),
                [value],
                {},
                value.shape,
                "float32",
                exact=True,
                bound=value.bound + 1,
            )

    def quantized_unary(self):
        op = str(self.rng.choice(["logistic", "tanh", "softmax", "relu", "hard_swish", "leaky_relu", "abs"]))
        value = self.pick("int8", rank=(1, 2, 3, 4))
        if not value:
            return
        scale = {"logistic": (1 / 256, -128), "softmax": (1 / 256, -128), "tanh": (1 / 128, 0)}.get(op) or self.scale()
        attributes = {"softmax": {"beta": 1.0}, "leaky_relu": {"alpha": 0.25}}.get(op, {})
        self.emit(op, [value], attributes, value.shape, "int8", value.scale if op in ("relu", "abs") else scale)

    def partner(self, value):
        """A second operand that broadcasts against the first one."""
        fitting = [v for v in self.values if v.kind == value.kind and broadcast(v.shape, value.shape) and v.bound <= 1e3]
        if fitting and self.rng.random() < 0.6:
            return fitting[int(self.rng.integers(len(fitting)))]
        shape = tuple(n if self.rng.random() < 0.6 else 1 for n in value.shape)[int(self.rng.integers(len(value.shape) + 1)) :]
        scale = self.scale() if value.kind == "int8" else None
        partner = Value("", shape, value.kind, scale, True, 4.0)
        array = self.data(partner)
        name, _ = self.constant(array, element_of(partner))
        return partner._replace(name=name)

    def binary(self):
        value = self.pick("float32", "int8", "int32", bound=1e3)
        if not value:
            return
        other = self.partner(value)
        shape = broadcast(value.shape, other.shape)
        op = str(self.rng.choice(["add", "sub", "mul", "maximum", "minimum", "squared_difference"]))
        if value.kind == "int8" and op in ("maximum", "minimum") and other.scale != value.scale:
            op = "add"
        attributes = (
            {"fused_activation_function": str(self.rng.choice(["NONE", "RELU", "RELU6"]))}
            if op in ("add", "sub", "mul")
            else {}
        )
        if value.kind == "int32" and attributes:
            attributes = {"fused_activation_function": "NONE"}
        if self.rng.random() < 0.5 and op != "sub":
            value, other = other, value
        scale = value.scale if op in ("maximum", "minimum") else self.scale()
        moved = op in ("maximum", "minimum") and value.exact and other.exact
        bound = (
            max(value.bound, other.bound) * 2
            if op in ("add", "sub")
            else value.bound * other.bound + (value.bound + other.bound) ** 2
        )
        self.emit(
            op,
            [value, other],
            attributes,
            shape,
            value.kind,
            scale if value.kind == "int8" else None,
            moved,
            max(value.bound, other.bound) if op in ("maximum", "minimum") else bound,
        )

    def compare_and_select(self):
        value = self.pick("float32", "int8", "int32", exact=True)
        if not value:
            return
        op = str(self.rng.choice(["less", "greater_equal", "equal", "not_equal", "greater", "less_equal"]))
        other = self.partner(value)
        if not other.exact:
            return
        mask = self.emit(op, [value, other], {}, broadcast(value.shape, other.shape), "bool")
        if self.rng.random() < 0.3:
            mask = self.emit("logical_not", [mask], {}, mask.shape, "bool")
        left = self.pick("float32", "int32", bound=1e5)
        right = self.partner(left) if left and left.kind != "int8" else None
        shape = broadcast(broadcast(left.shape, right.shape), mask.shape) if right else None
        if shape:
            self.emit(
                "select_v2",
                [mask, left, right],
                {},
                shape,
                left.kind,
                None,
                left.exact and right.exact,
                max(left.bound, right.bound),
            )

    def cast(self):
        value = self.pick("float32", "int32", "bool", exact=True)
        if value and value.kind == "float32":
            self.emit("cast", [value], {"in_data_type": "FLOAT32", "out_data_type": "INT32"}, value.shape, "int32")
        elif value and value.bound <= 1e4:
            names = {"int32": "INT32", "bool": "BOOL"}
            self.emit(
                "cast",
                [value],
                {"in_data_type": names[value.kind], "out_data_type": "FLOAT32"},
                value.shape,
                "float32",
                exact=True,
                bound=1e4,
            )

    def requantize(self):
        value = self.pick("float32", "int8", exact=True)
        if not value:
            return
        if value.kind == "int8" and self.rng.random() < 0.5:
            self.emit("dequantize", [value], {}, value.shape, "float32", exact=True, bound=20.0)
        else:
            self.emit("quantize", [value], {}, value.shape, "int8", self.scale())

    # Operators that move elements

    def move(self):
        value = self.pick("float32", "int8", "int32", "bool", rank=(1, 2, 3, 4))
        if not value:
            return
        rank = len(value.shape)
        op = str(
            self.rng.choice(
                [
                    "reshape",
                    "transpose",
                    "slice",
                    "strided_slice",
                    "pad",
                    "tile",
                    "gather",
                    "reverse_v2",
                    "concatenation",
                    "expand_dims",
                    "mirror_pad",
                    "pack",
                    "split",
                ]
            )
        )
        if op == "reshape":
            size = int(np.prod(value.shape))
            first = int(self.rng.choice([n for n in range(1, size + 1) if size % n == 0]))
            self.like(op, value, {}, [self.ints([first, size // first])], (first, size // first))
        elif op == "transpose":
            order = [int(n) for n in self.rng.permutation(rank)]
            self.like(op, value, {}, [self.ints(order)], [value.shape[n] for n in order])
        elif op in ("slice", "strided_slice"):
            begin = [int(self.rng.integers(n)) for n in value.shape]
            size = [int(self.rng.integers(1, n - b + 1)) for n, b in zip(value.shape, begin)]
            if op == "slice":
                self.like(op, value, {}, [self.ints(begin), self.ints(size)], size)
            else:
                strides = [int(self.rng.choice([1, 1, 2, 3])) for _ in size]
                masks = {name: 0 for name in ("begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask")}
                ends = [b + s for b, s in zip(begin, size)]
                self.like(
                    op,
                    value,
                    masks | {"offset": False},
                    [self.ints(begin), self.ints(ends), self.ints(strides)],
                    [-(-s // t) for s, t in zip(size, strides)],
                )
        elif op == "pad" and value.kind != "bool":
            pads = [[int(self.rng.integers(3)), int(self.rng.integers(3))] for _ in value.shape]
            self.like(op, value, {}, [self.ints(pads)], [n + sum(p) for n, p in zip(value.shape, pads)])
        elif op == "mirror_pad" and value.kind in ("float32", "int8") and min(value.shape) > 2:
            pads = [[int(self.rng.integers(2)), int(self.rng.integers(2))] for _ in value.shape]
            self.like(
                op,
                value,
                {"mode": str(self.rng.choice(["REFLECT", "SYMMETRIC"]))},
                [self.ints(pads)],
                [n + sum(p) for n, p in zip(value.shape, pads)],
            )
        elif op == "tile":
            times = [int(self.rng.integers(1, 3)) for _ in value.shape]
            self.like(op, value, {}, [self.ints(times)], [n * t for n, t in zip(value.shape, times)])
        elif op == "gather":
            axis = int(self.rng.integers(rank))
            picks = self.rng.integers(value.shape[axis], size=int(self.rng.integers(1, 6)))
            self.like(
                op,
                value,
                {"axis": axis, "batch_dims": 0},
                [self.ints(picks)],
                (*value.shape[:axis], len(picks), *value.shape[axis + 1 :]),
            )
        elif op == "reverse_v2":
            self.like(op, value, {}, [self.ints([int(self.rng.integers(rank))])])
        elif op == "expand_dims" and rank < 4:
            axis = int(self.rng.integers(rank + 1))
            self.like(op, value, {}, [self.ints(axis)], (*value.shape[:axis], 1, *value.shape[axis:]))
        elif op in ("concatenation", "pack") and (op == "concatenation" or rank < 4):
            others = [v for v in self.values if (v.shape, v.kind, v.scale) == (value.shape, value.kind, value.scale)]
            parts = [others[int(self.rng.integers(len(others)))] for _ in range(int(self.rng.integers(2, 4)))]
            axis = int(self.rng.integers(rank))
            options = {"axis": axis} | ({"values_count": len(parts)} if op == "pack" else {"fused_activation_function": "NONE"})
            shape = list(value.shape)
            shape[axis : axis + (op != "pack")] = [len(parts) * (1 if op == "pack" else value.shape[axis])]
            self.emit(
                op, parts, options, shape, value.kind, value.scale, all(p.exact for p in parts), max(p.bound for p in parts)
            )
        elif op == "split":
            axes = [n for n in range(rank) if value.shape[n] % 2 == 0]
            if axes:
                self.split(value, axes[int(self.rng.integers(len(axes)))])

    def split(self, value, axis):
        half = value._replace(name=self.name(), shape=tuple(n // 2 if i == axis else n for i, n in enumerate(value.shape)))
        number, number_type = self.ints(axis)
        self.lines.append(
            f"{half.name}:2 = tfl.split {number}, {value.name} {{num_splits = 2 : i32}} : ({number_type}, {type_of(value)}) -> "
            f"({type_of(half)}, {type_of(half)})"
        )
        self.operators["split"] += 1
        self.values += [half._replace(name=f"{half.name}#{i}") for i in range(2)]

    # Reductions, windows and contractions

    def reduction(self):
        op = str(self.rng.choice(["mean", "sum", "reduce_max", "reduce_min", "softmax", "arg_max", "cumsum"]))
        value = self.pick("float32", "int8", rank=(1, 2, 3, 4), bound=1e3, exact=op == "arg_max")
        # The reference adds up int8 as if it were uint8.
        if not value or (value.kind == "int8" and op in ("softmax", "cumsum", "sum")):
            return
        axes = sorted({int(self.rng.integers(len(value.shape))) for _ in range(int(self.rng.integers(1, 3)))})
        if op == "softmax":
            self.emit(op, [value], {"beta": 1.0}, value.shape, "float32", bound=1.0)
        elif op == "cumsum":
            self.emit(
                op,
                [value, self.ints(axes[0])],
                {"exclusive": False, "reverse": bool(self.rng.random() < 0.5)},
                value.shape,
                "float32",
                bound=value.bound * 20,
            )
        elif op == "arg_max":
            shape = [n for i, n in enumerate(value.shape) if i != axes[0]]
            self.emit(op, [value, self.ints(axes[0])], {"output_type": "INT32"}, shape, "int32")
        else:
            keep = bool(self.rng.random() < 0.5)
            shape = [1 if i in axes else n for i, n in enumerate(value.shape) if keep or i not in axes]
            extremum = op in ("reduce_max", "reduce_min")
            scale = None if value.kind != "int8" else value.scale if extremum else self.scale()
            self.emit(
                op,
                [value, self.ints(axes)],
                {"keep_dims": keep},
                shape,
                value.kind,
                scale,
                extremum and value.exact,
                value.bound * 400,
            )

    def weights(self, value, shape, channels):
        """Weights and bias for a product with a value, and the scale of the result."""
        if value.kind == "float32":
            return [
                self.constant(self.rng.normal(0, 0.3, shape).astype(np.float32)),
                self.constant(self.rng.normal(0, 0.3, channels).astype(np.float32)),
            ], None
        weights = self.constant(self.rng.integers(-127, 128, shape).astype(np.int8), "!quant.uniform<i8:f32, 0.01>")
        scale = float(np.float32(value.scale[0]) * np.float32(0.01))
        bias = self.constant(self.rng.integers(-500, 500, channels).astype(np.int32), f"!quant.uniform<i32:f32, {scale!r}>")
        return [weights, bias], self.scale()

    def window(self):
        value = self.pick("float32", "int8", rank=(4,), bound=1e3)
        if not value:
            return
        batch, height, width, depth = value.shape
        op = str(
            self.rng.choice(
                [
                    "conv_2d",
                    "conv_2d",
                    "depthwise_conv_2d",
                    "max_pool_2d",
                    "average_pool_2d",
                    "resize_bilinear",
                    "resize_nearest_neighbor",
                ]
            )
        )
        if op.startswith("resize"):
            size = [int(self.rng.integers(1, 12)) for _ in range(2)]
            self.emit(
                op,
                [value, self.ints(size)],
                {"align_corners": False, "half_pixel_centers": bool(self.rng.random() < 0.5)},
                (batch, *size, depth),
                value.kind,
                value.scale,
                value.exact and op.endswith("neighbor"),
                value.bound,
            )
            return
        kernel = [int(self.rng.choice([1, 2, 3])) for _ in range(2)]
        strides = [int(self.rng.choice([1, 1, 2])) for _ in range(2)]
        padding = str(self.rng.choice(["SAME", "VALID"]))
        extents = [-(-n // s) if padding == "SAME" else (n - k) // s + 1 for n, k, s in zip((height, width), kernel, strides)]
        if min(extents) < 1:
            return
        options = {
            "padding": padding,
            "stride_h": strides[0],
            "stride_w": strides[1],
            "fused_activation_function": str(self.rng.choice(["NONE", "RELU", "RELU6"])),
        }
        if op.endswith("pool_2d"):
            options |= {"filter_height": kernel[0], "filter_width": kernel[1]}
            self.emit(op, [value], options, (batch, *extents, depth), value.kind, value.scale, bound=value.bound)
            return
        options |= {"dilation_h_factor": 1, "dilation_w_factor": 1}
        columns = depth if op.startswith("depthwise") else int(self.rng.integers(1, 20))
        if op.startswith("depthwise"):
            options["depth_multiplier"] = 1
        shape = (1, *kernel, depth) if op.startswith("depthwise") else (columns, *kernel, depth)
        operands, scale = self.weights(value, shape, columns)
        self.emit(op, [value, *operands], options, (batch, *extents, columns), value.kind, scale, bound=value.bound * 100)

    def product(self):
        value = self.pick("float32", "int8", rank=(2, 3), bound=1e3)
        if not value:
            return
        rows, depth = value.shape[-2:]
        if self.rng.random() < 0.5:
            columns = int(self.rng.integers(1, 20))
            operands, scale = self.weights(value, (columns, depth), columns)
            options = {
                "fused_activation_function": str(self.rng.choice(["NONE", "RELU"])),
                "keep_num_dims": True,
                "weights_format": "DEFAULT",
                "asymmetric_quantize_inputs": False,
            }
            self.emit(
                "fully_connected",
                [value, *operands],
                options,
                (*value.shape[:-1], columns),
                value.kind,
                scale,
                bound=value.bound * 100,
            )
            return
        fitting = [
            v
            for v in self.values
            if v.kind == value.kind
            and len(v.shape) >= 2
            and v.shape[-2] == depth
            and v.bound <= 1e3
            and broadcast(v.shape[:-2], value.shape[:-2]) is not None
            and len(v.shape) <= 3
        ]
        if fitting:
            other = fitting[int(self.rng.integers(len(fitting)))]
            self.emit(
                "batch_matmul",
                [value, other],
                {"adj_x": False, "adj_y": False, "asymmetric_quantize_inputs": False},
                (*broadcast(value.shape[:-2], other.shape[:-2]), rows, other.shape[-1]),
                value.kind,
                self.scale() if value.kind == "int8" else None,
                bound=value.bound * other.bound * depth,
            )

    # The whole

    def build(self):
        makers = [
            self.unary,
            self.binary,
            self.binary,
            self.move,
            self.move,
            self.move,
            self.reduction,
            self.window,
            self.window,
            self.product,
            self.compare_and_select,
            self.cast,
            self.requantize,
            self.quantized_unary,
            self.jumping,
        ]
        wanted = int(self.rng.integers(2, 13))
        for _ in range(10 * wanted):
            if sum(self.operators.values()) < wanted:
                makers[int(self.rng.integers(len(makers)))]()
        used = {name.split("#")[0] for line in self.lines for name in line.replace(",", " ").replace(":", " ").split()[2:]}
        outputs = [v for v in self.values if v not in self.inputs and v.name.split("#")[0] not in used] or self.values[-1:]
        arguments = ", ".join(f'{v.name}: {type_of(v)} {{tfl.name = "x{i}"}}' for i, v in enumerate(self.inputs))
        results = ", ".join(f'{type_of(v)} {{tfl.name = "y{i}"}}' for i, v in enumerate(outputs))
        body = "\n".join("    " + line for line in self.lines)
        names = ", ".join(v.name for v in outputs)
        types = ", ".join(type_of(v) for v in outputs)
        return f"module {{\n  func.func @main({arguments}) -> ({results}) {{\n{body}\n    return {names} : {types}\n  }}\n}}\n"

    def data(self, value):
        if value.kind == "float32":
            return np.clip(self.rng.normal(0, 1, value.shape), -4, 4).astype(np.float32)
        low, high = (-128, 128) if value.kind == "int8" else (-9, 10)
        return self.rng.integers(low, high, value.shape).astype(value.kind)


def broadcast(one, two):
    """The shape that two shapes broadcast to, or None."""
    try:
        return tuple(int(n) for n in np.broadcast_shapes(one, two))
    except ValueError:
        return None


def find_difference(want, got):
    if want.dtype != got.dtype or want.shape != got.shape:
        return f"{got.dtype}{list(got.shape)} instead of {want.dtype}{list(want.shape)}"
    if want.dtype.kind != "f":
        wrong = want != got
    else:
        finite = np.abs(want[np.isfinite(want)])
        wrong = ~np.isclose(got, want, rtol=1e-3, atol=1e-4 * max(1.0, finite.max(initial=0)), equal_nan=True)
    if not wrong.any():
        return None
    place = tuple(np.argwhere(wrong)[0])
    return (
        f"{wrong.sum()} of {wrong.size} elements differ, first at {list(map(int, place))}: "
        f"{got[place]!r} instead of {want[place]!r}"
    )


def run_litert(inputs):
    """The outputs of the reference kernels; None where they refuse the graph."""
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    try:
        interpreter = Interpreter("graph.tflite", experimental_op_resolver_type=OpResolverType.BUILTIN_REF)
        interpreter.allocate_tensors()
        for details, array in zip(interpreter.get_input_details(), inputs):
            interpreter.set_tensor(details["index"], array)
        interpreter.invoke()
    except (RuntimeError, ValueError):
        return None
    return {str(i): interpreter.get_tensor(d["index"]) for i, d in enumerate(interpreter.get_output_details())}


def run_tflc(level):
    command = ["tflc", "run", "graph.tflite", "--inputs=in.npz", "--outputs=out.npz", "--keys=index", level]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    return done, dict(np.load("out.npz")) if done.returncode == 0 else None


def check(graph, levels, litert):
    """None where all agree, "refused: ..." where -O0 does not take the graph, else what is wrong."""
    inputs = [graph.data(v) for v in graph.inputs]
    np.savez("in.npz", **{str(i): array for i, array in enumerate(inputs)})
    exported = subprocess.run(
        ["tflc-translate", "--export-tflite", "graph.mlir", "-o", "graph.tflite"], capture_output=True, text=True, check=False
    )
    if exported.returncode != 0:
        return f"refused: {exported.stderr.strip().splitlines()[0]}"
    done, plain = run_tflc("-O0")
    if done.returncode == 1:
        return f"refused: {done.stderr.strip().splitlines()[0]}"
    if done.returncode != 0:
        return f"-O0: status {done.returncode}: {done.stderr.strip()[:200]}"
    others = []
    for level in levels:
        done, outputs = run_tflc(level)
        if outputs is None:
            return f"{level}: status {done.returncode}: {done.stderr.strip()[:200]}"
        others.append((level, outputs))
    reference = run_litert(inputs) if litert else None
    if reference is not None:
        others.append(("LiteRT", reference))
    for name, outputs in others:
        for key, want in plain.items():
            if difference := find_difference(want, outputs[key]):
                return f"{name}: output {key}: {difference}"
    return None


def check_in(folder, graph, levels, litert):
    before = pathlib.Path.cwd()
    os.chdir(folder)
    try:
        return check(graph, levels, litert)
    finally:
        os.chdir(before)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--levels", default="-O3")
    parser.add_argument("--litert", action="store_true")
    parser.add_argument("--keep", type=pathlib.Path, default=pathlib.Path("check-graphs"))
    parser.add_argument("--first", type=int, default=0, help="number of the first graph")
    parser.add_argument("count", type=int)
    arguments = parser.parse_args()
    keep = arguments.keep.absolute()
    operators, refused, failed = collections.Counter(), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        for number in range(arguments.first, arguments.first + arguments.count):
            graph = Graph(np.random.default_rng([arguments.seed, number]))
            (work / "graph.mlir").write_text(graph.build())
            finding = check_in(work, graph, arguments.levels.split(","), arguments.litert)
            operators += graph.operators
            if finding is None:
                continue
            print(f"seed {arguments.seed} graph {number}: {finding}", flush=True)
            refused += finding.startswith("refused")
            failed += not finding.startswith("refused")
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{arguments.seed}-{number}.mlir").write_text((work / "graph.mlir").read_text())
    agree = arguments.count - refused - failed
    print(
        f"{agree} of {arguments.count} graphs agree, {refused} refused, {failed} failed; "
        f"{sum(operators.values())} operators of {len(operators)} kinds"
    )
    sys.exit(failed != 0)


main()
