"""What goes wrong when compiled code runs."""

from __future__ import annotations

from . import abi


class InvokeError(RuntimeError):
    """An invocation stopped: the data asked for what has no answer. `status` is that of tflc.h."""

    def __init__(self, status: int, text: str = ""):
        super().__init__(text or abi.status_text(status))
        self.status = status


class LoadError(ValueError):
    """A file that is not a compiled model, or one of another version."""
