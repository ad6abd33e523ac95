"""Runs models that tflc has compiled: NumPy arrays in, NumPy arrays out.

    import tflc_runtime
    model = tflc_runtime.load("libmnist.so")    # tflc compile mnist.tflite --emit=shared
    scores = model(image)

There is no compiler in this package, and no interpreter: a compiled model is machine code for one kind of processor.
"""

from .errors import InvokeError, LoadError
from .library import Library
from .model import CompiledModel, Function, load
from .pool import Pool, check_threads
from .runner import Runner, TensorInfo

__version__ = "0.1.0"
__all__ = [
    "CompiledModel",
    "Function",
    "InvokeError",
    "Library",
    "LoadError",
    "Pool",
    "Runner",
    "TensorInfo",
    "check_threads",
    "load",
]
