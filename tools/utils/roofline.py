#!/usr/bin/env python3
"""The share of this machine's roofline that models reach on one thread.

    roofline.py --tflc build/bin/tflc ../shared/models
    roofline.py --tflc build/bin/tflc --only '_int8$' --rounds 3 --steps 3 ../shared/models

FOLDER holds one folder for each model, with model.tflite in it. `tflc bench --per-op` measures the machine (kernels of
nothing but multiply-adds of bytes, of 16 bit words or of floats, and reads of buffers of several sizes) and every step
of a model in the same run. The least time of a step is the longer one of its products at that rate and its bytes at
that bandwidth; the share is the sum of least times over the sum of times. It can exceed 1: Winograd's products are
fewer than the model's.
Each model is measured in several rounds, and each step counts with its shortest time. With --steps also the steps that
lose most are printed.
"""

import argparse
import json
import pathlib
import re
import shlex
import statistics
import subprocess
import sys

PEAKS = ("int8_gmacs_per_s", "int16_gmacs_per_s", "float_gmacs_per_s")


def bench(tflc, model, seconds):
    """The profile of one run; RuntimeError with the first line of the error where there is none."""
    command = [*tflc, "bench", str(model), "--per-op", "--json", f"--min-time={seconds}"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError((done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[0])
    return json.loads(done.stdout)["per_op"]


def name_of(step):
    """The operators of a step and its form, without the form's numbers."""
    operators = "+".join(f"{op['index']} {op['op']}" for op in step["operators"])
    return f"{operators}: {step.get('strategy', 'plain loops').split('<')[0]}"


def measure(tflc, model, seconds, rounds):
    """(least, time, name) of each step, and the peaks of the machine of all rounds."""
    profiles = [bench(tflc, model, seconds) for _ in range(rounds)]
    steps = [
        (max(s["least_us"] for s in same), min(s["us"] for s in same), name_of(same[0]))
        for same in zip(*(p["steps"] for p in profiles))
    ]
    peaks = {key: max(p[key] for p in profiles) for key in PEAKS}
    return steps, peaks


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, metavar="FOLDER")
    parser.add_argument("--tflc", default="build/bin/tflc", help="the program, and options of its own")
    parser.add_argument("--only", default="", metavar="REGEX", help="models whose names match")
    parser.add_argument("--rounds", type=int, default=2, metavar="N")
    parser.add_argument("--seconds", type=float, default=0.3, help="time for each model in each round")
    parser.add_argument("--steps", type=int, default=0, metavar="N", help="print so many steps of each model")
    args = parser.parse_args()

    shares, peaks, failed = {}, dict.fromkeys(PEAKS, 0), 0
    print(f"{'model':36} {'least us':>10} {'us':>10} {'share':>6}")
    for model in sorted(args.folder.glob("*/model.tflite")):
        name = model.parent.name
        if not re.search(args.only, name):
            continue
        try:
            steps, measured = measure(shlex.split(args.tflc), model, args.seconds, args.rounds)
        except RuntimeError as error:
            print(f"{name:36} {error}", flush=True)
            failed += 1
            continue
        peaks = {key: max(peaks[key], measured[key]) for key in peaks}
        least, total = sum(s[0] for s in steps), sum(s[1] for s in steps)
        if total <= 0:
            print(f"{name:36} has no step", flush=True)
            continue
        shares[name] = least / total
        print(f"{name:36} {least:10.1f} {total:10.1f} {shares[name]:6.2f}", flush=True)
        for lost, time, what in sorted(((t - at_least, t, w) for at_least, t, w in steps), reverse=True)[: args.steps]:
            print(f"    loses {lost:8.2f} of {time:8.2f} us  {what}", flush=True)
    if shares:
        worst = sorted(shares, key=shares.get)[:5]
        print(
            f"geometric mean {statistics.geometric_mean(shares.values()):.2f} over {len(shares)}; worst "
            + ", ".join(f"{name} {shares[name]:.2f}" for name in worst)
        )
        print(
            f"the machine: {peaks['int8_gmacs_per_s']:.0f} G products of bytes a second, "
            f"{peaks['int16_gmacs_per_s']:.0f} G of words, {peaks['float_gmacs_per_s']:.1f} G of floats"
        )
    return 1 if failed or not shares else 0


if __name__ == "__main__":
    sys.exit(main())
