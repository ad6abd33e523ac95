"""The compiler's module, loaded when it is first needed, and what it has made before."""

from __future__ import annotations

import functools
import importlib
import json
import os
import sys
import tempfile
import types
from collections.abc import Callable

from tflc_runtime import Library, LoadError

from . import cache, child
from .errors import CompileError, ConverterError, ModelError, read_findings

ENTRY_NAME = "model"
"""What models are compiled as where nobody sees the name."""


@functools.cache
def compiler() -> types.ModuleType:
    """The compiler. It brings LLVM along: programs that run from the cache do not load it."""
    flags = sys.getdlopenflags()
    # Other packages show all of the process their versions of what tflc uses, as TensorFlow does with protobuf.
    sys.setdlopenflags(os.RTLD_NOW | getattr(os, "RTLD_DEEPBIND", 0))
    try:
        return importlib.import_module("._compiler", __package__)
    finally:
        sys.setdlopenflags(flags)


def _call(function: str, /, *args, **kwargs) -> tuple:
    """What a function of the compiler answers: of the one that the program has loaded, else of one in a child, so that it
    need not stay in this process."""
    if compiler.cache_info().currsize == 0 and (answer := child.call(function, *args, **kwargs)) is not None:
        return answer
    return getattr(compiler(), function)(*args, **kwargs)


def is_tflite(contents: bytes) -> bool:
    """Whether the bytes have the identifier of the format; nothing else is checked."""
    return contents[4:8] == b"TFL3"


def read_model(model: str | os.PathLike | bytes) -> tuple[bytes, str]:
    """The bytes of a .tflite file with `model`, and its name for messages. A SavedModel, .keras or .h5 file is converted.

    Raises FileNotFoundError, or ConverterError for a source that cannot be converted.
    """
    if isinstance(model, (bytes, bytearray, memoryview)):
        return bytes(model), "model.tflite"
    path = os.fspath(model)
    if not os.path.exists(path):
        raise FileNotFoundError(f"there is no file {path}")
    if not os.path.isdir(path):
        with open(path, "rb") as file:
            contents = file.read()
        if is_tflite(contents):
            return contents, path
    converted, findings = compiler().convert(path)
    if converted is None:
        raise ConverterError(f"{path} cannot be converted", read_findings(findings))
    return converted, path


def describe(contents: bytes, path: str, digest: str) -> dict:
    """The tensors, operators and signatures of a .tflite file under its own numbers. Raises ModelError."""
    place = cache.folder()
    entry = place and os.path.join(place, cache.make_key("description", digest) + ".json")
    if entry and (notes := cache.read_notes(entry)) is not None:
        return notes
    text, findings = _call("describe", contents, path)
    if text is None:
        raise ModelError(f"{path} is not a sound TensorFlow Lite model", read_findings(findings))
    description = json.loads(text)
    if entry:
        cache.write(entry, cache.pack(b"", description))
    return description


def compile_files(contents: bytes, path: str, **options) -> tuple[dict[str, bytes], dict, str]:
    """The files of a compilation by their names, its summary, and eight lines of text. Raises CompileError."""
    result, findings = _call("compile", contents, path, **options)
    if result is None:
        raise CompileError(f"{path} cannot be compiled", read_findings(findings))
    files, summary, text = result
    return files, json.loads(summary), text


def _load_temporary(contents: bytes) -> Library:
    """Loads a library that has no place of its own; the file is gone when the function returns."""
    with tempfile.TemporaryDirectory(prefix="tflc") as place:
        path = os.path.join(place, "model.so")
        with open(path, "wb") as file:
            file.write(contents)
        return Library(path, ENTRY_NAME)


def _load_entry(path: str) -> Library | None:
    """A library of the cache; None where another process has removed it."""
    try:
        return Library(path, ENTRY_NAME)
    except (OSError, LoadError):
        return None


def load(path: str, digest: str, read: Callable[[], bytes], **options) -> tuple[Library, dict]:
    """Compiled code for this machine, loaded, and the summary of its compilation. `read` gives the model's bytes, which are
    not needed where the cache has the code. Raises CompileError."""
    place = cache.folder()
    entry = place and os.path.join(place, cache.make_key("code", digest, options) + ".so")
    if entry and (notes := cache.read_notes(entry)) is not None and (library := _load_entry(entry)):
        return library, notes
    files, summary, _ = compile_files(read(), path, name=ENTRY_NAME, emit=["shared"], **options)
    packed = cache.pack(files[f"lib{ENTRY_NAME}.so"], summary)
    library = _load_entry(entry) if entry and cache.write(entry, packed) else None
    return library or _load_temporary(packed), summary
