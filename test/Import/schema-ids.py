"""Compares lib/Import/Schema with other people's bindings of the same format.

A wrong field id or enumerator makes files unreadable without any error, so each is compared with two independent
lists: the generated classes of the Python packages `tflite` and `ai_edge_litert`. The same generator writes classes
of our schema; what both sets say about slots, kinds, defaults, vector elements and enumerators has to agree. Our
schema may be newer than a package, and then it has more.

usage: schema-ids.py FLATC MODEL.fbs FOLDER
"""

# REQUIRES: tflite-schema
# RUN: rm -rf %t && mkdir -p %t
# RUN: %schema_python %s %flatc %tflc_src/lib/Import/Schema/model.fbs %t

import importlib.util
import pathlib
import re
import subprocess
import sys

FIELD = r"^def %sAdd(\w+)\(builder, \w+\):\s+builder\.Prepend(\w+)Slot\((\d+), .*?, ([^,()]+)\)$"
VECTOR = r"^def %sStart(\w+)Vector\(builder, numElems\):\s+return builder\.StartVector\((\d+), numElems, (\d+)\)$"
CLASS = re.compile(r"^class (\w+)\(object\):$", re.MULTILINE)
ENUMERATOR = re.compile(r"^    (\w+) = (-?\d+)$", re.MULTILINE)
LITERALS = {"False": 0, "True": 1}


def number(text):
    return LITERALS[text] if text in LITERALS else float(text)


def read(source):
    """The tables and enumerations in the text of generated classes."""
    tables, enums = {}, {}
    starts = list(CLASS.finditer(source))
    names = {start.group(1) for start in starts}
    for start, end in zip(starts, starts[1:] + [None]):
        name = start.group(1)
        if name.endswith("T") and name[:-1] in names:  # the unpacked twin of a table
            continue
        body = source[start.end() : end.start() if end else len(source)]
        if "_tab" not in body:
            enums[name] = {key: int(value) for key, value in ENUMERATOR.findall(body)}
            continue
        table = {"number of slots": int(re.search(r"builder\.StartObject\((\d+)\)", body).group(1))}
        for field, kind, slot, default in re.findall(FIELD % name, body, re.MULTILINE):
            table[field] = (int(slot), kind, number(default))
        for field, size, alignment in re.findall(VECTOR % name, body, re.MULTILINE):
            table[field] += (int(size), int(alignment))
        tables[name] = table
    return tables, enums


def read_package(name):
    """Generated classes of a package, None where it is not installed."""
    found = importlib.util.find_spec(name)
    if not found:
        return None
    if found.submodule_search_locations:
        files = sorted(pathlib.Path(found.submodule_search_locations[0]).glob("*.py"))
    else:
        files = [pathlib.Path(found.origin)]
    return read("\n".join(file.read_text() for file in files))


def compare(what, ours, theirs):
    """What the package has must be the same in ours. Yields the differences."""
    for name, entries in theirs.items():
        if name not in ours:
            yield f"{what} {name} is missing"
            continue
        for entry, value in entries.items():
            mine = ours[name].get(entry)
            newer = entry == "number of slots" and mine is not None and mine > value
            if mine != value and not newer:
                yield f"{what} {name}, {entry}: ours is {mine}, theirs {value}"
        values = [value for value in ours[name].values() if isinstance(value, int)]
        if what == "enumeration" and len(set(values)) != len(values):
            yield f"enumeration {name} has a number twice"


def main():
    flatc, schema, folder = sys.argv[1:]
    subprocess.run([flatc, "--python", "--gen-all", "-o", folder, schema], check=True)
    files = sorted(pathlib.Path(folder).glob("tflc/schema/*.py"))
    tables, enums = read("\n".join(file.read_text() for file in files))

    faults, packages = [], 0
    for name in ("tflite", "ai_edge_litert.schema_py_generated"):
        try:
            theirs = read_package(name)
        except ModuleNotFoundError:
            theirs = None
        if not theirs:
            print(f"{name}: not installed")
            continue
        packages += 1
        fields = sum(len(table) - 1 for table in theirs[0].values())
        values = sum(len(enum) for enum in theirs[1].values())
        print(f"{name}: {len(theirs[0])} tables, {fields} fields, {len(theirs[1])} enumerations, {values} values")
        # A parser that finds nothing would find no fault.
        if fields < 250 or values < 400:
            faults.append(f"{name}: the classes have a form that this script does not know")
        faults += [f"{name}: {fault}" for fault in compare("table", tables, theirs[0])]
        faults += [f"{name}: {fault}" for fault in compare("enumeration", enums, theirs[1])]
    for fault in faults:
        print(fault)
    return 1 if faults or not packages else 0


if __name__ == "__main__":
    sys.exit(main())
