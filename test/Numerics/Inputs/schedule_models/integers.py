"""Models of bytes whose weights, inputs or operands are of a special kind."""

import numpy as np

from schedule_models.model import RNG, Model, quantized


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


class UnsignedBytes(Model):
    """Activations and weights are unsigned bytes; all weights have the zero point `zero`."""

    def __init__(self, shape, zero):
        super().__init__(shape, 0)
        self.zero = zero
        self.type = self.input_type = self.result_type(0.02, 121)

    def result_type(self, scale, zero_point):
        return quantized(self.shape, scale, zero_point).replace("<i8", "<u8")

    def weight_types(self, shape, channel, scales):
        return (
            f"tensor<{shape}x!quant.uniform<u8:f32, {scales[0]}:{self.zero}>>",
            f"tensor<{len(scales)}x!quant.uniform<i32:f32, {scales[0] * 0.02:.12f}>>",
        )

    def weights(self, shape):
        return RNG.integers(0, 256, shape).astype(np.uint8)

    def scales(self, columns):
        return np.full(columns, 0.004)

    def inputs(self):
        return RNG.integers(0, 256, self.input_shape).astype(np.uint8)


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
