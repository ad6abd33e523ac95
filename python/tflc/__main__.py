"""The command line: `python -m tflc compile model.tflite`."""

import sys

from .compilation import compiler


def main() -> None:
    """Runs the command line; ends the process with its status."""
    sys.exit(compiler().run_tool(sys.argv[1:]))


if __name__ == "__main__":
    main()
