"""Post-training dynamic range quantization."""

import pathlib
import tempfile

from digits import evaluate_model, load_data, saved_model

import tflc

_, _, test_images, test_labels = load_data()

converter = tflc.TFLiteConverter.from_saved_model(saved_model())
tflite_model = converter.convert()
tflite_models_dir = pathlib.Path(tempfile.mkdtemp())
tflite_model_file = tflite_models_dir / "mnist_model.tflite"
print("float_bytes", tflite_model_file.write_bytes(tflite_model))

converter.optimizations = [tflc.Optimize.DEFAULT]
tflite_quant_model = converter.convert()
tflite_model_quant_file = tflite_models_dir / "mnist_model_quant.tflite"
print("quantized_bytes", tflite_model_quant_file.write_bytes(tflite_quant_model))

print("float_accuracy", evaluate_model(tflite_model_file, test_images, test_labels))
print("quantized_accuracy", evaluate_model(tflite_model_quant_file, test_images, test_labels))
