"""Loads a model and runs it on random input."""

import numpy as np
from digits import saved_model

import tflc

tflite_model = tflc.TFLiteConverter.from_saved_model(saved_model()).convert()

# Load the TFLite model and allocate tensors.
interpreter = tflc.Interpreter(model_content=tflite_model)
interpreter.allocate_tensors()

# Get input and output tensors.
input_details = interpreter.get_input_details()
output_details = interpreter.get_output_details()

# Test the model on random input data.
input_shape = input_details[0]["shape"]
input_data = np.array(np.random.random_sample(input_shape), dtype=np.float32)
interpreter.set_tensor(input_details[0]["index"], input_data)
interpreter.invoke()

# The function `get_tensor()` returns a copy of the tensor data.
# Use `tensor()` in order to get a pointer to the tensor.
output_data = interpreter.get_tensor(output_details[0]["index"])
print("shape", *output_data.shape)
print("finite", int(np.isfinite(output_data).all()))
