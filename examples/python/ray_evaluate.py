"""Calibrates, quantizes and evaluates a classifier with Ray: each worker sees a part of the data, and parts add up.

    pip install ray
    python ray_evaluate.py MODEL DIGITS.npz

DIGITS.npz has `images`, as bytes, and `labels`. The same works with Beam's CombinePerKey or Spark's aggregate: calibrations and
evaluations are values that pickle and that `+` merges; tflc keeps no state between calls.
"""

import sys

import numpy as np
import ray

import tflc


@ray.remote
def calibrate(model: bytes, images: np.ndarray) -> tflc.Calibration:
    return tflc.calibrate(model, ([image[None]] for image in images), progress=False)


@ray.remote
def evaluate(model: bytes, images: np.ndarray, labels: np.ndarray) -> tflc.Evaluation:
    return tflc.evaluate(model, images, labels, progress=False)


def main(model_path: str, data_path: str, parts: int = 4) -> None:
    with open(model_path, "rb") as file:
        model = file.read()
    with np.load(data_path) as data:
        images, labels = data["images"].astype(np.float32) / 255, data["labels"]

    ray.init(num_cpus=2, include_dashboard=False)
    calibrations = ray.get([calibrate.remote(model, part) for part in np.array_split(images[:100], parts)])
    quantized = tflc.quantize(model, "int8", sum(calibrations), io="int8")

    for name, contents in {"float": model, "int8": quantized}.items():
        pieces = zip(np.array_split(images, parts), np.array_split(labels, parts), strict=True)
        result = sum(ray.get([evaluate.remote(contents, *piece) for piece in pieces]))
        print(f"{name:6} {len(contents):8} bytes  {result.accuracy:.2%} of {result.samples}")


if __name__ == "__main__":
    main(*sys.argv[1:])
