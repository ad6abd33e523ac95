"""What programs set on an interpreter, and what is accepted there."""

from __future__ import annotations

import enum


class OpResolverType(enum.Enum):
    """Which kernels a program asks for. Compiled code has one kind; BUILTIN_REF asks for its plain loops (-O0)."""

    AUTO = 0
    BUILTIN = 1
    BUILTIN_REF = 2
    BUILTIN_WITHOUT_DEFAULT_DELEGATES = 3


def check_threads(num_threads) -> int:
    """The number of threads; None is one. Raises ValueError for what is no positive int."""
    if num_threads is None:
        return 1
    if not isinstance(num_threads, int):
        raise ValueError("type of num_threads should be int")
    if num_threads < 1:
        raise ValueError("num_threads should >= 1")
    return num_threads


def check_resolver(resolver) -> OpResolverType:
    """The member of that name. Raises ValueError for other values."""
    # TensorFlow's own enumeration is as good.
    name = getattr(resolver, "name", None) if isinstance(resolver, enum.Enum) else None
    if name not in OpResolverType.__members__:
        raise ValueError(f"Unrecognized passed in op resolver type: {resolver}")
    return OpResolverType[name]
