"""A whole graph: operators of all kinds, and the function around them."""

from random_graphs.contractions import Contractions
from random_graphs.elementwise import Elementwise
from random_graphs.moves import Moves
from random_graphs.values import type_of


class Graph(Elementwise, Moves, Contractions):
    def build(self):
        makers = [
            self.unary,
            self.binary,
            self.binary,
            self.move,
            self.move,
            self.move,
            self.reduction,
            self.window,
            self.window,
            self.product,
            self.compare_and_select,
            self.cast,
            self.requantize,
            self.quantized_unary,
            self.jumping,
        ]
        wanted = int(self.rng.integers(2, 13))
        for _ in range(10 * wanted):
            if sum(self.operators.values()) < wanted:
                makers[int(self.rng.integers(len(makers)))]()
        used = {name.split("#")[0] for line in self.lines for name in line.replace(",", " ").replace(":", " ").split()[2:]}
        outputs = [v for v in self.values if v not in self.inputs and v.name.split("#")[0] not in used] or self.values[-1:]
        arguments = ", ".join(f'{v.name}: {type_of(v)} {{tfl.name = "x{i}"}}' for i, v in enumerate(self.inputs))
        results = ", ".join(f'{type_of(v)} {{tfl.name = "y{i}"}}' for i, v in enumerate(outputs))
        body = "\n".join("    " + line for line in self.lines)
        names = ", ".join(v.name for v in outputs)
        types = ", ".join(type_of(v) for v in outputs)
        return f"module {{\n  func.func @main({arguments}) -> ({results}) {{\n{body}\n    return {names} : {types}\n  }}\n}}\n"
