"""Prints the places that a branch of MODEL finds: of what is set, or of what is not.

usage: check-branch-sizes.py MODEL TFLC-ARGS...
"""

import subprocess
import sys

import numpy as np

MODEL, *ARGS = sys.argv[1:]
for chosen, x in [(True, [1, 0, 1, 1]), (False, [1, 0, 1, 1]), (False, [1, 1, 1, 1])]:
    np.savez("in.npz", c=np.bool_(chosen), x=np.array(x, bool))
    subprocess.run(["tflc", "run", MODEL, "--inputs=in.npz", "--outputs=out.npz", *ARGS], check=True)
    print(np.load("out.npz")["y"].ravel().tolist())
