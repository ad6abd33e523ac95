"""Post-training integer quantization, with float and with uint8 inputs and outputs."""

import pathlib
import tempfile

import numpy as np
from digits import evaluate_model, load_data, saved_model

import tflc

train_images, _, test_images, test_labels = load_data()


def representative_data_gen():
    for input_value in train_images:
        # Model has only one input so each data point has one element.
        yield [input_value[np.newaxis]]


converter = tflc.TFLiteConverter.from_saved_model(saved_model())
tflite_model = converter.convert()

converter.optimizations = [tflc.Optimize.DEFAULT]
converter.representative_dataset = representative_data_gen
tflite_model_float_io = converter.convert()

# Ensure that if any ops can't be quantized, the converter throws an error
converter.target_spec.supported_ops = [tflc.OpsSet.TFLITE_BUILTINS_INT8]
# Set the input and output tensors to uint8 (APIs added in r2.3)
converter.inference_input_type = np.uint8
converter.inference_output_type = np.uint8
tflite_model_quant = converter.convert()

interpreter = tflc.Interpreter(model_content=tflite_model_quant)
print("input", interpreter.get_input_details()[0]["dtype"].__name__)
print("output", interpreter.get_output_details()[0]["dtype"].__name__)

folder = pathlib.Path(tempfile.mkdtemp())
for name, model in {"float": tflite_model, "float_io": tflite_model_float_io, "uint8_io": tflite_model_quant}.items():
    path = folder / f"{name}.tflite"
    print(f"{name}_bytes", path.write_bytes(model))
    print(f"{name}_accuracy", evaluate_model(path, test_images, test_labels))
