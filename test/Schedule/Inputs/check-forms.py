"""Compiles models, and prints those in which a contraction, or what takes more than 1 % of the time, has no form.

usage: check-forms.py FOLDER

FOLDER holds NAME/model.tflite. The last line counts the models.
"""

import pathlib
import subprocess
import sys

models = sorted(pathlib.Path(sys.argv[1]).glob("*/model.tflite"))
for model in models:
    done = subprocess.run(
        ["tflc", "compile", str(model), "--stop-after=bufferize", "-o", "/dev/null"],
        capture_output=True,
        text=True,
        check=False,
    )
    findings = [line for line in done.stderr.splitlines() if "warning:" in line]
    if done.returncode != 0 or findings:
        print(f"{model.parent.name}: status {done.returncode}: {' '.join(findings) or done.stderr.strip()[-300:]}")
print(f"{len(models)} models")
