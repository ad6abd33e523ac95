"""Runs a model by its signature."""

import pathlib

import numpy as np

import tflc

MODEL = pathlib.Path(__file__).parents[2] / "Inputs" / "models" / "add_signature" / "model.tflite"

# Load the TFLite model in TFLite Interpreter
interpreter = tflc.Interpreter(str(MODEL))
# There is only 1 signature defined in the model,
# so it will return it by default.
# If there are multiple signatures then we can pass the name.
my_signature = interpreter.get_signature_runner()

# my_signature is callable with input as arguments.
output = my_signature(x=np.full((1, 10), 1.0, np.float32))
# 'output' is dictionary with all outputs from the inference.
# In this case we have single output 'result'.
print("result", output["result"][0][0])
print("signatures", interpreter.get_signature_list())
