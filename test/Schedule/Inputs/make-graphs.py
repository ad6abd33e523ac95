"""Prints small graphs as functions of the tfl dialect: a contraction with one or two operators around it.

usage: make-graphs.py f32|i8 [REGEX]

Each function has one contraction, and operators that take part in fusion in front of it, behind it, or joined with it in both
orders of operands. REGEX picks functions by name. What is computed does not matter; no two weights are alike.
"""

import itertools
import re
import sys

SHAPE = (1, 8, 8, 16)


class Graph:
    """The text of one function, whose tensors all have the same element type."""

    def __init__(self, quantized):
        self.quantized = quantized
        self.lines = []

    def type(self, shape, element=None):
        element = element or ("!quant.uniform<i8:f32, 0.05:3>" if self.quantized else "f32")
        return f"tensor<{''.join(f'{size}x' for size in shape)}{element}>"

    def add(self, text):
        self.lines.append(f"  %{len(self.lines)} = {text}")
        return f"%{len(self.lines) - 1}"

    def integers(self, *values):
        kind = f"tensor<{len(values)}xi32>"
        return self.add(f"tfl.const dense<{list(values)}> : {kind} -> {kind}"), kind

    def matrix(self, rows, columns):
        kind = f"tensor<{rows}x{columns}xi32>"
        return lambda values: (self.add(f"tfl.const dense<{values}> : {kind} -> {kind}"), kind)

    def weights(self, shape, axis=0):
        """A constant of pairwise different values, as far as there are as many."""
        count = 1
        for size in shape:
            count *= size
        text = "x".join(map(str, shape))
        if not self.quantized:
            words = "".join(f"{((i * 40503) % 65521) % 32768:04X}003C"[:4] + "003F" for i in range(count))
            return self.add(f'tfl.const dense<"0x{words}"> : tensor<{text}xf32> -> tensor<{text}xf32>'), f"tensor<{text}xf32>"
        scales = ", ".join(f"{0.01 + 0.0001 * i:.4f}" for i in range(shape[axis]))
        kind = f"tensor<{text}x!quant.uniform<i8<-127:127>:f32:{axis}, {{{scales}}}>>"
        data = "".join(f"{((i * 89) % 255 - 127) & 255:02X}" for i in range(count))
        return self.add(f'tfl.const dense<"0x{data}"> : tensor<{text}xi8> -> {kind}'), kind

    def activation_constant(self, shape):
        """A constant of the type of activations."""
        stored = self.type(shape, "i8" if self.quantized else "f32")
        values = "3" if self.quantized else "0.75"
        return self.add(f"tfl.const dense<{values}> : {stored} -> {self.type(shape)}"), self.type(shape)

    def apply(self, name, operands, shape, attributes="", element=None):
        """Adds an operator; `operands` and the result are pairs of a value and its type."""
        result = self.type(shape, element)
        values = ", ".join(value for value, _ in operands)
        types = ", ".join(kind for _, kind in operands)
        return self.add(f'"tfl.{name}"({values}) {{{attributes}}} : ({types}) -> {result}'), result


WINDOW = 'padding = "SAME", stride_h = 1 : i32, stride_w = 1 : i32'
NO_ACTIVATION = 'fused_activation_function = "NONE"'


def convolve(size, activation="NONE"):
    def build(graph, x):
        w = graph.weights((16, size, size, 16))
        return graph.apply("conv_2d", [x, w], SHAPE, f'{WINDOW}, fused_activation_function = "{activation}"')

    return build


def depthwise(graph, x):
    w = graph.weights((1, 3, 3, 16), axis=3)
    return graph.apply("depthwise_conv_2d", [x, w], SHAPE, f"{WINDOW}, depth_multiplier = 1 : i32, {NO_ACTIVATION}")


def connect(graph, x):
    w = graph.weights((16, 16))
    return graph.apply("fully_connected", [x, w], SHAPE, f"{NO_ACTIVATION}, keep_num_dims = true")


