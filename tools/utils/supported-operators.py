#!/usr/bin/env python3
"""Writes docs/SupportedOperators.md from what `tflc ops --json` says.

    tools/utils/supported-operators.py [--check]

What other programs support stands in docs/peer-operators.json, with the file and version that it was read from. With
--check nothing is written; the exit status says whether the page is what would be.
"""

import argparse
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "SupportedOperators.md"

HEADER = """# Supported operators

Made by `tools/utils/supported-operators.py` from `tflc ops --json`; a test fails where it is stale. A `q` marks quantized
types, `A*B` is activations times weights. Operands that are indices, shapes or axes have integer types of their own and are not
listed. An operator that the file has and this page has not, or a type, is refused with an error that names it;
`tflc check MODEL` lists all of them at once.

"""

REASONS = """
## What LiteRT runs and tflc does not

- SKIP_GRAM: makes any number of strings of any length. A string of a compiled model has a fixed room (docs/RuntimeABI.md).
- LSTM with 12 intermediate tensors, the old form with 8 bit sums and float functions of words (LstmStepInteger8x8_8). The
  form with 5 intermediate tensors compiles.
- HASHTABLE_IMPORT of keys and values that are not constants: tables are made when a model is compiled.
- Tensors whose rank a loop changes from iteration to iteration, or that have another rank in another branch. Sizes may differ.
- DIV of int16 without scales: LiteRT accepts it and its kernel gives zeros.
- Files whose types contradict each other where LiteRT's kernel does not look: a result of another type of the same width, an
  output of a quantized operator without a scale or with a zero point outside of its type. Where the kernel sets the type of its
  result itself, and no operand is quantized, that type counts and not the file's.
- Types that no kernel of an operator has, where its tensors are empty: LiteRT is done before it looks at the type.

## Where results differ from LiteRT's reference kernels

- SUM of int8 and int16: the reference kernels read int8 as uint8 and give other numbers for int16 in every run. tflc computes
  what LiteRT's default kernels do without XNNPACK, bit for bit.
- BIDIRECTIONAL_SEQUENCE_LSTM, merged outputs, the batch first: from the second row of a batch on the kernels take a state for
  twice as wide as it is, and read another row's or what lies behind the tensor. tflc reads the row's own state.
- BATCH_MATMUL of float32 with int8, several batches and adj_x: from the second batch on the reference kernel's results are
  others than those of LiteRT's default kernels. tflc has those of the latter, to a step of the quantized input.
- RFFT2D of width 1: the kernel gives -x as the imaginary part of x. tflc gives the transform.
- FULLY_CONNECTED with shuffled weights (SHUFFLED4x16INT8): read as the same layer with weights in the order of rows, whose
  kernel rounds once and not twice; the int16 results differ by at most one.
"""


def make_page(listed, peers):
    lines = [HEADER.rstrip(), ""]
    lines.append("| operator | types in tflc | " + " | ".join(peers) + " |")
    lines.append("|---|---|" + "---|" * len(peers))
    ours = {entry["op"]: entry.get("types", []) for entry in listed["operators"]}
    for operator in sorted(set(ours) | set(peers["LiteRT"]["operators"])):
        types = " ".join(ours[operator]) or "all" if operator in ours else "not supported"
        marks = ["yes" if operator in peer["operators"] else "" for peer in peers.values()]
        lines.append(f"| {operator} | {types} | " + " | ".join(marks) + " |")
    lines += ["", "The columns say whether a program has the operator at all, for some of its types; they were read from:", ""]
    lines += [f"- {name}: `{peer['version']}`, {peer['source']}" for name, peer in peers.items()]
    return "\n".join(lines) + "\n" + REASONS


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    listed = json.loads(subprocess.run(["tflc", "ops", "--json"], capture_output=True, text=True, check=True).stdout)
    page = make_page(listed, json.loads((ROOT / "docs" / "peer-operators.json").read_text()))
    if not options.check:
        PAGE.write_text(page)
        return 0
    if PAGE.read_text() == page:
        return 0
    print(f"{PAGE.name} is stale; run tools/utils/supported-operators.py")
    return 1


if __name__ == "__main__":
    sys.exit(main())
