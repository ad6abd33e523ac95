"""Writes dense.tflite, a table of rows and a dense layer with a few large weights in each row, and inputs for it, walks.npz.

usage: dense-model.py TFLC_TRANSLATE

Neighbours of an input go together.
"""

import json
import subprocess
import sys

import numpy as np

random = np.random.default_rng(1)
rows, inputs, outputs = 16, 128, 64


def dense(values):
    return "dense<" + json.dumps(np.asarray(values, np.float32).tolist()) + ">"


weights = random.standard_t(3, size=(outputs, inputs))
table = random.standard_t(3, size=(rows, inputs))
x_type, y_type = f"tensor<1x{inputs}xf32>", f"tensor<1x{outputs}xf32>"
w_type, b_type = f"tensor<{outputs}x{inputs}xf32>", f"tensor<{outputs}xf32>"
t_type, z_type = f"tensor<{rows}x{inputs}xf32>", f"tensor<2x{inputs}xf32>"
text = f"""
func.func @main(%x: {x_type} {{tfl.name = "x"}}, %i: tensor<2xi32> {{tfl.name = "i"}})
    -> ({y_type} {{tfl.name = "y"}}, {z_type} {{tfl.name = "z"}}) attributes {{tfl.signature = "serving_default"}} {{
  %w = tfl.const {dense(weights)} : {w_type} -> {w_type}
  %b = tfl.const dense<0.5> : {b_type} -> {b_type}
  %t = tfl.const {dense(table)} : {t_type} -> {t_type}
  %0 = tfl.fully_connected %x, %w, %b {{fused_activation_function = "NONE"}} : ({x_type}, {w_type}, {b_type}) -> {y_type}
  %1 = tfl.embedding_lookup %i, %t : (tensor<2xi32>, {t_type}) -> {z_type}
  return %0, %1 : {y_type}, {z_type}
}}
"""
with open("dense.mlir", "w") as file:
    file.write(text)
subprocess.run([sys.argv[1], "--export-tflite", "dense.mlir", "-o", "dense.tflite"], check=True)
np.savez(
    "walks.npz",
    x=np.cumsum(random.normal(size=(256, 1, inputs)), axis=2).astype(np.float32),
    i=random.integers(0, rows, (256, 2)).astype(np.int32),
)
