"""tflc.compile: a model as machine code, for this machine or another."""

from __future__ import annotations

import functools
import json
import os
import pathlib
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence

import tflc_runtime

from . import compilation
from .compilation import read_model


class CompiledModel:
    """What a compilation has made. For this machine, the model can be called:

    model = tflc.compile("mnist.tflite")
    scores = model(image)                    # or model(image=image)["scores"]
    model.save("out")                        # mnist.o, mnist.h, libmnist.a, libmnist.so, mnist.json
    """

    def __init__(self, contents: bytes, options: dict, files: dict[str, bytes], report: dict, text: str, threads: int = 1):
        self._contents = contents
        self._options = options
        self._text = text
        self._threads = threads
        self.files = files
        """The bytes of each file by its name."""
        self.report = report
        """All that NAME.json says: sizes, signatures, operators with their multiply-accumulates, the arena map."""

    @property
    def name(self) -> str:
        """What exported symbols begin with."""
        return self.report["name"]

    @property
    def target(self) -> dict[str, str]:
        """Name, triple, CPU and features."""
        return self.report["target"]

    @property
    def arena_size(self) -> int:
        """Bytes of working memory; where dimensions are unknown, those that do not depend on them."""
        return self.report["arena_bytes"]

    @property
    def summary(self) -> str:
        """Eight lines: code, constants, arena, stack, work, operators, target, the heaviest layers."""
        return self._text

    def __str__(self) -> str:
        return self._text

    def save(self, folder: str | os.PathLike) -> list[pathlib.Path]:
        """Writes all files, and NAME.json, into a folder, and gives their paths."""
        place = pathlib.Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        files = {**self.files, f"{self.name}.json": json.dumps(self.report, indent=2).encode() + b"\n"}
        for name, contents in files.items():
            (place / name).write_bytes(contents)
        return [place / name for name in files]

    @functools.cached_property
    def _loaded(self) -> tflc_runtime.CompiledModel:
        library = self.files.get(f"lib{self.name}.so")
        if library is None or self.target["name"] != "native":
            raise RuntimeError(f"code for target {self.target['name']} is not executed in this process; target='native' is")
        with tempfile.TemporaryDirectory(prefix="tflc") as folder:
            path = os.path.join(folder, f"lib{self.name}.so")
            with open(path, "wb") as file:
                file.write(library)
            return tflc_runtime.load(path, self.name, self._threads)

    @property
    def signatures(self) -> Mapping[str, tflc_runtime.Function]:
        """Each signature as a function."""
        return self._loaded.signatures

    @property
    def inputs(self) -> list[tflc_runtime.TensorInfo]:
        """The inputs of the first signature."""
        return self._loaded.inputs

    @property
    def outputs(self) -> list[tflc_runtime.TensorInfo]:
        """The outputs of the first signature."""
        return self._loaded.outputs

    def __call__(self, *args, **kwargs):
        """Runs the first signature: `tflc_runtime.Function.__call__`."""
        return self._loaded(*args, **kwargs)

    def run_into(self, outputs, *args, **kwargs) -> None:
        """Runs the first signature and writes into arrays of the caller: `tflc_runtime.Function.run_into`."""
        self._loaded.run_into(outputs, *args, **kwargs)

    def reset(self) -> None:
        """Gives the model's variables their initial values."""
        self._loaded.reset()

    def per_op(self, seconds: float = 1.0) -> list[dict]:
        """Measures each fused operator on this machine, as `tflc bench --per-op --json` does, for about `seconds`: its name,
        time, share, work, and what this machine would take at least."""
        with tempfile.TemporaryDirectory(prefix="tflc") as folder:
            path = os.path.join(folder, f"{self.name}.tflite")
            with open(path, "wb") as file:
                file.write(self._contents)
            command = [sys.executable, "-m", __package__, "bench", path, "--per-op", "--json", f"--min-time={seconds}"]
            if self._options["custom"]:
                raise RuntimeError(
                    "a model with custom operators of yours is not measured: the tool does not have their functions"
                )
            command += [f"-O{self._options['opt']}"]
            command += [f"--threads={self._threads}"] * self._options["threads"]
            command += [f"--shape={name}:{'x'.join(map(str, shape))}" for name, shape in self._options["shapes"]]
            done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr.strip())
        return json.loads(done.stdout)["per_op"]

    def __reduce__(self):
        return CompiledModel, (self._contents, self._options, self.files, self.report, self._text, self._threads)


def compile(
    model: str | os.PathLike | bytes,
    target: str = "native",
    *,
    shapes: Mapping[str, Sequence[int]] | None = None,
    opt: int | str = 2,
    name: str = "",
    dynamic: bool = False,
    row_streaming: bool = False,
    triple: str = "",
    cpu: str = "",
    features: str = "",
    threads: int | None = None,
    custom: Mapping[str, str] | None = None,
    emit: Sequence[str] | None = None,
) -> CompiledModel:
    """Compiles a model: a .tflite file, its bytes, or what TensorFlow and Keras save.

    `target` is a name that `tflc targets` lists; `triple`, `cpu` and `features` change or replace what it says. `shapes` fixes
    inputs by name; `dynamic` keeps open dimensions open. `opt` is 0 to 3 or "s". `name` begins all exported symbols, by default
    the file's name. With `threads` (docs/Threads.md) compiled functions take a parallel-for, and calls of the model here run
    in that many threads, with the same results. `custom` names a C function (tflc/custom.h) for each custom operator; to call
    the model here, load them before, by ctypes.CDLL(path, ctypes.RTLD_GLOBAL). `emit` lists what is made: obj, header, lib,
    shared, asm, llvm, bc, mlir; by default the first three, and for this machine shared, which the model needs to be called.

    Raises CompileError with findings.
    """
    contents, path = read_model(model)
    if emit is None:
        native = target == "native" and not triple
        emit = ["obj", "header", "lib", *(["shared"] if native else [])]
    if threads is not None:
        tflc_runtime.check_threads(threads)
    options = {
        "target": target,
        "triple": triple,
        "cpu": cpu,
        "features": features,
        "opt": str(opt),
        "name": name,
        "shapes": [(input_name, [int(n) for n in shape]) for input_name, shape in (shapes or {}).items()],
        "emit": list(emit),
        "custom": list(dict(custom or {}).items()),
        "dynamic": dynamic,
        "row_streaming": row_streaming,
        "threads": threads is not None,
    }
    files, report, text = compilation.compile_files(contents, path, **options)
    return CompiledModel(contents, options, files, report, text, threads or 1)
