"""The CMake package that comes with the Python package: a program in C runs a model that its build has compiled."""

import os
import pathlib
import shutil
import subprocess
import sys

import numpy as np
import pytest

from .conftest import model_path, recorded

BUILD = """
cmake_minimum_required(VERSION 3.16)
project(digits LANGUAGES C)
find_package(tflc REQUIRED)
tflc_add_model(digits MODEL "{model}")
tflc_add_model(shared MODEL "{model}" OPTIONS --threads)
add_executable(program main.c)
target_link_libraries(program PRIVATE digits shared tflc::runtime tflc::threads)
"""

PROGRAM = """
#include "digits.h"
#include "shared.h"
#include "tflc/threads.h"
#include <stdio.h>

static int8_t image[28 * 28], scores[10];
static _Alignas(64) uint8_t arena[DIGITS_ARENA_SIZE > SHARED_ARENA_SIZE ? DIGITS_ARENA_SIZE : SHARED_ARENA_SIZE];

static int run(const tflc_model *model, const tflc_parallel *parallel) {
  void *buffers[2];
  tflc_runner runner;
  if (tflc_init(&runner, model, NULL, buffers, 2) || tflc_set_arena(&runner, arena, sizeof arena) ||
      tflc_set_input(&runner, 0, image, sizeof image) || tflc_set_output(&runner, 0, scores, sizeof scores) ||
      tflc_set_parallel(&runner, parallel) || tflc_invoke(&runner))
    return 1;
  for (int i = 0; i < 10; ++i)
    printf("%d ", scores[i]);
  return 0;
}

int main(int argc, char **argv) {
  FILE *file = fopen(argv[argc - 1], "rb");
  tflc_pool *pool = tflc_pool_create(2);
  tflc_parallel parallel = tflc_pool_parallel(pool);
  int failed = !file || fread(image, 1, sizeof image, file) != sizeof image || run(&digits_model, NULL) ||
               run(&shared_model, &parallel);
  tflc_pool_destroy(pool);
  return failed;
}
"""


def console_script(folder: pathlib.Path) -> list[str]:
    """What CMake is told where the package is not installed but lies in a build tree."""
    if (pathlib.Path(sys.executable).parent / "tflc").exists():
        return []
    path = folder / "tflc"
    paths = os.pathsep.join(os.path.abspath(path) for path in sys.path if path)
    path.write_text(f'#!/bin/sh\nPYTHONPATH="{paths}" exec "{sys.executable}" -m tflc "$@"\n')
    path.chmod(0o755)
    return [f"-DTFLC_EXECUTABLE={path}"]


@pytest.mark.skipif(not shutil.which("cmake") or not shutil.which("cc"), reason="there is no CMake or no C compiler")
def test_program_in_c(tmp_path):
    found = subprocess.run([sys.executable, "-m", "tflc", "--cmake-dir"], capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    (tmp_path / "CMakeLists.txt").write_text(BUILD.format(model=model_path("mnist_cnn_int8")))
    (tmp_path / "main.c").write_text(PROGRAM)
    options = [f"-Dtflc_DIR={found.stdout.strip()}", *console_script(tmp_path)]
    data = recorded("mnist_cnn_int8")
    data["c0/in/0"].tofile(tmp_path / "image")
    for command in (
        ["cmake", "-S", tmp_path, "-B", tmp_path / "build", *options],
        ["cmake", "--build", tmp_path / "build"],
        [tmp_path / "build" / "program", tmp_path / "image"],
    ):
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    scores = np.array(done.stdout.split(), np.int8).reshape(2, 10)
    assert np.array_equal(scores, np.repeat(data["c0/ref/0"].reshape(1, 10), 2, axis=0))
