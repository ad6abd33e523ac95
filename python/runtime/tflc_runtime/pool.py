"""Threads that share the work of an invocation."""

from __future__ import annotations

import os
import weakref

from . import abi

_MAX_THREADS = 1024


def check_threads(threads: int) -> int:
    """A number of threads. Raises ValueError where it is none."""
    if isinstance(threads, bool) or not isinstance(threads, int) or threads < 1:
        raise ValueError(f"a number of threads is an int from 1 on, not {threads!r}")
    return threads


class Pool:
    """`threads` threads, that of the caller included. They end when the pool is collected.

    A process that is forked has none of its parent's threads: pools start theirs anew there.
    """

    def __init__(self, threads: int):
        """The system may give fewer; nobody gets more than 1,024."""
        self._wanted = min(check_threads(threads), _MAX_THREADS)
        self.parallel = abi.Parallel()
        """What compiled code calls, `tflc_parallel`. It keeps its address."""
        self._start()
        _pools.add(self)

    def _start(self) -> None:
        self._handle = abi.native.tflc_pool_create(self._wanted)
        if not self._handle:
            raise MemoryError("there is no memory for a pool of threads")
        parallel = abi.native.tflc_pool_parallel(self._handle)
        self.parallel.run, self.parallel.pool = parallel.run, parallel.pool
        self._finalizer = weakref.finalize(self, abi.native.tflc_pool_destroy, self._handle)
        # At exit a thread of the program may still be in an invocation.
        self._finalizer.atexit = False

    @property
    def threads(self) -> int:
        """How many there are, the caller's included."""
        return abi.native.tflc_pool_threads(self._handle)

    def _restart(self) -> None:
        # Joining threads that only the parent has would never end.
        self._finalizer.detach()
        self._start()


_pools: weakref.WeakSet[Pool] = weakref.WeakSet()


def _restart_all() -> None:
    for pool in list(_pools):
        pool._restart()


os.register_at_fork(after_in_child=_restart_all)
