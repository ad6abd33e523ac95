"""Lets another interpreter stand in for TensorFlow Lite's under all names that programs import it by. The first argument of
the program names the module. At the end, the error output says how long the processor was in `invoke`."""

import atexit
import importlib
import math
import sys
import time
import types

import numpy as np

interpreter = importlib.import_module(sys.argv[1])


class Times:
    """Of all invocations but the first of each interpreter, which may still prepare something."""

    seconds = 0.0
    count = 0


def measure(invoke):
    def measured(self, **inputs):
        start = time.process_time()
        result = invoke(self, **inputs)
        if getattr(self, "was_invoked", False):
            Times.seconds += time.process_time() - start
            Times.count += 1
        self.was_invoked = True
        return result

    return measured


interpreter.Interpreter.invoke = measure(interpreter.Interpreter.invoke)
interpreter.SignatureRunner.__call__ = measure(interpreter.SignatureRunner.__call__)
atexit.register(lambda: print(f"invoke {Times.count} {Times.seconds:.4f}", file=sys.stderr))

for package in ("tflite_runtime", "tensorflow"):
    sys.modules[package] = types.ModuleType(package)
    sys.modules[package].__path__ = []
sys.modules["tflite_runtime.interpreter"] = sys.modules["tflite_runtime"].interpreter = interpreter
sys.modules["tensorflow.lite"] = sys.modules["tensorflow"].lite = interpreter
# Programs for NumPy 1 say so.
for name, value in {"float_": np.float64, "math": math}.items():
    if not hasattr(np, name):
        setattr(np, name, value)


def make_sound(rate: int, seconds: float) -> np.ndarray:
    """A rising tone with overtones and noise, from -1 to 1."""
    time = np.arange(int(rate * seconds)) / rate
    phase = 2 * np.pi * (220 * time + 60 * time**2)
    tone = sum(np.sin(phase * k) / k for k in (1, 2, 3))
    noise = np.random.default_rng(0).standard_normal(len(time))
    return (0.3 * tone + 0.02 * noise).astype(np.float32)


def show(name: str, values) -> None:
    """A line of numbers, which begins unlike what the program itself prints."""
    print("=", name, *(f"{value:.6g}" for value in np.ravel(values)))
