#!/usr/bin/env python3
"""Runs `tflc run` over the recorded cases of an archive and compares every output.

    run-cases.py ARCHIVE [--only=REGEX] [-- ARGS OF tflc run...]

make-cases.py describes the archive. Cases run at -O0 and at -O2. Dtypes, shapes, integers and booleans must be equal, floats
within the case's tolerance. Needs numpy.
"""

import argparse
import concurrent.futures
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

import numpy as np


def read_steps(archive, name):
    """The invocations of a case in order: [{"in": {"0": array}, "ref": {"0": array}}]."""
    steps = {}
    for member in archive.namelist():
        if not member.startswith(name + "/"):
            continue
        kind, number = member[len(name) + 1 :].removesuffix(".npy").split("/")
        kind, _, step = kind.partition("@")
        array = np.load(io.BytesIO(archive.read(member)), allow_pickle=False)
        steps.setdefault(int(step or 0), {"in": {}, "ref": {}})[kind][number] = array
    return [steps[number] for number in sorted(steps)]


def invoke(model, steps, arguments):
    """The outputs of each step, or a message."""
    keeps_state = len(steps) > 1
    inputs = {
        number: np.stack([step["in"][number] for step in steps]) if keeps_state else array
        for number, array in steps[0]["in"].items()
    }
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        (path / "model.tflite").write_bytes(model)
        np.savez(path / "in.npz", **inputs)
        command = [
            "tflc",
            "run",
            str(path / "model.tflite"),
            f"--inputs={path}/in.npz",
            f"--outputs={path}/out.npz",
            "--keys=index",
            *(["--samples"] if keeps_state else []),
            *arguments,
        ]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            return f"exit {done.returncode}: {done.stderr.strip()}"
        outputs = dict(np.load(path / "out.npz"))
    if not keeps_state:
        return [outputs]
    return [{number: array[n] for number, array in outputs.items()} for n in range(len(steps))]


def compare(got, want, tolerance):
    """None, or what differs."""
    if got is None:
        return "no such output"
    if got.dtype != want.dtype or got.shape != want.shape:
        return f"{got.dtype} {got.shape}, expected {want.dtype} {want.shape}"
    if tolerance == "shape":
        return None
    if want.dtype.kind in "fc":
        equal = np.isclose(got, want, rtol=tolerance[0], atol=tolerance[1], equal_nan=True)
    else:
        equal = got == want
    if equal.all():
        return None
    at = np.unravel_index(np.argmin(equal), want.shape)
    return f"{(~equal).sum()} of {want.size} differ, first at {list(map(int, at))}: {got[at]}, expected {want[at]}"


def check(model, steps, tolerances, arguments):
    """None, or the first difference of a case."""
    results = invoke(model, steps, arguments)
    if isinstance(results, str):
        return results
    for n, (step, outputs) in enumerate(zip(steps, results)):
        for number, want in step["ref"].items():
            message = compare(outputs.get(number), want, tolerances[int(number)])
            if message:
                return f"invocation {n}, output {number}: {message}"
    return None


def main():
    arguments = sys.argv[1:]
    extra = arguments[arguments.index("--") + 1 :] if "--" in arguments else []
    parser = argparse.ArgumentParser()
    parser.add_argument("archive", type=pathlib.Path)
    parser.add_argument("--only", default="")
    options = parser.parse_args(arguments[: len(arguments) - len(extra) - 1] if "--" in arguments else arguments)
    failures = count = 0
    with zipfile.ZipFile(options.archive) as archive, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        work = []
        for name, case in json.loads(archive.read("cases.json")).items():
            if not re.search(options.only, name):
                continue
            model, steps = archive.read(f"{name}.tflite"), read_steps(archive, name)
            for level in ("-O0", "-O2"):
                work.append((name, level, pool.submit(check, model, steps, case["tolerances"], [level, *extra])))
        for name, level, future in work:
            count += 1
            message = future.result()
            if message:
                failures += 1
                print(f"{name} {level}: {message}")
    print(f"{count - failures} of {count} agree")
    return 1 if failures or not count else 0


if __name__ == "__main__":
    sys.exit(main())
