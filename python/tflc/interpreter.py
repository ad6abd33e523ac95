"""TensorFlow Lite's interpreter, by compiled code.

For programs that say `tf.lite.Interpreter`, or that import `tflite_runtime.interpreter` or `ai_edge_litert.interpreter`:

    import tflc.interpreter as tflite
    interpreter = tflite.Interpreter(model_path="mnist.tflite")
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], image)
    interpreter.invoke()
    scores = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])

docs/Python.md lists the differences.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from tflc_runtime import InvokeError, Pool, Runner

from . import cache, compilation
from .delegates import Delegate, DelegateError, load_delegate
from .settings import OpResolverType, check_resolver, check_threads
from .signature import SignatureRunner
from .subgraph import Subgraph

__all__ = [
    "Delegate",
    "DelegateError",
    "Interpreter",
    "InterpreterWithCustomOps",
    "InvokeError",
    "OpResolverType",
    "SignatureRunner",
    "load_delegate",
]

_VIEWED = (
    "There is at least 1 reference to internal data in the interpreter in the form of a numpy array or slice. "
    "Hold only the function that tensor() returns, and call it anew after each invoke()."
)
_MAIN_KEY = "serving_default"


class Interpreter:
    """Runs a TensorFlow Lite model. It is compiled for this machine when tensors are allocated, or taken from the cache.

    An interpreter is for one thread at a time: a second one that invokes it waits. `invoke` releases Python's lock, so
    that interpreters in different threads run at once. It cannot be pickled or copied; make another one from the file.
    """

    _custom: list[tuple[str, str]] = []

    def __init__(
        self,
        model_path: str | os.PathLike | None = None,
        model_content: bytes | None = None,
        experimental_delegates: Sequence[Delegate] | None = None,
        num_threads: int | None = None,
        experimental_op_resolver_type: OpResolverType = OpResolverType.AUTO,
        experimental_preserve_all_tensors: bool = False,
        experimental_disable_delegate_clustering: bool = False,
        experimental_default_delegate_latest_features: bool = False,
        experimental_compress_quantization_zero_points: bool = False,
        experimental_disable_delegate_node_fusion: bool = False,
        experimental_force_delegate_node_profiling: bool = False,
    ):
        """Reads and checks a model: the file `model_path`, or the bytes `model_content`.

        `experimental_preserve_all_tensors` keeps the values of all tensors for `get_tensor`. `num_threads` threads share the
        work of `invoke`; results do not depend on it. What is about delegates is accepted and has no effect.

        Raises ValueError for arguments that do not fit and for what is no sound model, with `findings`.
        """
        if not model_path and not model_content:
            raise ValueError("`model_path` or `model_content` must be specified.")
        if model_path and model_content:
            raise ValueError("Can't both provide `model_path` and `model_content`")
        self._threads = check_threads(num_threads)
        resolver = check_resolver(experimental_op_resolver_type)
        if experimental_delegates:
            raise ValueError("compiled models take no delegates")
        self._opt = "0" if resolver is OpResolverType.BUILTIN_REF else "2"
        self._preserve = bool(experimental_preserve_all_tensors)
        self._lock = threading.Lock()
        self._contents: bytes | None = None
        if model_path:
            self._path = os.fspath(model_path)
            contents = self._read_file()
        else:
            if not isinstance(model_content, bytes):
                raise TypeError(f"model_content is bytes, not {type(model_content).__name__}")
            self._path = "model.tflite"
            contents = self._contents = model_content
        self._digest = cache.digest(contents)
        self._description = compilation.describe(contents, self._path, self._digest)
        self._make_subgraphs()

    def _read_file(self) -> bytes:
        try:
            with open(self._path, "rb") as file:
                return file.read()
        except OSError as error:
            raise ValueError(f"Could not open '{self._path}': {error.strerror}") from None

    def _read_contents(self) -> bytes:
        """The model's bytes, which are not kept where there is a file to read them from again."""
        if self._contents is not None:
            return self._contents
        contents = self._read_file()
        if cache.digest(contents) != self._digest:
            raise RuntimeError(f"{self._path} has changed since the interpreter was made")
        return contents

    def _make_subgraphs(self) -> None:
        self._signatures = {entry["key"]: entry for entry in sorted(self._description["signatures"], key=lambda s: s["key"])}
        keys: dict[int, str] = {}
        for entry in self._description["signatures"]:
            keys.setdefault(entry["subgraph"], entry["key"])
        if 0 not in keys and _MAIN_KEY not in self._signatures:
            keys[0] = _MAIN_KEY
        self._subgraphs = [
            Subgraph(i, entry, keys.get(i), self._read_contents) for i, entry in enumerate(self._description["subgraphs"])
        ]
        for entry in reversed(self._description["signatures"]):
            names = {tensor: name for name, tensor in entry["inputs"]}
            subgraph = self._subgraphs[entry["subgraph"]]
            subgraph.set_signature_names([names.get(i, subgraph.tensors[i]["name"]) for i in subgraph.inputs])
        self._main = self._subgraphs[0]
        self._library = None
        self._pool: Pool | None = None
        self._summary: dict = {}
        self._owner: Runner | None = None
        self._shapes: list | None = None

    def close(self) -> None:
        """Gives up code and memory; views stay valid, other calls raise RuntimeError."""
        with self._lock:
            self._subgraphs = []
            self._main = self._library = self._owner = self._pool = self._contents = None

    def __enter__(self) -> Interpreter:
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def __reduce__(self):
        raise TypeError("cannot pickle an Interpreter: it holds machine code; make another one from the model's file")

    def _subgraph(self, index: int = 0) -> Subgraph:
        if not self._subgraphs:
            raise RuntimeError("the interpreter is closed")
        if not 0 <= index < len(self._subgraphs):
            raise ValueError(
                f"subgraph_index is out of range: {index} for the model, which has {len(self._subgraphs)} subgraphs."
            )
        return self._subgraphs[index]

    # Compilation

    def allocate_tensors(self) -> None:
        """Compiles the model for the present shapes, unless that has been done, takes memory, and gives variables their
        initial values. Raises CompileError, a RuntimeError with `findings`, for a model that cannot be compiled."""
        main = self._subgraph()
        self._ensure_safe()
        with self._lock:
            self._bind(main)
            if main.runner is not None:
                main.runner.reset()

    def _bind(self, subgraph: Subgraph) -> None:
        """Makes a subgraph ready for its shapes."""
        if subgraph.is_ready:
            return
        if subgraph.key is None:
            raise RuntimeError(f"subgraph {subgraph.index} is no function that can be invoked")
        shapes = [entry for one in self._subgraphs if one.key is not None for entry in one.changed_shapes()]
        former = self._owner
        if self._library is None or shapes != self._shapes:
            self._library, self._summary = self._compile(shapes)
            self._shapes = shapes
            if self._library.is_parallel and self._pool is None:
                self._pool = Pool(self._threads)
            self._owner = None
        computed = {entry["key"]: entry["tensors"] for entry in self._summary["tensors"]}
        runner = Runner(self._library, subgraph.key, share=self._owner, pool=self._pool)
        subgraph.bind(runner, computed[subgraph.key])
        if self._owner is None:
            self._owner = subgraph.runner
            if former is not None:
                self._owner.take_state(former)
            for other in self._subgraphs:
                if other is not subgraph and other.runner is not None:
                    other.is_ready = False

    def _compile(self, shapes: list):
        """Code for these shapes of inputs, and the summary of its compilation."""
        options = {"shapes": shapes, "opt": self._opt, "expose": self._preserve}
        if self._custom:
            options["custom"] = self._custom
        if self._threads > 1 and self._opt != "0":
            options["threads"] = True
        return compilation.load(self._path, self._digest, self._read_contents, **options)

    # Tensors

    def get_input_details(self) -> list[dict]:
        """A dict for each input: name, index, shape (int32), shape_signature with -1 for open dimensions, dtype,
        quantization (scale, zero point), quantization_parameters and sparsity_parameters."""
        main = self._subgraph()
        return [main.details(i) for i in main.inputs]

    def get_output_details(self) -> list[dict]:
        """Likewise for the outputs."""
        main = self._subgraph()
        return [main.details(i) for i in main.outputs]

    def get_tensor_details(self, subgraph_index: int = 0) -> list[dict]:
        """Likewise for all tensors of a subgraph."""
        subgraph = self._subgraph(subgraph_index)
        return [subgraph.details(i) for i in range(len(subgraph.tensors))]

    def num_subgraphs(self) -> int:
        """How many functions the file has."""
        self._subgraph()
        return len(self._subgraphs)

    def set_tensor(self, tensor_index: int, value) -> None:
        """Copies `value` into an input. Its type and shape must be those of the tensor; byte order and memory layout are
        converted. Raises ValueError."""
        main = self._subgraph() if self._main is None else self._main
        if type(tensor_index) is not int:
            main.check_index(tensor_index)
        main.set(tensor_index, value)

    def get_tensor(self, tensor_index: int, subgraph_index: int = 0) -> np.ndarray:
        """A copy of an input, output or constant; of any tensor with experimental_preserve_all_tensors."""
        subgraph = self._subgraph(subgraph_index)
        if type(tensor_index) is not int:
            subgraph.check_index(tensor_index)
        return subgraph.get(tensor_index)

    def tensor(self, tensor_index: int) -> Callable[[], np.ndarray]:
        """A function that gives an array which shares a tensor's memory.

        As long as such an array or a slice of it exists, invoke, allocate_tensors and resize_tensor_input raise
        RuntimeError: it would change under the program's hands, or no longer be the tensor.
        """
        main = self._subgraph()
        if type(tensor_index) is not int:
            main.check_index(tensor_index)
        return lambda: main.view(tensor_index)

    def resize_tensor_input(self, input_index: int, tensor_size: Sequence[int], strict: bool = False) -> None:
        """Gives an input another shape, which takes effect with allocate_tensors. With `strict`, only where
        shape_signature has -1. Raises RuntimeError for what is no input, and for sizes that it cannot have."""
        self._ensure_safe()
        main = self._subgraph()
        size = np.asarray([int(n) for n in tensor_size]) if not isinstance(tensor_size, np.ndarray) else tensor_size
        if size.ndim != 1:
            raise ValueError(f"Shape should be 1D instead of {size.ndim}.")
        try:
            main.check_index(input_index)
        except ValueError as error:
            raise RuntimeError(str(error)) from None
        main.resize(int(input_index), tuple(int(n) for n in size), strict)

    def reset_all_variables(self) -> None:
        """Gives the model's variables their initial values."""
        self._subgraph()
        with self._lock:
            if self._owner is not None:
                self._owner.reset()

    def _safe_to_run(self) -> bool:
        return not any(subgraph.is_viewed() for subgraph in self._subgraphs)

    def _ensure_safe(self) -> None:
        if not self._safe_to_run():
            raise RuntimeError(_VIEWED)

    # Execution

    def invoke(self) -> None:
        """Runs the model on what the inputs hold. Raises RuntimeError where tensors are not allocated, a view is alive, or
        the data ask for what has no answer, such as an index outside of its tensor."""
        main = self._main
        if main is None or not main.is_ready:
            self._subgraph()
            raise RuntimeError("Invoke called on model that is not ready. Call allocate_tensors() first")
        if main.is_watched:
            self._ensure_safe()
        with self._lock:
            main.invoke()

    def _invoke_signature(self, subgraph: Subgraph, values: dict[int, np.ndarray]) -> None:
        """Runs a subgraph on values by tensor, in their shapes."""
        self._ensure_safe()
        with self._lock:
            for tensor, value in values.items():
                shape = np.shape(value)
                if subgraph.shapes[tensor] != shape:
                    subgraph.resize(tensor, shape, strict=False)
            self._bind(subgraph)
            for tensor, value in values.items():
                subgraph.set(tensor, value)
            subgraph.invoke()

    # Signatures

    def get_signature_list(self) -> dict[str, dict[str, list[str]]]:
        """The names of inputs and outputs of each signature: {"serving_default": {"inputs": ["x"], "outputs": ["y"]}}."""
        self._subgraph()
        return {
            key: {kind: sorted(name for name, _ in entry[kind]) for kind in ("inputs", "outputs")}
            for key, entry in self._signatures.items()
        }

    def _get_full_signature_list(self) -> dict:
        self._subgraph()
        return {
            key: {
                "subgraph_index": entry["subgraph"],
                **{kind: dict(sorted(map(tuple, entry[kind]))) for kind in ("inputs", "outputs")},
            }
            for key, entry in self._signatures.items()
        }

    def get_signature_runner(self, signature_key: str | None = None) -> SignatureRunner:
        """A signature as a function; None means the only one. Raises ValueError for an unknown key."""
        if signature_key is None:
            if len(self._signatures) != 1:
                raise ValueError(
                    f"SignatureDef signature_key is None and model has {len(self._signatures)} Signatures. "
                    "None is only allowed when the model has 1 SignatureDef"
                )
            signature_key = next(iter(self._signatures))
        return SignatureRunner(interpreter=self, signature_key=signature_key)

    def _get_op_details(self, op_index: int) -> dict:
        return self._subgraph().describe_operator(op_index)

    def _get_ops_details(self) -> list[dict]:
        return [self._get_op_details(i) for i in range(len(self._subgraph().operators))]


class InterpreterWithCustomOps(Interpreter):
    """An interpreter for a model with custom operators of the program's own.

        ctypes.CDLL("libops.so", ctypes.RTLD_GLOBAL)
        interpreter = InterpreterWithCustomOps({"Blend": "blend"}, model_path="model.tflite")

    TensorFlow Lite takes functions that register kernels with its own tables. Compiled code calls functions of C, by name:
    those of tflc/custom.h, which are in the process before.
    """

    def __init__(self, custom_op_registerers: Mapping[str, str] | None = None, **kwargs):
        """`custom_op_registerers` has the name of a C function for that of each operator; other arguments are those of
        Interpreter. Raises ValueError for TensorFlow Lite's registerers."""
        if not isinstance(custom_op_registerers or {}, Mapping):
            raise ValueError(
                "compiled models do not take registerers of TensorFlow Lite's kernels; custom_op_registerers is a dict "
                "of custom operators and the C functions that compute them (tflc/custom.h)"
            )
        self._custom = [(name, function) for name, function in (custom_op_registerers or {}).items()]
        super().__init__(**kwargs)
