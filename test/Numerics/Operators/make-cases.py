#!/usr/bin/env python3
"""Makes the archives of this folder from recorded operators.

    make-cases.py ../shared/ops [FAMILY...]      all families, or some: Scatter Pad

FOLDER holds manifest.json and OP/OP-CLASS-NN.tflite with the .npz beside it (see its README). For each operator and class
of types the smallest model is taken that has elements to compare. Expected are the reference kernels' results, or the optimized
ones' where the manifest says that the reference is wrong; where the two disagree otherwise, the case is left out.
An archive, Inputs/FAMILY.zip, holds for each case NAME.tflite, NAME/KEY.npy for each recorded array, and in cases.json the
tolerance of each output. The same input gives the same bytes. Needs numpy.
"""

import argparse
import io
import json
import pathlib
import re
import zipfile

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
DIALECT = HERE.parents[2] / "dialects" / "TFL" / "IR"


def find_families():
    """{operator in lower case: family} from the names that the records of the ops contain."""
    families = {}
    for record in sorted(DIALECT.glob("*Ops.td")):
        family = record.stem.removesuffix("Ops")
        for name in re.findall(r'<"([a-z0-9_]+)"', record.read_text()):
            # The class of StableHLO's binary ops adds the prefix.
            prefix = "stablehlo_" if family == "Stablehlo" and not name.startswith("stablehlo_") else ""
            families.setdefault(prefix + name, family)
    return families


def get_tolerance(entry, index):
    """[rtol, atol], or "shape" where only the shape is compared."""
    spec = entry["outputs"][index].get("tolerance", entry.get("tolerance", "exact"))
    if isinstance(spec, dict):
        return [float(spec.get("rtol", 0)), float(spec.get("atol", 0))]
    return "shape" if spec == "shape" else [0.0, 0.0]


def prefers_optimized(entry):
    return "prefer opt" in entry.get("note", "")


def read_arrays(path, entry):
    """The inputs, and the expected outputs under the keys ref."""
    arrays = {}
    unwanted = "ref" if prefers_optimized(entry) else "opt"
    for key, value in np.load(path).items():
        if not key.startswith(unwanted):
            arrays[re.sub("^opt", "ref", key)] = value
    return arrays


def is_usable(entry, arrays):
    outputs = [value for key, value in arrays.items() if key.startswith("ref")]
    agree = entry.get("opt_within_tolerance") is not False or prefers_optimized(entry)
    return agree and any(value.size for value in outputs)


def choose(folder, families, wanted):
    """{family: [(entry, arrays)]}: the smallest usable case of each operator and class."""
    smallest = {}
    for entry in json.loads((folder / "manifest.json").read_text())["cases"]:
        operator = entry["name"].split("/")[0]
        family = families.get(operator.lower())
        if not family or (wanted and family not in wanted):
            continue
        model = folder / (entry["name"] + ".tflite")
        arrays = read_arrays(model.with_suffix(".npz"), entry)
        if not is_usable(entry, arrays):
            continue
        # A known shape first: cases whose shape depends on data are for operators that have no others.
        size = (bool(entry.get("dynamic_output")), model.stat().st_size + sum(value.nbytes for value in arrays.values()))
        key = (family, operator, entry.get("dtype", ""))
        if key not in smallest or size < smallest[key][0]:
            smallest[key] = (size, entry, arrays)
    chosen = {}
    for (family, _, _), (_, entry, arrays) in sorted(smallest.items()):
        chosen.setdefault(family, []).append((entry, arrays))
    return chosen


def write_member(archive, name, data):
    info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, data, compresslevel=9)


def write_archive(path, folder, cases):
    with zipfile.ZipFile(path, "w") as archive:
        summary = {}
        for entry, arrays in cases:
            name = entry["name"].split("/")[-1]
            summary[name] = {
                "operator": entry["name"].split("/")[0],
                "tolerances": [get_tolerance(entry, i) for i in range(len(entry["outputs"]))],
            }
            write_member(archive, f"{name}.tflite", (folder / (entry["name"] + ".tflite")).read_bytes())
            for key, value in sorted(arrays.items()):
                stream = io.BytesIO()
                np.lib.format.write_array(stream, np.asarray(value), version=(1, 0))
                write_member(archive, f"{name}/{key}.npy", stream.getvalue())
        write_member(archive, "cases.json", json.dumps(summary, indent=1, sort_keys=True))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("families", nargs="*")
    options = parser.parse_args()
    for family, cases in choose(options.folder, find_families(), options.families).items():
        path = HERE / "Inputs" / f"{family}.zip"
        write_archive(path, options.folder, cases)
        print(f"{path.name}: {len(cases)} cases, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
