"""Quantizing models, and judging what has become of them."""

from __future__ import annotations

import dataclasses
import json
import os
import warnings
from collections.abc import Iterable, Sequence

from . import compilation
from .errors import CompileError, ConverterError, FindingsError, read_findings
from .samples import Dataset, iterate, iterate_labelled, show_progress

MODES = ("float16", "dynamic-range", "int8", "int16x8")
"""Half-precision weights; int8 weights and float activations; int8 all through; int8 weights and int16 activations."""


def _check(result, findings: list, message: str, error: type[FindingsError] = CompileError):
    """The result, with Python's warnings for those of the compiler; raises where there is none."""
    if result is None:
        raise error(message, read_findings(findings))
    for finding in read_findings(findings):
        warnings.warn(str(finding), stacklevel=3)
    return result


class Calibration:
    """What samples have shown of a model's tensors: ranges, or histograms. Parts of the data can be seen apart, in other
    processes or on other machines: a calibration pickles, and `a + b` is that of both."""

    def __init__(self, text: str, mode: str):
        """`text` is what the compiler has made."""
        self._text = text
        self.mode = mode
        """The mode of quantization that it is for."""

    @property
    def samples(self) -> int:
        """How many there were."""
        return json.loads(self._text)["samples"]

    def __add__(self, other: Calibration) -> Calibration:
        """Raises ConverterError where the two are of different models, modes or ways to choose ranges, and for
        moving-average, where the order of the samples counts."""
        return merge_calibrations([self, other])

    def __radd__(self, other):
        # So that sum() works, which begins with 0.
        return self if other == 0 else NotImplemented


def merge_calibrations(calibrations: Iterable[Calibration]) -> Calibration:
    """One calibration of several, as `a + b`. Raises ValueError for none, ConverterError where they do not fit."""
    parts = list(calibrations)
    if not parts:
        raise ValueError("there are no calibrations to merge")
    modes = {part.mode for part in parts}
    if len(modes) > 1:
        raise ConverterError(f"the calibrations are for different modes: {', '.join(sorted(modes))}")
    result, findings = compilation.compiler().merge_calibrations([part._text for part in parts])
    return Calibration(_check(result, findings, "the calibrations cannot be merged", ConverterError), parts[0].mode)


def calibrate(
    model: str | os.PathLike | bytes,
    representative_dataset: Dataset,
    mode: str = "int8",
    *,
    range: str = "minmax",
    keep_float: Sequence[str] = (),
    progress: bool | None = None,
) -> Calibration:
    """Runs a float model on samples, for `quantize` with the same `mode` and `keep_float`. Raises ConverterError with findings,
    and what the dataset raises."""
    contents, path = compilation.read_model(model)
    recipe = {"mode": mode, "range": range, "keep_float": list(keep_float)}
    samples = show_progress(iterate(representative_dataset), "calibrating", progress)
    result, findings = compilation.compiler().calibrate(contents, path, json.dumps(recipe), samples)
    return Calibration(_check(result, findings, f"{path} cannot be calibrated", ConverterError), mode)


def quantize(
    model: str | os.PathLike | bytes,
    mode: str = "int8",
    representative_dataset: Dataset | Calibration | None = None,
    *,
    io: str = "float",
    range: str = "minmax",
    allow_float: bool = False,
    clip_weights: bool = False,
    keep_float: Sequence[str] = (),
    progress: bool | None = None,
) -> bytes:
    """The bytes of a quantized .tflite file made of a float model.

    `mode` is one of MODES; the last two need `representative_dataset`: samples (see RepresentativeDataset), or a Calibration.
    `io` is the type of inputs and outputs: float, int8, uint8 or int16; "uint8,float" where they differ. `range` chooses the
    range of a tensor: minmax, moving-average, percentile=P, mse or entropy. `allow_float` leaves operators without an integer
    kernel in float; so does `keep_float` with those whose name or result's name contains a match of one of its regular
    expressions.

    Raises ConverterError with findings, and what the dataset raises.
    """
    contents, path = compilation.read_model(model)
    calibration = representative_dataset
    if mode in ("int8", "int16x8") and not isinstance(calibration, Calibration):
        if calibration is None:
            raise ConverterError(f"mode {mode} needs a representative dataset")
        calibration = calibrate(contents, calibration, mode, range=range, keep_float=keep_float, progress=progress)
    if isinstance(calibration, Calibration) and calibration.mode != mode:
        raise ConverterError(f"the calibration is for mode {calibration.mode}, not {mode}")
    recipe = {
        "mode": mode,
        "io": io,
        "range": range,
        "allow_float": allow_float,
        "clip_weights": clip_weights,
        "keep_float": list(keep_float),
    }
    text = calibration._text if isinstance(calibration, Calibration) else ""
    result, findings = compilation.compiler().quantize(contents, path, json.dumps(recipe), text)
    return _check(result, findings, f"{path} cannot be quantized", ConverterError)


