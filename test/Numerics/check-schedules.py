"""Compares optimization levels and instruction sets with -O0 on generated models, int8 and float.

usage: check-schedules.py [TARGET...]

Without targets, levels and instruction sets of an x86 machine. Features may follow a target's name, as in
riscv64-gcv+zvl256b. Models are written as MLIR with random weights,
exported, and run with random inputs. Prints a line for each difference, and "all equal" if there is none.
"""

import functools
import subprocess
import sys

import numpy as np

RNG = np.random.default_rng(1)
HOST = (["-O2"], ["-Os"], ["-O2", "--target=x86-64"], ["-O2", "--target=x86-64-v2"], ["-O2", "--target=x86-64-v3"])


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

    def convolve(self, columns, kernel, stride, padding, scale, zero_point, activation="NONE"):
        # The range of the results, so that they are not all clamped.
        scale *= np.sqrt(kernel[0] * kernel[1] * self.shape[3]) * 127 * 0.006 * 0.02 / 0.4
        return self.slide(
            "conv_2d",
            (columns, *kernel, self.shape[3]),
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
        w_type = f"tensor<{w_shape}x!quant.uniform<i8<-127:127>:f32:{channel}, {{{','.join(map(str, scales))}}}>>"
        b_type = f"tensor<{columns}x!quant.uniform<i32:f32:0, {{{','.join(f'{s * 0.02:.12f}' for s in scales)}}}>>"
        w = self.add(f'tfl.const dense<"0x{weights.tobytes().hex().upper()}"> : tensor<{w_shape}xi8> -> {w_type}')
        b = self.add(f'tfl.const dense<"0x{bias.tobytes().hex().upper()}"> : tensor<{columns}xi32> -> {b_type}')
        sizes = [
            -(-size // stride) if padding == "SAME" else (size - kernel) // stride + 1
            for size, kernel in zip(self.shape[1:3], window[1:3])
        ]
        self.shape, self.scale = (1, *sizes, columns), scale
        result = quantized(self.shape, scale, zero_point)
        self.value = self.add(
            f'tfl.{operator} {self.value}, {w}, {b} {{{attributes}, padding = "{padding}", '
            f"stride_h = {stride} : i32, stride_w = {stride} : i32}} : ({self.type}, {w_type}, {b_type}) -> {result}"
        )
        self.type = result
        return self

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


class SmallWeights(Model):
    """A single row with small weights but for `large` groups of four, spread evenly, in one column each."""

    def __init__(self, depth, columns, large):
        self.large = large
        super().__init__((1, 1, 1, depth), -3)
        self.convolve(columns, (1, 1), 1, "SAME", 0.1, 4)

    def weights(self, shape):
        weights = np.clip(RNG.normal(0, 12, shape), -60, 60).astype(np.int8)
        for i, group in enumerate(np.linspace(0, shape[3] // 4 - 1, self.large).astype(int)):
            weights[5 * i % shape[0], 0, 0, 4 * group : 4 * group + 4] = 127 if i % 2 else -127
        return weights

    def inputs(self):
        # Rows whose pairs of products are as large as can be.
        return RNG.choice(np.array([-128, 127, 126, -3], np.int8), self.input_shape, p=[0.1, 0.5, 0.2, 0.2])


class Sum(Model):
    """The first channels have mostly the least bytes, the last ones the largest."""

    def inputs(self):
        middle = np.linspace(-140, 140, self.input_shape[3])
        return np.clip(middle + RNG.normal(0, 60, self.input_shape), -128, 127).astype(np.int8)


class OneWeight(Model):
    """All weights are the same."""

    def weights(self, shape):
        return np.full(shape, 101, np.int8)


class SharedBias(Model):
    """The difference of two windows over the same input with the same bias."""

    def __init__(self, shape, zero_point):
        super().__init__(shape, zero_point)
        results = []
        for seed in range(2):
            self.shape, self.type, self.value = shape, self.input_type, "%x"
            self.convolve(32, (3, 3), 1, "VALID", 0.4, 3 + seed)
            results.append((self.value, self.type))
        result = quantized(self.shape, 0.9 * self.scale, -4)
        self.value = self.add(
            f'tfl.sub {results[0][0]}, {results[1][0]} {{fused_activation_function = "NONE"}} : '
            f"({results[0][1]}, {results[1][1]}) -> {result}"
        )
        self.type = result

    def bias(self, columns):
        return np.full(columns, 77, np.int32)

    def scales(self, columns):
        return np.linspace(0.002, 0.006, columns)


def cut_blocks(weights, block, keep):
    """`weights`, of which blocks of so many columns and neighbours of the last dimension are zero, but for a part of `keep`."""
    shape = (-(-weights.shape[0] // block[0]), *weights.shape[1:-1], -(-weights.shape[-1] // block[1]))
    mask = np.repeat(np.repeat(RNG.random(shape) < keep, block[0], axis=0), block[1], axis=-1)
    return weights * mask[: weights.shape[0], ..., : weights.shape[-1]].astype(weights.dtype)


class SparseWeights(Model):
    """Weights of which blocks are zero."""

    def __init__(self, shape, block, keep):
        super().__init__(shape, -3)
        self.block, self.keep = block, keep

    def weights(self, shape):
        return cut_blocks(super().weights(shape), self.block, self.keep)


class FloatModel(Model):
    """A float window, and what reads it and needs memory that is then free for the window.

    Some inputs are infinite, huge or no numbers: results that are not finite are those of the plain sums."""

    def float_weights(self, shape):
        return RNG.normal(0, 1 / np.sqrt(np.prod(shape[1:])), shape).astype(np.float32)

    def convolve(self, columns, kernel, padding):
        height, width, depth = self.shape[1:]
        weights = self.float_weights((columns, *kernel, depth))
        values = [weights, RNG.normal(0, 0.3, columns).astype(np.float32)]
        types = [f"tensor<{'x'.join(map(str, value.shape))}xf32>" for value in values]
        names = [
            self.add(f'tfl.const dense<"0x{value.tobytes().hex().upper()}"> : {type} -> {type}')
            for value, type in zip(values, types)
        ]
        if padding == "VALID":
            height, width = height - kernel[0] + 1, width - kernel[1] + 1
        self.shape = (1, height, width, columns)
        result = f"tensor<{'x'.join(map(str, self.shape))}xf32>"
        self.value = self.add(
            f'tfl.conv_2d {self.value}, {names[0]}, {names[1]} {{fused_activation_function = "NONE", padding = "{padding}", '
            f"stride_h = 1 : i32, stride_w = 1 : i32}} : ({self.type}, {types[0]}, {types[1]}) -> {result}"
        )
        self.type = result
        return self

    def __init__(self, shape, window):
        super().__init__(shape, 0)
        self.type = self.input_type = f"tensor<{'x'.join(map(str, shape))}xf32>"
        columns, padding = window
        self.convolve(columns, (3, 3), padding)
        self.window, self.window_type = self.value, self.type
        self.convolve(512, (1, 1), "SAME").convolve(8, (1, 1), "SAME")

    def text(self):
        body = "\n".join(self.lines)
        return (
            f'func.func @main(%x: {self.input_type} {{tfl.name = "x"}}) -> '
            f'({self.window_type} {{tfl.name = "y"}}, {self.type} {{tfl.name = "z"}}) {{\n'
            f"{body}\n    return {self.window}, {self.value} : {self.window_type}, {self.type}\n}}\n"
        )

    def inputs(self):
        values = RNG.normal(0, 1, self.input_shape).astype(np.float32)
        flat = values.reshape(-1)
        flat[[0, flat.size // 3, flat.size // 2, flat.size - 1]] = np.inf, np.nan, -np.inf, 3e38
        return values

    def equal(self, got, want):
        return np.allclose(got, want, rtol=1e-4, atol=1e-4, equal_nan=True) and np.any(np.isfinite(want))


class PooledFloat(FloatModel):
    """A float window and a pooling of it."""

    def __init__(self, shape, columns, kernel, pool, activation):
        Model.__init__(self, shape, 0)
        self.type = self.input_type = f"tensor<{'x'.join(map(str, shape))}xf32>"
        self.convolve(columns, kernel, "VALID").largest(pool, activation=activation)

    def text(self):
        return Model.text(self)


class SparseFloat(PooledFloat):
    """A float window with weights of which blocks are zero. What is not finite would meet zero weights in some kernels only."""

    def __init__(self, shape, columns, kernel, block, keep):
        Model.__init__(self, shape, 0)
        self.block, self.keep = block, keep
        self.type = self.input_type = f"tensor<{'x'.join(map(str, shape))}xf32>"
        self.convolve(columns, kernel, "VALID")

    def float_weights(self, shape):
        return cut_blocks(super().float_weights(shape), self.block, self.keep)

    def inputs(self):
        return RNG.normal(0, 1, self.input_shape).astype(np.float32)


class Attention(Model):
    """Products of activations: of rows with each other, and of the results with the rows. Columns are packed by the kernel."""

    def __init__(self, shape, is_float):
        super().__init__(shape, -9)
        batch, rows, depth = shape
        self.is_float = is_float
        square = (batch, rows, rows)
        if is_float:
            self.type = self.input_type = f"tensor<{batch}x{rows}x{depth}xf32>"
            scores, result = f"tensor<{batch}x{rows}x{rows}xf32>", self.input_type
        else:
            scores = quantized(square, 2.2 * np.sqrt(depth) / 40, 13)
            result = quantized(shape, 2.2 * np.sqrt(depth * rows) * 1.5 / 40, 4)
        s = self.add(f"tfl.batch_matmul %x, %x {{adj_x = false, adj_y = true}} : ({self.type}, {self.type}) -> {scores}")
        self.value = self.add(
            f"tfl.batch_matmul {s}, %x {{adj_x = false, adj_y = false}} : ({scores}, {self.type}) -> {result}"
        )
        self.type = result

    def inputs(self):
        return RNG.normal(0, 1, self.input_shape).astype(np.float32) if self.is_float else super().inputs()

    def equal(self, got, want):
        return np.allclose(got, want, rtol=1e-4, atol=1e-3) if self.is_float else np.array_equal(got, want)


def convolved(shape, columns, kernel, activation="NONE"):
    """A VALID convolution, in front of a pooling."""
    return Model(shape, -7).convolve(columns, kernel, 1, "VALID", 0.4, 19, activation)


def models(large):
    """All models, with those that microcontrollers have no room for if `large`."""
    for height, width, depth, columns in ((12, 12, 16, 16), (15, 15, 32, 32), (13, 21, 40, 24), (17, 14, 8, 48)):
        for padding in ("SAME", "VALID"):
            yield (
                f"float 3x3 {height}x{width}x{depth} {columns} {padding}",
                FloatModel((1, height, width, depth), (columns, padding)),
            )
    # 3x3 windows of sizes that are multiples of Winograd's tiles and others, of one block of tiles and of several, with
    # all channels at once and in parts. The many channels in front of them need memory that is then free for transformed
    # weights and inputs.
    for height, width, depth, columns, wide in (
        (8, 8, 16, 16, 512),
        (7, 9, 32, 32, 512),
        (2, 2, 8, 8, 512),
        (13, 21, 24, 32, 512),
        (7, 7, 72, 40, 512),
        (14, 14, 128, 32, 2048),
        (7, 7, 256, 32, 2048),
        (12, 12, 256, 48, 2048),
        (11, 9, 128, 48, 2048),
    ):
        for padding in ("SAME", "VALID"):
            if wide > 512 and not large or padding == "VALID" and (min(height, width) < 4 or wide > 512):
                continue
            yield (
                f"3x3 {height}x{width}x{depth} {columns} {padding}",
                Model((1, height, width, 8), -128)
                .convolve(wide, (1, 1), 1, "SAME", 0.4, -128, "RELU")
                .convolve(depth, (1, 1), 1, "SAME", 0.4, -128, "RELU")
                .convolve(columns, (3, 3), 1, padding, 0.4, -128, "RELU"),
            )
    # Poolings of windows and products: what is rescaled before them or behind them, by tables that fall and grow, together
    # with a residual; sizes with rests, and windows that overlap or reach into the padding.
    for height, width, depth, columns, kernel, pool in (
        (12, 12, 1, 12, (3, 3), (2, 2)),
        (11, 13, 3, 16, (3, 3), (2, 2)),
        (9, 12, 8, 33, (1, 1), (2, 2)),
        (14, 9, 5, 7, (5, 5), (3, 3)),
        (8, 10, 16, 40, (1, 1), (1, 2)),
        (8, 10, 16, 24, (2, 3), (2, 1)),
        (12, 4, 4, 64, (1, 1), (4, 1)),
        (16, 16, 2, 8, (3, 3), (4, 4)),
    ):
        window = functools.partial(convolved, (1, height, width, depth), columns, kernel)
        name = f"{pool} of {kernel} {height}x{width}x{depth} {columns}"
        yield f"largest {name}", window().largest(pool)
        yield f"largest {name} RELU", window("RELU").largest(pool, activation="RELU6" if columns == 16 else "NONE")
        yield f"largest {name} swish", window().swish().largest(pool)
        if pool[0] == pool[1]:
            yield f"average {name}", window("RELU").average(pool, pool[0], "VALID")
            yield f"overlapping {name}", window("RELU").largest(pool, pool[0] - 1)
            yield f"padded {name}", window("RELU").largest(pool, pool[0], "SAME")
        yield (
            f"float largest {name}",
            PooledFloat((1, height, width, depth), columns, kernel, pool, "RELU" if columns > 16 else "NONE"),
        )
    yield (
        "largest of a residual",
        Model((1, 8, 8, 16), 11).convolve(16, (1, 1), 1, "SAME", 0.4, -3).add_input(0.03).largest((2, 2)),
    )
    for batch, rows, depth in ((4, 16, 32), (3, 21, 30), (5, 9, 17), (6, 33, 3), (2, 40, 48)):
        for is_float in (False, True):
            yield (
                f"attention {batch}x{rows}x{depth} {'float' if is_float else 'int8'}",
                Attention((batch, rows, depth), is_float),
            )
    # What tile registers hold, with rests of rows, columns and the reduction, in lines with and without something
    # between them.
    for height, width, depth, columns, kernel, stride in (
        (12, 12, 64, 64, (1, 1), 1),
        (7, 7, 100, 40, (1, 1), 1),
        (5, 9, 130, 16, (1, 1), 1),
        (9, 23, 72, 24, (1, 1), 2),
        (3, 70, 48, 130, (1, 1), 1),
        (8, 8, 32, 64, (3, 3), 1),
        (13, 21, 24, 40, (3, 3), 1),
        (15, 15, 40, 48, (3, 3), 2),
        (11, 37, 12, 33, (5, 5), 1),
        (6, 50, 27, 80, (2, 3), 1),
        (4, 4, 512, 256, (1, 1), 1),
    ):
        for padding in ("SAME", "VALID"):
            if kernel == (1, 1) and padding == "VALID":
                continue
            yield (
                f"{kernel} by {stride} {height}x{width}x{depth} {columns} {padding}",
                Model((1, height, width, 8), -128)
                .convolve(512, (1, 1), 1, "SAME", 0.4, -128, "RELU")
                .convolve(depth, (1, 1), 1, "SAME", 0.4, -7)
                .convolve(columns, kernel, stride, padding, 0.4, 12),
            )
    # The pixels of a window's padded input are results of a matrix product.
    yield (
        "padded for a window",
        Model((1, 14, 10, 8), -128)
        .convolve(512, (1, 1), 1, "SAME", 0.4, -128, "RELU")
        .convolve(64, (1, 1), 1, "SAME", 0.4, -7)
        .convolve(96, (1, 1), 1, "SAME", 0.4, -128, "RELU")
        .depthwise((3, 3), 1, "SAME", 0.4, 19),
    )
    yield (
        "residual of a matrix product",
        Model((1, 14, 10, 64), -3)
        .convolve(512, (1, 1), 1, "SAME", 0.4, -128, "RELU")
        .convolve(64, (1, 1), 1, "SAME", 0.4, 5)
        .add_input(0.04),
    )
    for rows in 16, 37:
        yield (f"connected {rows}", Model((rows, 24), 1).connect(512, 0.4, 3).connect(300, 0.4, -9).connect(70, 0.4, 8))
    # Sparse weights: single ones, and blocks along columns, along channels and both, with rests of columns.
    for block, keep in (((1, 1), 0.1), ((16, 1), 0.2), ((1, 4), 0.2), ((16, 4), 0.3), ((8, 1), 0.05), ((16, 16), 0.3)):
        for height, width, depth, columns, kernel in ((1, 1, 96, 50, (1, 1)), (6, 7, 40, 72, (1, 1)), (7, 5, 16, 33, (3, 3))):
            name = f"{block} of {kernel} {height}x{width}x{depth} {columns}"
            yield (
                f"sparse {name}",
                SparseWeights((1, height, width, depth), block, keep).convolve(columns, kernel, 1, "SAME", 0.2, 9),
            )
            yield f"float sparse {name}", SparseFloat((1, height, width, depth), columns, kernel, block, keep)
    # Windows that share their bias, of sizes with tiles that overlap.
    yield "shared bias", SharedBias((1, 15, 15, 32), 0)
    # Few rows with many results each.
    for columns in (4096, 12288):
        yield f"{columns} columns", Model((1, 4, 4, 1), 3).convolve(columns, (1, 1), 1, "SAME", 0.4, 4)
    # Bytes in pairs, with groups whose pairs do not fit 16 bits in some tiles, in all and in none.
    for depth, columns, large in ((4, 8, 0), (9, 20, 0), (64, 64, 1), (203, 130, 3), (128, 70, 9), (640, 300, 40)):
        yield f"row of {depth}, {columns} columns, {large} large", SmallWeights(depth, columns, large)
    # Long rows with columns that do not fill a vector.
    for depth, columns in ((2028, 10), (131, 3), (257, 12), (80, 9)):
        yield f"row of {depth}, {columns} columns", Model((1, 1, 1, depth), -3).convolve(columns, (1, 1), 1, "SAME", 0.4, 4)
    # Runs that are no multiple of a group, read from the caller's memory.
    for depth in (1, 2, 3, 5, 7, 9, 17):
        for kernel in ((1, 1), (2, 3)):
            yield f"{kernel} of {depth}", Model((1, 5, 6, depth), 3).convolve(9, kernel, 1, "VALID", 0.4, 4)
    # Pairs of taps: windows with and without a last line or tap of its own, vectors of channels of all sizes.
    for depth in (8, 12, 16, 24, 40, 64):
        for kernel, stride in (((3, 3), 1), ((3, 3), 2), ((5, 5), 1), ((2, 3), 1), ((1, 3), 2), ((3, 1), 1), ((4, 2), 2)):
            yield (
                f"depthwise {kernel} by {stride} of {depth}",
                Model((1, 9, 11, depth), 7).depthwise(
                    kernel, stride, "SAME" if depth % 3 else "VALID", 0.4, -11, "RELU" if depth == 24 else "NONE"
                ),
            )
    # Weights that are all the same.
    for depth in (8, 20):
        yield f"depthwise of {depth}, one weight", OneWeight((1, 9, 11, depth), 7).depthwise((3, 3), 1, "SAME", 0.4, -11)
    # Channels of neighbouring pixels that fill a vector together.
    for depth in (2, 4, 8, 16):
        for kernel, stride, activation in (((3, 3), 1, "RELU6"), ((5, 5), 1, "NONE"), ((3, 3), 2, "RELU")):
            yield (
                f"depthwise {kernel} by {stride} of {depth}, neighbours",
                Model((1, 8, 16, depth), 7).depthwise(kernel, stride, "SAME", 0.4, -11, activation),
            )
    # Sums of bytes, of few channels and many, without a rest and with rests of all kinds.
    for height, width, depth in (
        (56, 56, 16),
        (7, 7, 576),
        (13, 11, 40),
        (31, 1, 9),
        (20, 21, 144),
        (17, 19, 8),
        (3, 100, 300),
        (5, 5, 67),
    ):
        for axes in (1, 2), (1,), (2,):
            yield f"mean over {axes} of {height}x{width}x{depth}", Sum((1, height, width, depth), 7).mean(axes, 0.019)
    for depth in (4, 8, 24, 96, 130):
        for kernel, stride, padding in (
            ((3, 3), 1, "SAME"),
            ((2, 2), 2, "VALID"),
            ((7, 7), 1, "VALID"),
            ((12, 16), 1, "VALID"),
        ):
            yield f"average of {kernel} by {stride} of {depth}", Sum((1, 12, 16, depth), 7).average(kernel, stride, padding)
    yield "neighbours swish", Model((1, 6, 8, 8), -7).depthwise((3, 3), 1, "SAME", 0.4, 19).swish()
    yield "neighbours residual", Model((1, 6, 8, 8), -7).depthwise((3, 3), 1, "SAME", 0.4, 19).add_input(0.05)
    yield "depthwise swish", Model((1, 9, 9, 48), -7).depthwise((3, 3), 1, "SAME", 0.4, 19).swish()
    yield "depthwise residual", Model((1, 9, 9, 48), -7).depthwise((3, 3), 1, "SAME", 0.4, 19).add_input(0.05)
    yield "swish", Model((1, 9, 9, 16), -7).convolve(32, (1, 1), 1, "SAME", 0.4, 19).swish()
    yield "strided swish", Model((1, 9, 9, 3), -7).convolve(20, (3, 3), 2, "SAME", 0.4, -20).swish()
    # Gates of channels, for numbers of pixels and channels with and without rests; results of one sign and of both, and a
    # scale whose results leave 16 bits.
    for height, width, depth in ((7, 7, 64), (8, 8, 48), (5, 5, 100), (3, 11, 17), (1, 1, 40), (2, 2, 8)):
        for zero in (-7, -128, 127):
            yield (
                f"gate {height}x{width}x{depth} from {zero}",
                Model((1, height, width, 5), 2)
                .convolve(depth, (1, 1), 1, "SAME", 0.4, zero)
                .gate(0.03 + depth / 7000, -30, depth < 30),
            )
    for scale in (0.0004, 0.15):
        yield f"gate to {scale}", Model((1, 6, 6, 5), 2).convolve(33, (1, 1), 1, "SAME", 0.4, 3).gate(scale, 9)
    for scale in (0.03, 0.0271, 0.05, 0.1):
        yield f"residual {scale}", Model((1, 8, 8, 16), 11).convolve(16, (1, 1), 1, "SAME", 0.4, -3).add_input(scale)
    for size in 7, 8:
        yield (
            f"residual of a window, {size}",
            Model((1, size, size, 32), 11)
            .convolve(512, (1, 1), 1, "SAME", 0.4, -128)
            .convolve(32, (1, 1), 1, "SAME", 0.4, -9)
            .convolve(32, (3, 3), 1, "SAME", 0.4, -3)
            .add_input(0.04),
        )


def run(model, inputs, *args):
    result = subprocess.run(
        ["tflc", "run", model, f"--inputs={inputs}", "--outputs=y.npz", *args], capture_output=True, text=True
    )
    if result.returncode:
        sys.exit(f"tflc run {' '.join(args)}: {result.stderr}")
    return np.load("y.npz")["y"]


def target_options(target):
    name, *features = target.split("+")
    return [f"--target={name}"] + ["--features=" + ",".join(f"+{feature}" for feature in features)] * bool(features)


def main():
    variants = [["-O2", *target_options(target)] for target in sys.argv[1:]] or HOST
    count = differences = 0
    for name, model in models(large=not sys.argv[1:]):
        with open("model.mlir", "w") as file:
            file.write(model.text())
        subprocess.run(["tflc-translate", "--export-tflite", "model.mlir", "-o", "model.tflite"], check=True)
        np.savez("x.npz", x=model.inputs())
        want = run("model.tflite", "x.npz", "-O0")
        spread = len(np.unique(want))
        if want.size > 200 and spread < 20:
            print(f"{name}: only {spread} different results, which shows nothing; differ")
        for variant in variants:
            got = run("model.tflite", "x.npz", *variant)
            count += 1
            if not model.equal(got, want):
                differences += 1
                print(f"{name} {' '.join(variant)}: {np.sum(got != want)} of {want.size} differ")
    if not differences:
        print(count, "all equal")


main()
