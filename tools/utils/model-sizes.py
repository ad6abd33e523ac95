#!/usr/bin/env python3
"""Code, constants and arena of compiled models, and how far the constants are beyond the file's weights.

    model-sizes.py --tflc build/bin/tflc ../shared/models                      # every model there at -Os, -O2 and -O3
    model-sizes.py --tflc build/bin/tflc --only int8 --levels=s,2 ../shared/models
    model-sizes.py --tflc build/bin/tflc --limits LIMITS test/Inputs/models    # fails beyond a limit

FOLDER holds one folder for each model, with model.tflite in it. `weights` are the bytes of the constant tensors of the
file; `extra` is what the constants at the first level have beyond them: padding of packed weights, tables, parameters of
rescaling, the descriptor. A line of LIMITS names a target, a model, a level, and the most bytes of code and of constants.
"""

import argparse
import json
import math
import pathlib
import re
import subprocess
import sys
import tempfile

BITS = {
    "float64": 64,
    "int64": 64,
    "uint64": 64,
    "complex64": 64,
    "float32": 32,
    "int32": 32,
    "uint32": 32,
    "float16": 16,
    "bfloat16": 16,
    "int16": 16,
    "uint16": 16,
    "int8": 8,
    "uint8": 8,
    "bool": 8,
    "int4": 4,
}


def weight_bytes(tflc, model):
    """Bytes of the constant tensors; those of types without a fixed size count as nothing."""
    text = subprocess.run([*tflc, "inspect", "--json", str(model)], capture_output=True, text=True, check=True).stdout
    tensors = (t for subgraph in json.loads(text)["subgraphs"] for t in subgraph["tensors"] if t["constant"])
    return sum(math.prod(t["shape"]) * BITS.get(t["type"], 0) // 8 for t in tensors)


def compile_model(tflc, model, level, target):
    """What NAME.json says of one compilation, or None and the first line of the error."""
    with tempfile.TemporaryDirectory() as folder:
        command = [*tflc, "compile", str(model), "-q", "-o", folder, "--emit=json", "--name=model", f"-O{level}"]
        done = subprocess.run(command + ([f"--target={target}"] if target else []), capture_output=True, text=True)
        if done.returncode != 0:
            return None, (done.stderr.strip().splitlines() or ["no message"])[0]
        return json.loads(pathlib.Path(folder, "model.json").read_text()), None


def check_limits(tflc, folder, path):
    """Compiles what the file lists; returns whether everything is within its limits."""
    within = True
    for line in path.read_text().splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        target, name, level, code, constants = line.split()
        result, message = compile_model(tflc, folder / name / "model.tflite", level, target)
        if result is None:
            print(f"{target} {name} -O{level}: {message}")
            within = False
            continue
        for what, limit in (("code", int(code)), ("constant", int(constants))):
            size = result[f"{what}_bytes"]
            verdict = "ok" if size <= limit else "TOO LARGE"
            within &= size <= limit
            print(f"{target:12} {name:26} -O{level} {what:8} {size:9,} of {limit:9,}  {verdict}")
    return within


def print_table(tflc, folder, only, levels, target):
    columns = "".join(f"{'code -O' + level:>11}" for level in levels) + "".join(f"{'const -O' + level:>12}" for level in levels)
    print(f"{'model':34}{columns}{'arena':>11}{'weights':>12}{'extra':>10}")
    complete = True
    for model in sorted(folder.glob("*/model.tflite")):
        name = model.parent.name
        if not re.search(only, name):
            continue
        results = []
        for level in levels:
            result, message = compile_model(tflc, model, level, target)
            if result is None:
                print(f"{name:34}-O{level}: {message}")
                complete = False
                break
            results.append(result)
        else:
            weights = weight_bytes(tflc, model)
            code = "".join(f"{r['code_bytes']:11,}" for r in results)
            constants = "".join(f"{r['constant_bytes']:12,}" for r in results)
            extra = results[0]["constant_bytes"] - weights
            print(f"{name:34}{code}{constants}{results[0]['arena_bytes']:11,}{weights:12,}{extra:10,}", flush=True)
    return complete


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tflc", default="tflc", help="the program; words as a shell splits them")
    parser.add_argument("--levels", default="s,2,3", help="optimization levels, with commas (default: s,2,3)")
    parser.add_argument("--target", help="compile for this machine (default: the one it runs on)")
    parser.add_argument("--only", default="", help="a regular expression over the models' names")
    parser.add_argument("--limits", type=pathlib.Path, help="check what this file lists, instead of a table")
    parser.add_argument("folder", type=pathlib.Path)
    args = parser.parse_args()
    tflc = args.tflc.split()
    if args.limits:
        done = check_limits(tflc, args.folder, args.limits)
    else:
        done = print_table(tflc, args.folder, args.only, args.levels.split(","), args.target)
    sys.exit(not done)


main()
