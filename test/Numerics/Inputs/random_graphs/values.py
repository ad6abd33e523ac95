"""The values of a graph, and what makes and picks them."""

import collections

import numpy as np

ELEMENTS = {"float32": "f32", "int32": "i32", "bool": "i1"}
Value = collections.namedtuple("Value", "name shape kind scale exact bound")  # bound: of the magnitude of a float


def element_of(value):
    return ELEMENTS.get(value.kind) or f"!quant.uniform<i8:f32, {value.scale[0]!r}:{value.scale[1]}>"


def type_of(value):
    return f"tensor<{''.join(f'{n}x' for n in value.shape)}{element_of(value)}>"


def broadcast(one, two):
    """The shape that two shapes broadcast to, or None."""
    try:
        return tuple(int(n) for n in np.broadcast_shapes(one, two))
    except ValueError:
        return None


class Values:
    """Constants, operators and results of a graph that grows; the kinds of operators are its subclasses'."""

    def __init__(self, rng):
        self.rng, self.lines, self.values, self.count = rng, [], [], 0
        self.operators = collections.Counter()
        self.inputs = [self.make_input() for _ in range(int(rng.integers(1, 4)))]
        self.values += self.inputs

    # Values

    def name(self):
        self.count += 1
        return f"%v{self.count}"

    def shape(self, rank=None):
        rank = int(self.rng.choice([1, 2, 3, 4, 4])) if rank is None else rank
        return tuple(int(self.rng.choice([1, 2, 3, 4, 5, 8, 9, 16, 17])) for _ in range(rank))

    def make_input(self):
        kind = str(self.rng.choice(["float32", "float32", "int8", "int8", "int32"]))
        return Value(self.name(), self.shape(), kind, self.scale() if kind == "int8" else None, True, 4.0)

    def scale(self):
        return float(np.float32(self.rng.uniform(0.01, 0.1))), int(self.rng.integers(-20, 20))

    def pick(self, *kinds, rank=None, exact=False, bound=1e6):
        fitting = [
            v
            for v in self.values
            if v.kind in kinds
            and (rank is None or len(v.shape) in rank)
            and 0 < np.prod(v.shape) <= 20000
            and (v.exact or not exact)
            and (v.kind != "float32" or v.bound <= bound)
        ]
        return fitting[int(self.rng.integers(len(fitting)))] if fitting else None

    def constant(self, array, quantized=None):
        stored = {"int8": "i8", "int32": "i32", "float32": "f32", "bool": "i1"}[str(array.dtype)]
        dims = "".join(f"{n}x" for n in array.shape)
        name, target = self.name(), f"tensor<{dims}{quantized or stored}>"
        text = f'dense<"0x{array.tobytes().hex().upper()}">' if array.size else "dense<>"
        self.lines.append(f"{name} = tfl.const {text} : tensor<{dims}{stored}> -> {target}")
        return name, target

    def emit(self, op, operands, attributes, shape, kind, scale=None, exact=False, bound=4.0):
        """Adds an operator; operands are values, or names with types."""
        pairs = [(v.name, type_of(v)) if isinstance(v, Value) else v for v in operands]
        result = Value(self.name(), tuple(int(n) for n in shape), kind, scale, exact or kind != "float32", bound)

        def text(value):
            if isinstance(value, bool):
                return str(value).lower()
            if isinstance(value, str):
                return f'"{value}"'
            return f"{value:e} : f32" if isinstance(value, float) else f"{value} : i32"

        options = ", ".join(f"{k} = {text(v)}" for k, v in attributes.items())
        self.lines.append(
            f"{result.name} = tfl.{op} {', '.join(n for n, _ in pairs)} {{{options}}} : ({', '.join(t for _, t in pairs)}) -> "
            f"{type_of(result)}"
        )
        self.operators[op] += 1
        self.values.append(result)
        return result

    def like(self, op, value, attributes=None, extra=(), shape=None, bound=None):
        """An operator that only moves elements of a value."""
        self.emit(
            op,
            [value, *extra],
            attributes or {},
            value.shape if shape is None else shape,
            value.kind,
            value.scale,
            value.exact,
            value.bound if bound is None else bound,
        )

    def ints(self, values):
        return self.constant(np.array(values, np.int32))

    def data(self, value):
        if value.kind == "float32":
            return np.clip(self.rng.normal(0, 1, value.shape), -4, 4).astype(np.float32)
        low, high = (-128, 128) if value.kind == "int8" else (-9, 10)
        return self.rng.integers(low, high, value.shape).astype(value.kind)
