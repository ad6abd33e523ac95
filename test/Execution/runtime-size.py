#!/usr/bin/env python3
"""Measures what the generic runtime adds to a program for Cortex-M4: the same program, which calls the typed
function, is linked without and with the calls of tflc.h that a user makes."""

import argparse
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FLAGS = (
    "-mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16 --specs=picolibc.specs --crt0=semihost --oslib=semihost "
    "-Wl,--defsym=__flash=0,--defsym=__flash_size=0x400000,--defsym=__ram=0x20000000,--defsym=__ram_size=0x400000 -Os -std=c99 "
    "-ffunction-sections -fdata-sections -Wl,--gc-sections"
).split()
TYPED = """
#include "mnist_int8.h"
static MNIST_INT8_ARENA_ALIGNED unsigned char arena[MNIST_INT8_ARENA_SIZE];
static int8_t image[MNIST_INT8_KERAS_TENSOR_SIZE], scores[MNIST_INT8_OUTPUT_0_SIZE];
int main(void) { return mnist_int8_invoke(image, scores, arena); }
"""
GENERIC = """
#include "mnist_int8.h"
#include "tflc/tflc.h"
static MNIST_INT8_ARENA_ALIGNED unsigned char arena[MNIST_INT8_ARENA_SIZE];
static int8_t image[MNIST_INT8_KERAS_TENSOR_SIZE], scores[MNIST_INT8_OUTPUT_0_SIZE];
static void *buffers[2];
static const int32_t shape[] = MNIST_INT8_KERAS_TENSOR_SHAPE;
const char *text;
int main(void) {
  tflc_runner r;
  int32_t status = tflc_init(&r, &mnist_int8_model, "serving_default", buffers, 2);
  status |= tflc_resize_input(&r, 0, shape, 3);
  status |= tflc_set_arena(&r, arena, sizeof arena);
  status |= tflc_set_input(&r, tflc_find_input(r.signature, "keras_tensor"), image, sizeof image);
  status |= tflc_set_output(&r, tflc_find_output(r.signature, "output_0"), scores, sizeof scores);
  status |= tflc_invoke(&r) | tflc_reset(&r) | tflc_select(&r, "serving_default");
  text = tflc_status_text(status);
  return status;
}
"""

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--build", type=pathlib.Path, required=True, help="folder of mnist_int8.o and .h")
parser.add_argument("--at-most", type=int, required=True)
args = parser.parse_args()


def link(name, text, sources):
    source, program = args.build / f"{name}.c", args.build / f"{name}.elf"
    source.write_text(text)
    subprocess.run(
        [
            "arm-none-eabi-gcc",
            *FLAGS,
            f"-I{ROOT / 'runtime' / 'include'}",
            source,
            *sources,
            args.build / "mnist_int8.o",
            "-o",
            program,
        ],
        check=True,
    )
    row = subprocess.run(["arm-none-eabi-size", program], check=True, capture_output=True, text=True).stdout.splitlines()[1]
    return int(row.split()[0]) + int(row.split()[1])


added = link("generic", GENERIC, sorted((ROOT / "runtime" / "src").glob("*.c"))) - link("typed", TYPED, [])
print(f"the runtime adds {added} bytes, the calls of the program and the descriptor included")
sys.exit(added > args.at_most)
