"""Basic Pitch writes down what it hears."""

import pathlib
import tempfile

import basic_pitch
import numpy as np
import scipy.io.wavfile
import stand_in
from basic_pitch.inference import Model, predict

path = pathlib.Path(tempfile.mkdtemp()) / "sound.wav"
scipy.io.wavfile.write(path, 22050, (stand_in.make_sound(22050, 4) * 20000).astype(np.int16))
folder = pathlib.Path(basic_pitch.__file__).parent / "saved_models" / "icassp_2022"
output, _, notes = predict(path, Model(folder / "nmp.tflite"))
for name, values in sorted(output.items()):
    stand_in.show(name, values[::20, ::8])
stand_in.show("notes", [value for note in sorted(notes) for value in note[:3]])
