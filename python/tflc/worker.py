"""Calls one function of the compiler in a process of its own: what `child.py` starts.

It reads (function, arguments, keyword arguments) and writes READY, then (result, None) or (None, exception). No module of
the package is imported, so that it starts in a moment; the compiler's file is the argument.
"""

import importlib.util
import os
import pickle
import signal
import sys

READY = b"R"
"""Comes first: the compiler is there, what goes wrong from now on is its fault."""


def load_compiler(path: str):
    """The compiler's module from its file, under the name that it was built for."""
    spec = importlib.util.spec_from_file_location("_compiler", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    # What the compiler's libraries print must not be taken for the answer.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    # The process that waits reports an interrupt; this one just ends.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    compiler = load_compiler(sys.argv[1])
    answers.write(READY)
    answers.flush()
    name, args, kwargs = pickle.load(sys.stdin.buffer)
    try:
        answer = getattr(compiler, name)(*args, **kwargs), None
    except Exception as error:
        answer = None, error
    pickle.dump(answer, answers, protocol=pickle.HIGHEST_PROTOCOL)
    answers.flush()
    # There is nothing to put in order, and LLVM takes long to do it.
    os._exit(0)


if __name__ == "__main__":
    main()
