"""Tensors under the numbers of a .tflite file, and what the interpreter tells of them."""

from __future__ import annotations

import math

import numpy as np

_DTYPES = {
    "FLOAT32": np.float32,
    "FLOAT16": np.float16,
    "BFLOAT16": np.uint16,  # NumPy has no type for it
    "FLOAT64": np.float64,
    "INT4": np.int8,  # one to a byte
    "INT8": np.int8,
    "UINT8": np.uint8,
    "INT16": np.int16,
    "UINT16": np.uint16,
    "INT32": np.int32,
    "UINT32": np.uint32,
    "INT64": np.int64,
    "UINT64": np.uint64,
    "BOOL": np.bool_,
    "COMPLEX64": np.complex64,
    "COMPLEX128": np.complex128,
    "STRING": np.bytes_,
}


def numpy_type(name: str) -> type:
    """NumPy's type for a type of the format; `object_` where there is none, as for resources."""
    return _DTYPES.get(name, np.object_)


def type_name(dtype: np.dtype) -> str:
    """The format's name of NumPy's type: "FLOAT32"."""
    for name, known in _DTYPES.items():
        if name not in ("BFLOAT16", "INT4") and dtype == np.dtype(known):
            return name
    return dtype.name.upper()


def _sparsity(parameters: dict | None) -> dict:
    if parameters is None:
        return {}
    levels = []
    for level in parameters["dim_metadata"]:
        levels.append({key: np.array(value, np.int32) if isinstance(value, list) else value for key, value in level.items()})
    return {
        "traversal_order": np.array(parameters["traversal_order"], np.int32),
        "block_map": np.array(parameters["block_map"], np.int32),
        "dim_metadata": levels,
    }


def tensor_details(index: int, tensor: dict, shape: tuple[int, ...]) -> dict:
    """The dict that `get_tensor_details` gives for a tensor; `shape` is the one that it has now.

    `quantization` is (scale, zero point), or (0.0, 0) for a tensor with none or several; `quantization_parameters` has
    all of them.
    """
    scales = np.array(tensor.get("scales", ()), np.float32)
    zero_points = np.array(tensor.get("zero_points", ()), np.int32)
    single = len(scales) == 1 and len(zero_points) == 1
    return {
        "name": tensor["name"],
        "index": index,
        "shape": np.array(shape, np.int32),
        "shape_signature": np.array(tensor.get("shape_signature") or shape, np.int32),
        "dtype": numpy_type(tensor["type"]),
        "quantization": (float(scales[0]), int(zero_points[0])) if single else (0.0, 0),
        "quantization_parameters": {
            "scales": scales,
            "zero_points": zero_points,
            "quantized_dimension": tensor.get("dimension", 0),
            "block_size": 0,
        },
        "sparsity_parameters": _sparsity(tensor.get("sparsity")),
    }


def encode_strings(value, room: int) -> np.ndarray:
    """Strings, as text or bytes, in the form of compiled code: `room` bytes each, zeros behind the text. Raises ValueError for
    what is no string, and for one that is too long."""
    strings = np.asarray(value)
    if strings.dtype.kind not in "SUO":
        raise ValueError(f"Cannot set tensor: Got value of type {type_name(strings.dtype)} but expected type STRING")
    texts = [text.encode() if isinstance(text, str) else text for text in strings.reshape(-1).tolist()]
    for text in texts:
        if not isinstance(text, bytes):
            raise ValueError(f"Cannot set tensor: {type(text).__name__} is no string")
        if len(text) >= room:
            raise ValueError(f"Cannot set tensor: a string has {len(text)} bytes, the model has room for {room - 1}")
    return np.array(texts, f"S{room}").view(np.uint8).reshape(*strings.shape, room)


def decode_strings(array: np.ndarray) -> np.ndarray:
    """The strings of compiled code as an array of bytes objects."""
    return array.view(f"S{array.shape[-1]}")[..., 0].astype(object)


def constant_values(contents: bytes, tensor: dict) -> np.ndarray:
    """The values that a file has for a tensor, as they are stored there: those of a sparse one without its zeros."""
    start, size = tensor["data"]
    dtype = np.dtype(numpy_type(tensor["type"]))
    stored = np.frombuffer(contents, np.uint8, size, start)
    if tensor["type"] == "INT4":
        nibbles = np.stack([stored & 15, stored >> 4], axis=-1).reshape(-1)
        values = ((nibbles ^ 8).astype(np.int8) - 8)[: math.prod(tensor["shape"])]
    else:
        # A copy lies as NumPy wants it; the file need not.
        values = np.frombuffer(stored.tobytes(), dtype)
    return values.reshape(-1 if "sparsity" in tensor else tensor["shape"]).copy()
