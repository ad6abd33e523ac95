#!/usr/bin/env python3
"""Writes the table at the end of docs/Quantization.md from what `tflc ops --quantization` says.

    tools/utils/quantization-table.py [--check]

What TensorFlow's converter quantizes stands in docs/peer-quantization.json (tools/utils/peer-quantization.py records it). With
--check nothing is written; the exit status says whether the page is what would be.
"""

import argparse
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "Quantization.md"
START = "| operator | kernels"


def split_row(line):
    return [cell.strip() for cell in line.strip("|").split("|")]


def make_table(rows, peer):
    lines = [f"| operator | kernels | tensors | {peer['version']} |", "|---|---|---|---|"]
    for operator, kernels, tensors in rows:
        modes = peer["operators"].get(operator)
        theirs = "no answer" if modes is None else " ".join(modes) or "float"
        lines.append(f"| {operator} | {kernels} | {tensors} | {theirs} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    listed = subprocess.run(["tflc", "ops", "--quantization"], capture_output=True, text=True, check=True).stdout
    rows = [split_row(line) for line in listed.splitlines()[2:]]
    text = PAGE.read_text()
    peer = json.loads((ROOT / "docs" / "peer-quantization.json").read_text())
    page = text[: text.index(START)] + make_table(rows, peer)
    if not options.check:
        PAGE.write_text(page)
    elif page != text:
        sys.exit(f"{PAGE.name} is stale: run tools/utils/quantization-table.py")


if __name__ == "__main__":
    main()