def transpose_convolve(graph, x):
    w = graph.weights((16, 3, 3, 16))
    return graph.apply("transpose_conv", [graph.integers(*SHAPE), w, x], SHAPE, f"{WINDOW}, {NO_ACTIVATION}")


def multiply(graph, x):
    return graph.apply("batch_matmul", [x, ("%matrix", graph.type((1, 8, 16, 16)))], SHAPE)


CONTRACTIONS = {
    "conv_1x1": convolve(1),
    "conv_1x1_relu": convolve(1, "RELU"),
    "conv_3x3": convolve(3),
    "depthwise": depthwise,
    "fully_connected": connect,
    "transpose_conv": transpose_convolve,
    "batch_matmul": multiply,
}


# Scale and zero point of what has only one of each, in 8 bits.
FIXED = {"softmax": "0.00390625:-128", "logistic": "0.00390625:-128", "tanh": "0.0078125", "l2_normalization": "0.0078125"}


def unary(name, attributes=""):
    def build(graph, x):
        if not graph.quantized or name not in FIXED:
            return graph.apply(name, [x], SHAPE, attributes)
        return graph.apply(
            "quantize", [graph.apply(name, [x], SHAPE, attributes, f"!quant.uniform<i8:f32, {FIXED[name]}>")], SHAPE
        )

    return build


def resize(name, height, width):
    return lambda graph, x: graph.apply(
        f"resize_{name}", [x, graph.integers(height, width)], (1, height, width, 16), "half_pixel_centers = true"
    )


def pad(name, attributes=""):
    def build(graph, x):
        paddings = graph.matrix(4, 2)("[[0, 0], [1, 1], [2, 1], [0, 0]]")
        return graph.apply(name, [x, paddings], (1, 10, 11, 16), attributes)

    return build


def slice_middle(graph, x):
    return graph.apply("slice", [x, graph.integers(0, 1, 2, 4), graph.integers(1, 6, 5, 8)], (1, 6, 5, 8))


def slice_strided(graph, x):
    masks = ", ".join(f"{name}_mask = 0 : i32" for name in ("begin", "end", "ellipsis", "new_axis", "shrink_axis"))
    return graph.apply(
        "strided_slice",
        [x, graph.integers(0, 1, 0, 0), graph.integers(1, 8, 8, 16), graph.integers(1, 2, 3, 1)],
        (1, 4, 3, 16),
        masks,
    )


def concatenate(first):
    def build(graph, x):
        other = graph.activation_constant((1, 8, 8, 8))
        return graph.apply(
            "concatenation", [other, x] if first else [x, other], (1, 8, 8, 24), f"axis = 3 : i32, {NO_ACTIVATION}"
        )

    return build


def transpose(graph, x):
    return graph.apply("transpose", [x, graph.integers(0, 3, 1, 2)], (1, 16, 8, 8))


def swap_sides(graph, x):
    return graph.apply("transpose", [x, graph.integers(0, 2, 1, 3)], SHAPE)


def reshape(graph, x):
    return graph.apply("reshape", [x, graph.integers(1, 64, 16)], (1, 64, 16))


def reduce(name, *axes):
    kept = tuple(size for axis, size in enumerate(SHAPE) if axis not in axes)
    return lambda graph, x: graph.apply(name, [x, graph.integers(*axes)], kept, "keep_dims = false")


def pool(name):
    return lambda graph, x: graph.apply(
        f"{name}_pool_2d",
        [x],
        (1, 4, 4, 16),
        'padding = "VALID", stride_h = 2 : i32, stride_w = 2 : i32, filter_height = 2 : i32, '
        f"filter_width = 2 : i32, {NO_ACTIVATION}",
    )


def tile(graph, x):
    return graph.apply("tile", [x, graph.integers(1, 2, 1, 1)], (1, 16, 8, 16))


def gather(graph, x):
    return graph.apply("gather", [x, graph.integers(7, 3, 0, 5)], (1, 4, 8, 16), "axis = 1 : i32, batch_dims = 0 : i32")


