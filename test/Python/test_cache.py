"""The cache of compiled code."""

import os
import subprocess
import sys

import numpy as np
import pytest

import tflc
from tflc import cache, compilation

from .conftest import model_path


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("TFLC_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("TFLC_CACHE", raising=False)
    return tmp_path / "cache"


def use(**arguments) -> list[float]:
    interpreter = tflc.Interpreter(model_path("squared"), **arguments)
    interpreter.allocate_tensors()
    interpreter.set_tensor(0, np.array([3], np.float32))
    interpreter.invoke()
    return interpreter.get_tensor(1).tolist()


@pytest.fixture
def compilations(monkeypatch):
    """A list that grows with each compilation."""
    seen, compile_files = [], compilation.compile_files

    def count(*args, **options):
        seen.append(options)
        return compile_files(*args, **options)

    monkeypatch.setattr(compilation, "compile_files", count)
    return seen


def test_second_time_from_the_cache(place, compilations):
    assert use() == use() == [9]
    assert len(compilations) == 1
    assert sorted(path.suffix for path in place.iterdir()) == [".json", ".so"]


def test_other_options_are_other_entries(place, compilations):
    use()
    use(experimental_preserve_all_tensors=True)
    use(experimental_op_resolver_type=tflc.OpResolverType.BUILTIN_REF)
    assert len(compilations) == 3


def test_switched_off(place, compilations, monkeypatch):
    monkeypatch.setenv("TFLC_CACHE", "0")
    assert use() == use() == [9]
    assert len(compilations) == 2
    assert not place.exists()


def test_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("TFLC_CACHE_DIR", raising=False)
    monkeypatch.delenv("TFLC_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache.folder() == str(tmp_path / "tflc")
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    assert cache.folder() == os.path.expanduser("~/.cache/tflc")


@pytest.mark.parametrize("damage", [lambda b: b[:100], lambda b: b"", lambda b: b[:500] + b"x" + b[501:], lambda b: b + b"x"])
def test_damaged_entries_are_made_anew(place, compilations, damage):
    use()
    for path in place.iterdir():
        contents = path.read_bytes()
        path.unlink()  # what is loaded stays as it is
        path.write_bytes(damage(contents))
    assert use() == [9]
    assert len(compilations) == 2


def test_folder_that_cannot_be_written(compilations, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("TFLC_CACHE_DIR", str(tmp_path / "file" / "cache"))
    assert use() == use() == [9]
    assert len(compilations) == 2


def test_only_the_user_can_write(place):
    use()
    assert place.stat().st_mode & 0o077 == 0


def test_pruning(place, monkeypatch):
    use()
    monkeypatch.setattr(cache, "MAX_BYTES", 1)
    use(experimental_preserve_all_tensors=True)
    assert not list(place.iterdir())
    assert use() == [9]


def test_several_processes(place):
    program = f"""
import numpy, tflc
interpreter = tflc.Interpreter({model_path("mnist_cnn_int8")!r})
interpreter.allocate_tensors()
interpreter.invoke()
print(interpreter.get_tensor(20).tolist())
"""
    processes = [subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) for _ in range(4)]
    outputs = {process.communicate()[0] for process in processes}
    assert all(process.returncode == 0 for process in processes)
    assert len(outputs) == 1
    assert not list(place.glob("*.part"))


def test_no_llvm_from_the_cache(place):
    """What is in the cache runs without the compiler being loaded."""
    use()
    program = f"""
import sys, tflc
assert "numpy" not in sys.modules
interpreter = tflc.Interpreter({model_path("squared")!r})
interpreter.allocate_tensors()
interpreter.invoke()
assert "tflc._compiler" not in sys.modules
assert "LLVM" not in open("/proc/self/maps").read()
"""
    subprocess.run([sys.executable, "-c", program], check=True)
