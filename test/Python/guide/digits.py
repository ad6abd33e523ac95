"""Data and model of the guide's programs: handwritten digits, and a small convolutional network.

The model is trained where TensorFlow is installed and TFLC_TRAIN is set; else a recorded SavedModel of it is taken.
"""

import os
import pathlib
import tempfile

import numpy as np

TESTS = pathlib.Path(__file__).parents[1]
LARGE = TESTS.parents[2] / "shared" / "models" / "mnist_test.npz"


def load_data():
    """Images as floats from 0 to 1, [n, 28, 28], and their classes: those to calibrate with, and those to test with."""
    path = LARGE if LARGE.exists() else TESTS / "Inputs" / "digits.npz"
    with np.load(path) as file:
        images, labels = file["images"].astype(np.float32) / 255, file["labels"].astype(np.int64)
    return images[:100], labels[:100], images[100:], labels[100:]


def train():
    """The guide's network, trained on what there is."""
    import tensorflow as tf

    images, labels, more_images, more_labels = load_data()
    model = tf.keras.Sequential(
        [
            tf.keras.layers.InputLayer(shape=(28, 28)),
            tf.keras.layers.Reshape(target_shape=(28, 28, 1)),
            tf.keras.layers.Conv2D(filters=12, kernel_size=(3, 3), activation="relu"),
            tf.keras.layers.MaxPooling2D(pool_size=(2, 2)),
            tf.keras.layers.Flatten(),
            tf.keras.layers.Dense(10),
        ]
    )
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer="adam", loss=loss, metrics=["accuracy"])
    model.fit(np.concatenate([images, more_images]), np.concatenate([labels, more_labels]), epochs=3, verbose=0)
    return model


def saved_model() -> str:
    """The folder of the network as a SavedModel."""
    if not os.environ.get("TFLC_TRAIN"):
        return str(TESTS / "Inputs" / "mnist_saved_model")
    folder = tempfile.mkdtemp()
    train().export(folder, verbose=False)
    return folder


def run_tflite_model(tflite_file, images):
    """The classes that a model finds, as in the guide."""
    import tflc

    interpreter = tflc.Interpreter(model_path=str(tflite_file))
    interpreter.allocate_tensors()
    input_details = interpreter.get_input_details()[0]
    output_details = interpreter.get_output_details()[0]
    predictions = np.zeros((len(images),), dtype=int)
    for i, image in enumerate(images):
        # Check if the input type is quantized, then rescale input data to uint8
        if input_details["dtype"] == np.uint8:
            scale, zero_point = input_details["quantization"]
            image = image / scale + zero_point
        image = np.expand_dims(image, axis=0).astype(input_details["dtype"])
        interpreter.set_tensor(input_details["index"], image)
        interpreter.invoke()
        predictions[i] = interpreter.get_tensor(output_details["index"])[0].argmax()
    return predictions


def evaluate_model(tflite_file, images, labels) -> float:
    """Accuracy in per cent."""
    return float((run_tflite_model(tflite_file, images) == labels).mean() * 100)
