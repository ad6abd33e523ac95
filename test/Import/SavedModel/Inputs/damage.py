#!/usr/bin/env python3
"""damage.py SAVED_MODEL FOLDER: makes copies of a SavedModel in FOLDER, each with one fault."""

import pathlib
import shutil
import sys


def main():
    source, target = map(pathlib.Path, sys.argv[1:])

    def copy(name):
        shutil.copytree(source, target / name)
        return target / name

    def change(name, file, edit):
        path = copy(name) / file
        path.write_bytes(edit(path.read_bytes()))

    def flip(data, place):
        return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]

    change("truncated", "saved_model.pb", lambda data: data[: len(data) // 2])
    change("index", "variables/variables.index", lambda data: flip(data, 10))
    change("data", "variables/variables.data-00000-of-00001", lambda data: flip(data, 2))
    # The name of the operation, not that of the node: both have as many bytes as before.
    change("unknown", "saved_model.pb", lambda data: data.replace(b"\x12\x06MatMul", b"\x12\x06XatMul"))
    change("dangling", "saved_model.pb", lambda data: data.replace(b"MatMul:product:0", b"XatMul:product:0"))
    (copy("shard") / "variables" / "variables.data-00000-of-00001").unlink()


if __name__ == "__main__":
    main()
