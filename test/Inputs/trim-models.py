#!/usr/bin/env python3
"""Copies recorded models and a few of their cases into test/Inputs/models, small enough to commit.

    trim-models.py RECORDED_MODELS [--cases=2]

RECORDED_MODELS is a folder of the layout that check-recorded.py describes.
"""

import argparse
import pathlib
import shutil

import numpy as np

MODELS = """mnist_cnn_float32 mnist_cnn_fp16 mnist_cnn_dynamic_range mnist_cnn_int8 mnist_cnn_int8_float_io
mnist_cnn_int8_uint8_io mnist_cnn_int16x8 mnist_cnn_pruned80_sparse_int8 mnist_cnn_dynamic_batch mlperf_kws_int8
mnist_gru_dynamic_range mnist_gru_float32 mnist_lstm_float32 mnist_lstm_int8
squared add_signature encode_decode two_in_two_out accumulator""".split()

parser = argparse.ArgumentParser()
parser.add_argument("models", type=pathlib.Path)
parser.add_argument("--cases", type=int, default=2)
options = parser.parse_args()
for name in MODELS:
    source, target = options.models / name, pathlib.Path(__file__).parent / "models" / name
    target.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source / "model.tflite", target / "model.tflite")
    cases = np.load(source / "cases.npz")
    chosen = sorted({key.split("/")[0] for key in cases})[: options.cases]
    keep = {k: v for k, v in cases.items() if k.split("/")[0] in chosen and "/opt/" not in k and "/source/" not in k}
    np.savez_compressed(target / "cases.npz", **keep)
