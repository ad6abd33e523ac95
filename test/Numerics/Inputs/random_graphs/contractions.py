"""Reductions, windows and contractions."""

import numpy as np

from random_graphs.values import Values, broadcast


class Contractions(Values):
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
