"""The examples run. Each is skipped where what it shows is not installed."""

import importlib.util
import json
import os
import subprocess
import sys

import pytest

from .conftest import ROOT, model_path
from .test_converter import SAVED_MODEL

EXAMPLES = ROOT / "examples" / "python"


def test_notebook_by_nbclient():
    nbclient = pytest.importorskip("nbclient")
    nbformat = pytest.importorskip("nbformat")
    pytest.importorskip("ipykernel")
    notebook = nbformat.read(EXAMPLES / "quickstart.ipynb", as_version=4)
    nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(EXAMPLES)}}).execute()


def test_cells_of_the_notebook(monkeypatch, capsys):
    """The same without Jupyter: what the cells say, one after the other."""
    monkeypatch.chdir(EXAMPLES)
    notebook = json.loads((EXAMPLES / "quickstart.ipynb").read_text())
    names: dict = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            assert not cell["outputs"], "the notebook is stored without outputs"
            exec("".join(cell["source"]), names)
    assert names["scores"].argmax() == names["labels"][0]
    assert names["result"].accuracy > 0.9
    assert "int8" in capsys.readouterr().out


@pytest.mark.skipif(not importlib.util.find_spec("ray"), reason="Ray is not installed")
def test_ray():
    program, data = EXAMPLES / "ray_evaluate.py", SAVED_MODEL.parent / "digits.npz"
    command = [sys.executable, program, model_path("mnist_cnn_float32"), data]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "RAY_DEDUP_LOGS": "0"}, timeout=300)
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines() if line.startswith(("float", "int8"))]
    assert [line[0] for line in lines] == ["float", "int8"]
    assert all(float(line[3].rstrip("%")) > 90 and line[-1] == "500" for line in lines)
