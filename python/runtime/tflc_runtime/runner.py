"""One signature of a compiled model with the memory that it needs."""

from __future__ import annotations

import ctypes
import dataclasses
from collections.abc import Sequence

import numpy as np

from . import abi
from .errors import InvokeError
from .library import Library
from .memory import TensorMemory, aligned_bytes
from .pool import Pool


@dataclasses.dataclass(frozen=True)
class TensorInfo:
    """An input or output. `shape` has -1 for an unknown dimension. With `scales`, a stored value s stands for
    scale * (s - zero_point); several scales belong to the indices of dimension `axis`."""

    name: str
    tensor_name: str
    dtype: np.dtype
    shape: tuple[int, ...]
    scales: tuple[float, ...]
    zero_points: tuple[int, ...]
    axis: int


def _describe(tensor: abi.Tensor) -> TensorInfo:
    return TensorInfo(
        name=tensor.name.decode(errors="replace"),
        tensor_name=tensor.tensor_name.decode(errors="replace"),
        dtype=abi.DTYPES[tensor.type],
        shape=tuple(max(tensor.shape[i], -1) for i in range(tensor.rank)),
        scales=tuple(tensor.scales[i] for i in range(tensor.num_scales)),
        zero_points=tuple(tensor.zero_points[i] for i in range(tensor.num_scales)),
        axis=tensor.axis,
    )


