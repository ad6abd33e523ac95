"""Post-training integer quantization with int16 activations, with and without operators in float."""

import pathlib
import tempfile

from digits import evaluate_model, load_data, saved_model

import tflc

train_images, _, test_images, test_labels = load_data()


def representative_data_gen():
    for input_value in train_images:
        yield [input_value[None]]


converter = tflc.TFLiteConverter.from_saved_model(saved_model())
tflite_model = converter.convert()

converter.optimizations = [tflc.Optimize.DEFAULT]
converter.representative_dataset = representative_data_gen
INT16 = tflc.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8
converter.target_spec.supported_ops = [INT16]
tflite_16x8_model = converter.convert()
converter.target_spec.supported_ops = [INT16, tflc.OpsSet.TFLITE_BUILTINS]
tflite_16x8_fallback = converter.convert()

folder = pathlib.Path(tempfile.mkdtemp())
for name, model in {"float": tflite_model, "int16x8": tflite_16x8_model, "fallback": tflite_16x8_fallback}.items():
    path = folder / f"{name}.tflite"
    print(f"{name}_bytes", path.write_bytes(model))
    print(f"{name}_accuracy", evaluate_model(path, test_images, test_labels))
