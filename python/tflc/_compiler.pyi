"""The compiler itself. Functions take and give plain data: bytes, numbers and JSON. Each answers (result or None, findings)."""

from collections.abc import Iterator, Sequence

Finding = dict[str, object]
Sample = tuple[str, list[tuple[str, str, Sequence[int], bytes]], int | None]

version: str

def describe(contents: bytes, path: str) -> tuple[str | None, list[Finding]]: ...
def inspect(contents: bytes, path: str) -> tuple[str | None, list[Finding]]: ...
def compile(
    contents: bytes,
    path: str,
    *,
    target: str = "",
    triple: str = "",
    cpu: str = "",
    features: str = "",
    opt: str = "2",
    name: str = "",
    shapes: Sequence[tuple[str, Sequence[int]]] = (),
    emit: Sequence[str] = (),
    custom: Sequence[tuple[str, str]] = (),
    dynamic: bool = False,
    row_streaming: bool = False,
    threads: bool = False,
    expose: bool = False,
) -> tuple[tuple[dict[str, bytes], str, str] | None, list[Finding]]: ...
def convert(path: str, signatures: Sequence[str] = (), custom: Sequence[str] = ()) -> tuple[bytes | None, list[Finding]]: ...
def calibrate(contents: bytes, path: str, recipe: str, samples: Iterator[Sample]) -> tuple[str | None, list[Finding]]: ...
def merge_calibrations(texts: Sequence[str]) -> tuple[str | None, list[Finding]]: ...
def quantize(contents: bytes, path: str, recipe: str, calibration: str = "") -> tuple[bytes | None, list[Finding]]: ...
def evaluate(
    contents: bytes, path: str, samples: Iterator[Sample], top: int = 5
) -> tuple[dict[str, object] | None, list[Finding]]: ...
def compare(
    wanted: bytes, wanted_path: str, found: bytes, found_path: str, samples: Iterator[Sample]
) -> tuple[dict[str, object] | None, list[Finding]]: ...
def run_tool(args: Sequence[str]) -> int: ...
