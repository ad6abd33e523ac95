"""Operators that work element by element, with broadcasts."""

from random_graphs.values import Value, Values, broadcast, element_of


class Elementwise(Values):
    def unary(self):
        op, bound = self.rng.choice(
            [
                ("abs", 0),
                ("neg", 0),
                ("tanh", 1),
                ("logistic", 1),
                ("relu", 0),
                ("relu6", 6),
                ("relu_n1_to_1", 1),
                ("hard_swish", 0),
                ("elu", 0),
                ("sin", 1),
                ("cos", 1),
                ("exp", 3000),
                ("square", -1),
                ("gelu", 0),
                ("leaky_relu", 0),
            ]
        )
        bound = int(bound)
        value = self.pick("float32", bound=8 if op == "exp" else 1e3 if op in ("square", "sin", "cos") else 1e6)
        attributes = {"gelu": {"approximate": bool(self.rng.random() < 0.5)}, "leaky_relu": {"alpha": 0.25}}.get(str(op), {})
        if value:
            self.emit(
                op, [value], attributes, value.shape, "float32", bound=bound or value.bound if bound >= 0 else value.bound**2
            )

    def jumping(self):
        value = self.pick("float32", exact=True)
        if value:
            self.emit(
                str(self.rng.choice(["floor", "ceil", "round", "sign"])),
                [value],
                {},
                value.shape,
                "float32",
                exact=True,
                bound=value.bound + 1,
            )

    def quantized_unary(self):
        op = str(self.rng.choice(["logistic", "tanh", "softmax", "relu", "hard_swish", "leaky_relu", "abs"]))
        value = self.pick("int8", rank=(1, 2, 3, 4))
        if not value:
            return
        scale = {"logistic": (1 / 256, -128), "softmax": (1 / 256, -128), "tanh": (1 / 128, 0)}.get(op) or self.scale()
        attributes = {"softmax": {"beta": 1.0}, "leaky_relu": {"alpha": 0.25}}.get(op, {})
        self.emit(op, [value], attributes, value.shape, "int8", value.scale if op in ("relu", "abs") else scale)

    def partner(self, value):
        """A second operand that broadcasts against the first one."""
        fitting = [v for v in self.values if v.kind == value.kind and broadcast(v.shape, value.shape) and v.bound <= 1e3]
        if fitting and self.rng.random() < 0.6:
            return fitting[int(self.rng.integers(len(fitting)))]
        shape = tuple(n if self.rng.random() < 0.6 else 1 for n in value.shape)[int(self.rng.integers(len(value.shape) + 1)) :]
        scale = self.scale() if value.kind == "int8" else None
        partner = Value("", shape, value.kind, scale, True, 4.0)
        array = self.data(partner)
        name, _ = self.constant(array, element_of(partner))
        return partner._replace(name=name)

    def binary(self):
        value = self.pick("float32", "int8", "int32", bound=1e3)
        if not value:
            return
        other = self.partner(value)
        shape = broadcast(value.shape, other.shape)
        op = str(self.rng.choice(["add", "sub", "mul", "maximum", "minimum", "squared_difference"]))
        if value.kind == "int8" and op in ("maximum", "minimum") and other.scale != value.scale:
            op = "add"
        attributes = (
            {"fused_activation_function": str(self.rng.choice(["NONE", "RELU", "RELU6"]))}
            if op in ("add", "sub", "mul")
            else {}
        )
        if value.kind == "int32" and attributes:
            attributes = {"fused_activation_function": "NONE"}
        if self.rng.random() < 0.5 and op != "sub":
            value, other = other, value
        scale = value.scale if op in ("maximum", "minimum") else self.scale()
        moved = op in ("maximum", "minimum") and value.exact and other.exact
        bound = (
            max(value.bound, other.bound) * 2
            if op in ("add", "sub")
            else value.bound * other.bound + (value.bound + other.bound) ** 2
        )
        self.emit(
            op,
            [value, other],
            attributes,
            shape,
            value.kind,
            scale if value.kind == "int8" else None,
            moved,
            max(value.bound, other.bound) if op in ("maximum", "minimum") else bound,
        )

    def compare_and_select(self):
        value = self.pick("float32", "int8", "int32", exact=True)
        if not value:
            return
        op = str(self.rng.choice(["less", "greater_equal", "equal", "not_equal", "greater", "less_equal"]))
        other = self.partner(value)
        if not other.exact:
            return
        mask = self.emit(op, [value, other], {}, broadcast(value.shape, other.shape), "bool")
        if self.rng.random() < 0.3:
            mask = self.emit("logical_not", [mask], {}, mask.shape, "bool")
        left = self.pick("float32", "int32", bound=1e5)
        right = self.partner(left) if left and left.kind != "int8" else None
        shape = broadcast(broadcast(left.shape, right.shape), mask.shape) if right else None
        if shape:
            self.emit(
                "select_v2",
                [mask, left, right],
                {},
                shape,
                left.kind,
                None,
                left.exact and right.exact,
                max(left.bound, right.bound),
            )

    def cast(self):
        value = self.pick("float32", "int32", "bool", exact=True)
        if value and value.kind == "float32":
            self.emit("cast", [value], {"in_data_type": "FLOAT32", "out_data_type": "INT32"}, value.shape, "int32")
        elif value and value.bound <= 1e4:
            names = {"int32": "INT32", "bool": "BOOL"}
            self.emit(
                "cast",
                [value],
                {"in_data_type": names[value.kind], "out_data_type": "FLOAT32"},
                value.shape,
                "float32",
                exact=True,
                bound=1e4,
            )

    def requantize(self):
        value = self.pick("float32", "int8", exact=True)
        if not value:
            return
        if value.kind == "int8" and self.rng.random() < 0.5:
            self.emit("dequantize", [value], {}, value.shape, "float32", exact=True, bound=20.0)
        else:
            self.emit("quantize", [value], {}, value.shape, "int8", self.scale())