def reverse(graph, x):
    return graph.apply("reverse_v2", [x, graph.integers(2)], SHAPE)


def prelu(graph, x):
    return graph.apply("prelu", [x, graph.activation_constant((1, 1, 16))], SHAPE)


# What keeps the shape stands first: it may be followed, or joined with others.
SAME_SHAPE = {
    "relu": unary("relu"),
    "relu6": unary("relu6"),
    "logistic": unary("logistic"),
    "tanh": unary("tanh"),
    "hard_swish": unary("hard_swish"),
    "leaky_relu": unary("leaky_relu", "alpha = 0.1 : f32"),
    "elu": unary("elu"),
    "gelu": unary("gelu"),
    "abs": unary("abs"),
    "neg": unary("neg"),
    "prelu": prelu,
    "softmax": unary("softmax", "beta = 1.0 : f32"),
    "swap_sides": swap_sides,
    "reverse": reverse,
    "l2_normalization": unary("l2_normalization", NO_ACTIVATION),
}
OTHERS = {
    "resize_bilinear": resize("bilinear", 16, 16),
    "resize_nearest": resize("nearest_neighbor", 16, 16),
    "shrink": resize("bilinear", 4, 5),
    "pad": pad("pad"),
    "mirror_pad": pad("mirror_pad", 'mode = "REFLECT"'),
    "slice": slice_middle,
    "strided_slice": slice_strided,
    "concatenate": concatenate(False),
    "concatenate_behind": concatenate(True),
    "transpose": transpose,
    "reshape": reshape,
    "mean": reduce("mean", 1, 2),
    "mean_channels": reduce("mean", 3),
    "sum": reduce("sum", 1, 2),
    "largest": reduce("reduce_max", 1, 2),
    "max_pool": pool("max"),
    "average_pool": pool("average"),
    "tile": tile,
    "gather": gather,
    "depth_to_space": lambda graph, x: graph.apply("depth_to_space", [x], (1, 16, 16, 4), "block_size = 2 : i32"),
    "space_to_depth": lambda graph, x: graph.apply("space_to_depth", [x], (1, 4, 4, 64), "block_size = 2 : i32"),
}


def made_of_input(name):
    """A tensor of the usual shape, made of a part or a corner of another input."""

    def build(graph):
        if name == "tensor":
            return "%other", graph.type(SHAPE)
        if name == "gate":
            return graph.apply("hard_swish", [("%gate", graph.type((1, 1, 1, 16)))], (1, 1, 1, 16))
        if name == "channels":
            return graph.activation_constant((16,))
        if name in ("bilinear", "nearest_neighbor"):
            return graph.apply(f"resize_{name}", [("%corner", graph.type((1, 4, 4, 16))), graph.integers(8, 8)], SHAPE)
        if name == "slice":
            return graph.apply(
                "slice", [("%large", graph.type((1, 10, 10, 32))), graph.integers(0, 1, 2, 8), graph.integers(*SHAPE)], SHAPE
            )
        if name == "pad":
            paddings = graph.matrix(4, 2)("[[0, 0], [2, 2], [4, 0], [0, 0]]")
            return graph.apply("pad", [("%corner", graph.type((1, 4, 4, 16))), paddings], SHAPE)
        if name == "mirror_pad":
            paddings = graph.matrix(4, 2)("[[0, 0], [2, 2], [1, 3], [0, 0]]")
            return graph.apply("mirror_pad", [("%corner", graph.type((1, 4, 4, 16))), paddings], SHAPE, 'mode = "SYMMETRIC"')
        if name == "reverse":
            return reverse(graph, ("%other", graph.type(SHAPE)))
        if name == "transpose":
            return graph.apply("transpose", [("%other", graph.type(SHAPE)), graph.integers(0, 2, 1, 3)], SHAPE)
        if name == "concatenation":
            half = ("%half", graph.type((1, 8, 8, 8)))
            return graph.apply("concatenation", [half, half], SHAPE, f"axis = 3 : i32, {NO_ACTIVATION}")
        if name == "tile":
            return graph.apply("tile", [("%half", graph.type((1, 8, 8, 8))), graph.integers(1, 1, 1, 2)], SHAPE)
        if name == "gather":
            return graph.apply(
                "gather", [("%other", graph.type(SHAPE)), graph.integers(7, 6, 5, 4, 3, 2, 1, 1)], SHAPE, "axis = 1 : i32"
            )
        if name == "mean":
            return graph.apply("mean", [("%other", graph.type(SHAPE)), graph.integers(1, 2)], (1, 1, 1, 16), "keep_dims = true")
        return convolve(1)(graph, ("%other", graph.type(SHAPE)))

    return build


