#!/usr/bin/env python3
"""Counts the instructions that one inference executes, by model and target.

    instruction-counts.py --tflc build/bin/tflc --targets cortex-a72,cortex-m4,riscv64-gcv+zvl256b MODEL...

MODEL is a .tflite file or a folder with model.tflite. Each is compiled for each target with `tflc compile`, linked with
a small program that invokes it k times, and executed in QEMU with the plugin count-instructions.c. One inference is
(N(2k) - N(k)) / k, where N counts the whole program, so start-up cancels out. The numbers are exact and do not depend
on the machine that counts. How a target is linked and emulated is told by `tflc targets --json`. Features may follow
its name; of them `+zvl256b` and its like are also told to the emulator, whose vectors are as long.

With `--cycles` the executed instructions of Cortex-M cores become an estimate of cycles, too (cycle_models.py).

Needs the target's cross compiler and QEMU with plugins, and a C compiler for the plugin; cycles need llvm-objdump.
"""

import argparse
import json
import math
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import cycle_models

ROOT = pathlib.Path(__file__).resolve().parents[2]
RUNTIME = ROOT / "runtime"
# How far above its limit a count may be: an offset that no longer fits into an instruction is no reason to fail.
SLACK = 0.005
DEFAULT_TARGETS = "cortex-a72,cortex-a76,neoverse-v1,riscv64-gc,riscv64-gcv,cortex-m4"

# Inputs are small values of both signs, so that data-dependent paths (clamps, exponentials) are the usual ones;
# integers other than bytes are zero, since they may be indices.
PROGRAM = """
#include "tflc/tflc.h"
#include "model.h"
static MODEL_ARENA_ALIGNED unsigned char arena[MODEL_ARENA_SIZE + 1];
static unsigned char memory[MEMORY] __attribute__((aligned(16)));
static void *buffers[64];
static void fill(const tflc_tensor *tensor, unsigned char *data, size_t bytes) {
  for (size_t i = 0; i < bytes / 4 && tensor->type == TFLC_FLOAT32; ++i)
    ((float *)data)[i] = (float)((int)(i * 37 % 101) - 50) / 50;
  for (size_t i = 0; i < bytes && (tensor->type == TFLC_INT8 || tensor->type == TFLC_UINT8); ++i)
    data[i] = (unsigned char)(i * 37 % 101);
}
int main(void) {
  tflc_runner r;
  unsigned char *next = memory;
  if (tflc_init(&r, &model_model, 0, buffers, 64) || tflc_set_arena(&r, arena, sizeof arena))
    return 3;
  for (int i = 0; i < r.signature->num_inputs + r.signature->num_outputs; ++i) {
    int output = i - r.signature->num_inputs;
    const tflc_tensor *tensor = output < 0 ? &r.signature->inputs[i] : &r.signature->outputs[output];
    size_t bytes = tflc_tensor_bytes(&r, tensor);
    if (bytes > (size_t)(memory + sizeof memory - next))
      return 4;
    if (output < 0)
      fill(tensor, next, bytes);
    if (output < 0 ? tflc_set_input(&r, i, next, bytes) : tflc_set_output(&r, output, next, bytes))
      return 5;
    next += (bytes + 15) / 16 * 16;
  }
  for (int n = 0; n < REPEAT; ++n)
    if (r.signature->invoke((void *const *)buffers, (void *const *)(buffers + r.signature->num_inputs), arena, r.dims))
      return 6;
  return 0;
}
"""


class Failure(Exception):
    """A step that did not work, with what it printed."""


def run(command):
    """What the command prints; Failure where its status is not 0."""
    words = [str(word) for word in command]
    if not shutil.which(words[0]):
        raise Failure(f"{words[0]} is not installed")
    result = subprocess.run(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=1800
    )
    if result.returncode:
        raise Failure(f"{' '.join(words)}: status {result.returncode}\n{result.stdout}")
    return result.stdout


def model_file(path):
    return path / "model.tflite" if path.is_dir() else path


def model_name(path):
    return path.parent.name if path.name == "model.tflite" else path.stem


