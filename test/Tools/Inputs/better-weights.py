"""What the options of `tflc quantize` for better weights gain, in dB of the outputs.

usage: better-weights.py TFLC TFLC_TRANSLATE MODEL

MODEL takes pictures of 28x28 floats. dense.tflite and walks.npz are there (dense-model.py). A third model, of two layers
with channels of very different width between them, is made here.
"""

import json
import subprocess
import sys

import numpy as np

tflc, translate, recorded = sys.argv[1:]
random = np.random.default_rng(1)


def quantize(model, output, *options):
    subprocess.run([tflc, "quantize", "-q", model, "-o", output, *options], check=True)


def measure(model, quantized, data):
    """SQNR of the outputs in dB."""
    command = [tflc, "compare", model, quantized, "--data=" + data, "--json"]
    result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return result["outputs"][0]["sqnr_db"]


def report(what, before, after, least):
    print(
        f"{what} {after - before:.1f} dB"
        if after >= before + least
        else f"{what} too little: {before:.1f} dB before, {after:.1f} after"
    )


def smooth(count):
    """Pictures whose neighbouring points go together."""
    noise = random.random((count, 1, 7, 7), dtype=np.float32)
    return np.kron(noise, np.ones((1, 1, 4, 4), np.float32))


def dense(values):
    return "dense<" + json.dumps(np.asarray(values, np.float32).tolist()) + ">"


def make_uneven(path):
    """Two dense layers with channels of very different width between them."""
    inputs, channels, outputs = 16, 32, 8
    widths = 2.0 ** np.linspace(-6, 6, channels)
    first = random.normal(size=(channels, inputs)) * widths[:, None]
    second = random.normal(size=(outputs, channels)) / widths[None, :]
    text = f"""
func.func @main(%x: tensor<1x{inputs}xf32> {{tfl.name = "x"}}) -> (tensor<1x{outputs}xf32> {{tfl.name = "y"}})
    attributes {{tfl.signature = "serving_default"}} {{
  %w1 = tfl.const {dense(first)} : tensor<{channels}x{inputs}xf32> -> tensor<{channels}x{inputs}xf32>
  %w2 = tfl.const {dense(second)} : tensor<{outputs}x{channels}xf32> -> tensor<{outputs}x{channels}xf32>
  %b1 = tfl.const dense<0.0> : tensor<{channels}xf32> -> tensor<{channels}xf32>
  %b2 = tfl.const dense<0.0> : tensor<{outputs}xf32> -> tensor<{outputs}xf32>
  %0 = tfl.fully_connected %x, %w1, %b1 {{fused_activation_function = "RELU", asymmetric_quantize_inputs = false,
      keep_num_dims = false, weights_format = "DEFAULT"}}
    : (tensor<1x{inputs}xf32>, tensor<{channels}x{inputs}xf32>, tensor<{channels}xf32>) -> tensor<1x{channels}xf32>
  %1 = tfl.fully_connected %0, %w2, %b2 {{fused_activation_function = "NONE", asymmetric_quantize_inputs = false,
      keep_num_dims = false, weights_format = "DEFAULT"}}
    : (tensor<1x{channels}xf32>, tensor<{outputs}x{channels}xf32>, tensor<{outputs}xf32>) -> tensor<1x{outputs}xf32>
  return %1 : tensor<1x{outputs}xf32>
}}
"""
    with open("uneven.mlir", "w") as file:
        file.write(text)
    subprocess.run([translate, "--export-tflite", "uneven.mlir", "-o", path], check=True)


def compare(model, data, *sets):
    """The SQNR with each set of options."""
    found = []
    for options in sets:
        quantize(model, "quantized.tflite", "--calibrate=" + data, *options)
        found.append(measure(model, "quantized.tflite", data))
    return found


np.savez("pictures.npz", x=smooth(64))
quantize(recorded, "plain.tflite", "--mode=dynamic-range", "--weight-bits=4")
plain = measure(recorded, "plain.tflite", "pictures.npz")
report(
    "weights of 4 bits: GPTQ gains", plain, *compare(recorded, "pictures.npz", ["--mode=dynamic-range", "--weight-bits=4"]), 1
)

channels, blocks = ["--mode=dynamic-range", "--weight-bits=4"], ["--mode=dynamic-range", "--weight-bits=4", "--block=32"]
report("blocks of 32 weights of 4 bits gain", *compare("dense.tflite", "walks.npz", channels, blocks), 2)
quantize("dense.tflite", "plain.tflite", *blocks)
plain = measure("dense.tflite", "plain.tflite", "walks.npz")
report("GPTQ in blocks gains", plain, *compare("dense.tflite", "walks.npz", blocks), 2)

make_uneven("uneven.tflite")
np.savez("around-zero.npz", x=random.normal(size=(256, 1, 16)).astype(np.float32))
np.savez("around-three.npz", x=random.normal(3, 0.1, size=(256, 1, 16)).astype(np.float32))
report("equalized layers gain", *compare("uneven.tflite", "around-zero.npz", ["--mode=int8"], ["--mode=int8", "--equalize"]), 3)
report(
    "corrected biases gain",
    *compare("uneven.tflite", "around-three.npz", ["--mode=int16x8"], ["--mode=int16x8", "--correct-biases"]),
    1,
)
