"""Shared libraries that tflc has made."""

from __future__ import annotations

import _ctypes
import ctypes
import os
import re
import weakref

from . import abi
from .errors import LoadError


class Library:
    """A shared library with one compiled model, loaded into this process.

    It is read-only code and constants: any number of runners, in any number of threads, use it at once. The library is
    unloaded when the last of them is gone.
    """

    def __init__(self, path: str | os.PathLike, name: str | None = None):
        """Loads the library at `path`. `name` is the one that the model was compiled under; by default it is that of the
        file, libNAME.so.

        Raises FileNotFoundError, or LoadError for a file that is something else.
        """
        self.path = os.path.abspath(os.fspath(path))
        if not os.path.exists(self.path):
            raise FileNotFoundError(f"there is no file {self.path}")
        if name is None:
            name = re.sub(r"^lib", "", os.path.basename(self.path)).split(".")[0]
        try:
            library = ctypes.CDLL(self.path, mode=os.RTLD_NOW | os.RTLD_LOCAL)
        except OSError as error:
            hint = (
                "; load what has it before, by ctypes.CDLL(path, ctypes.RTLD_GLOBAL)"
                if "undefined symbol" in str(error)
                else ""
            )
            raise LoadError(f"{self.path}: cannot be loaded: {error}{hint}") from None
        # Not at exit, when other threads may still be in it.
        weakref.finalize(self, _ctypes.dlclose, library._handle).atexit = False
        try:
            self.model = abi.Model.in_dll(library, f"{name}_model")
        except ValueError:
            raise LoadError(f"{self.path}: there is no compiled model of the name '{name}' in it") from None
        # The first field keeps its place for ever.
        if self.model.abi_version not in abi.VERSIONS:
            raise LoadError(
                f"{self.path}: made for version {self.model.abi_version} of the interface, "
                f"this package knows {abi.VERSIONS[0]} to {abi.VERSIONS[-1]}"
            )

    @property
    def is_parallel(self) -> bool:
        """Whether several threads can share the work of an invocation: whether the model was compiled for that."""
        return bool(self.model.flags & abi.MODEL_PARALLEL)

    @property
    def signature_keys(self) -> list[str]:
        """The names of the functions, in the model's order."""
        model = self.model
        return [model.signatures[i].key.decode() for i in range(model.num_signatures)]
