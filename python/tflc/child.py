"""The compiler in a process of its own, for programs that want a model's code and not a compiler.

LLVM's code and data stay in a process that has used them once, some 200 MB. A child takes them along when it ends; nor can
a defect of the compiler end the program.
"""

from __future__ import annotations

import importlib.util
import os
import pickle
import signal
import subprocess
import sys

from . import worker
from .errors import CompileError

WORKER = worker.__file__


def is_possible() -> bool:
    """Whether this program is Python's own executable, of which there can be another one: not where Python is a part of
    another program. TFLC_CHILD=0 says no, too."""
    if os.environ.get("TFLC_CHILD") == "0" or getattr(sys, "frozen", False):
        return False
    return "python" in os.path.basename(sys.executable or "").lower()


def _describe_end(status: int) -> str:
    if status >= 0:
        return f"with status {status}"
    try:
        return f"by {signal.Signals(-status).name}"
    except ValueError:
        return f"by signal {-status}"


def call(function: str, /, *args, **kwargs) -> tuple | None:
    """What a function of the compiler answers. None where there can be no child: the caller has to do it itself.

    Raises what the function raises, and CompileError where the compiler has a defect that ends it.
    """
    found = importlib.util.find_spec(f"{__package__}._compiler")
    if not is_possible() or found is None:
        return None
    # Isolated: neither settings nor modules of the program's surroundings matter to the child.
    command = [sys.executable, "-I", "-S", WORKER, found.origin]
    request = pickle.dumps((function, args, kwargs), protocol=pickle.HIGHEST_PROTOCOL)
    try:
        done = subprocess.run(command, input=request, capture_output=True)
    except OSError:
        return None
    if not done.stdout.startswith(worker.READY):
        return None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        end = _describe_end(done.returncode)
        raise CompileError(f"a defect of the compiler, or a lack of memory, has ended it {end}:\n{said}"[:4000])
    answer, error = pickle.loads(memoryview(done.stdout)[len(worker.READY) :])
    if error is not None:
        raise error
    return answer
