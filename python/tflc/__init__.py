"""tflc: TensorFlow Lite models, converted, quantized, compiled and run without TensorFlow.

    import tflc
    interpreter = tflc.Interpreter("mnist.tflite")       # as tf.lite.Interpreter
    converter = tflc.TFLiteConverter.from_saved_model(folder)
    model = tflc.compile("mnist.tflite", target="cortex-m4")

Names are loaded when they are first used, and LLVM when something is first compiled.
"""

from __future__ import annotations

import importlib

__version__ = "0.1.0"

_PLACES = {
    "Calibration": "quantizer",
    "CompiledModel": "compiled",
    "Comparison": "quantizer",
    "Evaluation": "quantizer",
    "Inspection": "inspection",
    "OpsSet": "converter",
    "Optimize": "converter",
    "RepresentativeDataset": "samples",
    "TFLiteConverter": "converter",
    "TargetSpec": "converter",
    "TensorDifference": "quantizer",
    "calibrate": "quantizer",
    "compare": "quantizer",
    "compile": "compiled",
    "evaluate": "quantizer",
    "inspect": "inspection",
    "merge_calibrations": "quantizer",
    "quantize": "quantizer",
    "CompileError": "errors",
    "ConverterError": "errors",
    "Finding": "errors",
    "InvokeError": "interpreter",
    "ModelError": "errors",
    "Interpreter": "interpreter",
    "InterpreterWithCustomOps": "interpreter",
    "OpResolverType": "interpreter",
    "SignatureRunner": "interpreter",
    "load_delegate": "interpreter",
}

__all__ = sorted(_PLACES)


def __getattr__(name: str):
    if name in _PLACES:
        value = getattr(importlib.import_module("." + _PLACES[name], __name__), name)
        globals()[name] = value
        return value
    if name == "interpreter":
        return importlib.import_module(".interpreter", __name__)
    raise AttributeError(f"module 'tflc' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__", "interpreter"])
