"""Sends damaged models through the whole compiler: each either compiles or is refused with a message.

usage: mutate.py [--seed=N] [--levels=-O0,-O2] [--keep=FOLDER] [--seconds=60] COUNT MODEL...

Each round takes one of the models and changes bytes, words or spans of it, or copies a part of it to another place.
`tflc compile` must end within the limit of time and with status 0 or 1; a refusal says why. What does neither is written
to FOLDER, and its line names the seed and the number, which make the same model again. The last line counts the models
that compiled and those that were refused.
"""

import argparse
import pathlib
import random
import subprocess
import sys
import tempfile

INTERESTING = [
    0,
    1,
    2,
    3,
    4,
    5,
    7,
    8,
    16,
    31,
    127,
    128,
    255,
    256,
    1 << 15,
    1 << 16,
    (1 << 31) - 1,
    1 << 31,
    (1 << 32) - 2,
    (1 << 32) - 1,
]


def change_byte(rng, data, place):
    data[place] = rng.choice(
        [rng.randrange(256), data[place] ^ 1 << rng.randrange(8), (data[place] + rng.choice([1, 255])) & 255]
    )


def change_word(rng, data, place):
    place &= ~3
    old = int.from_bytes(data[place : place + 4], "little")
    new = rng.choice([rng.choice(INTERESTING), old + rng.randint(-4, 4), old * 2, -old]) & 0xFFFFFFFF
    data[place : place + 4] = new.to_bytes(4, "little")[: len(data) - place]


def copy_span(rng, data, place):
    size = rng.choice([2, 4, 8, 16, 32])
    source = rng.randrange(len(data))
    data[place : place + size] = data[source : source + size][: len(data) - place]


def clear_span(rng, data, place):
    size = min(rng.choice([1, 2, 4, 8, 64]), len(data) - place)
    data[place : place + size] = bytes(size)


def mutate(rng, original):
    data = bytearray(original)
    for _ in range(rng.choice([1, 1, 1, 2, 3, 6])):
        place = rng.randrange(len(data))
        rng.choice([change_byte, change_word, change_word, copy_span, clear_span])(rng, data, place)
    if rng.random() < 0.03:
        del data[rng.randrange(len(data)) :]
    return bytes(data)


def compile_model(path, level, seconds):
    """The status, and None or what is wrong."""
    try:
        done = subprocess.run(
            ["tflc", "compile", str(path), "-o", str(path.parent / "out"), "-q", level],
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None, f"no end within {seconds} s"
    errors = done.stderr.decode(errors="replace")
    if done.returncode not in (0, 1):
        return done.returncode, f"status {done.returncode}: {errors.strip()[-200:]}"
    if done.returncode == 1 and "error: " not in errors:
        return 1, "refused without a message"
    return done.returncode, None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--levels", default="-O2")
    parser.add_argument("--keep", type=pathlib.Path, default=pathlib.Path("mutations"))
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("count", type=int)
    parser.add_argument("models", type=pathlib.Path, nargs="+")
    arguments = parser.parse_args()
    levels = arguments.levels.split(",")
    counts, failed = {0: 0, 1: 0}, 0
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "model.tflite"
        for number in range(arguments.count):
            rng = random.Random(f"{arguments.seed} {number}")
            source = rng.choice(arguments.models)
            path.write_bytes(mutate(rng, source.read_bytes()))
            status, finding = compile_model(path, rng.choice(levels), arguments.seconds)
            if finding is None:
                counts[status] += 1
                continue
            failed += 1
            print(f"seed {arguments.seed} number {number} of {source.name}: {finding}", flush=True)
            arguments.keep.mkdir(parents=True, exist_ok=True)
            (arguments.keep / f"{arguments.seed}-{number}.tflite").write_bytes(path.read_bytes())
    print(f"{counts[0]} compiled, {counts[1]} refused, {failed} failed")
    sys.exit(failed != 0)


main()
