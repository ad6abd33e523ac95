"""Operators that move elements and leave them as they are."""

import numpy as np

from random_graphs.values import Values, type_of


class Moves(Values):
    def move(self):
        value = self.pick("float32", "int8", "int32", "bool", rank=(1, 2, 3, 4))
        if not value:
            return
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
        getattr(self, op)(value)

    def reshape(self, value):
        size = int(np.prod(value.shape))
        first = int(self.rng.choice([n for n in range(1, size + 1) if size % n == 0]))
        self.like("reshape", value, {}, [self.ints([first, size // first])], (first, size // first))

    def transpose(self, value):
        order = [int(n) for n in self.rng.permutation(len(value.shape))]
        self.like("transpose", value, {}, [self.ints(order)], [value.shape[n] for n in order])

    def part(self, value):
        """Begin and size of a part that is not empty."""
        begin = [int(self.rng.integers(n)) for n in value.shape]
        return begin, [int(self.rng.integers(1, n - b + 1)) for n, b in zip(value.shape, begin)]

    def slice(self, value):
        begin, size = self.part(value)
        self.like("slice", value, {}, [self.ints(begin), self.ints(size)], size)

    def strided_slice(self, value):
        begin, size = self.part(value)
        strides = [int(self.rng.choice([1, 1, 2, 3])) for _ in size]
        masks = {name: 0 for name in ("begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask")}
        ends = [b + s for b, s in zip(begin, size)]
        self.like(
            "strided_slice",
            value,
            masks | {"offset": False},
            [self.ints(begin), self.ints(ends), self.ints(strides)],
            [-(-s // t) for s, t in zip(size, strides)],
        )

    def pad(self, value):
        if value.kind == "bool":
            return
        pads = [[int(self.rng.integers(3)), int(self.rng.integers(3))] for _ in value.shape]
        self.like("pad", value, {}, [self.ints(pads)], [n + sum(p) for n, p in zip(value.shape, pads)])

    def mirror_pad(self, value):
        if value.kind not in ("float32", "int8") or min(value.shape) <= 2:
            return
        pads = [[int(self.rng.integers(2)), int(self.rng.integers(2))] for _ in value.shape]
        self.like(
            "mirror_pad",
            value,
            {"mode": str(self.rng.choice(["REFLECT", "SYMMETRIC"]))},
            [self.ints(pads)],
            [n + sum(p) for n, p in zip(value.shape, pads)],
        )

    def tile(self, value):
        times = [int(self.rng.integers(1, 3)) for _ in value.shape]
        self.like("tile", value, {}, [self.ints(times)], [n * t for n, t in zip(value.shape, times)])

    def gather(self, value):
        axis = int(self.rng.integers(len(value.shape)))
        picks = self.rng.integers(value.shape[axis], size=int(self.rng.integers(1, 6)))
        self.like(
            "gather",
            value,
            {"axis": axis, "batch_dims": 0},
            [self.ints(picks)],
            (*value.shape[:axis], len(picks), *value.shape[axis + 1 :]),
        )

    def reverse_v2(self, value):
        self.like("reverse_v2", value, {}, [self.ints([int(self.rng.integers(len(value.shape)))])])

    def expand_dims(self, value):
        if len(value.shape) == 4:
            return
        axis = int(self.rng.integers(len(value.shape) + 1))
        self.like("expand_dims", value, {}, [self.ints(axis)], (*value.shape[:axis], 1, *value.shape[axis:]))

    def parts(self, value):
        """Two or three values that may stand beside each other, and the axis."""
        others = [v for v in self.values if (v.shape, v.kind, v.scale) == (value.shape, value.kind, value.scale)]
        parts = [others[int(self.rng.integers(len(others)))] for _ in range(int(self.rng.integers(2, 4)))]
        return parts, int(self.rng.integers(len(value.shape)))

    def joined(self, op, parts, options, shape):
        first = parts[0]
        exact, bound = all(p.exact for p in parts), max(p.bound for p in parts)
        self.emit(op, parts, options, shape, first.kind, first.scale, exact, bound)

    def concatenation(self, value):
        parts, axis = self.parts(value)
        shape = [n * len(parts) if i == axis else n for i, n in enumerate(value.shape)]
        self.joined("concatenation", parts, {"axis": axis, "fused_activation_function": "NONE"}, shape)

    def pack(self, value):
        if len(value.shape) == 4:
            return
        parts, axis = self.parts(value)
        shape = (*value.shape[:axis], len(parts), *value.shape[axis:])
        self.joined("pack", parts, {"axis": axis, "values_count": len(parts)}, shape)

    def split(self, value):
        axes = [n for n in range(len(value.shape)) if value.shape[n] % 2 == 0]
        if not axes:
            return
        axis = axes[int(self.rng.integers(len(axes)))]
        half = value._replace(name=self.name(), shape=tuple(n // 2 if i == axis else n for i, n in enumerate(value.shape)))
        number, number_type = self.ints(axis)
        self.lines.append(
            f"{half.name}:2 = tfl.split {number}, {value.name} {{num_splits = 2 : i32}} : ({number_type}, {type_of(value)}) -> "
            f"({type_of(half)}, {type_of(half)})"
        )
        self.operators["split"] += 1
        self.values += [half._replace(name=f"{half.name}#{i}") for i in range(2)]
