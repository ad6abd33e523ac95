import os
import pathlib
import platform
import shutil
import subprocess
import sys

import lit.formats

config.name = "tflc"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test", ".c", ".py", ".cpp"]
# Scripts that tests call are no tests.
scripts = [path.name for kind in ("check-*.py", "make-*.py") for path in pathlib.Path(__file__).parent.rglob(kind)]
config.excludes = ["lit.cfg.py", "mutate.py", "run-cases.py", "Python", "Unit", "Inputs", *scripts]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.tflc_binary_dir, "test")

path = [os.path.join(config.tflc_binary_dir, "bin"), config.llvm_tools_dir, config.environment.get("PATH", "")]
config.environment["PATH"] = os.path.pathsep.join(path)
config.environment["PATH"] += os.path.pathsep + os.environ["PATH"]
config.substitutions.append(("%tflc_src", config.tflc_source_dir))
config.substitutions.append(("%tflc_build", config.tflc_binary_dir))
config.substitutions.append(("%mlir_dir", config.mlir_dir))
# A python with numpy, which tests of numbers need.
python = next(
    (
        p
        for p in (sys.executable, "/usr/bin/python3")
        if subprocess.run([p, "-c", "import numpy"], capture_output=True).returncode == 0
    ),
    None,
)
if python:
    config.available_features.add("numpy")
config.substitutions.append(("%python", python or sys.executable))

# Pythons with packages of others that tflc is compared with: LiteRT, and bindings of the file format.
peers = [os.environ.get("TFLC_PEERS_PYTHON"), config.peers_python, sys.executable, "/usr/bin/python3"]
for feature, package, substitution in (
    ("tflite-schema", "tflite", "%schema_python"),
    ("litert", "ai_edge_litert.interpreter", "%peers_python"),
):
    found = next(
        (
            p
            for p in peers
            if p and shutil.which(p) and subprocess.run([p, "-c", "import " + package], capture_output=True).returncode == 0
        ),
        None,
    )
    if found:
        config.available_features.add(feature)
    config.substitutions.append((substitution, found or sys.executable))
config.substitutions.append(("%flatc", shutil.which("flatc") or "flatc"))

config.substitutions.append(("%models", os.path.join(config.tflc_source_dir, "test", "Inputs", "models")))

# Recorded models beside the checkout.
shared_models = os.path.join(os.path.dirname(config.tflc_source_dir), "shared", "models")
if os.path.isdir(shared_models):
    config.available_features.add("shared-models")
config.substitutions.append(("%shared_models", shared_models))

# Tools that not every machine has; a test that needs one says REQUIRES.
for feature, program in {
    "qemu-aarch64": "qemu-aarch64",
    "qemu-arm": "qemu-arm",
    "qemu-riscv64": "qemu-riscv64",
    "qemu-system-arm": "qemu-system-arm",
    "aarch64-gcc": "aarch64-linux-gnu-gcc",
    "armv7-gcc": "arm-linux-gnueabihf-gcc",
    "riscv64-gcc": "riscv64-linux-gnu-gcc",
    "arm-none-eabi-gcc": "arm-none-eabi-gcc",
    "dpkg": "dpkg-deb",
}.items():
    if shutil.which(program):
        config.available_features.add(feature)

# GCC's own sanitizer library, or Clang's.
for sanitizer, short in (("address", "asan"), ("thread", "tsan")):
    for compiler in ("cc", "gcc", "clang-22"):
        if shutil.which(compiler):
            library = subprocess.run(
                [compiler, f"-print-file-name=lib{short}.so"], capture_output=True, text=True
            ).stdout.strip()
            if os.path.isabs(library) and os.path.exists(library):
                config.available_features.add(f"{sanitizer}-sanitizer")
                config.substitutions.append((f"%{short}_cc", compiler))
                break

# A root without devices has no pseudo terminals.
if shutil.which("script") and subprocess.run(["script", "-qec", "true", os.devnull], capture_output=True).returncode == 0:
    config.available_features.add("terminal")

if platform.machine() in ("x86_64", "AMD64"):
    config.available_features.add("x86-host")
