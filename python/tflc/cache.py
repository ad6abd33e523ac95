"""Compiled code that is kept from one process to the next.

An entry is one file: a shared library, what goes with it as JSON, and a digest of both. Entries are written beside their
place and moved there, so that processes that work at once see whole entries only; a damaged one counts as none.

    TFLC_CACHE_DIR  where they are; by default tflc in XDG_CACHE_HOME, or in ~/.cache
    TFLC_CACHE      0: nothing is kept
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import platform
import tempfile

MAX_BYTES = 4 << 30
"""Entries beyond that go, those first that have not been used for longest."""

_DIGEST_BYTES = 32
_LENGTH_BYTES = 8


def folder() -> str | None:
    """The folder of the entries; None where nothing is to be kept."""
    if os.environ.get("TFLC_CACHE") == "0":
        return None
    if given := os.environ.get("TFLC_CACHE_DIR"):
        return given
    # An empty variable means the same as none.
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "tflc")


@functools.cache
def machine() -> str:
    """What compiled code depends on: this processor and what it can do."""
    description = platform.machine()
    try:
        # The first processor is described in the first kilobytes; the kernel writes the others only if they are read.
        with open("/proc/cpuinfo", "rb", buffering=0) as file:
            text = file.read(1 << 14).split(b"\n\n")[0]
    except OSError:
        return description + platform.processor()
    wanted = (
        b"model name",
        b"flags",
        b"Features",
        b"CPU part",
        b"CPU implementer",
        b"isa",
        b"cpu family",
        b"model\t",
        b"stepping",
    )
    lines = [line for line in text.splitlines() if line.startswith(wanted)]
    return description + b"\n".join(lines).decode(errors="replace")


@functools.cache
def compiler_version() -> str:
    """The compiler's version, by the file that it is: a development build differs from another."""
    import importlib.util

    from . import __version__

    found = importlib.util.find_spec(f"{__package__}._compiler")
    if not found or not found.origin:
        return __version__
    status = os.stat(found.origin)
    return f"{__version__} {status.st_size} {status.st_mtime_ns}"


def digest(contents: bytes) -> str:
    """Names a model by what is in it."""
    return hashlib.sha256(contents).hexdigest()


def make_key(*parts: object) -> str:
    """A file name made from all that an entry depends on."""
    text = json.dumps([compiler_version(), machine(), *parts], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def pack(library: bytes, notes: dict) -> bytes:
    """The contents of an entry. Loaders of shared libraries do not look behind the sections, where the notes stand."""
    text = json.dumps(notes).encode()
    contents = library + text + len(text).to_bytes(_LENGTH_BYTES, "little")
    return contents + hashlib.sha256(contents).digest()


def read_notes(path: str) -> dict | None:
    """The notes of an entry; None where there is no sound one."""
    try:
        with open(path, "rb") as file:
            contents = file.read()
        os.utime(path)
    except OSError:
        return None
    body, wanted = contents[:-_DIGEST_BYTES], contents[-_DIGEST_BYTES:]
    if hashlib.sha256(body).digest() != wanted:
        return None
    length = int.from_bytes(body[-_LENGTH_BYTES:], "little")
    return json.loads(body[-_LENGTH_BYTES - length : -_LENGTH_BYTES])


def _prune(place: str) -> None:
    """Removes the oldest entries where all together are too large."""
    entries = []
    for entry in os.scandir(place):
        try:
            status = entry.stat()
        except OSError:
            continue
        entries.append((status.st_mtime, status.st_size, entry.path))
    total = sum(size for _, size, _ in entries)
    for _, size, path in sorted(entries):
        if total <= MAX_BYTES:
            return
        try:
            os.unlink(path)
        except OSError:
            continue
        total -= size


def write(path: str, contents: bytes) -> bool:
    """Puts an entry in its place at once; false where that cannot be, which is no error for a cache."""
    place = os.path.dirname(path)
    temporary = None
    try:
        os.makedirs(place, mode=0o700, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=place, suffix=".part")
        with os.fdopen(descriptor, "wb") as file:
            file.write(contents)
        os.replace(temporary, path)
        _prune(place)
    except OSError:
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)
        return False
    return True
