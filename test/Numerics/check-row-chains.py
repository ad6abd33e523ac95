"""Compares random chains of image operators that run row by row with the plain loops of -O0.

usage: check-row-chains.py [--seed=N] COUNT TYPE TFLC-ARGS...

Convolutions, depthwise ones, pools, residual additions and elementwise operators, of all strides, dilations and paddings,
on images of 5 to 30 rows. TYPE is int8, int16 or float32. Integers must be equal. The last line says how many chains ran in
less memory than whole tensors take: a test that streams nothing would prove nothing.
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

    def type(self, shape, scale):
        element = {"int8": f"!quant.uniform<i8:f32, {scale!r}:-7>", "int16": f"!quant.uniform<i16:f32, {scale!r}>", "float32": "f32"}
        return f"tensor<1x{'x'.join(map(str, shape))}x{element[self.kind]}>"

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
            return [self.constant(rng.normal(0, 0.3, shape).astype(np.float32), None),
                    self.constant(rng.normal(0, 0.3, bias_size).astype(np.float32), None)], 1.0
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
        attributes |= {"dilation_h_factor": dilation, "dilation_w_factor": dilation, "fused_activation_function": self.activation()}
        self.emit("conv_2d", [self.here()] + operands, attributes, (*extents, columns), scale)

    def depthwise(self):
        window = self.window([3, 3, 5, 2], [1, 1, 2])
        if not window:
            return
        h, w, attributes, dilation, extents = window
        operands, scale = self.weights((1, h, w, self.shape[2]), self.shape[2])
        attributes |= {"dilation_h_factor": dilation, "dilation_w_factor": dilation, "depth_multiplier": 1,
                       "fused_activation_function": self.activation()}
        self.emit("depthwise_conv_2d", [self.here()] + operands, attributes, (*extents, self.shape[2]), scale)

    def pool(self):
        window = self.window([2, 3])
        if window:
            h, w, attributes, _, extents = window
            attributes |= {"filter_height": h, "filter_width": w}
            self.emit(str(self.rng.choice(["max_pool_2d", "average_pool_2d"])), [self.here()], attributes, (*extents, self.shape[2]),
                      self.scale)

    def residual(self):
        fitting = [(n, s) for n, shape, s in self.kept if shape == self.shape and n != self.value]
        if fitting:
            name, scale = fitting[int(self.rng.integers(len(fitting)))]
            self.emit("add", [self.here(), (name, self.type(self.shape, scale))], {"fused_activation_function": self.activation()},
                      self.shape, self.scale)

    def elementwise(self):
        if self.kind == "int16":
            return
        if self.rng.random() < 0.5:
            self.emit("hard_swish", [self.here()], {}, self.shape, self.scale)
        else:
            self.emit("relu", [self.here()], {}, self.shape, self.scale)

    def build(self):
        makers = [self.convolution] * 4 + [self.depthwise] * 4 + [self.residual] * 3 + [self.pool, self.elementwise]
        steps = int(self.rng.integers(3, 9))
        while self.count == 0 or steps > 0:
            makers[int(self.rng.integers(len(makers)))]()
            if self.value != "%arg0":
                self.kept.append((self.value, self.shape, self.scale))
            steps -= 1
        body = "\n".join("    " + line for line in self.lines)
        shape, scale = self.input_shape, 0.05
        return f"""module {{
  func.func @main(%arg0: {self.type(shape, scale)} {{tfl.name = "x"}}) -> ({self.type(self.shape, self.scale)} {{tfl.name = "y"}}) {{
{body}
    return {self.value} : {self.type(self.shape, self.scale)}
  }}
}}
"""


def run(args):
    done = subprocess.run(args, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(args)}: status {done.returncode}\n{done.stderr}")
    return done.stdout


def arena(args):
    return json.loads(run(["tflc", "inspect", "chain.tflite", "--arena", "--json", *args]))["arena"]["size"]


def main():
    arguments = sys.argv[1:]
    seed = int(arguments.pop(0).split("=")[1]) if arguments[0].startswith("--seed=") else 0
    count, kind, args = int(arguments[0]), arguments[1], arguments[2:]
    smaller = 0
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
        want, got = np.load("plain.npz")["0"], np.load("rows.npz")["0"]
        close = np.allclose(want, got, rtol=1e-4, atol=1e-4) if kind == "float32" else np.array_equal(want, got)
        if not close:
            wrong = np.argwhere(want != got)
            sys.exit(f"chain {number} differs at {len(wrong)} places, first {wrong[0]}; see chain.mlir")
        others = [a for a in args if a != "--row-streaming"]
        smaller += arena(args) < arena(["-O2" if a == "-Os" else a for a in others])
    print(f"{count} chains agree, {smaller} of them in less memory")


main()