def execute(target, plugin, folder, repeat, objdump):
    """Executed instructions of the program with `repeat` invocations, and estimated cycles if `objdump` disassembles."""
    program = folder / f"program.{repeat}"
    # Half a megabyte for inputs and outputs is what the boards of microcontrollers can spare; Linux has more.
    memory = 0x80000 if "-none-" in target["triple"] else 0x4000000
    run(
        [
            *target["link_command"],
            "-std=c99",
            "-O2",
            "-ffunction-sections",
            "-Wl,--gc-sections",
            f"-DREPEAT={repeat}",
            f"-DMEMORY={memory}",
            f"-I{RUNTIME / 'include'}",
            f"-I{folder}",
            folder / "main.c",
            *sorted((RUNTIME / "src").glob("*.c")),
            folder / "model.o",
            "-o",
            program,
        ]
    )
    emulator, *options = target["run_command"]
    blocks = folder / "blocks"
    plugin = f"{plugin},blocks={blocks}" if objdump else plugin
    printed = re.search(r"^instructions: (\d+)$", run([emulator, "-plugin", plugin, *options, program]), re.MULTILINE)
    if not printed:
        raise Failure("the plugin printed no count")
    counts = {"instructions": int(printed.group(1))}
    if objdump:
        lines = cycle_models.disassemble(run([objdump, "-d", "--no-show-raw-insn", program]))
        counts["cycles"] = cycle_models.estimate(cycle_models.MODELS[target["name"]], lines, cycle_models.read_runs(blocks))
    return counts


