"""Whether the outputs of LiteRT's reference kernels and of tflc are the same bits.

usage: run-in-litert.py [--optimized] TFLC DATA MODEL...

With --optimized it is LiteRT's default kernels without delegates, and "nearly the same" says that the largest difference is
at most 1e-6 of the largest output: the reference kernel for weights with a scale for each block takes them for others.
DATA is an .npz with the model's inputs as floats and one more axis in front; a quantized input takes them by its scale.
"""

import subprocess
import sys
import tempfile

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType


def to_input(values, detail):
    if detail["dtype"] == values.dtype:
        return values
    scale, zero_point = detail["quantization"]
    limits = np.iinfo(detail["dtype"])
    return np.clip(np.round(values / scale) + zero_point, limits.min, limits.max).astype(detail["dtype"])


def run_litert(model, data, kernels):
    interpreter = Interpreter(model_path=model, experimental_op_resolver_type=kernels)
    interpreter.allocate_tensors()
    details = interpreter.get_input_details()
    inputs = {str(i): to_input(values, detail) for i, (values, detail) in enumerate(zip(data.values(), details))}
    outputs = []
    for sample in range(len(next(iter(inputs.values())))):
        for detail, values in zip(details, inputs.values()):
            interpreter.set_tensor(detail["index"], values[sample])
        interpreter.invoke()
        outputs.append([interpreter.get_tensor(d["index"]).copy() for d in interpreter.get_output_details()])
    return inputs, [np.stack(output) for output in zip(*outputs)]


def describe(found, wanted):
    if np.array_equal(found, wanted):
        return "is the same"
    return "is nearly the same" if np.abs(found - wanted).max() <= 1e-6 * np.abs(wanted).max() else "differs"


def main():
    kernels = OpResolverType.BUILTIN_REF
    if sys.argv[1] == "--optimized":
        del sys.argv[1]
        kernels = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    tflc, path, *models = sys.argv[1:]
    data = dict(np.load(path))
    for model in models:
        inputs, wanted = run_litert(model, data, kernels)
        with tempfile.TemporaryDirectory() as folder:
            np.savez(folder + "/in.npz", **inputs)
            subprocess.run(
                [
                    tflc,
                    "run",
                    model,
                    "--samples",
                    "--keys=index",
                    "--inputs",
                    folder + "/in.npz",
                    "--outputs",
                    folder + "/out.npz",
                ],
                check=True,
            )
            found = np.load(folder + "/out.npz")
            for i, output in enumerate(wanted):
                print(f"{model}: output {i} {describe(found[str(i)], output)}")


main()
