#!/usr/bin/env python3
"""Converts one model for each layer, activation and operation of Keras, and writes docs/KerasLayers.md.

    tools/utils/keras-layers.py --tflc PATH [--only REGEX] [--tensorflow]   measures, then writes both files
    tools/utils/keras-layers.py [--check]                                   the page from docs/keras-layers.json

The models stand in keras_cases.py and keras_operation_cases.py. Measuring needs keras, tensorflow and ai-edge-litert:
a model is saved as .keras, converted by `tflc convert`, run in LiteRT, and compared with what Keras computes. With
--tensorflow, TensorFlow's converter is given the exported model, with builtin operators only; what it made the last time
is kept without. Each case is run in a process that may end by a signal.
"""

import argparse
import ast
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE, RESULTS = ROOT / "docs" / "KerasLayers.md", ROOT / "docs" / "keras-layers.json"
LARGEST = 1e-5  # of the largest value, or of one


# ===----------------------------------------------------------------------=== #
# Measuring, in a process of its own
# ===----------------------------------------------------------------------=== #


def make_input(text, name, batch):
    import keras

    kind, *sizes = text.split()
    types = {"float": "float32", "prob": "float32", "text": "string"}
    shape = [None if size == "?" else int(size) for size in sizes if size != "batch"]
    keywords = {"batch_shape": shape} if sizes[:1] == ["batch"] else {"batch_shape": [batch, *shape]}
    return keras.Input(dtype=types.get(kind, kind), name=name, **keywords)


def draw(random, tensor, text):
    import numpy as np

    kind = text.split()[0]
    shape = [(2, 5)[place > 0] if size is None else size for place, size in enumerate(tensor.shape)]
    if kind == "float":
        return random.standard_normal(shape).astype(np.float32)
    if kind == "prob":
        return random.uniform(0.1, 0.9, shape).astype(np.float32)
    if kind == "bool":
        return random.integers(0, 2, shape) > 0
    if kind == "text":
        return random.choice(np.array(["red", "green", "blue"], dtype=object), shape)
    return random.integers(0, 256 if kind == "uint8" else 5, shape).astype(kind)


def run_litert(path, inputs):
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(path))
    names = list(interpreter.get_signature_list())
    runner = interpreter.get_signature_runner(names[-1] if "serving_default" not in names else "serving_default")
    return runner(**inputs)


def count_operators(tflc, path):
    """Those of branches and loops, too."""
    told = subprocess.run([tflc, "inspect", "--json", path], capture_output=True, text=True, check=True).stdout
    return sum(len(graph["operators"]) for graph in json.loads(told)["subgraphs"])


def compare(wanted, got):
    import numpy as np

    if len(wanted) != len(got):
        return f"{len(got)} outputs, expected {len(wanted)}"
    for want, have in zip(wanted, got):
        if want.shape != have.shape:
            return f"a shape of {list(have.shape)}, expected {list(want.shape)}"
        want, have = (np.asarray(value, np.float64 if value.dtype != object else object) for value in (want, have))
        if want.dtype == object:
            if any(w != h for w, h in zip(want.flat, have.flat)):
                return "other texts"
            continue
        finite = np.isfinite(want)
        same = (want == have) | (np.isnan(want) & np.isnan(have))
        scale = max(1, np.abs(want[finite]).max(initial=0))
        error = np.abs(np.where(finite & np.isfinite(have), want - have, np.where(same, 0, np.inf))).max(initial=0) / scale
        if not error <= LARGEST:
            return f"off by {error:.1e} of the largest value"
    return None


def judge(path, wanted, inputs, tflc):
    """What a converted file gives in LiteRT, beside what Keras computed."""
    try:
        results = run_litert(path, inputs)
    except (RuntimeError, ValueError) as error:
        return {"says": "LiteRT refuses the file: " + str(error).splitlines()[0][:90]}
    order = sorted(results, key=lambda name: int(re.search(r"(\d+)$", name)[1]) if re.search(r"\d+$", name) else 0)
    count = count_operators(tflc, path)
    says = compare(wanted, [results[name] for name in order])
    return {"says": says, "operators": count} if says else {"agrees": True, "operators": count}


