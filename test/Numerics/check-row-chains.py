"""Compares random chains of image operators that run row by row with the plain loops of -O0.

usage: check-row-chains.py [--seed=N] COUNT TYPE TFLC-ARGS...

Convolutions, depthwise ones, pools, residual additions and elementwise operators, of all strides, dilations and paddings,
on images of 5 to 30 rows. Some chains end with means, sums, extrema or pools over all rows, of the last tensor or of earlier
ones, with other readers or without, and some go on behind these. TYPE is int8, int16 or float32. Integers must be equal. The
last lines say how many chains ran in less memory than whole tensors take, and how many of these had rows collected in their
loops: a test that streams nothing would prove nothing.
"""

import json
import subprocess
import sys

import numpy as np


class Chain:
    def __init__(self, rng, kind):
        self.rng, self.kind = rng, kind
        self.lines, self.count = [], 0
        self.shape = (int(rng.integers(5, 31)), int(rng.integers(3, 30)), int(rng.integers(1, 17)))
        self.input_shape, self.scale = self.shape, 0.05
        self.value = "%arg0"
        self.kept = []  # values that a residual may add: name, shape, scale
        self.collected = []  # results of reductions over all rows: name, type

    def type(self, shape, scale):
        element = {
            "int8": f"!quant.uniform<i8:f32, {scale!r}:-7>",
            "int16": f"!quant.uniform<i16:f32, {scale!r}>",
            "float32": "f32",
        }
        return f"tensor<{'x'.join(map(str, (1, *shape)))}x{element[self.kind]}>"

    def name(self):
        self.count += 1
        return f"%v{self.count}"

    def constant(self, values, quantized):
        name = self.name()
        shape = "x".join(map(str, values.shape))
        stored = {"int8": "i8", "int32": "i32", "int64": "i64", "float32": "f32"}[str(values.dtype)]
        text = f'dense<"0x{values.tobytes().hex().upper()}">'
        target = f"tensor<{shape}x{quantized or stored}>"
        self.lines.append(f"{name} = tfl.const {text} : tensor<{shape}x{stored}> -> {target}")
        return name, target

    def emit(self, op, operands, attributes, shape, scale):
        source = ", ".join(t for _, t in operands)
        result, target = self.name(), self.type(shape, scale)
        text = ", ".join(f'{k} = "{v}"' if isinstance(v, str) else f"{k} = {v} : i32" for k, v in attributes.items())
        self.lines.append(f"{result} = tfl.{op} {', '.join(n for n, _ in operands)} {{{text}}} : ({source}) -> {target}")
        self.value, self.shape, self.scale = result, shape, scale

    def here(self):
        return self.value, self.type(self.shape, self.scale)

    def window(self, sizes, dilations=(1,)):
        """Attributes of a window, and the extents that it leaves; None where it does not fit."""
        rng = self.rng
        size, width = int(rng.choice(sizes)), int(rng.choice(sizes))
        stride, dilation = int(rng.choice([1, 1, 2, 3])), int(rng.choice(dilations))
        if stride > 1:
            dilation = 1
        padding = str(rng.choice(["SAME", "VALID"]))
        extents = []
        for extent, k in zip(self.shape, (size, width)):
            span = (k - 1) * dilation + 1
            extents.append(-(-extent // stride) if padding == "SAME" else (extent - span) // stride + 1)
        if min(extents) < 1 or extents[0] < 3:
            return None
        return size, width, {"padding": padding, "stride_h": stride, "stride_w": stride}, dilation, tuple(extents)

    def activation(self):
        return str(self.rng.choice(["NONE", "RELU", "RELU6"]))

    def weights(self, shape, bias_size):
        rng = self.rng
        if self.kind == "float32":
            return [
                self.constant(rng.normal(0, 0.3, shape).astype(np.float32), None),
                self.constant(rng.normal(0, 0.3, bias_size).astype(np.float32), None),
            ], 1.0
        values = self.constant(rng.integers(-127, 128, shape).astype(np.int8), "!quant.uniform<i8:f32, 0.01>")
        scale = float(np.float32(self.scale) * np.float32(0.01))
        bias = rng.integers(-500, 500, bias_size)
        if self.kind == "int16":  # of 64 bits, for which there is no quantized type
            bias = self.constant(bias.astype(np.int64), None)
        else:
            bias = self.constant(bias.astype(np.int32), f"!quant.uniform<i32:f32, {scale!r}>")
        return [values, bias], float(np.float32(self.scale * rng.uniform(0.3, 1.5)))

    def convolution(self):
        window = self.window([1, 1, 3, 3, 5, 2], [1, 1, 2])
        if not window:
            return
        h, w, attributes, dilation, extents = window
        columns = int(self.rng.integers(1, 40))
        operands, scale = self.weights((columns, h, w, self.shape[2]), columns)
        attributes |= {
            "dilation_h_factor": dilation,
            "dilation_w_factor": dilation,
            "fused_activation_function": self.activation(),
        }
        self.emit("conv_2d", [self.here()] + operands, attributes, (*extents, columns), scale)

    def depthwise(self):
        window = self.window([3, 3, 5, 2], [1, 1, 2])
        if not window:
            return
        h, w, attributes, dilation, extents = window
        operands, scale = self.weights((1, h, w, self.shape[2]), self.shape[2])
        attributes |= {
            "dilation_h_factor": dilation,
            "dilation_w_factor": dilation,
            "depth_multiplier": 1,
            "fused_activation_function": self.activation(),
        }
        self.emit("depthwise_conv_2d", [self.here()] + operands, attributes, (*extents, self.shape[2]), scale)

    def pool(self):
        window = self.window([2, 3])
        if window:
            h, w, attributes, _, extents = window
            attributes |= {"filter_height": h, "filter_width": w}
            self.emit(
                str(self.rng.choice(["max_pool_2d", "average_pool_2d"])),
                [self.here()],
                attributes,
                (*extents, self.shape[2]),
                self.scale,
            )

    def residual(self):
        fitting = [(n, s) for n, shape, s in self.kept if shape == self.shape and n != self.value]
        if fitting:
            name, scale = fitting[int(self.rng.integers(len(fitting)))]
            self.emit(
                "add",
                [self.here(), (name, self.type(self.shape, scale))],
                {"fused_activation_function": self.activation()},
                self.shape,
                self.scale,
            )

    def elementwise(self):
        if self.kind == "int16":
            return
        if self.rng.random() < 0.5:
            self.emit("hard_swish", [self.here()], {}, self.shape, self.scale)
        else:
            self.emit("relu", [self.here()], {}, self.shape, self.scale)

    def collect(self, value, shape, scale):
        """A reduction over all rows of a value, and maybe over more. It adds an output, and nothing to the chain."""
        rng, here = self.rng, (self.value, self.shape, self.scale)
        self.value, self.shape, self.scale = value, shape, scale
        kinds = ["mean", "mean", "mean", "sum", "reduce_max", "reduce_min", "average_pool_2d", "max_pool_2d"]
        if self.kind == "int16":
            kinds.remove("sum")
        op = str(rng.choice(kinds))
        if "pool" in op:
            attributes = {
                "padding": "VALID",
                "stride_h": int(rng.integers(1, 3)),
                "stride_w": 1,
                "filter_height": shape[0],
                "filter_width": int(rng.choice([shape[1], shape[1], 1])),
            }
            self.emit(op, [self.here()], attributes, (1, shape[1] + 1 - attributes["filter_width"], shape[2]), scale)
            result = self.here()
        else:
            axes = [[1, 2], [1, 2], [1], [1, 2, 3], [1, 3]][int(rng.integers(5))]
            keep = bool(rng.random() < 0.5)
            dims = [1 if i in axes else n for i, n in enumerate((1, *shape)) if keep or i not in axes]
            if op == "mean":
                scale = float(np.float32(scale * rng.uniform(0.2, 0.9)))
            elif op == "sum":
                scale = float(np.float32(scale * 20))
            name, constant = self.constant(np.array(axes, np.int32), None)
            target = self.type(dims[1:], scale)
            source = ", ".join([self.here()[1], constant])
            flag = f" {{keep_dims = {str(keep).lower()}}}"
            result = self.name(), target
            self.lines.append(f"{result[0]} = tfl.{op} {self.value}, {name}{flag} : ({source}) -> {target}")
        self.collected.append(result)
        self.value, self.shape, self.scale = here

    def build(self):
        makers = [self.convolution] * 4 + [self.depthwise] * 4 + [self.residual] * 3 + [self.pool, self.elementwise]
        steps = int(self.rng.integers(3, 9))
        # Chains that end with collectors, that have some in the midst, and that have none.
        ending, within = self.rng.random() < 0.5, self.rng.random() < 0.3
        while self.count == 0 or steps > 0:
            makers[int(self.rng.integers(len(makers)))]()
            if self.value != "%arg0":
                self.kept.append((self.value, self.shape, self.scale))
                if within and self.rng.random() < 0.3:
                    self.collect(*self.kept[int(self.rng.integers(len(self.kept)))])
            steps -= 1
        outputs = [self.here()]
        if ending:
            for _ in range(int(self.rng.choice([1, 1, 2]))):
                self.collect(self.value, self.shape, self.scale)
            outputs = []
        outputs += self.collected
        body = "\n".join("    " + line for line in self.lines)
        shape, scale = self.input_shape, 0.05
        types = ", ".join(f'{t} {{tfl.name = "y{i}"}}' for i, (_, t) in enumerate(outputs))
        return f"""module {{
  func.func @main(%arg0: {self.type(shape, scale)} {{tfl.name = "x"}}) -> ({types}) {{
{body}
    return {", ".join(n for n, _ in outputs)} : {", ".join(t for _, t in outputs)}
  }}
}}
"""


def run(args):
    done = subprocess.run(args, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(args)}: status {done.returncode}\n{done.stderr}")
    return done.stdout


def collects(args):
    return "collectors = " in run(["tflc", "compile", "chain.tflite", "--stop-after=bufferize", *args])


def arena(args):
    return json.loads(run(["tflc", "inspect", "chain.tflite", "--arena", "--json", *args]))["arena"]["size"]


def main():
    arguments = sys.argv[1:]
    seed = int(arguments.pop(0).split("=")[1]) if arguments[0].startswith("--seed=") else 0
    count, kind, args = int(arguments[0]), arguments[1], arguments[2:]
    smaller = collecting = 0
    for number in range(count):
        rng = np.random.default_rng([seed, number])
        chain = Chain(rng, kind)
        with open("chain.mlir", "w") as file:
            file.write(chain.build())
        run(["tflc-translate", "--export-tflite", "chain.mlir", "-o", "chain.tflite"])
        shape = (1, *chain.input_shape)
        if kind == "float32":
            x = rng.normal(0, 1, shape).astype(np.float32)
        else:
            limits = np.iinfo(kind)
            x = rng.integers(limits.min, limits.max + 1, shape).astype(kind)
        np.savez("chain-in.npz", x=x)
        run(["tflc", "run", "chain.tflite", "--inputs=chain-in.npz", "--outputs=plain.npz", "--keys=index", "-O0"])
        run(["tflc", "run", "chain.tflite", "--inputs=chain-in.npz", "--outputs=rows.npz", "--keys=index", *args])
        plain, rows = np.load("plain.npz"), np.load("rows.npz")
        for key in plain:
            want, got = plain[key], rows[key]
            close = np.allclose(want, got, rtol=1e-4, atol=1e-4) if kind == "float32" else np.array_equal(want, got)
            if not close:
                wrong = np.argwhere(want != got)
                sys.exit(f"chain {number} differs in output {key} at {len(wrong)} places, first {wrong[0]}; see chain.mlir")
        others = [a for a in args if a != "--row-streaming"]
        smaller += arena(args) < arena(["-O2" if a == "-Os" else a for a in others])
        collecting += collects(args)
    print(f"{count} chains agree, {smaller} of them in less memory")
    print(f"{collecting} collect rows")


main()
