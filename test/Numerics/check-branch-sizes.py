"""Prints the places that a branch of MODEL finds: of what is set, once or twice, or of what is not.

usage: check-branch-sizes.py MODEL TFLC-ARGS...
"""

import subprocess
import sys

import numpy as np

MODEL, *ARGS = sys.argv[1:]
for outer, inner, x in [(1, 1, [1, 0, 1, 1]), (1, 0, [1, 0, 1, 1]), (0, 1, [1, 0, 1, 1]), (0, 0, [1, 1, 1, 1])]:
    np.savez("in.npz", c=np.bool_(outer), d=np.bool_(inner), x=np.array(x, bool))
    subprocess.run(["tflc", "run", MODEL, "--inputs=in.npz", "--outputs=out.npz", *ARGS], check=True)
    print(np.load("out.npz")["y"].ravel().tolist())