def convert_tensorflow(model, batch, folder):
    import tensorflow as tf

    # What is exported is of open batch.
    if batch:
        converter = tf.lite.TFLiteConverter.from_keras_model(model)
    else:
        model.export(str(folder / "saved"), verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(str(folder / "saved"), signature_keys=["serving_default"])
    (folder / "peer.tflite").write_bytes(converter.convert())


def name_inputs(model, samples):
    return {tensor.name: value for tensor, value in zip(model.inputs, samples)}


def shorten(error):
    """The sentence of a converter's many lines that says what is missing."""
    text = str(error)
    if missing := re.findall(r"(?:Custom|Flex) ops: ([^\n]*)", text):
        return "no operators for " + ", ".join(missing)
    if reason := re.search(r"'(tf\.\w+' op [^\n]*)", text):
        return "'" + reason[1][:110]
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return (type(error).__name__ + ": " + (lines[-1] if lines else ""))[:120]


def make_model(case, batch=None):
    import keras

    texts, function = case
    texts = [texts] if isinstance(texts, str) else texts
    tensors = [make_input(text, f"input_{place}", batch) for place, text in enumerate(texts)]
    return keras.Model(tensors[0] if len(tensors) == 1 else tensors, keras.tree.flatten(function(*tensors)))


def judge_tensorflow(model, case, wanted, samples, folder, tflc):
    """What TensorFlow's converter makes of a model of open batch, or where it does not take that, of a known one."""
    said = None
    for batch in (None, 2):
        if batch:
            weights = model.get_weights()
            model = make_model(case, batch)
            model.set_weights(weights)
        try:
            convert_tensorflow(model, batch, folder)
            result = judge(folder / "peer.tflite", wanted, name_inputs(model, samples), tflc)
            return result | ({"batch": batch} if batch else {})
        except Exception as error:
            said = said or {"says": shorten(error), "refused": True}
    return said


def measure(name, case, options, folder):
    import keras
    import numpy as np

    keras.backend.clear_session()
    keras.utils.set_random_seed(1)
    random = np.random.default_rng(1)
    try:
        model = make_model(case)
    except Exception as error:
        return {"keras": shorten(error)}
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.set_weights([random.uniform(0.5, 1.5, w.shape) for w in layer.get_weights()])
    texts = [case[0]] if isinstance(case[0], str) else case[0]
    samples = [draw(random, tensor, text) for tensor, text in zip(model.inputs, texts)]
    try:
        model.save(folder / "model.keras")
        values = model(samples if len(samples) > 1 else samples[0], training=False)
    except Exception as error:
        return {"keras": shorten(error)}
    wanted = [value.numpy() if hasattr(value, "numpy") else np.asarray(value) for value in keras.tree.flatten(values)]
    inputs = name_inputs(model, samples)
    result = {}
    tool = subprocess.run(
        [options["tflc"], "convert", folder / "model.keras", "-o", folder / "ours.tflite"], capture_output=True, text=True
    )
    if tool.returncode:
        reason = re.search(r"error: (.*)", tool.stderr)
        result["tflc"] = {"says": reason[1] if reason else "ends with status " + str(tool.returncode), "refused": True}
    else:
        result["tflc"] = judge(folder / "ours.tflite", wanted, inputs, options["tflc"])
    if options["tensorflow"]:
        result["tensorflow"] = judge_tensorflow(model, case, wanted, samples, folder, options["tflc"])
    return result


def get_cases():
    from keras_cases import ACTIVATIONS, LAYERS
    from keras_operation_cases import OPERATIONS

    return {
        f"{group}/{name}": case
        for group, cases in (("layers", LAYERS), ("activations", ACTIVATIONS), ("operations", OPERATIONS))
        for name, case in cases.items()
    }


def work():
    """Reads names of cases, and answers each with a line of JSON."""
    os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    options = json.loads(sys.stdin.readline())
    cases = get_cases()
    print(json.dumps(sorted(cases)), file=answers, flush=True)
    for line in sys.stdin:
        with tempfile.TemporaryDirectory() as folder:
            result = measure(line.strip(), cases[line.strip()], options, pathlib.Path(folder))
        print(json.dumps(result), file=answers, flush=True)


def measure_all(options):
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    settings = {"tflc": options.tflc, "tensorflow": options.tensorflow}
    worker, names = None, None
    while names is None or names:
        if worker is None:
            worker = subprocess.Popen(
                [sys.executable, __file__, "--work"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            print(json.dumps(settings), file=worker.stdin, flush=True)
            listed = json.loads(worker.stdout.readline())
            names = [name for name in listed if re.search(options.only, name)] if names is None else names
            results = {name: result for name, result in results.items() if name in listed}
            if not names:
                break
        name = names.pop(0)
        print(name, file=worker.stdin, flush=True)
        answer = worker.stdout.readline()
        if not answer:
            result, worker = {"tensorflow": {"says": "ends by a signal", "refused": True}}, None
            if options.tensorflow and name not in results:
                results[name] = {}
        else:
            result = json.loads(answer)
        kept = results.get(name, {}).get("tensorflow")
        results[name] = ({"tensorflow": kept} if kept else {}) | result
        print(name, json.dumps(result))
        RESULTS.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n")
    if worker:
        worker.stdin.close()
        worker.wait()


# ===----------------------------------------------------------------------=== #
# The page
# ===----------------------------------------------------------------------=== #

HEADER = """# Layers, activations and operations of Keras

Made by `tools/utils/keras-layers.py` from `docs/keras-layers.json`, which it measures: one small model for each class of
`keras.layers`, each activation and each operation of `keras.ops` (Keras 3.15), saved as `.keras`, converted by `tflc convert`
and by TensorFlow's converter (2.21, from the exported model, builtin operators only), and run in LiteRT. A number is that of
the operators of a file whose outputs differ from those of Keras by at most 1e-5 of the largest value; 0 is a layer that
vanishes.
The batch of the models is open. TensorFlow's converter does not take some of them; where it takes the same model
of a batch of 2, its number is marked so.

The models stand in `tools/utils/keras_cases.py` and `keras_operation_cases.py`. More forms of each are tested from
recorded files in `test/Import/Keras`.

"""


def describe(result):
    if result is None:
        return ""
    if result.get("agrees"):
        return f"{result['operators']}" + (" (batch of 2)" if "batch" in result else "")
    return result["says"].replace("|", "/").replace("\n", " ").replace("•", "").strip()


def make_page(results):
    lines = [HEADER.rstrip(), ""]
    for group in ("layers", "activations", "operations"):
        cases = {name.split("/", 1)[1]: result for name, result in results.items() if name.startswith(group + "/")}
        agree = [name for name, result in cases.items() if result.get("tflc", {}).get("agrees")]
        both = [name for name in cases if cases[name].get("tensorflow", {}).get("agrees")]
        refused = [name for name in cases if cases[name].get("tflc", {}).get("refused")]
        lines += [f"## {group.capitalize()}", ""]
        lines += [
            f"{len(cases)} models: {len(agree)} agree, {len(refused)} are refused with a reason; TensorFlow's converter makes"
            f" {len(both)} that agree.",
            "",
            f"| {group} | tflc | TensorFlow |",
            "|---|---|---|",
        ]
        for name, result in sorted(cases.items()):
            if "keras" in result:
                lines.append(f"| {name} | Keras itself does not run it: {describe({'says': result['keras']})} | |")
            else:
                lines.append(f"| {name} | {describe(result.get('tflc'))} | {describe(result.get('tensorflow'))} |")
        lines.append("")
    return "\n".join(lines + make_rest())


def make_rest():
    """What no model can hold."""
    text = (pathlib.Path(__file__).parent / "keras_cases.py").read_text()
    rest = re.search(r"^NO_LAYERS = (\{.*?^\})", text, re.DOTALL | re.MULTILINE)
    lines = ["## Not among them", "", "| class | why |", "|---|---|"]
    lines += [f"| {name} | {why} |" for name, why in ast.literal_eval(rest[1]).items()]
    return lines + [
        "",
        "Functions of `keras.ops` that make or ask for a value while the model is made (`arange`, `zeros`, `shape`) and those",
        "that take functions of Python (`cond`, `scan`, `while_loop`) are no operations of a model.",
        "",
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tflc")
    parser.add_argument("--only", default="")
    parser.add_argument("--tensorflow", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        return work()
    if options.tflc:
        measure_all(options)
    page = make_page(json.loads(RESULTS.read_text()))
    if not options.check:
        PAGE.write_text(page)
        return 0
    if PAGE.read_text() == page:
        return 0
    print(f"{PAGE.name} is stale; run tools/utils/keras-layers.py")
    return 1


if __name__ == "__main__":
    sys.exit(main())