class Runner:
    """Runs one signature. Owns the buffers of inputs and outputs and, unless it shares another runner's, the arena.

    A runner is for one thread at a time; `invoke` releases the interpreter lock.
    """

    def __init__(self, library: Library, key: str | None = None, share: Runner | None = None, pool: Pool | None = None):
        """Binds the signature `key`, or the first one. `share` is a runner of the same library whose variables this one
        sees; the threads of `pool` share the work of an invocation where the library is made for that. Raises KeyError
        for an unknown key."""
        keys = library.signature_keys
        if key is None:
            key = keys[0]
        if key not in keys:
            raise KeyError(f"there is no signature '{key}'; the model has {', '.join(keys)}")
        self.library = library
        self.key = key
        self._struct = abi.RunnerStruct()
        self._self = ctypes.byref(self._struct)
        signature = library.model.signatures[keys.index(key)]
        self._signature = signature
        self._tensors = [signature.inputs[i] for i in range(signature.num_inputs)]
        self._num_inputs = len(self._tensors)
        self._tensors += [signature.outputs[i] for i in range(signature.num_outputs)]
        self._pointers = (ctypes.c_void_p * max(len(self._tensors), 1))()
        self._check(
            abi.native.tflc_init(self._self, ctypes.byref(library.model), key.encode(), self._pointers, len(self._tensors))
        )
        self._pool = pool
        if pool is not None:
            self._check(abi.native.tflc_set_parallel(self._self, ctypes.byref(pool.parallel)))
        infos = [_describe(tensor) for tensor in self._tensors]
        self.input_info = infos[: self._num_inputs]
        self.output_info = infos[self._num_inputs :]
        self._invoke = abi.native.tflc_invoke
        self._address = ctypes.c_void_p(ctypes.addressof(self._struct))
        self.has_measured_outputs = bool(signature.num_limits)
        """Whether data decide shapes, of outputs or on the way to them."""
        self._share = share
        self._memory: list[TensorMemory] | None = None

    @staticmethod
    def _check(status: int) -> None:
        if status:
            raise InvokeError(status)

    def _shape(self, index: int) -> tuple[int, ...]:
        """With what is known now; -1 for a dimension that nothing bounds."""
        tensor = self._tensors[index]
        return tuple(abi.native.tflc_dim(self._self, ctypes.byref(tensor), i) for i in range(tensor.rank))

    def resize(self, index: int, shape: Sequence[int]) -> None:
        """Gives the unknown dimensions of an input sizes. Raises ValueError for a shape that it cannot have. The buffers
        are new after the next `allocate`."""
        sizes = (ctypes.c_int32 * max(len(shape), 1))(*shape)
        status = abi.native.tflc_resize_input(self._self, index, sizes, len(shape))
        if status:
            info = self.input_info[index]
            wanted = "x".join("?" if size < 0 else str(size) for size in info.shape)
            raise ValueError(f"the input '{info.name}' has the shape {wanted or 'scalar'}, not {tuple(shape)}")
        self._memory = None

    def allocate(self) -> None:
        """Takes memory for the present shapes, and gives variables their initial values unless they are shared. Raises
        InvokeError for shapes that an operator cannot work on."""
        self._memory = []
        try:
            self._take_memory()
        except InvokeError:
            self._memory = None
            raise

    def _take_memory(self) -> None:
        for index, tensor in enumerate(self._tensors):
            # A dimension that only data decide has room for what it can be at most, where that is known.
            shape = tuple(max(size, 0) for size in self._shape(index))
            memory = TensorMemory(shape, abi.DTYPES[tensor.type])
            self._memory.append(memory)
            self._bind(index)
        if self._share is not None:
            if self._share._arena is None:
                self._share.allocate()
            self._take_shared()
            return
        self._arena = self._make_arena()
        self._check(abi.native.tflc_set_arena(self._self, self._arena.ctypes.data, self._arena.nbytes))

    _arena: np.ndarray | None = None

    def _make_arena(self) -> np.ndarray:
        return aligned_bytes(abi.native.tflc_arena_size(self._self), self.library.model.arena_alignment)

    def _take_shared(self) -> None:
        """Works in the arena of the other runner, which grows where this one needs more."""
        owner = self._share
        if owner._arena.nbytes < abi.native.tflc_arena_size(self._self):
            larger = self._make_arena()
            state = self.library.model.state_size
            larger[:state] = owner._arena[:state]
            owner._arena = larger
            owner._struct.arena, owner._struct.arena_bytes = larger.ctypes.data, larger.nbytes
        self._check(abi.native.tflc_share_arena(self._self, owner._self))

    def _bind(self, index: int) -> None:
        memory = self._memory[index]
        if index < self._num_inputs:
            self._check(abi.native.tflc_set_input(self._self, index, memory.address, memory.array.nbytes))
        else:
            measured = self.has_measured_outputs and -1 in self.output_info[index - self._num_inputs].shape
            size = memory.capacity if measured else memory.array.nbytes
            self._check(abi.native.tflc_set_output(self._self, index - self._num_inputs, memory.address, size))

    def input(self, index: int) -> TensorMemory:
        """The buffer of an input; `allocate` comes before."""
        return self._memory[index]

    def output(self, index: int) -> TensorMemory:
        """The buffer of an output; it has the shape and the values of the last invocation."""
        return self._memory[self._num_inputs + index]

    @property
    def is_allocated(self) -> bool:
        return self._memory is not None

    def is_viewed(self) -> bool:
        """Whether somebody still looks into a buffer."""
        return any(memory.is_viewed() for memory in self._memory or ())

    def invoke(self) -> None:
        """Runs the signature once on what the inputs hold. Raises InvokeError where the data have no answer."""
        if self._share is not None and self._struct.arena != self._share._struct.arena:
            self._take_shared()
        if self.has_measured_outputs:
            self._invoke_growing()
        elif status := self._invoke(self._address):
            raise InvokeError(status)

    def _invoke_growing(self) -> None:
        """Gives more memory where the data ask for it, and then fits the outputs to what has been found."""
        owner = self._share or self
        state_size = self.library.model.state_size
        state = owner._arena[:state_size].copy()
        while True:
            status = self._invoke(self._address)
            if status == abi.LARGER_ARENA_NEEDED:
                larger = self._make_arena()
                if larger.nbytes <= owner._arena.nbytes:
                    raise InvokeError(status)
                owner._arena = larger
                for struct in (owner._struct, self._struct):
                    struct.arena, struct.arena_bytes = larger.ctypes.data, larger.nbytes
            elif status != abi.LARGER_OUTPUT_NEEDED or not self._enlarge_outputs():
                break
            owner._arena[:state_size] = state
        if status:
            raise InvokeError(status)
        for index in range(self._num_inputs, len(self._tensors)):
            memory, shape = self._memory[index], self._shape(index)
            if memory.array.shape != shape:
                memory.set_shape(shape)

    def _enlarge_outputs(self) -> bool:
        """False where all outputs that are known have room."""
        enlarged = False
        for index in range(self._num_inputs, len(self._tensors)):
            tensor = self._tensors[index]
            needed = abi.native.tflc_tensor_bytes(self._self, ctypes.byref(tensor))
            if needed > self._memory[index].capacity and needed < 1 << 62:
                self._memory[index] = TensorMemory((0,), abi.DTYPES[tensor.type], capacity=needed)
                self._bind(index)
                enlarged = True
        return enlarged

    def take_state(self, other: Runner) -> None:
        """Gives variables the values that they have in another runner, of the same model for other shapes."""
        size = self.library.model.state_size
        if size == other.library.model.state_size:
            self._arena[:size] = other._arena[:size]

    def reset(self) -> None:
        """Gives all variables their initial values."""
        self._check(abi.native.tflc_reset(self._self))
