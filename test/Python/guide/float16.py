"""Post-training float16 quantization."""

import pathlib
import tempfile

import numpy as np
from digits import evaluate_model, load_data, saved_model

import tflc

_, _, test_images, test_labels = load_data()

converter = tflc.TFLiteConverter.from_saved_model(saved_model())
tflite_model = converter.convert()

converter.optimizations = [tflc.Optimize.DEFAULT]
converter.target_spec.supported_types = [np.float16]
tflite_fp16_model = converter.convert()

folder = pathlib.Path(tempfile.mkdtemp())
for name, model in {"float": tflite_model, "float16": tflite_fp16_model}.items():
    path = folder / f"{name}.tflite"
    print(f"{name}_bytes", path.write_bytes(model))
    print(f"{name}_accuracy", evaluate_model(path, test_images, test_labels))
