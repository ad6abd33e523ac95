"""Compares operators whose sizes, factors or axes are fed with the same operators whose are constants.

usage: check-fed-operands.py [--only=REGEX] [--litert] TFLC-ARGS...

What an operand says must not depend on when it is known: the constant form has recorded results of its own. Values that the
operator rejects end the invocation. With --litert the fed form is compared with LiteRT's reference kernels, too.
"""
import pathlib
import re
import subprocess
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parent / "Inputs"))
from fed_cases import CASES  # noqa: E402

ONLY = [arg.removeprefix("--only=") for arg in sys.argv[1:] if arg.startswith("--only=")]
WITH_LITERT = "--litert" in sys.argv
ARGS = [arg for arg in sys.argv[1:] if not arg.startswith("--only=") and arg != "--litert"]
DTYPES = {"f32": np.float32, "i8": np.int8, "ui8": np.uint8, "i16": np.int16, "i32": np.int32, "i64": np.int64}


def split_type(text):
    """The shape and the dtype of an MLIR type."""
    *sizes, element = re.match(r"((?:[0-9?]+x)*)(.*)", text).groups()
    stored = re.match(r"!quant.uniform<(\w+):", element)
    dtype = np.dtype(DTYPES[stored.group(1).replace("u8", "ui8") if stored else element])
    return [int(size) for size in sizes[0].split("x")[:-1]], dtype


def write_model(case, constants):
    """The operator as a model in which the operands that `constants` names are constants."""
    arguments, body = [], []
    constants = {**case.constants, **constants}
    for name, text in case.operands.items():
        if name in constants:
            value = np.array(constants[name]).tolist()
            body.append(f"    %{name} = tfl.const dense<{value}> : tensor<{text}> -> tensor<{text}>")
        else:
            arguments.append(f'%{name}: tensor<{text}> {{tfl.name = "{name}"}}')
    types = ", ".join(f"tensor<{text}>" for text in case.operands.values())
    results = ", ".join(f"tensor<{text}>" for text in case.results)
    names = ", ".join(f"%y#{n}" for n in range(len(case.results))) if len(case.results) > 1 else "%y"
    outputs = ", ".join(f'tensor<{text}> {{tfl.name = "y{n}"}}' for n, text in enumerate(case.results))
    count = f":{len(case.results)}" if len(case.results) > 1 else ""
    operands = ", ".join(f"%{name}" for name in case.operands)
    body.append(f"    %y{count} = tfl.{case.op} {operands} {{{case.attributes}}} : ({types}) -> ({results})")
    body.append(f"    return {names} : {results}")
    text = [f"  func.func @main({', '.join(arguments)})", f"      -> ({outputs}) attributes {{tfl.signature = \"main\"}} {{",
            *body, "  }"]
    with open("model.mlir", "w", encoding="utf-8") as file:
        file.write("module {\n" + "\n".join(text) + "\n}\n")
    subprocess.run(["tflc-translate", "--export-tflite", "model.mlir", "-o", "model.tflite"], check=True)


def make_data(case, value, rng):
    data = {}
    for name, text in case.operands.items():
        shape, dtype = split_type(text)
        if name in case.constants:
            continue
        if name in value:
            data[name] = np.array(value[name], dtype)
        elif dtype.kind == "f":
            data[name] = rng.random(shape).astype(dtype)
        else:
            data[name] = rng.integers(-99 if dtype.kind == "i" else 0, 99, shape).astype(dtype)
    return data


def run(inputs):
    """The outputs in their order, or None where the invocation ends with a status."""
    np.savez("fed.npz", **inputs)
    done = subprocess.run(["tflc", "run", "model.tflite", "--inputs=fed.npz", "--outputs=out.npz", "--keys=index", *ARGS],
                          capture_output=True, text=True, check=False)
    if done.returncode == 1 and re.search("rejects|lies outside", done.stderr):
        return None
    assert done.returncode == 0, done.stderr
    return list(dict(np.load("out.npz")).values())


def run_litert(inputs):
    from ai_edge_litert.interpreter import Interpreter, OpResolverType
    interpreter = Interpreter("model.tflite", experimental_op_resolver_type=OpResolverType.BUILTIN_REF)
    interpreter.allocate_tensors()
    for detail in interpreter.get_input_details():
        interpreter.set_tensor(detail["index"], inputs[detail["name"]])
    interpreter.invoke()
    # It has no empty tensors to give.
    return [interpreter.get_tensor(detail["index"]) if all(detail["shape"]) else np.zeros(detail["shape"], detail["dtype"])
            for detail in interpreter.get_output_details()]


def same(got, want):
    return got is not None and len(got) == len(want) and all(
        a.dtype == b.dtype and a.shape == b.shape and np.allclose(a, b, rtol=1e-5, atol=1e-6) for a, b in zip(got, want))


def check(case):
    """The first value for which the case is not as it should be, or None."""
    rng = np.random.default_rng(1)
    write_model(case, {})
    fed = [(value, data, run(data)) for value in case.values for data in [make_data(case, value, rng)]]
    for value in case.rejected:
        if run(make_data(case, value, rng)) is not None:
            return f"takes {value}"
    for value, data, got in fed if WITH_LITERT else []:
        if not same(got, run_litert(data)):
            return f"differs from LiteRT for {value}"
    for value, data, got in fed:
        write_model(case, value)
        if not same(got, run({name: array for name, array in data.items() if name not in value})):
            return f"differs for {value}"
    return None


def main():
    for case in CASES:
        if not ONLY or any(re.search(pattern, case.name) for pattern in ONLY):
            print(f"{case.name}: {check(case) or 'ok'}")


main()
