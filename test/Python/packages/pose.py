"""MediaPipe's models of a person's pose, as its pipeline runs them: where a person is, then 39 points of the body."""

import importlib.util
import pathlib

import matplotlib.cbook
import numpy as np
import stand_in
from PIL import Image
from tflite_runtime.interpreter import Interpreter

# Importing the package would load TensorFlow.
MODULES = pathlib.Path(importlib.util.find_spec("mediapipe").origin).parent / "modules"
STRIDES = (8, 16, 32, 32, 32)


def run(interpreter, image: np.ndarray) -> list[np.ndarray]:
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], image[None])
    interpreter.invoke()
    return [interpreter.get_tensor(details["index"])[0] for details in interpreter.get_output_details()]


def make_anchors(size: int) -> np.ndarray:
    """The centres that boxes are told from: two in each cell of each layer, all cells of one stride together."""
    anchors = []
    for stride in sorted(set(STRIDES)):
        cells = size // stride
        y, x = np.mgrid[:cells, :cells].reshape(2, -1)
        centres = np.stack([x + 0.5, y + 0.5], -1) / cells
        anchors.append(np.repeat(centres, 2 * STRIDES.count(stride), axis=0))
    return np.concatenate(anchors)


def crop(picture: Image.Image, centre: np.ndarray, side: float, angle: float, size: int) -> np.ndarray:
    """A square of the picture, turned upright, as numbers from 0 to 1."""
    along, across = (np.array([np.cos(a), np.sin(a)]) * side / size for a in (angle, angle + np.pi / 2))
    corner = centre - (along + across) * size / 2
    affine = (along[0], across[0], corner[0], along[1], across[1], corner[1])
    return (
        np.asarray(picture.transform((size, size), Image.Transform.AFFINE, affine, Image.Resampling.BILINEAR), np.float32) / 255
    )


detector = Interpreter(model_path=str(MODULES / "pose_detection" / "pose_detection.tflite"))
detector.allocate_tensors()
size = int(detector.get_input_details()[0]["shape"][1])
picture = Image.open(matplotlib.cbook.get_sample_data("grace_hopper.jpg")).convert("RGB")
side = max(picture.size)
boxes, scores = run(detector, crop(picture, np.array(picture.size) / 2, side, 0, size) * 2 - 1)
best = scores[:, 0].argmax()
stand_in.show("person", [scores[best, 0]])

# The middle of the hips, and a point on the circle around the body.
points = (boxes[best, 4:8].reshape(2, 2) / size + make_anchors(size)[best] - 0.5) * side + np.array(picture.size) / 2
stand_in.show("circle", points)
direction = points[1] - points[0]
angle = np.arctan2(direction[1], direction[0]) + np.pi / 2

landmarks = Interpreter(model_path=str(MODULES / "pose_landmark" / "pose_landmark_full.tflite"))
landmarks.allocate_tensors()
size = int(landmarks.get_input_details()[0]["shape"][1])
for frame in range(5):
    shift = np.array([4.0, -3.0]) * frame
    image = crop(picture, points[0] + shift, 2.5 * np.hypot(*direction), angle, size)
    found, presence, mask, heat, world = run(landmarks, image)
    stand_in.show(f"presence{frame}", presence)
    stand_in.show(f"points{frame}", found / size)
    stand_in.show(f"mask{frame}", mask[::16, ::16] > 0)
    stand_in.show(f"heat{frame}", heat.max((0, 1)))
    stand_in.show(f"world{frame}", world)
