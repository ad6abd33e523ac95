#!/usr/bin/env python3
"""Checks that include lines keep to the table in docs/Architecture.md.

usage: check-dependencies.py ROOT

Reads the table of rooms in ROOT/docs/Architecture.md and the include lines of all sources below the
rooms, of C, C++ and TableGen. Prints one line for each include of a file in a room that the table
does not allow, and for each source outside of every room. Exit status 0 where there is none.
"""

import os
import re
import sys
from pathlib import Path

FOLDERS = ["dialects", "include", "lib", "runtime", "tools"]
SUFFIXES = {".c", ".cpp", ".h", ".hpp", ".td"}
INCLUDE = re.compile(r'^\s*#?include\s+["<]([^">]+)[">]', re.MULTILINE)
# Where the build looks for headers, and what a path below it begins with in the source tree.
SEARCH = ["include", "dialects", "lib", "runtime/include"]


def read_table(page):
    """The rooms that each room may include; None where it may include all."""
    table = {}
    for line in page.read_text().splitlines():
        row = re.match(r"\| `([^`]+)` \|[^|]*\|([^|]*)\|$", line)
        if row:
            allowed = row.group(2)
            table[row.group(1)] = None if "everything" in allowed else set(re.findall(r"`([^`]+)`", allowed))
    for room, allowed in table.items():
        for name in allowed or ():
            if name not in table:
                sys.exit(f"docs/Architecture.md: {room} may include {name}, which is no room")
    if not table:
        sys.exit("docs/Architecture.md: no table of rooms")
    return table


def room_of(path, table):
    """The room with the longest name that the file is in, or None."""
    parts = Path(path).parts
    if parts[:2] == ("include", "tflc"):
        parts = ("lib",) + parts[2:]
    for length in range(len(parts) - 1, 0, -1):
        name = "/".join(parts[:length])
        if name in table:
            return name
    return None


def resolve(root, source, name):
    """The file of this repository that an include line means, or None."""
    beside = os.path.normpath(os.path.join(os.path.dirname(source), name))
    for candidate in [beside] + [f"{folder}/{name}" for folder in SEARCH]:
        if (root / candidate).is_file():
            return candidate
    # Generated from a file of the same name.
    if name.endswith(".inc"):
        return resolve(root, source, re.sub(r"\.(h|cpp)\.inc$|\.inc$", ".td", name))
    return None


def check(root):
    table = read_table(root / "docs" / "Architecture.md")
    findings = []
    sources = sorted(p for folder in FOLDERS for p in (root / folder).rglob("*") if p.suffix in SUFFIXES)
    for path in sources:
        source = path.relative_to(root).as_posix()
        room = room_of(source, table)
        if room is None:
            findings.append(f"{source}: in no room of docs/Architecture.md")
            continue
        for name in INCLUDE.findall(path.read_text()):
            target = resolve(root, source, name)
            other = room_of(target, table) if target else None
            if other and other != room and table[room] is not None and other not in table[room]:
                findings.append(f"{source}: {room} may not include {other} ({name})")
    return findings


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    findings = check(Path(sys.argv[1]))
    print("\n".join(findings) or "every include line keeps to docs/Architecture.md")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
