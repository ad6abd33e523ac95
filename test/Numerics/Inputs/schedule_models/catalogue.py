"""The models, by what their kernels have in common."""

import functools

from schedule_models.floats import Attention, FloatModel, PooledFloat, SparseFloat
from schedule_models.integers import OneWeight, SharedBias, SmallWeights, SparseWeights, Sum, UnsignedBytes
from schedule_models.model import Model


def convolved(shape, columns, kernel, activation="NONE"):
    """A VALID convolution, in front of a pooling."""
    return Model(shape, -7).convolve(columns, kernel, 1, "VALID", 0.4, 19, activation)


def windows(large):
    """Windows of 3x3 that Winograd's products compute, in float32 and int8."""
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


def pooled():
    """Poolings of windows and products."""
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


def attention():
    """Products of activations."""
    for batch, rows, depth in ((4, 16, 32), (3, 21, 30), (5, 9, 17), (6, 33, 3), (2, 40, 48)):
        for is_float in (False, True):
            yield (
                f"attention {batch}x{rows}x{depth} {'float' if is_float else 'int8'}",
                Attention((batch, rows, depth), is_float),
            )


def products():
    """Products and windows in tile registers, and what reads and follows them."""
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


def sparse():
    """Weights of which most are zero."""
    # Sparse weights: single ones, and blocks along columns, along channels and both, with rests of columns.
    for block, keep in (((1, 1), 0.1), ((16, 1), 0.2), ((1, 4), 0.2), ((16, 4), 0.3), ((8, 1), 0.05), ((16, 16), 0.3)):
        for height, width, depth, columns, kernel in ((1, 1, 96, 50, (1, 1)), (6, 7, 40, 72, (1, 1)), (7, 5, 16, 33, (3, 3))):
            name = f"{block} of {kernel} {height}x{width}x{depth} {columns}"
            yield (
                f"sparse {name}",
                SparseWeights((1, height, width, depth), block, keep).convolve(columns, kernel, 1, "SAME", 0.2, 9),
            )
            yield f"float sparse {name}", SparseFloat((1, height, width, depth), columns, kernel, block, keep)


def few_rows():
    """Products of few rows, long rows, and rows of odd length."""
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


def depthwise():
    """Depthwise windows of all sizes, with few channels and many."""
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


def grouped():
    """Groups of channels with weights of their own, and single columns."""
    for groups, depth, columns, kernel, stride in (
        (2, 16, 24, (3, 3), 1),
        (8, 64, 64, (3, 3), 2),
        (4, 12, 20, (1, 1), 1),
        (3, 9, 6, (2, 3), 1),
        (4, 132, 140, (1, 1), 1),
    ):
        yield (
            f"{groups} groups, {kernel} by {stride} {depth} {columns}",
            Model((1, 7, 9, depth), -7).convolve(columns, kernel, stride, "SAME", 0.4, 19, groups=groups),
        )
    for depth, kernel in ((32, (3, 3)), (70, (1, 1)), (7, (3, 3)), (16, (1, 1)), (300, (1, 1))):
        yield (
            f"one column, {kernel} {depth}",
            Model((1, 7, 9, depth), -7).convolve(1, kernel, 1, "SAME", 0.4, 19),
        )


def unsigned():
    """Unsigned bytes, with weights whose zero point is in the middle of their range and elsewhere."""
    for zero in (0, 128, 204):
        for height, width, depth, columns, kernel, stride in (
            (9, 11, 3, 16, (3, 3), 2),
            (7, 5, 24, 33, (1, 1), 1),
            (5, 6, 17, 9, (2, 3), 1),
            (1, 1, 130, 20, (1, 1), 1),
        ):
            yield (
                f"unsigned {kernel} by {stride} {height}x{width}x{depth} {columns} from {zero}",
                UnsignedBytes((1, height, width, depth), zero).convolve(columns, kernel, stride, "SAME", 0.8, 131),
            )
        for depth, kernel, stride in ((16, (3, 3), 1), (40, (3, 3), 2), (8, (5, 5), 1), (5, (3, 3), 1), (64, (7, 7), 2)):
            yield (
                f"unsigned depthwise {kernel} by {stride} of {depth} from {zero}",
                UnsignedBytes((1, 9, 12, depth), zero).depthwise(kernel, stride, "SAME", 0.8, 131),
            )


def sums():
    """Means and averages."""
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


def epilogues():
    """What is fused behind a kernel: activations by tables, gates, residuals."""
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


def models(large):
    """All models as pairs of name and model, with those that microcontrollers have no room for if `large`."""
    yield from windows(large)
    yield from pooled()
    yield from attention()
    yield from products()
    yield from sparse()
    yield from few_rows()
    yield from depthwise()
    yield from sums()
    yield from epilogues()
    yield from grouped()
    yield from unsigned()