def count(args, target, plugin, model, folder):
    """Facts of one model on one target: instructions of an inference, and bytes."""
    run(
        [
            args.tflc,
            "compile",
            model,
            "-o",
            folder,
            "--name",
            "model",
            *target["options"],
            "--emit",
            "obj,header,json",
            "-q",
            *args.options,
        ]
    )
    (folder / "main.c").write_text(PROGRAM)
    objdump = args.objdump if args.cycles and target["name"] in cycle_models.MODELS else None
    few, many = (execute(target, plugin, folder, repeat, objdump) for repeat in (args.repeat, 2 * args.repeat))
    facts = json.loads((folder / "model.json").read_text())
    counts = {name: (many[name] - few[name]) // args.repeat for name in few}
    return counts | {name: facts[name] for name in ("macs", "code_bytes", "constant_bytes", "arena_bytes")}


def measure(args, targets, plugin):
    """{model: {target: facts}}"""
    results = {}
    for path in args.models:
        name = model_name(path)
        row = results.setdefault(name, {})
        for target in targets:
            with tempfile.TemporaryDirectory() as folder:
                try:
                    row[target["name"]] = count(args, target, plugin, model_file(path), pathlib.Path(folder))
                except (Failure, subprocess.TimeoutExpired) as failure:
                    row[target["name"]] = {"error": str(failure)}
                    print(f"{name} {target['name']}: {failure}", file=sys.stderr)
    return results


def instructions(results, model, target):
    return results.get(model, {}).get(target, {}).get("instructions")


def find_target(name, known):
    """The facts of the target, and the options that name it to tflc; None where there is no emulator for it."""
    name, *features = re.split("(?=[+])", name)
    target = dict(known.get(name, {}))
    if not target.get("link_command") or not target.get("run_command"):
        return None
    target["name"] = name + "".join(features)
    target["options"] = [f"--target={name}", *(f"--features={feature}" for feature in [",".join(features)] if feature)]
    for length in re.findall(r"[+]zvl(\d+)b", target["name"]):
        target["run_command"] = [re.sub(r"\bvlen=\d+", f"vlen={length}", word) for word in target["run_command"]]
    return target


def print_table(results, targets, baseline):
    """One line a model; with a baseline its count divided by ours stands behind each number."""
    width = max(map(len, results)) + 2
    column = max(21 if baseline else 14, *(len(target["name"]) + 2 for target in targets))
    print("".ljust(width) + "".join(target["name"].rjust(column) for target in targets))
    ratios = {target["name"]: [] for target in targets}
    for model in results:
        line = model.ljust(width)
        for target in targets:
            ours, theirs = (instructions(data, model, target["name"]) for data in (results, baseline))
            text = f"{ours:,}" if ours is not None else "failed"
            if ours and theirs:
                ratios[target["name"]].append(theirs / ours)
                text += f" {theirs / ours:6.2f}x"
            elif baseline:
                text += " " * 8
            line += text.rjust(column)
        print(line)
    if baseline:

        def mean(values):
            return math.exp(sum(map(math.log, values)) / len(values))

        print(
            "geometric mean".ljust(width)
            + "".join((f"{mean(ratios[t['name']]):.2f}x" if ratios[t["name"]] else "").rjust(column) for t in targets)
        )


def print_cycles(results, targets):
    """Estimates of the targets that have a model, and how many cycles a multiplication takes."""
    names = [target["name"] for target in targets if target["name"] in cycle_models.MODELS]
    width = max(map(len, results)) + 2
    print("\nestimated cycles".ljust(width + 1) + "".join(name.rjust(24) for name in names))
    for model, row in results.items():
        cells = []
        for facts in (row[name] for name in names):
            per_mac = f" {facts['cycles'] / facts['macs']:6.2f}/MAC" if facts.get("macs") else ""
            cells.append(f"{facts['cycles']:,}{per_mac}" if "cycles" in facts else "failed")
        print(model.ljust(width) + "".join(cell.rjust(24) for cell in cells))
    for name in names:
        print(f"{name}: {cycle_models.MODELS[name].summary}")


def check_limits(path, results, update):
    """How many counts are clearly above their limit in the file (lines `target model count`), or have none there. With
    `update` the file gets the present counts instead, and keeps its comments and other lines."""
    lines, failures, seen = [], 0, set()
    for line in path.read_text().splitlines():
        words = line.split("#")[0].split()
        counted = instructions(results, words[1], words[0]) if len(words) == 3 else None
        if counted is not None:
            seen.add((words[0], words[1]))
            limit = int(words[2])
            if counted > limit * (1 + SLACK) and not update:
                print(f"{words[0]} {words[1]}: {counted} instructions, more than the {limit} that {path.name} allows")
                failures += 1
            elif counted < limit * 0.99 and not update:
                print(f"{words[0]} {words[1]}: {counted} instructions; the limit of {limit} can be lowered")
            line = f"{words[0]} {words[1]} {counted}"
        lines.append(line)
    for model, row in results.items():
        for target, facts in row.items():
            if "error" in facts:
                failures += 1
            elif (target, model) not in seen and update:
                lines.append(f"{target} {model} {facts['instructions']}")
            elif (target, model) not in seen:
                print(f"{path.name} has no line for {target} {model}")
                failures += 1
    if update:
        path.write_text("\n".join(lines) + "\n")
    return failures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tflc", type=pathlib.Path, default=ROOT / "build" / "bin" / "tflc")
    parser.add_argument("--targets", default=DEFAULT_TARGETS, help="names, joined by commas; default: %(default)s")
    parser.add_argument("--repeat", type=int, default=1, help="k above; more than 1 averages over state of a model")
    parser.add_argument("--plugin", type=pathlib.Path, help="the built plugin; default: built for this call")
    parser.add_argument("--options", type=str.split, default=[], help="further options of tflc compile, as in '-O1'")
    parser.add_argument("--cycles", action="store_true", help="estimate cycles, too: " + ", ".join(cycle_models.MODELS))
    parser.add_argument(
        "--objdump",
        default=shutil.which("llvm-objdump-22") or "llvm-objdump",
        help="disassembles programs for --cycles; default: %(default)s",
    )
    parser.add_argument("--json", type=pathlib.Path, help="store the results; - prints them instead of the table")
    parser.add_argument("--baseline", type=pathlib.Path, help="a file of --json to compare with")
    parser.add_argument("--limits", type=pathlib.Path, help="a file of lines `target model count`; fail beyond one")
    parser.add_argument("--update-limits", action="store_true", help="write the counts to the file of --limits")
    parser.add_argument("models", nargs="+", type=pathlib.Path, metavar="MODEL")
    args = parser.parse_args()
    known = {target["name"]: target for target in json.loads(run([args.tflc, "targets", "--json"]))["targets"]}
    targets = []
    for name in args.targets.split(","):
        target = find_target(name, known)
        if not target:
            parser.error(f"no target '{name}' that is emulated; see `tflc targets --json`")
        targets.append(target)
    with tempfile.TemporaryDirectory() as work:
        plugin = args.plugin
        if not plugin:
            plugin = pathlib.Path(work) / "count.so"
            run(["cc", "-shared", "-fPIC", "-O2", ROOT / "tools" / "utils" / "count-instructions.c", "-o", plugin])
        results = measure(args, targets, plugin.resolve())
    baseline = json.loads(args.baseline.read_text()) if args.baseline else {}
    if args.json and str(args.json) != "-":
        args.json.write_text(json.dumps(results, indent=2) + "\n")
    if args.json and str(args.json) == "-":
        print(json.dumps(results, indent=2))
    else:
        print_table(results, targets, baseline)
        if args.cycles:
            print_cycles(results, targets)
    if args.limits:
        return 1 if check_limits(args.limits, results, args.update_limits) else 0
    return 1 if any("error" in facts for row in results.values() for facts in row.values()) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        sys.exit(str(failure))
