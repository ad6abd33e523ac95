"""The binary interface of compiled models, as tflc.h states it, for ctypes."""

from __future__ import annotations

import ctypes
import glob
import os

import numpy as np

VERSIONS = range(2, 4)
"""From `TFLC_ABI_VERSION_PLAIN`, that of models for one thread, to `TFLC_ABI_VERSION`."""

MODEL_PARALLEL = 1
"""A bit of `Model.flags`: the functions take a parallel-for."""

MAX_DIMS = 32
LARGER_ARENA_NEEDED = 5
LARGER_OUTPUT_NEEDED = 6

DTYPES = {
    0: np.dtype(np.float32),
    1: np.dtype(np.float16),
    2: np.dtype(np.int32),
    3: np.dtype(np.uint8),
    4: np.dtype(np.int64),
    6: np.dtype(np.bool_),
    7: np.dtype(np.int16),
    8: np.dtype(np.complex64),
    9: np.dtype(np.int8),
    10: np.dtype(np.float64),
    11: np.dtype(np.complex128),
    12: np.dtype(np.uint64),
    15: np.dtype(np.uint32),
    16: np.dtype(np.uint16),
    17: np.dtype(np.int8),  # int4, one to a byte
    18: np.dtype(np.uint16),  # bfloat16, which NumPy has no type for
}
"""NumPy's type for each element type of the interface."""


class Tensor(ctypes.Structure):
    """`tflc_tensor`"""

    _fields_ = [
        ("name", ctypes.c_char_p),
        ("tensor_name", ctypes.c_char_p),
        ("shape", ctypes.POINTER(ctypes.c_int32)),
        ("scales", ctypes.POINTER(ctypes.c_float)),
        ("zero_points", ctypes.POINTER(ctypes.c_int32)),
        ("num_scales", ctypes.c_uint32),
        ("type", ctypes.c_uint8),
        ("rank", ctypes.c_uint8),
        ("axis", ctypes.c_int16),
    ]


class Signature(ctypes.Structure):
    """`tflc_signature`"""

    _fields_ = [
        ("key", ctypes.c_char_p),
        ("inputs", ctypes.POINTER(Tensor)),
        ("outputs", ctypes.POINTER(Tensor)),
        ("invoke", ctypes.c_void_p),
        ("plan", ctypes.c_void_p),
        ("num_inputs", ctypes.c_uint16),
        ("num_outputs", ctypes.c_uint16),
        ("num_dims", ctypes.c_uint16),
        ("num_derived", ctypes.c_uint16),
        ("num_measured", ctypes.c_uint16),
        ("num_capacities", ctypes.c_uint16),
        ("num_limits", ctypes.c_uint16),
        ("reserved", ctypes.c_uint16),
    ]


class Model(ctypes.Structure):
    """`tflc_model`"""

    _fields_ = [
        ("abi_version", ctypes.c_uint32),
        ("num_signatures", ctypes.c_uint32),
        ("name", ctypes.c_char_p),
        ("signatures", ctypes.POINTER(Signature)),
        ("reset", ctypes.c_void_p),
        ("arena_size", ctypes.c_size_t),
        ("state_size", ctypes.c_size_t),
        ("arena_alignment", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
    ]


class Parallel(ctypes.Structure):
    """`tflc_parallel`"""

    _fields_ = [("run", ctypes.c_void_p), ("pool", ctypes.c_void_p)]


class RunnerStruct(ctypes.Structure):
    """`tflc_runner`"""

    _fields_ = [
        ("model", ctypes.POINTER(Model)),
        ("signature", ctypes.POINTER(Signature)),
        ("buffers", ctypes.POINTER(ctypes.c_void_p)),
        ("num_buffers", ctypes.c_size_t),
        ("arena", ctypes.c_void_p),
        ("arena_bytes", ctypes.c_size_t),
        ("arena_size", ctypes.c_size_t),
        ("parallel", ctypes.POINTER(Parallel)),
        ("dims", ctypes.c_int64 * MAX_DIMS),
    ]


def _load_native() -> ctypes.CDLL:
    folder = os.path.dirname(os.path.abspath(__file__))
    found = sorted(glob.glob(os.path.join(folder, "_native*.so")))
    if not found:
        raise ImportError(f"tflc_runtime is incomplete: there is no _native library in {folder}")
    library = ctypes.CDLL(found[0])
    runner = ctypes.POINTER(RunnerStruct)
    size, pointer, i32 = ctypes.c_size_t, ctypes.c_void_p, ctypes.c_int32
    functions = {
        "tflc_init": (i32, [runner, pointer, ctypes.c_char_p, pointer, size]),
        "tflc_resize_input": (i32, [runner, i32, pointer, size]),
        "tflc_arena_size": (size, [runner]),
        "tflc_set_arena": (i32, [runner, pointer, size]),
        "tflc_share_arena": (i32, [runner, runner]),
        "tflc_set_input": (i32, [runner, i32, pointer, size]),
        "tflc_set_output": (i32, [runner, i32, pointer, size]),
        "tflc_set_parallel": (i32, [runner, ctypes.POINTER(Parallel)]),
        "tflc_pool_create": (pointer, [i32]),
        "tflc_pool_destroy": (None, [pointer]),
        "tflc_pool_threads": (i32, [pointer]),
        "tflc_pool_parallel": (Parallel, [pointer]),
        "tflc_dim": (ctypes.c_int64, [runner, ctypes.POINTER(Tensor), size]),
        "tflc_tensor_bytes": (size, [runner, ctypes.POINTER(Tensor)]),
        "tflc_reset": (i32, [runner]),
        "tflc_invoke": (i32, [pointer]),
        "tflc_status_text": (ctypes.c_char_p, [i32]),
        "tflc_python_runner_size": (size, []),
    }
    for name, (result, arguments) in functions.items():
        function = getattr(library, name)
        function.restype = result
        function.argtypes = arguments
    if library.tflc_python_runner_size() != ctypes.sizeof(RunnerStruct):
        raise ImportError("tflc_runtime's native library is of another version")
    return library


native = _load_native()


def status_text(status: int) -> str:
    """A few words for a status of the interface."""
    return native.tflc_status_text(status).decode()
