"""A function of a model with its tensors, bound to compiled code."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from tflc_runtime import Runner

from .tensors import constant_values, decode_strings, encode_strings, numpy_type, tensor_details, type_name

NOT_ALLOCATED = "Call allocate_tensors() first"


class Subgraph:
    """The tensors of one subgraph of a file. `runner` executes it, once there is code for the present shapes."""

    def __init__(self, index: int, description: dict, key: str | None, read: Callable[[], bytes]):
        """`key` is the signature that compiled code has for it, None where it has none; `read` gives the file."""
        self.index = index
        self.key = key
        self.tensors: list[dict] = description["tensors"]
        self.operators: list[dict] = description["operators"]
        self.inputs: list[int] = description["inputs"]
        self.outputs: list[int] = description["outputs"]
        self.input_places = {tensor: place for place, tensor in reversed(list(enumerate(self.inputs)))}
        self.output_places = {tensor: place for place, tensor in reversed(list(enumerate(self.outputs)))}
        self.shapes = [tuple(tensor["shape"]) for tensor in self.tensors]
        self.runner: Runner | None = None
        self.is_ready = False
        """Whether the runner is for the present shapes."""
        self.is_watched = False
        """Whether views have been given out that may still be there."""
        self._read = read

    def check_index(self, index: int) -> None:
        if not isinstance(index, (int, np.integer)):
            raise TypeError(f"a tensor's index is an int, not {type(index).__name__}")
        if not 0 <= index < len(self.tensors):
            raise ValueError(f"Invalid tensor index {index}: the model has the tensors 0 to {len(self.tensors) - 1}")

    def label(self, index: int) -> str:
        return f"tensor {index} '{self.tensors[index]['name']}'"

    def details(self, index: int) -> dict:
        return tensor_details(index, self.tensors[index], self.shapes[index])

    def changed_shapes(self) -> list[tuple[str, list[int]]]:
        """The inputs whose shapes are not those of the file, as the compiler names them."""
        changed = []
        for place, tensor in enumerate(self.inputs):
            if self.shapes[tensor] != tuple(self.tensors[tensor]["shape"]):
                name = self._input_name(place)
                changed.append((f"{self.key}/{name}", list(self.shapes[tensor])))
        return changed

    _names: list[str] | None = None

    def set_signature_names(self, names: list[str]) -> None:
        """The names of the inputs in the signature, in their order in the subgraph."""
        self._names = names

    def _input_name(self, place: int) -> str:
        return self._names[place] if self._names else self.tensors[self.inputs[place]]["name"]

    def _note_shape(self, tensor: int, shape: Sequence[int]) -> None:
        """Of what compiled code has for a tensor. The room for the bytes of a string is no dimension of the model."""
        is_string = self.tensors[tensor]["type"] == "STRING"
        self.shapes[tensor] = tuple(shape[:-1]) if is_string else tuple(shape)

    def bind(self, runner: Runner, computed: list[list]) -> None:
        """Takes code for the present shapes. `computed` lists the tensors of the operators: subgraph, operator, result,
        shape. What inputs of the same shape held they hold again."""
        former = self.runner
        runner.allocate()
        self.runner = runner
        for _, op, result, shape in computed:
            self._note_shape(self.operators[op]["outputs"][result], shape)
        exposed = runner.output_info[len(self.outputs) :]
        if exposed:
            for place, (_, op, result, _) in enumerate(computed):
                self.output_places.setdefault(self.operators[op]["outputs"][result], len(self.outputs) + place)
        for place, tensor in enumerate(self.outputs):
            self._note_shape(tensor, runner.output(place).array.shape)
        for place, tensor in enumerate(self.inputs):
            memory = runner.input(place)
            self._note_shape(tensor, memory.array.shape)
            if former is not None and former.is_allocated and former.input(place).array.shape == memory.array.shape:
                np.copyto(memory.array, former.input(place).array)
        self.is_ready = True

    def is_viewed(self) -> bool:
        """Whether somebody holds an array that `view` gave, or a slice of one."""
        if self.is_watched:
            self.is_watched = self.runner is not None and self.runner.is_viewed()
        return self.is_watched

    def resize(self, index: int, shape: tuple[int, ...], strict: bool) -> None:
        if index not in self.input_places:
            raise RuntimeError(f"Cannot resize {self.label(index)}: only inputs can be resized")
        if any(size < 0 for size in shape):
            raise RuntimeError(f"Cannot resize {self.label(index)} to {list(shape)}: a dimension is negative")
        if strict:
            signature = self.tensors[index].get("shape_signature") or self.tensors[index]["shape"]
            if len(signature) != len(shape) or any(s not in (-1, n) for s, n in zip(signature, shape)):
                raise RuntimeError(
                    f"Cannot resize {self.label(index)} to {list(shape)} with strict=True: "
                    f"its shape is {signature}, where only -1 takes another size"
                )
        if self.shapes[index] != shape:
            self.shapes[index] = shape
            self.is_ready = False

    def set(self, index: int, value) -> None:
        """Copies values into an input."""
        place = self.input_places.get(index)
        if place is None:
            self.check_index(index)
            raise ValueError(f"Cannot set tensor: {self.label(index)} is no input")
        if not self.is_ready:
            raise ValueError(f"Cannot set tensor: Tensor is unallocated. {NOT_ALLOCATED}")
        array = self.runner.input(place).array
        if type(value) is not np.ndarray or value.dtype is not array.dtype or value.shape != array.shape:
            value = self._adapt(index, value, array)
        array[...] = value

    def _adapt(self, index: int, value, array: np.ndarray) -> np.ndarray:
        """The value as an array of the type and shape of `array`."""
        if self.tensors[index]["type"] == "STRING":
            return self._check_shape(index, encode_strings(value, array.shape[-1]), array)
        value = np.asarray(value)
        if value.dtype.newbyteorder("=") != array.dtype:
            raise ValueError(
                f"Cannot set tensor: Got value of type {type_name(value.dtype)} but expected type "
                f"{self.tensors[index]['type']} for input {index}, name: {self.tensors[index]['name']}"
            )
        return self._check_shape(index, value, array)

    @staticmethod
    def _check_shape(index: int, value: np.ndarray, array: np.ndarray) -> np.ndarray:
        if value.ndim != array.ndim:
            raise ValueError(
                f"Cannot set tensor: Dimension mismatch. Got {value.ndim} but expected {array.ndim} for input {index}."
            )
        for dimension, (found, wanted) in enumerate(zip(value.shape, array.shape)):
            if found != wanted:
                raise ValueError(
                    f"Cannot set tensor: Dimension mismatch. Got {found} but expected {wanted} "
                    f"for dimension {dimension} of input {index}."
                )
        return value

    def _memory(self, index: int):
        """The buffer of a tensor, or None for a constant."""
        place = self.input_places.get(index)
        if place is not None and self.runner is not None:
            return self.runner.input(place)
        place = self.output_places.get(index)
        if place is not None and self.runner is not None:
            return self.runner.output(place)
        self.check_index(index)
        if "data" in self.tensors[index]:
            return None
        if self.runner is None:
            raise ValueError(f"Tensor data is null. {NOT_ALLOCATED}")
        raise ValueError(
            f"{self.label(index)} has no values of its own: compiled code keeps inputs, outputs and constants; "
            "experimental_preserve_all_tensors=True keeps all"
        )

    def get(self, index: int) -> np.ndarray:
        """A copy of a tensor's values."""
        memory = self._memory(index)
        if memory is None:
            return constant_values(self._read(), self.tensors[index])
        if self.tensors[index]["type"] == "STRING":
            return decode_strings(memory.array)
        return memory.array.copy()

    def view(self, index: int) -> np.ndarray:
        """An array that shares the memory of a tensor; one that cannot be written for a constant."""
        memory = self._memory(index)
        if memory is None:
            values = constant_values(self._read(), self.tensors[index])
            values.flags.writeable = False
            return values
        self.is_watched = True
        return memory.view()

    def invoke(self) -> None:
        """Runs the code; data may give outputs another shape than before."""
        runner = self.runner
        runner.invoke()
        if runner.has_measured_outputs:
            for place, tensor in enumerate(self.outputs):
                self._note_shape(tensor, runner.output(place).array.shape)

    def _types(self, tensors: list[int]) -> list[type]:
        """Those of an operator's tensors, without the ones that are left out."""
        return [numpy_type(self.tensors[i]["type"]) for i in tensors if i >= 0]

    def describe_operator(self, index: int) -> dict:
        operator = self.operators[index]
        return {
            "index": index,
            "op_name": operator["name"],
            "inputs": np.array(operator["inputs"], np.int32),
            "outputs": np.array(operator["outputs"], np.int32),
            "operand_types": self._types(operator["inputs"]),
            "result_types": self._types(operator["outputs"]),
        }
