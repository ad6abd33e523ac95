"""Data in the forms that programs have it, as the compiler takes it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np

from .tensors import type_name


class RepresentativeDataset:
    """Samples to calibrate with. `input_gen` is a function without arguments that gives an iterator over them, each in one
    of three forms: a list of arrays in the order of the model's inputs, a dict of arrays by the names of inputs, or a tuple
    of a signature's key and such a dict."""

    def __init__(self, input_gen: Callable[[], Iterable]):
        self.input_gen = input_gen


Dataset = RepresentativeDataset | Callable[[], Iterable] | Iterable


def _entry(name: str, value) -> tuple[str, str, tuple[int, ...], bytes]:
    array = np.asarray(value)
    if array.dtype == np.float64:  # what Python's own numbers become
        array = array.astype(np.float32)
    native = np.ascontiguousarray(array, array.dtype.newbyteorder("="))
    return name, type_name(native.dtype).lower(), array.shape, native.tobytes()


def _inputs(sample) -> tuple[str, list]:
    """The signature's key, or "", and the arrays of a sample in any of its forms."""
    key = ""
    if isinstance(sample, tuple) and len(sample) == 2 and isinstance(sample[0], str):
        key, sample = sample
    if isinstance(sample, Mapping):
        return key, [_entry(name, value) for name, value in sample.items()]
    if isinstance(sample, (list, tuple)):
        return key, [_entry("", value) for value in sample]
    return key, [_entry("", sample)]


def open_dataset(dataset: Dataset) -> Iterator:
    """An iterator over the samples of a dataset, anew where it can begin anew."""
    if hasattr(dataset, "input_gen"):
        dataset = dataset.input_gen
    if callable(dataset):
        dataset = dataset()
    return iter(dataset)


def iterate(dataset: Dataset) -> Iterator[tuple]:
    """The samples as the compiler takes them."""
    for sample in open_dataset(dataset):
        yield *_inputs(sample), None


def iterate_labelled(dataset: Dataset, labels: Iterable[int] | None) -> Iterator[tuple]:
    """Samples with the right class of each: pairs of both, or two sequences of equal length."""
    if labels is None:
        for sample, label in open_dataset(dataset):
            yield *_inputs(sample), int(label)
        return
    samples, classes = open_dataset(dataset), iter(labels)
    end = object()
    while True:
        sample, label = next(samples, end), next(classes, end)
        if (sample is end) != (label is end):
            raise ValueError(
                f"there are more {'samples' if label is end else 'labels'} than {'labels' if label is end else 'samples'}"
            )
        if sample is end:
            return
        yield *_inputs(sample), int(label)


def show_progress(samples: Iterator[tuple], what: str, shown: bool | None) -> Iterator[tuple]:
    """Counts samples in a line by tqdm, where that is installed and `shown` is true, or None and there is a terminal."""
    if shown is None:
        shown = sys.stderr is not None and sys.stderr.isatty()
    if shown:
        try:
            from tqdm import tqdm
        except ImportError:
            return samples
        return iter(tqdm(samples, desc=what, unit=" samples", leave=False))
    return samples
