"""Delegates, of which compiled models have none: the names that programs of TensorFlow Lite import."""

from __future__ import annotations


class DelegateError(ValueError, OSError):
    """There are no delegates for compiled models. Programs that do without one catch either of the two: TensorFlow Lite raises
    OSError where a delegate's library is missing, ValueError where it does not work."""


class Delegate:
    """Other code that would execute parts of a model. There is none for compiled models."""

    def __init__(self, library: str, options: dict | None = None):
        raise DelegateError(f"Failed to load delegate from {library}: compiled models take no delegates")


def load_delegate(library: str, options: dict | None = None) -> Delegate:
    """Raises DelegateError, a ValueError and OSError: compiled models take no delegates."""
    return Delegate(library, options)
