#!/usr/bin/env python3
"""Times of tflc beside LiteRT (with XNNPACK) and OpenVINO, each with the same number of threads.

    python3 -m venv venv && venv/bin/pip install ai-edge-litert openvino numpy
    venv/bin/python tools/utils/peer-race.py --tflc build/bin/tflc --threads 2 ../shared/models
    venv/bin/python tools/utils/peer-race.py --tflc build/bin/tflc --only '^mobilenet' --rounds 5 ../shared/models

FOLDER holds one folder for each model, with model.tflite in it. In each round every engine runs the model for a while, one
after the other, and its fastest inference counts, so that a busy machine slows all of them. `ratio` is the faster peer's
time over tflc's, taken round by round, the median of all rounds: above 1, tflc is faster than both. With more than one
thread tflc also runs with one, and `gain` is how many times as fast the threads are. A peer that cannot run a model is out
of the race for it. Shapes that are not known are 1. The peers wait for their threads as they do by default.
"""

import argparse
import json
import math
import pathlib
import re
import shlex
import statistics
import subprocess
import sys
import time

import numpy as np

KINDS = ("int16x8", "int8", "fp16", "dynamic_range", "float32")


def kind_of(name):
    """What the geometric means are taken over, by the name of the model."""
    return next((kind for kind in KINDS if kind in name), "other")


def make_input(shape, dtype):
    """Numbers between -1 and 1, or any bytes; wider integers, which may be indices, are 0."""
    random = np.random.default_rng(7)
    if dtype.kind == "f":
        return random.uniform(-1, 1, shape).astype(dtype)
    if dtype.itemsize == 1 and dtype.kind in "iu":
        return random.integers(np.iinfo(dtype).min, np.iinfo(dtype).max + 1, shape).astype(dtype)
    return np.zeros(shape, dtype)


def start_litert(model, threads):
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_path=str(model), num_threads=threads)
    interpreter.allocate_tensors()
    for tensor in interpreter.get_input_details():
        interpreter.set_tensor(tensor["index"], make_input(tensor["shape"], np.dtype(tensor["dtype"])))
    return interpreter.invoke


def start_openvino(model, threads):
    import openvino

    core = openvino.Core()
    graph = core.read_model(str(model))
    if any(port.partial_shape.is_dynamic for port in graph.inputs):
        graph.reshape(
            {port.any_name: [1 if d.is_dynamic else d.get_length() for d in port.partial_shape] for port in graph.inputs}
        )
    # Floats stay floats: some processors would take bfloat16.
    options = {"INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}
    request = core.compile_model(graph, "CPU", options).create_infer_request()
    for i, port in enumerate(request.model_inputs):
        request.set_input_tensor(i, openvino.Tensor(make_input(list(port.shape), port.element_type.to_dtype())))
    return request.infer


PEERS = {"litert": start_litert, "openvino": start_openvino}


def fastest(invoke, seconds):
    """Microseconds of the fastest call within so many seconds."""
    best, end = math.inf, time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter_ns()
        invoke()
        best = min(best, time.perf_counter_ns() - start)
    return best / 1000


def bench_tflc(tflc, model, seconds, threads):
    """The same of `tflc bench`; RuntimeError with the first line of its error."""
    command = [*tflc, "bench", str(model), "--json", f"--min-time={seconds}"]
    done = subprocess.run(command + ([f"--threads={threads}"] if threads > 1 else []), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError((done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[0])
    return json.loads(done.stdout)["min_us"]


def start_peers(names, model, threads):
    """The peers that run the model, and why others do not."""
    started, notes = {}, []
    for name in names:
        try:
            invoke = PEERS[name](model, threads)
            invoke()
            started[name] = invoke
        except Exception as error:  # whatever a peer throws
            notes.append(f"{name}: {(str(error).strip().splitlines() or ['?'])[-1][:60]}")
    return started, notes


def race(model, args):
    """The row of a model: times of each round by engine, and notes."""
    peers, notes = start_peers(args.peers, model, args.threads)
    times = {name: [] for name in [*peers, "tflc", "alone"]}
    tflc = shlex.split(args.tflc)
    for _ in range(args.rounds):
        for name, invoke in peers.items():
            times[name].append(fastest(invoke, args.seconds))
        times["tflc"].append(bench_tflc(tflc, model, args.seconds, args.threads))
        times["alone"].append(bench_tflc(tflc, model, args.seconds, 1) if args.threads > 1 else times["tflc"][-1])
    return times, notes


def ratio(times, names):
    """The faster peer's time over tflc's, or None without a peer."""
    rounds = zip(*(times[name] for name in names), times["tflc"])
    return statistics.median(min(r[:-1]) / r[-1] for r in rounds) if names else None


def print_means(rows):
    for kind in (*KINDS, "other"):
        ratios = {name: value for name, value, _ in rows if kind_of(name) == kind and value is not None}
        gains = [gain for name, _, gain in rows if kind_of(name) == kind]
        if ratios:
            worst = min(ratios, key=ratios.get)
            print(
                f"geometric mean, {kind}: {statistics.geometric_mean(ratios.values()):.2f} over {len(ratios)}, "
                f"worst {ratios[worst]:.2f} {worst}; gain {statistics.geometric_mean(gains):.2f}"
            )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, metavar="FOLDER")
    parser.add_argument("--tflc", default="build/bin/tflc", help="the program, and options of its own")
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="of every engine")
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=list(PEERS))
    parser.add_argument("--only", default="", metavar="REGEX", help="models whose names match")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--seconds", type=float, default=0.3, help="for each engine in each round")
    args = parser.parse_args()

    names, rows, failed = args.peers, [], 0
    print(f"{'model':36} " + " ".join(f"{name + ' us':>12}" for name in names) + f" {'tflc us':>10} {'ratio':>6} {'gain':>5}")
    for model in sorted(args.folder.glob("*/model.tflite")):
        name = model.parent.name
        if not re.search(args.only, name):
            continue
        try:
            times, notes = race(model, args)
        except RuntimeError as error:
            print(f"{name:36} {error}", flush=True)
            failed += 1
            continue
        value = ratio(times, [n for n in names if n in times])
        gain = min(times["alone"]) / min(times["tflc"])
        rows.append((name, value, gain))
        columns = " ".join(f"{min(times[n]):12.1f}" if times.get(n) else f"{'-':>12}" for n in names)
        shown = f"{value:6.2f}" if value is not None else f"{'-':>6}"
        print(f"{name:36} {columns} {min(times['tflc']):10.1f} {shown} {gain:5.2f}  {'; '.join(notes)}".rstrip(), flush=True)
    print_means(rows)
    return 1 if failed or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
