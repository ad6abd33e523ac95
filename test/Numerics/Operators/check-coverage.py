#!/usr/bin/env python3
"""Checks that each operator that `tflc ops` lists has a case in an archive of Inputs/, and each archive a test that runs it."""

import json
import pathlib
import subprocess
import sys
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
# LiteRT's interpreter could not be made to run this one. It becomes the same loop as WHILE, which
# test/Dialect/TFL/inline-control-flow.mlir compares.
WITHOUT_RECORDING = {"STABLEHLO_WHILE"}


def main():
    listed = json.loads(subprocess.run(["tflc", "ops", "--json"], capture_output=True, text=True, check=True).stdout)
    operators = {entry["op"] for entry in listed["operators"]}
    tests = "".join(test.read_text() for test in HERE.glob("*.test"))
    covered, findings = set(), []
    for path in sorted((HERE / "Inputs").glob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            covered |= {case["operator"] for case in json.loads(archive.read("cases.json")).values()}
        if path.name not in tests:
            findings.append(f"no test runs {path.name}")
    findings += [f"no case of {operator}" for operator in sorted(operators - covered - WITHOUT_RECORDING)]
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
