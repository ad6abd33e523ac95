"""Compares random graphs of operators at several levels with the plain loops of -O0, and with LiteRT where it is installed.

usage: check-graphs.py [--seed=N] [--levels=-O3,-Os] [--litert] [--keep=FOLDER] COUNT

A graph has one to three inputs, float32, int8 or int32, of up to four dimensions, and 2 to 12 operators of all kinds:
elementwise ones with broadcasts, comparisons and selections, reductions, contractions, windows, and what moves elements.
Operators that jump (FLOOR, comparisons, casts to integers) follow only on values that are the same to the last bit at every
level. Integers must then be equal, floats close to each other. What differs, fails or ends with a defect is written to
FOLDER, and its line names the seed and the number, which make the same graph again. The last line says how many graphs
agree, how many operators they had, and how many were refused.
"""

import argparse
import collections
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parent / "Inputs"))
from random_graphs import Graph  # noqa: E402


def find_difference(want, got):
    if want.dtype != got.dtype or want.shape != got.shape:
        return f"{got.dtype}{list(got.shape)} instead of {want.dtype}{list(want.shape)}"
    if want.dtype.kind != "f":
        wrong = want != got
    else:
        finite = np.abs(want[np.isfinite(want)])
        wrong = ~np.isclose(got, want, rtol=1e-3, atol=1e-4 * max(1.0, finite.max(initial=0)), equal_nan=True)
    if not wrong.any():
        return None
    place = tuple(np.argwhere(wrong)[0])
    return (
        f"{wrong.sum()} of {wrong.size} elements differ, first at {list(map(int, place))}: "
        f"{got[place]!r} instead of {want[place]!r}"
    )


def run_litert(inputs):
    """The outputs of the reference kernels; None where they refuse the graph."""
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    try:
        interpreter = Interpreter("graph.tflite", experimental_op_resolver_type=OpResolverType.BUILTIN_REF)
        interpreter.allocate_tensors()
        for details, array in zip(interpreter.get_input_details(), inputs):
            interpreter.set_tensor(details["index"], array)
        interpreter.invoke()
    except (RuntimeError, ValueError):
        return None
    return {str(i): interpreter.get_tensor(d["index"]) for i, d in enumerate(interpreter.get_output_details())}


def run_tflc(level):
    command = ["tflc", "run", "graph.tflite", "--inputs=in.npz", "--outputs=out.npz", "--keys=index", level]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    return done, dict(np.load("out.npz")) if done.returncode == 0 else None


def check(graph, levels, litert):
    """None where all agree, "refused: ..." where -O0 does not take the graph, else what is wrong."""
    inputs = [graph.data(v) for v in graph.inputs]
    np.savez("in.npz", **{str(i): array for i, array in enumerate(inputs)})
    exported = subprocess.run(
        ["tflc-translate", "--export-tflite", "graph.mlir", "-o", "graph.tflite"], capture_output=True, text=True, check=False
    )
    if exported.returncode != 0:
        return f"refused: {exported.stderr.strip().splitlines()[0]}"
    done, plain = run_tflc("-O0")
    if done.returncode == 1:
        return f"refused: {done.stderr.strip().splitlines()[0]}"
    if done.returncode != 0:
        return f"-O0: status {done.returncode}: {done.stderr.strip()[:200]}"
    others = []
    for level in levels:
        done, outputs = run_tflc(level)
        if outputs is None:
            return f"{level}: status {done.returncode}: {done.stderr.strip()[:200]}"
        others.append((level, outputs))
    reference = run_litert(inputs) if litert else None
    if reference is not None:
        others.append(("LiteRT", reference))
    for name, outputs in others:
        for key, want in plain.items():
            if difference := find_difference(want, outputs[key]):
                return f"{name}: output {key}: {difference}"
    return None


def check_in(folder, graph, levels, litert):
    before = pathlib.Path.cwd()
    os.chdir(folder)
    try:
        return check(graph, levels, litert)
    finally:
        os.chdir(before)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--levels", default="-O3")
    parser.add_argument("--litert", action="store_true")
    parser.add_argument("--keep", type=pathlib.Path, default=pathlib.Path("check-graphs"))
    parser.add_argument("--first", type=int, default=0, help="number of the first graph")
    parser.add_argument("count", type=int)
    arguments = parser.parse_args()
    keep = arguments.keep.absolute()
    operators, refused, failed = collections.Counter(), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        for number in range(arguments.first, arguments.first + arguments.count):
            graph = Graph(np.random.default_rng([arguments.seed, number]))
            (work / "graph.mlir").write_text(graph.build())
            finding = check_in(work, graph, arguments.levels.split(","), arguments.litert)
            operators += graph.operators
            if finding is None:
                continue
            print(f"seed {arguments.seed} graph {number}: {finding}", flush=True)
            refused += finding.startswith("refused")
            failed += not finding.startswith("refused")
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{arguments.seed}-{number}.mlir").write_text((work / "graph.mlir").read_text())
    agree = arguments.count - refused - failed
    print(
        f"{agree} of {arguments.count} graphs agree, {refused} refused, {failed} failed; "
        f"{sum(operators.values())} operators of {len(operators)} kinds"
    )
    sys.exit(failed != 0)


main()
