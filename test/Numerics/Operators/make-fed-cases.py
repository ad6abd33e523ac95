#!/usr/bin/env python3
"""Records what LiteRT's reference kernels make of operands that are fed: rewrites Inputs/FedOperands.zip.

    make-fed-cases.py          in an empty folder, with tflc-translate on the PATH

The operators and the values are those of ../Inputs/fed_cases.py; make-cases.py describes the archive. The same LiteRT gives the
same bytes. Needs numpy and ai_edge_litert.
"""

import importlib.util
import json
import pathlib
import re
import sys
import zipfile

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Inputs"))
from fed_cases import CASES, Form, make_data, run_litert, write_model  # noqa: E402

SPEC = importlib.util.spec_from_file_location("make_cases", HERE / "make-cases.py")
MAKE_CASES = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(MAKE_CASES)


def record(case, number, value):
    """The case as make-cases.py has them: an entry of its manifest, and the arrays."""
    write_model(case, [Form({})])
    data = make_data(case, value, np.random.default_rng(number))
    results = run_litert(data)
    arrays = {f"in/{n}": data[name] for n, name in enumerate(name for name in case.operands if name in data)}
    arrays.update({f"ref/{n}": array for n, array in enumerate(results)})
    name = re.sub("[^a-z0-9]+", "-", case.name) + f"-{number}"
    outputs = [{"tolerance": {"rtol": 1e-5, "atol": 1e-5} if array.dtype.kind in "fc" else "exact"} for array in results]
    return {"name": f"{case.op.upper()}/{name}", "outputs": outputs}, arrays


def main():
    models = pathlib.Path("models")
    cases = []
    for case in CASES:
        # Random numbers are compared where their seeds are kept.
        for number, value in enumerate(case.values[:2]):
            entry, arrays = record(case, number, value)
            path = models / f"{entry['name']}.tflite"
            path.parent.mkdir(parents=True, exist_ok=True)
            pathlib.Path("model.tflite").replace(path)
            cases.append((entry, arrays))
    archive = HERE / "Inputs" / "FedOperands.zip"
    MAKE_CASES.write_archive(archive, models, cases)
    with zipfile.ZipFile(archive) as written:
        print(f"{archive.name}: {len(json.loads(written.read('cases.json')))} cases, {archive.stat().st_size} bytes")


if __name__ == "__main__":
    main()
