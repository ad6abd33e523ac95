"""tflc.inspect: what is in a model."""

from __future__ import annotations

import collections
import dataclasses
import json
import os

from . import compilation
from .errors import ModelError, read_findings


@dataclasses.dataclass(frozen=True)
class Tensor:
    """A tensor of a model. `shape` has -1 for an open dimension. With `scales`, a stored value s stands for
    scale * (s - zero_point); several belong to the indices of `dimension`."""

    name: str
    type: str
    shape: tuple[int, ...]
    constant: bool = False
    scales: tuple[float, ...] = ()
    zero_points: tuple[int, ...] = ()
    dimension: int = 0


@dataclasses.dataclass(frozen=True)
class Operator:
    """An operator; `inputs` and `outputs` are places in its subgraph's tensors, -1 for one that is left out."""

    name: str
    index: int
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    options: dict[str, str]
    macs: int


@dataclasses.dataclass(frozen=True)
class Subgraph:
    name: str
    tensors: list[Tensor]
    operators: list[Operator]


@dataclasses.dataclass(frozen=True)
class Signature:
    key: str
    inputs: list[Tensor]
    outputs: list[Tensor]


@dataclasses.dataclass(frozen=True)
class Inspection:
    """A model as its file says it."""

    name: str
    bytes: int
    description: str
    signatures: list[Signature]
    subgraphs: list[Subgraph]

    @property
    def macs(self) -> int:
        """Multiply-accumulates of one invocation; unknown dimensions count as one."""
        return sum(op.macs for graph in self.subgraphs for op in graph.operators)

    @property
    def operator_counts(self) -> dict[str, int]:
        """How often each operator occurs, the most frequent first."""
        counts = collections.Counter(op.name for graph in self.subgraphs for op in graph.operators)
        return dict(counts.most_common())


def _tensor(entry: dict) -> Tensor:
    quantization = entry.get("quantization", {})
    return Tensor(
        name=entry["name"],
        type=entry["type"],
        shape=tuple(entry["shape"]),
        constant=entry.get("constant", False),
        scales=tuple(quantization.get("scales", ())),
        zero_points=tuple(quantization.get("zero_points", ())),
        dimension=quantization.get("dimension", 0),
    )


def _operator(entry: dict) -> Operator:
    return Operator(
        name=entry["op"],
        index=entry["index"],
        inputs=tuple(entry["inputs"]),
        outputs=tuple(entry["outputs"]),
        options=entry["options"],
        macs=entry["macs"],
    )


def inspect(model: str | os.PathLike | bytes) -> Inspection:
    """What is in a model, whether it can be compiled or not. Raises ModelError with findings."""
    contents, path = compilation.read_model(model)
    text, findings = compilation.compiler().inspect(contents, path)
    if text is None:
        raise ModelError(f"{path} is not a sound TensorFlow Lite model", read_findings(findings))
    entry = json.loads(text)
    return Inspection(
        name=entry["name"],
        bytes=entry["bytes"],
        description=entry["description"],
        signatures=[
            Signature(s["key"], [_tensor(t) for t in s["inputs"]], [_tensor(t) for t in s["outputs"]])
            for s in entry["signatures"]
        ],
        subgraphs=[
            Subgraph(g["name"], [_tensor(t) for t in g["tensors"]], [_operator(o) for o in g["operators"]])
            for g in entry["subgraphs"]
        ],
    )
