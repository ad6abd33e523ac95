"""Runs `tflc run SOURCE` on recorded inputs and compares the outputs with those of Keras or TensorFlow.

    check-source.py RECORDED.npz SOURCE

The arrays are in/NAME and out/NAME; outputs may differ by 1e-5 of the largest value.
"""

import pathlib
import subprocess
import sys
import tempfile

import numpy as np

recorded, source = np.load(sys.argv[1]), sys.argv[2]
with tempfile.TemporaryDirectory() as folder:
    inputs, outputs = pathlib.Path(folder, "in.npz"), pathlib.Path(folder, "out.npz")
    np.savez(inputs, **{key[3:]: recorded[key] for key in recorded.files if key.startswith("in/")})
    subprocess.run(["tflc", "run", source, f"--inputs={inputs}", f"--outputs={outputs}"], check=True)
    got = np.load(outputs)
    wanted = {key[4:]: recorded[key] for key in recorded.files if key.startswith("out/")}
    if set(got.files) != set(wanted):
        sys.exit(f"outputs {sorted(got.files)}, expected {sorted(wanted)}")
    for name, want in wanted.items():
        if got[name].shape != want.shape or got[name].dtype != want.dtype:
            sys.exit(f"{name}: {got[name].dtype}{got[name].shape}, expected {want.dtype}{want.shape}")
        difference = np.abs(got[name] - want).max()
        if not difference <= 1e-5 * max(1, np.abs(want).max()):
            sys.exit(f"{name}: differs by {difference}")
print("equal")
