#!/usr/bin/env python3
"""Converts the networks of keras.applications, with random weights, beside TensorFlow's converter; prints a table.

    tools/utils/keras-families.py --tflc PATH [--only REGEX] [--legacy]

A network is saved as .keras, or with --legacy as .h5 by tf-keras (Keras 2), converted by `tflc convert` and by TensorFlow's
converter (from the exported SavedModel, float32), and run in LiteRT beside what Keras computes. Statistics of batch norms
are random, so that they count. Seconds are those of the processor. Needs keras, tf-keras, tensorflow and ai-edge-litert.
"""

import argparse
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile

SIZES = {
    "ConvNeXtTiny": 64, "DenseNet121": 64, "EfficientNetB0": 64, "EfficientNetV2B0": 64, "InceptionResNetV2": 75,
    "InceptionV3": 75, "MobileNet": 96, "MobileNetV2": 224, "MobileNetV3Small": 96, "MobileNetV3Large": 96,
    "NASNetMobile": 64, "ResNet50": 64, "ResNet50V2": 64, "VGG16": 32, "Xception": 75,
}  # fmt: skip


def run_litert(path, x):
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(path))
    operators = [op["op_name"] for op in interpreter._get_ops_details() if op["op_name"] != "DELEGATE"]
    place = interpreter.get_input_details()[0]["index"]
    interpreter.resize_tensor_input(place, x.shape)
    interpreter.allocate_tensors()
    interpreter.set_tensor(place, x)
    interpreter.invoke()
    return interpreter.get_tensor(interpreter.get_output_details()[0]["index"]), len(operators)


def measure(name, tflc, isLegacy):
    os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    if isLegacy:
        import tf_keras as keras
    else:
        import keras
    import numpy as np
    import tensorflow as tf

    keras.utils.set_random_seed(1)
    random = np.random.default_rng(1)
    size = SIZES[name]
    model = getattr(keras.applications, name)(weights=None, input_shape=(size, size, 3), classes=10)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.set_weights([random.uniform(0.5, 1.5, w.shape) for w in layer.get_weights()])
    x = random.uniform(-1, 1, (1, size, size, 3)).astype(np.float32)
    want = np.asarray(model(x, training=False))
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        source = folder / ("model.h5" if isLegacy else "model.keras")
        model.save(source)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        tool = subprocess.run([tflc, "convert", source, "-o", folder / "ours.tflite"], capture_output=True, text=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        if tool.returncode:
            return f"| {name} | {size} | {tool.stderr.strip().splitlines()[0]} |"
        if isLegacy:
            converter = tf.lite.TFLiteConverter.from_keras_model(model)
        else:
            model.export(str(folder / "saved"), verbose=False)
            converter = tf.lite.TFLiteConverter.from_saved_model(str(folder / "saved"), signature_keys=["serving_default"])
        (folder / "peer.tflite").write_bytes(converter.convert())
        got, count = run_litert(folder / "ours.tflite", x)
        peer, peerCount = run_litert(folder / "peer.tflite", x)
        error, peerError = (np.abs(y - want).max() / np.abs(want).max() for y in (got, peer))
        bytes_, peerBytes = ((folder / file).stat().st_size for file in ("ours.tflite", "peer.tflite"))
    return (
        f"| {name} | {size} | {error:.1e} | {peerError:.1e} | {count} | {peerCount} "
        f"| {bytes_ / peerBytes:.3f} | {seconds:.2f} |"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tflc", required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--legacy", action="store_true")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        answers = os.fdopen(os.dup(1), "w")
        os.dup2(2, 1)
        print(measure(options.measure, options.tflc, options.legacy), file=answers)
        return
    print("| network | input | difference | TensorFlow's | operators | TensorFlow's | bytes of TensorFlow's | seconds |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    for name in sorted(SIZES):
        if not re.search(options.only, name):
            continue
        # A network in a process of its own, for the memory.
        command = [sys.executable, __file__, "--tflc", options.tflc, "--measure", name] + ["--legacy"] * options.legacy
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        print(done.stdout.strip() or f"| {name} | ends with status {done.returncode} |", flush=True)


if __name__ == "__main__":
    main()
