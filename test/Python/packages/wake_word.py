"""openWakeWord hears for three seconds."""

import openwakeword.model
import stand_in

model = openwakeword.model.Model(inference_framework="tflite")
sound = (stand_in.make_sound(16000, 3) * 20000).astype("int16")
for start in range(0, len(sound) - 1279, 1280):
    scores = model.predict(sound[start : start + 1280])
for name, score in sorted(scores.items()):
    stand_in.show(name.replace(" ", "_"), [score])
features = model.preprocessor.get_features(16)
stand_in.show("features", features[0, -1])
