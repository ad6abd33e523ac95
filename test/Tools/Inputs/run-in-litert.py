"""run-in-litert.py TFLC DATA MODEL...: the outputs of LiteRT's reference kernels and of tflc are the same bits.

DATA is an .npz with the model's inputs as floats and one more axis in front; a quantized input takes them by its scale.
"""

import subprocess
import sys
import tempfile

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType


def to_input(values, detail):
    if detail["dtype"] == np.float32:
        return values
    scale, zero_point = detail["quantization"]
    limits = np.iinfo(detail["dtype"])
    return np.clip(np.round(values / scale) + zero_point, limits.min, limits.max).astype(detail["dtype"])


def run_litert(model, data):
    interpreter = Interpreter(model_path=model, experimental_op_resolver_type=OpResolverType.BUILTIN_REF)
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


def main():
    tflc, path, *models = sys.argv[1:]
    data = dict(np.load(path))
    for model in models:
        inputs, wanted = run_litert(model, data)
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
                same = np.array_equal(found[str(i)], output)
                print(f"{model}: output {i} {'is the same' if same else 'differs'}")


main()
