"""Models in float32, and products of activations in float32 and int8."""

import numpy as np

from schedule_models.integers import cut_blocks
from schedule_models.model import RNG, Model, quantized


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
