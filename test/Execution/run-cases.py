#!/usr/bin/env python3
"""Compiles models for a target, links each with check-cases.c and the runtime, and runs the program.

    run-cases.py --tflc build/bin/tflc --target cortex-m4 mnist_int8 kws_int8

The programs run in QEMU: in user mode for Linux targets, in system mode for bare metal, where the board's memory is
given to picolibc's linker script and files are reached by semihosting.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
RUNTIME = ROOT / "runtime"
HERE = ROOT / "test" / "Execution"

MPS2 = (
    "--specs=picolibc.specs --crt0=semihost --oslib=semihost -Wl,--defsym=__flash=0,--defsym=__flash_size=0x400000"
    ",--defsym=__ram=0x20000000,--defsym=__ram_size=0x400000,--defsym=__stack_size=0x8000"
).split()


def system(board):
    return f"qemu-system-arm -M {board} -nographic -monitor none -semihosting-config enable=on,target=native -kernel".split()


class Target:
    """How programs for a target are built and run. `prefix` is that of its binutils."""

    def __init__(self, name, prefix, flags, emulator):
        self.name, self.prefix, self.flags, self.emulator = name, prefix, flags, emulator
        self.compiler = [prefix + "gcc", *flags]


TARGETS = {
    "native": Target("native", "", [], []),
    "x86-64-v2": Target("x86-64-v2", "", [], []),
    "x86-64-v3": Target("x86-64-v3", "", [], []),
    "x86-64-v4": Target("x86-64-v4", "", [], []),
    "aarch64": Target("aarch64", "aarch64-linux-gnu-", ["-static"], ["qemu-aarch64"]),
    "cortex-a72": Target("cortex-a72", "aarch64-linux-gnu-", ["-static"], ["qemu-aarch64", "-cpu", "cortex-a72"]),
    "cortex-a76": Target("cortex-a76", "aarch64-linux-gnu-", ["-static"], ["qemu-aarch64", "-cpu", "max"]),
    "armv7-a": Target("armv7-a", "arm-linux-gnueabihf-", ["-static"], ["qemu-arm", "-cpu", "max"]),
    "riscv64-gc": Target("riscv64-gc", "riscv64-linux-gnu-", ["-static"], ["qemu-riscv64"]),
    "riscv64-gcv": Target(
        "riscv64-gcv", "riscv64-linux-gnu-", ["-static"], ["qemu-riscv64", "-cpu", "rv64,v=true,vlen={vlen},vext_spec=v1.0"]
    ),
    "cortex-m4": Target(
        "cortex-m4",
        "arm-none-eabi-",
        ["-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16", *MPS2],
        system("mps2-an386"),
    ),
}


# Our names, and the folders of the recorded models.
MODELS = {
    "mnist_int8": "mnist_cnn_int8",
    "mnist_float32": "mnist_cnn_float32",
    "mnist_int16x8": "mnist_cnn_int16x8",
    "kws_int8": "mlperf_kws_int8",
}


def run(command, **options):
    result = subprocess.run(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        **options,
    )
    if result.returncode:
        print(" ".join(str(word) for word in command))
        print(result.stdout)
        print(f"status {result.returncode}")
    return result


def build(target, name, folder):
    """The program's path, or None after a message."""
    program = folder / f"{name}.elf"
    command = [
        *target.compiler,
        "-std=c99",
        "-O2",
        "-ffunction-sections",
        "-Wl,--gc-sections",
        f"-I{RUNTIME / 'include'}",
        "-include",
        folder / f"{name}.h",
        f"-DMODEL={name}",
        f"-DARENA_SIZE={name.upper()}_ARENA_SIZE",
        f'-DCASES="{HERE / "Inputs" / (name + ".cases")}"',
        HERE / "check-cases.c",
        *sorted((RUNTIME / "src").glob("*.c")),
        folder / f"{name}.o",
        "-o",
        program,
    ]
    return None if run(command).returncode else program


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tflc", default="tflc")
    parser.add_argument("--target", required=True, choices=TARGETS)
    parser.add_argument("--opt", default="", help="optimization level, as in O0")
    parser.add_argument("--features", default="", help="of the processor, as in +zvl256b")
    parser.add_argument("--vlen", type=int, default=128, help="bits in a vector register of RISC-V, as it is emulated")
    parser.add_argument("models", nargs="+", choices=MODELS)
    args = parser.parse_args()
    target = TARGETS[args.target]
    failures = 0
    for name in args.models:
        with tempfile.TemporaryDirectory() as work:
            folder = pathlib.Path(work)
            model = ROOT / "test" / "Inputs" / "models" / MODELS[name] / "model.tflite"
            command = [
                args.tflc,
                "compile",
                model,
                "-o",
                folder,
                "--name",
                name,
                "--target",
                target.name,
                "--emit",
                "obj,header",
                "-q",
            ] + (["-" + args.opt] if args.opt else [])
            if args.features:
                command.append(f"--features={args.features}")
            if run(command).returncode:
                failures += 1
                continue
            program = build(target, name, folder)
            if not program:
                failures += 1
                continue
            result = run([*(word.format(vlen=args.vlen) for word in target.emulator), program])
            failures += result.returncode != 0
            if not result.returncode:
                print(target.name, result.stdout.strip(), flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
