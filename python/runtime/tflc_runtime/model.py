"""A compiled model as a function of arrays."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping

import numpy as np

from .library import Library
from .pool import Pool, check_threads
from .runner import Runner, TensorInfo


class Function:
    """One signature of a compiled model, to call with arrays.

        scores = function(image)                    # by position
        result = function(image=image)["scores"]    # by name: a dict of outputs

    Arrays have the shapes and element types of the inputs; nothing is converted, since a silent cast costs accuracy. One
    call at a time runs; calls from several threads wait for each other, and the interpreter lock is released meanwhile.
    Variables of the model keep their values from call to call.
    """

    def __init__(self, runner: Runner, lock: threading.Lock):
        self._runner = runner
        self._lock = lock
        self._names = {info.name: i for i, info in enumerate(runner.input_info)}

    @property
    def key(self) -> str:
        """The signature's name."""
        return self._runner.key

    @property
    def inputs(self) -> list[TensorInfo]:
        """The inputs in the model's order."""
        return self._runner.input_info

    @property
    def outputs(self) -> list[TensorInfo]:
        """The outputs in the model's order."""
        return self._runner.output_info

    def _arrange(self, args: tuple, kwargs: Mapping) -> list[np.ndarray]:
        """The arrays in the order of the inputs."""
        infos = self._runner.input_info
        if args and kwargs:
            raise TypeError("inputs are given either by position or by name")
        if len(args) + len(kwargs) != len(infos):
            raise TypeError(
                f"'{self.key}' takes {len(infos)} inputs ({', '.join(self._names)}), {len(args) + len(kwargs)} are given"
            )
        values = list(args) if args else [None] * len(infos)
        for name, value in kwargs.items():
            if name not in self._names:
                raise TypeError(f"'{self.key}' has no input '{name}'; it has {', '.join(self._names)}")
            values[self._names[name]] = value
        arrays = []
        for info, value in zip(infos, values):
            array = np.asarray(value)
            if array.dtype != info.dtype:
                raise ValueError(f"the input '{info.name}' is {info.dtype}, the array is {array.dtype}")
            arrays.append(array)
        return arrays

    def _run(self, args: tuple, kwargs: Mapping) -> None:
        """Leaves the results in the runner; the lock is held."""
        runner = self._runner
        arrays = self._arrange(args, kwargs)
        for index, array in enumerate(arrays):
            if not runner.is_allocated or runner.input(index).array.shape != array.shape:
                runner.resize(index, array.shape)
        if not runner.is_allocated:
            runner.allocate()
        for index, array in enumerate(arrays):
            np.copyto(runner.input(index).array, array)
        runner.invoke()

    def __call__(self, *args, **kwargs) -> np.ndarray | tuple[np.ndarray, ...] | dict[str, np.ndarray]:
        """Runs the model. With inputs by position gives the only output, or a tuple of them; with inputs by name a dict.

        Raises TypeError for wrong names, ValueError for wrong types and shapes, InvokeError where the data have no answer.
        """
        with self._lock:
            self._run(args, kwargs)
            outputs = [self._runner.output(i).array.copy() for i in range(len(self.outputs))]
        if kwargs:
            return {info.name: output for info, output in zip(self.outputs, outputs)}
        return outputs[0] if len(outputs) == 1 else tuple(outputs)

    def run_into(self, outputs: Mapping[str, np.ndarray] | np.ndarray, *args, **kwargs) -> None:
        """Runs the model and writes its outputs into arrays of the caller: one, or a dict of them by name; outputs that
        are not named are dropped. Raises ValueError for an array of another type or shape."""
        if not isinstance(outputs, Mapping):
            outputs = {self.outputs[0].name: outputs}
        places = {info.name: i for i, info in enumerate(self.outputs)}
        for name in outputs:
            if name not in places:
                raise TypeError(f"'{self.key}' has no output '{name}'; it has {', '.join(places)}")
            if not isinstance(outputs[name], np.ndarray):
                raise TypeError(f"the output '{name}' goes into an array, not {type(outputs[name]).__name__}")
        with self._lock:
            self._run(args, kwargs)
            for name, array in outputs.items():
                found = self._runner.output(places[name]).array
                if array.dtype != found.dtype or array.shape != found.shape:
                    raise ValueError(
                        f"the output '{name}' is {found.dtype}{list(found.shape)}, "
                        f"the array is {array.dtype}{list(array.shape)}"
                    )
                np.copyto(array, found)

    def reset(self) -> None:
        """Gives the model's variables their initial values."""
        with self._lock:
            if not self._runner.is_allocated:
                self._runner.allocate()
            self._runner.reset()


class CompiledModel:
    """A model that tflc has compiled: a Function for each signature. Calling the model calls the first one.

    model = tflc_runtime.load("libmnist.so")
    scores = model(image)
    """

    def __init__(self, library: Library, threads: int = 1):
        self._library = library
        pool = Pool(threads) if threads > 1 and library.is_parallel else None
        lock = threading.Lock()
        self.signatures: dict[str, Function] = {}
        first: Runner | None = None
        for key in library.signature_keys:
            runner = Runner(library, key, share=first, pool=pool)
            first = first or runner
            self.signatures[key] = Function(runner, lock)
        self._first = next(iter(self.signatures.values()))

    @property
    def name(self) -> str:
        return self._library.model.name.decode()

    @property
    def inputs(self) -> list[TensorInfo]:
        """The inputs of the first signature."""
        return self._first.inputs

    @property
    def outputs(self) -> list[TensorInfo]:
        """The outputs of the first signature."""
        return self._first.outputs

    @property
    def arena_size(self) -> int:
        """Bytes of working memory; where dimensions are unknown, those that do not depend on them."""
        return self._library.model.arena_size

    def __call__(self, *args, **kwargs):
        return self._first(*args, **kwargs)

    def run_into(self, outputs, *args, **kwargs) -> None:
        """`Function.run_into` of the first signature."""
        self._first.run_into(outputs, *args, **kwargs)

    def reset(self) -> None:
        """Gives the model's variables their initial values."""
        self._first.reset()

    def __reduce__(self):
        raise TypeError("a compiled model holds machine code and cannot be pickled; pickle its file's path and load it there")


def load(path: str | os.PathLike, name: str | None = None, threads: int = 1) -> CompiledModel:
    """Loads a shared library that `tflc compile --emit=shared` has written for this kind of machine.

    `name` is what the model was compiled as; by default that of the file, libNAME.so. `threads` threads share the work of
    a call where the model was compiled with `--threads`; results do not depend on their number. Raises FileNotFoundError,
    LoadError for a file that is something else, or ValueError for less than one thread.
    """
    return CompiledModel(Library(path, name), check_threads(threads))
