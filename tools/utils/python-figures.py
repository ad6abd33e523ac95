#!/usr/bin/env python3
"""Measures the Python package beside ai_edge_litert, where that is installed: a line for each figure of docs/Python.md.

    PYTHONPATH=build/python python3 tools/utils/python-figures.py ../shared/models

The argument is the folder of the recorded models. Each figure comes from processes of its own, and is the best of several.
"""

import argparse
import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import tempfile

PREPARE = """
import json, sys, time
import numpy as np
import {module} as tflite
wall, processor = time.perf_counter(), time.process_time()
interpreter = tflite.Interpreter({model!r})
interpreter.allocate_tensors()
source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
value = np.zeros(source["shape"], source["dtype"])
interpreter.set_tensor(source["index"], value)
interpreter.invoke()
interpreter.get_tensor(target["index"])
import resource
children = resource.getrusage(resource.RUSAGE_CHILDREN)
print(time.perf_counter() - wall, time.process_time() - processor + children.ru_utime + children.ru_stime)
"""

REPEAT = """
def step():
    interpreter.set_tensor(source["index"], value)
    interpreter.invoke()
    return interpreter.get_tensor(target["index"])

def measure(clock, count=1000):
    start = clock()
    for _ in range(count):
        step()
    return (clock() - start) / count

print(*(min(measure(clock) for _ in range(15)) for clock in (time.perf_counter, time.process_time)))
"""

MEMORY = """
import gc
gc.collect()
(line,) = [line for line in open("/proc/self/status") if line.startswith("VmRSS")]
print(int(line.split()[1]) / 1024)
"""

IMPORT = """
import time
wall, processor = time.perf_counter(), time.process_time()
import {module}
print(time.perf_counter() - wall, time.process_time() - processor)
"""


def run(program: str, cache: str) -> list[float]:
    """The last line of numbers that a program prints."""
    environment = {**os.environ, "TFLC_CACHE_DIR": cache}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True)
    return [float(word) for word in done.stdout.splitlines()[-1].split()]


def best(program: str, times: int = 5, cache: str | None = None) -> list[float]:
    """The least of each number; without a cache, every run begins with an empty one."""
    results = []
    for _ in range(times):
        with tempfile.TemporaryDirectory() as empty:
            results.append(run(program, cache or empty))
    return [min(column) for column in zip(*results)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", type=pathlib.Path)
    parser.add_argument("--json", type=pathlib.Path, help="write the figures there, too")
    arguments = parser.parse_args()
    modules = ["tflc.interpreter"]
    if importlib.util.find_spec("ai_edge_litert"):
        modules.append("ai_edge_litert.interpreter")
    figures: dict[str, list[float]] = {}

    def note(name: str, values: list[float], unit: str, factor: float) -> None:
        figures[name] = [value * factor for value in values]
        both = f" (processor {figures[name][1]:.2f})" if len(values) > 1 else ""
        print(f"{name:58s} {figures[name][0]:9.2f} {unit}{both}", flush=True)

    def program(module: str, model: str, rest: str = "") -> str:
        return PREPARE.format(module=module, model=str(arguments.models / model / "model.tflite")) + rest

    note("import tflc", best(IMPORT.format(module="tflc")), "ms", 1e3)
    with tempfile.TemporaryDirectory() as cache:
        for module in modules:
            name = module.split(".")[0]
            step = best(program(module, "mnist_cnn_int8", REPEAT), 3, cache)
            note(f"MNIST int8: set_tensor, invoke, get_tensor; {name}", step, "us", 1e6)
        for kind in ("int8", "float32"):
            model = f"mobilenet_v1_025_96_{kind}"
            note(f"MobileNetV1 0.25 {kind}: load and first invoke, cold; tflc", best(program(modules[0], model), 3), "ms", 1e3)
            for module in modules:
                name = module.split(".")[0]
                run(program(module, model), cache)
                cached = best(program(module, model), 5, cache)
                note(f"MobileNetV1 0.25 {kind}: load and first invoke; {name}", cached, "ms", 1e3)
        for kind in ("int8", "float32"):
            model = f"mobilenet_v2_100_224_{kind}"
            note(f"MobileNetV2 {kind}: idle after compiling; tflc", best(program(modules[0], model, MEMORY), 2), "MB", 1)
            for module in modules:
                name = module.split(".")[0]
                run(program(module, model), cache)
                note(f"MobileNetV2 {kind}: idle; {name}", best(program(module, model, MEMORY), 3, cache), "MB", 1)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
