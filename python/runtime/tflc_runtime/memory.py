"""Memory that compiled code works in, and NumPy's views of it."""

from __future__ import annotations

import math
import weakref

import numpy as np

ALIGNMENT = 64
"""Bytes; that of a cache line, which is enough for every element type."""


def aligned_bytes(size: int, alignment: int = ALIGNMENT) -> np.ndarray:
    """`size` bytes of zeros, at least one, at an address that `alignment` divides."""
    alignment = max(alignment, ALIGNMENT)
    memory = np.zeros(max(size, 1) + alignment, np.uint8)
    start = -memory.ctypes.data % alignment
    return memory[start : start + max(size, 1)]


class _View:
    """What an array that looks into a buffer has as its base: it lives as long as the array does, or any slice."""

    __slots__ = ("__array_interface__", "__weakref__", "buffer")

    def __init__(self, buffer: np.ndarray, shape: tuple[int, ...], dtype: np.dtype):
        self.buffer = buffer
        self.__array_interface__ = {
            "version": 3,
            "data": (buffer.ctypes.data, False),
            "shape": shape,
            "typestr": dtype.str,
        }


class TensorMemory:
    """The buffer of one tensor. The memory lives as long as anything looks into it."""

    __slots__ = ("_buffer", "_views", "array", "dtype")

    def __init__(self, shape: tuple[int, ...], dtype: np.dtype, capacity: int = 0):
        """Takes `capacity` bytes, or what the shape needs where that is more."""
        self.dtype = dtype
        self._views: list[weakref.ref] = []
        self._buffer = aligned_bytes(max(capacity, math.prod(shape) * dtype.itemsize))
        self.set_shape(shape)

    @property
    def address(self) -> int:
        return self._buffer.ctypes.data

    @property
    def capacity(self) -> int:
        """Bytes."""
        return self._buffer.nbytes

    def set_shape(self, shape: tuple[int, ...]) -> None:
        """Interprets the buffer, which must be large enough, as an array of `shape`."""
        size = math.prod(shape) * self.dtype.itemsize
        self.array = self._buffer[:size].view(self.dtype).reshape(shape)

    def view(self) -> np.ndarray:
        """An array that shares the memory, and counts as long as it or a slice of it exists."""
        view = _View(self._buffer, self.array.shape, self.dtype)
        self._views.append(weakref.ref(view))
        return np.asarray(view)

    def is_viewed(self) -> bool:
        """Whether an array of `view` still exists."""
        if self._views:
            self._views = [reference for reference in self._views if reference() is not None]
        return bool(self._views)
