#!/usr/bin/env python3
"""Writes the recorded cases of this folder's programs from LiteRT's recordings.

    make-cases.py --models FOLDER --out test/Execution/Inputs

FOLDER holds one folder for each model with its cases.npz, whose keys are `CASE/in/I` and `CASE/ref/J`: what
LiteRT's reference kernels gave. A .cases file is the number of cases (32 bit, little-endian), then for each case
the bytes of its inputs and of its outputs.
"""

import argparse
import pathlib
import struct

import numpy

MODELS = {
    "mnist_int8": "mnist_cnn_int8",
    "mnist_float32": "mnist_cnn_float32",
    "mnist_int16x8": "mnist_cnn_int16x8",
    "kws_int8": "mlperf_kws_int8",
}

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--models", type=pathlib.Path, required=True)
parser.add_argument("--out", type=pathlib.Path, required=True)
args = parser.parse_args()

for name, folder in MODELS.items():
    arrays = numpy.load(args.models / folder / "cases.npz")
    cases = sorted({key.split("/")[0] for key in arrays})
    data = struct.pack("<I", len(cases))
    for case in cases:
        for kind in ("in", "ref"):
            number = 0
            while f"{case}/{kind}/{number}" in arrays:
                data += arrays[f"{case}/{kind}/{number}"].tobytes()
                number += 1
    (args.out / f"{name}.cases").write_bytes(data)
