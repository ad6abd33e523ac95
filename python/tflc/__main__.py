"""The command line: `python -m tflc compile model.tflite`.

`--cmake-dir` says where the CMake package lies, for `cmake -Dtflc_DIR=$(tflc --cmake-dir)`.
"""

import os
import sys

from .compilation import compiler


def main() -> None:
    """Runs the command line; ends the process with its status."""
    if sys.argv[1:] == ["--cmake-dir"]:
        print(os.path.join(os.path.dirname(os.path.abspath(__file__)), "cmake"))
        return
    sys.exit(compiler().run_tool(sys.argv[1:]))


if __name__ == "__main__":
    main()