OPERANDS = [
    "tensor",
    "gate",
    "channels",
    "bilinear",
    "nearest_neighbor",
    "slice",
    "pad",
    "mirror_pad",
    "reverse",
    "transpose",
    "concatenation",
    "tile",
    "gather",
    "mean",
    "contraction",
]
JOINS = {"add": NO_ACTIVATION, "sub": NO_ACTIVATION, "mul": NO_ACTIVATION, "maximum": ""}


def join(name, operand, first):
    def build(graph, x):
        other = made_of_input(operand)(graph)
        return graph.apply(name, [other, x] if first else [x, other], SHAPE, JOINS[name])

    return build


def joins():
    return {
        f"{name}_{operand}{'_first' * first}": join(name, operand, first)
        for name, operand, first in itertools.product(JOINS, OPERANDS, (False, True))
    }


def fits(graph_parts, quantized):
    """Whether there is a quantized operator for each part."""
    return not quantized or not {"neg", "elu"} & set(graph_parts)


def graphs():
    """Names of parts, and the parts in order."""
    behind = {**SAME_SHAPE, **OTHERS, **joins()}
    for (contraction, build), (name, other) in itertools.product(CONTRACTIONS.items(), behind.items()):
        yield (contraction, name), (build, other)
    for (name, other), (contraction, build) in itertools.product({**SAME_SHAPE, **joins()}.items(), CONTRACTIONS.items()):
        yield (name, contraction), (other, build)
    # Between an operator of each kind and what follows it.
    contraction = CONTRACTIONS["conv_1x1"]
    middle = {
        key: (SAME_SHAPE | joins())[key]
        for key in ("relu", "hard_swish", "swap_sides", "add_tensor", "add_bilinear", "mul_gate", "add_slice")
    }
    for (first, one), (second, two) in itertools.product(middle.items(), behind.items()):
        yield ("conv_1x1", first, second), (contraction, one, two)
    for (first, one), (second, two) in itertools.product(middle.items(), {**OTHERS, **joins()}.items()):
        yield (first, "conv_1x1", second), (one, contraction, two)


def main():
    quantized = sys.argv[1] == "i8"
    pattern = re.compile(sys.argv[2] if len(sys.argv) > 2 else "")
    for names, parts in graphs():
        name = "__".join(names)
        if not fits(names, quantized) or not pattern.search(name):
            continue
        graph = Graph(quantized)
        x = ("%x", graph.type(SHAPE))
        for part in parts:
            x = part(graph, x)
        inputs = {
            "%x": SHAPE,
            "%other": SHAPE,
            "%gate": (1, 1, 1, 16),
            "%corner": (1, 4, 4, 16),
            "%large": (1, 10, 10, 32),
            "%half": (1, 8, 8, 8),
            "%matrix": (1, 8, 16, 16),
        }
        arguments = ", ".join(f"{key}: {graph.type(shape)}" for key, shape in inputs.items())
        print(f'func.func @{name}({arguments}) -> {x[1]} attributes {{tfl.signature = "{name}"}} {{')
        print("\n".join(graph.lines))
        print(f"  return {x[0]} : {x[1]}\n}}")


main()
