"""An int8 model that grows operator by operator."""

import numpy as np

RNG = np.random.default_rng(1)


def quantized(shape, scale, zero_point=0):
    return f"tensor<{'x'.join(map(str, shape))}x!quant.uniform<i8:f32, {scale}:{zero_point}>>"


class Model:
    """The text of one function with one input."""

    def __init__(self, shape, zero_point):
        self.input_shape = shape
        self.lines = []
        self.shape, self.type, self.value = shape, quantized(shape, 0.02, zero_point), "%x"
        self.input_type = self.type

    def add(self, text):
        name = f"%{len(self.lines)}"
        self.lines.append(f"    {name} = {text}")
        return name

    def bias(self, columns):
        return RNG.integers(-3000, 3000, columns).astype(np.int32)

    def scales(self, columns):
        return RNG.uniform(0.002, 0.006, columns)

    def weights(self, shape):
        return RNG.integers(-127, 128, shape).astype(np.int8)

    def convolve(self, columns, kernel, stride, padding, scale, zero_point, activation="NONE", groups=1):
        depth = self.shape[3] // groups
        # The range of the results, so that they are not all clamped.
        scale *= np.sqrt(kernel[0] * kernel[1] * depth) * 127 * 0.006 * 0.02 / 0.4
        return self.slide(
            "conv_2d",
            (columns, *kernel, depth),
            0,
            stride,
            padding,
            scale,
            zero_point,
            f'fused_activation_function = "{activation}"',
        )

    def depthwise(self, kernel, stride, padding, scale, zero_point, activation="NONE"):
        scale *= np.sqrt(kernel[0] * kernel[1]) * 127 * 0.006 * 0.02 / 0.4
        return self.slide(
            "depthwise_conv_2d",
            (1, *kernel, self.shape[3]),
            3,
            stride,
            padding,
            scale,
            zero_point,
            f'depth_multiplier = 1 : i32, fused_activation_function = "{activation}"',
        )

    def connect(self, columns, scale, zero_point):
        depth = self.shape[-1]
        weights = RNG.integers(-127, 128, (columns, depth)).astype(np.int8)
        scale *= np.sqrt(depth) * 127 * 0.004 * 0.02 / 0.4
        w_type = f"tensor<{columns}x{depth}x!quant.uniform<i8<-127:127>:f32, 0.004>>"
        b_type = f"tensor<{columns}x!quant.uniform<i32:f32, {0.004 * 0.02:.12f}>>"
        w = self.add(f'tfl.const dense<"0x{weights.tobytes().hex().upper()}"> : tensor<{columns}x{depth}xi8> -> {w_type}')
        b = self.add(f'tfl.const dense<"0x{self.bias(columns).tobytes().hex().upper()}"> : tensor<{columns}xi32> -> {b_type}')
        self.shape, self.scale = (self.shape[0], columns), scale
        result = quantized(self.shape, scale, zero_point)
        self.value = self.add(
            f'tfl.fully_connected {self.value}, {w}, {b} {{fused_activation_function = "NONE"}} : '
            f"({self.type}, {w_type}, {b_type}) -> {result}"
        )
        self.type = result
        return self

    def slide(self, operator, window, channel, stride, padding, scale, zero_point, attributes):
        """Adds an operator with random weights of shape `window`, whose dimension `channel` is that of the results."""
        columns = window[channel]
        weights = self.weights(window)
        bias, scales = self.bias(columns), self.scales(columns)
        w_shape = "x".join(map(str, window))
        w_type, b_type = self.weight_types(w_shape, channel, scales)
        w = self.add(f'tfl.const dense<"0x{weights.tobytes().hex().upper()}"> : tensor<{w_shape}xi8> -> {w_type}')
        b = self.add(f'tfl.const dense<"0x{bias.tobytes().hex().upper()}"> : tensor<{columns}xi32> -> {b_type}')
        sizes = [
            -(-size // stride) if padding == "SAME" else (size - kernel) // stride + 1
            for size, kernel in zip(self.shape[1:3], window[1:3])
        ]
        self.shape, self.scale = (1, *sizes, columns), scale
        result = self.result_type(scale, zero_point)
        self.value = self.add(
            f'tfl.{operator} {self.value}, {w}, {b} {{{attributes}, padding = "{padding}", '
            f"stride_h = {stride} : i32, stride_w = {stride} : i32}} : ({self.type}, {w_type}, {b_type}) -> {result}"
        )
        self.type = result
        return self

    def weight_types(self, shape, channel, scales):
        """The types of weights and bias."""
        return (
            f"tensor<{shape}x!quant.uniform<i8<-127:127>:f32:{channel}, {{{','.join(map(str, scales))}}}>>",
            f"tensor<{len(scales)}x!quant.uniform<i32:f32:0, {{{','.join(f'{s * 0.02:.12f}' for s in scales)}}}>>",
        )

    def result_type(self, scale, zero_point):
        return quantized(self.shape, scale, zero_point)

    def mean(self, axes, scale):
        kept = [size for dim, size in enumerate(self.shape) if dim not in axes]
        a = self.add(f"tfl.const dense<{list(axes)}> : tensor<{len(axes)}xi32> -> tensor<{len(axes)}xi32>")
        self.shape, self.scale = kept, scale
        result = quantized(kept, scale, -3)
        self.value = self.add(
            f"tfl.mean {self.value}, {a} {{keep_dims = false}} : ({self.type}, tensor<{len(axes)}xi32>) -> {result}"
        )
        self.type = result
        return self

    def largest(self, kernel, stride=None, padding="VALID", activation="NONE"):
        """Pools; windows do not overlap if there is no `stride`."""
        strides = (stride, stride) if stride else kernel
        sizes = [
            -(-size // step) if padding == "SAME" else (size - window) // step + 1
            for size, window, step in zip(self.shape[1:3], kernel, strides)
        ]
        self.shape = (1, *sizes, self.shape[3])
        shape = "x".join(map(str, self.shape))
        result = f"tensor<{shape}x{self.type.split('x', 4)[4]}"
        self.value = self.add(
            f"tfl.max_pool_2d {self.value} {{filter_height = {kernel[0]} : i32, filter_width = {kernel[1]} : i32, "
            f'fused_activation_function = "{activation}", padding = "{padding}", stride_h = {strides[0]} : i32, '
            f"stride_w = {strides[1]} : i32}} : ({self.type}) -> {result}"
        )
        self.type = result
        return self

    def average(self, kernel, stride, padding):
        sizes = [
            -(-size // stride) if padding == "SAME" else (size - window) // stride + 1
            for size, window in zip(self.shape[1:3], kernel)
        ]
        result = quantized((1, *sizes, self.shape[3]), 0.02, 7)
        self.value = self.add(
            f"tfl.average_pool_2d {self.value} {{filter_height = {kernel[0]} : i32, filter_width = {kernel[1]} : i32, "
            f'fused_activation_function = "NONE", padding = "{padding}", stride_h = {stride} : i32, '
            f"stride_w = {stride} : i32}} : ({self.type}) -> {result}"
        )
        self.shape, self.scale, self.type = (1, *sizes, self.shape[3]), 0.02, result
        return self

    def swish(self):
        gate = quantized(self.shape, 0.00390625, -128)
        g = self.add(f"tfl.logistic {self.value} : ({self.type}) -> {gate}")
        result = quantized(self.shape, self.scale * 0.6, -100)
        self.value = self.add(
            f'tfl.mul {self.value}, {g} {{fused_activation_function = "NONE"}} : ({self.type}, {gate}) -> {result}'
        )
        self.type = result
        return self

    def gate(self, scale, zero_point, first=False):
        """Multiplies by one byte for each channel, made of a window that is the whole input."""
        shape, kind, value = self.shape, self.type, self.value
        self.shape, self.type, self.value = self.input_shape, self.input_type, "%x"
        self.convolve(shape[3], self.shape[1:3], 1, "VALID", 0.4, 0)
        gate = quantized(self.shape, 0.00390625, -128)
        g = self.add(f"tfl.logistic {self.value} : ({self.type}) -> {gate}")
        result = quantized(shape, scale, zero_point)
        factors = [(g, gate), (value, kind)] if first else [(value, kind), (g, gate)]
        self.value = self.add(
            f'tfl.mul {factors[0][0]}, {factors[1][0]} {{fused_activation_function = "NONE"}} : '
            f"({factors[0][1]}, {factors[1][1]}) -> {result}"
        )
        self.shape, self.type, self.scale = shape, result, scale
        return self

    def add_input(self, scale):
        result = quantized(self.shape, scale, 5)
        self.value = self.add(
            f'tfl.add {self.value}, %x {{fused_activation_function = "NONE"}} : ({self.type}, {self.input_type}) -> {result}'
        )
        self.type = result
        return self

    def inputs(self):
        return RNG.integers(-128, 128, self.input_shape).astype(np.int8)

    def equal(self, got, want):
        return np.array_equal(got, want)

    def text(self):
        body = "\n".join(self.lines)
        return (
            f'func.func @main(%x: {self.input_type} {{tfl.name = "x"}}) -> ({self.type} {{tfl.name = "y"}}) {{\n'
            f"{body}\n    return {self.value} : {self.type}\n}}\n"
        )