@dataclasses.dataclass
class Evaluation:
    """What a classifier has done on samples with labels. Results on parts of the data add up: `a + b`."""

    samples: int = 0
    right: int = 0
    """Samples whose class has the highest score."""
    in_top: int = 0
    """Samples whose class is among the `top` highest scores."""
    confusion: list[list[int]] = dataclasses.field(default_factory=list)
    """How often a class, the row, was taken for another, the column."""
    median_us: float = 0.0
    """Microseconds of an invocation; of a sum, the mean of both by their samples."""
    file_bytes: int = 0
    code_bytes: int = 0
    constant_bytes: int = 0
    arena_bytes: int = 0

    @property
    def accuracy(self) -> float:
        """From 0 to 1."""
        return self.right / self.samples if self.samples else 0.0

    @property
    def top_accuracy(self) -> float:
        """From 0 to 1."""
        return self.in_top / self.samples if self.samples else 0.0

    def __add__(self, other: Evaluation) -> Evaluation:
        if not self.samples or not other.samples:
            return dataclasses.replace(self if self.samples else other)
        size = max(len(self.confusion), len(other.confusion))
        confusion = [[0] * size for _ in range(size)]
        for part in (self, other):
            for right, row in enumerate(part.confusion):
                for found, count in enumerate(row):
                    confusion[right][found] += count
        samples = self.samples + other.samples
        return dataclasses.replace(
            self,
            samples=samples,
            right=self.right + other.right,
            in_top=self.in_top + other.in_top,
            confusion=confusion,
            median_us=(self.median_us * self.samples + other.median_us * other.samples) / samples,
        )

    def __radd__(self, other):
        # So that sum() works, which begins with 0.
        return self if other == 0 else NotImplemented


def evaluate(
    model: str | os.PathLike | bytes,
    data: Dataset,
    labels: Iterable[int] | None = None,
    *,
    top: int = 5,
    progress: bool | None = None,
) -> Evaluation:
    """Classifies samples with labels; the first output has a score for each class.

    `data` gives pairs (sample, label), or samples alone where `labels` has the classes. A sample has the forms of a
    representative dataset, or is the array of the only input. Real numbers for a quantized input are quantized; dimensions of
    size one may be left out.

    Raises CompileError with findings, and what the data raise.
    """
    contents, path = compilation.read_model(model)
    samples = show_progress(iterate_labelled(data, labels), "evaluating", progress)
    result, findings = compilation.compiler().evaluate(contents, path, samples, top)
    return Evaluation(file_bytes=len(contents), **_check(result, findings, f"{path} cannot be evaluated"))


@dataclasses.dataclass(frozen=True)
class TensorDifference:
    """How far the numbers of a tensor are from those that they stand for."""

    name: str
    operator: str
    """The builtin that computes it in the first model; empty for an input."""
    type: str
    """The element type in the second model."""
    sqnr_db: float
    """Signal to quantization noise ratio; infinite where nothing differs."""
    cosine: float
    max_abs: float
    mean_abs: float
    elements: int


@dataclasses.dataclass(frozen=True)
class Comparison:
    """Two models on the same data."""

    samples: int
    outputs: list[TensorDifference]
    """By their names in the signatures."""
    tensors: list[TensorDifference]
    """Those of one name in both models, in the order of the first."""
    html: str
    """A page with a histogram of each tensor's errors."""

    @property
    def worst(self) -> TensorDifference:
        """The tensor with the lowest signal to noise ratio."""
        return min(self.tensors or self.outputs, key=lambda tensor: tensor.sqnr_db)

    def _repr_html_(self) -> str:
        return self.html


def compare(
    wanted: str | os.PathLike | bytes,
    found: str | os.PathLike | bytes,
    data: Dataset,
    *,
    progress: bool | None = None,
) -> Comparison:
    """Runs samples through a model and through what was made of it, and compares all tensors of one name. Samples are those of
    the first model; a quantized input of the second takes them by its scale.

    Raises CompileError with findings, and what the data raise.
    """
    wanted_contents, wanted_path = compilation.read_model(wanted)
    found_contents, found_path = compilation.read_model(found)
    samples = show_progress(iterate(data), "comparing", progress)
    result, findings = compilation.compiler().compare(wanted_contents, wanted_path, found_contents, found_path, samples)
    result = _check(result, findings, f"{wanted_path} and {found_path} cannot be compared")
    return Comparison(
        samples=result["samples"],
        outputs=[TensorDifference(**entry) for entry in result["outputs"]],
        tensors=[TensorDifference(**entry) for entry in result["tensors"]],
        html=result["html"],
    )
