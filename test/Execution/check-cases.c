/*===- check-cases.c - a compiled model against recorded cases ----*- C -*-===*
 *
 * Part of tflc, under the Apache License 2.0.
 *
 * Runs every case of a .cases file (see make-cases.py) through the generic runtime, on whichever
 * machine it is compiled for. Integers have to agree bit for bit, real numbers within TOLERANCE.
 *
 *   -DMODEL=mnist        name of the compiled model
 *   -DARENA_SIZE=...     of its header, with -include mnist.h
 *   -DCASES="..."        the file; on bare metal the C library reaches it by semihosting
 *
 *===----------------------------------------------------------------------===*/

#include "tflc/tflc.h"
#include <stdio.h>
#include <string.h>

#define JOIN(a, b) a##b
#define MODEL_OF(name) JOIN(name, _model)
#define DESCRIPTOR MODEL_OF(MODEL)
#ifndef TOLERANCE
#define TOLERANCE 0.002f
#endif

enum { MAX_BYTES = 16384 };
static union {
  double aligner;
  unsigned char bytes[MAX_BYTES];
} given, computed;
static unsigned char recorded[MAX_BYTES];
static unsigned char arena[ARENA_SIZE] __attribute__((aligned(64)));
static void *buffers[16];

static int check(tflc_status status, const char *what) {
  if (status != TFLC_OK)
    printf("%s: %s\n", what, tflc_status_text(status));
  return status == TFLC_OK;
}

/* The elements that differ by more than they may. */
static size_t compare(const tflc_tensor *tensor, size_t bytes) {
  size_t wrong = 0;
  if (tensor->type != TFLC_FLOAT32) {
    for (size_t i = 0; i < bytes; ++i)
      wrong += computed.bytes[i] != recorded[i];
    return wrong;
  }
  for (size_t i = 0; i < bytes; i += sizeof(float)) {
    float got, expected;
    memcpy(&got, computed.bytes + i, sizeof got);
    memcpy(&expected, recorded + i, sizeof expected);
    float difference = got > expected ? got - expected : expected - got;
    wrong += !(difference <= TOLERANCE);
  }
  return wrong;
}

int main(void) {
  unsigned char header[4];
  size_t failures = 0;
  tflc_runner runner;
  FILE *file = fopen(CASES, "rb");
  if (!file || fread(header, 1, 4, file) != 4) {
    printf("cannot read %s\n", CASES);
    return 2;
  }
  unsigned cases = header[0] | header[1] << 8;
  if (!check(tflc_init(&runner, &DESCRIPTOR, NULL, buffers, 16), "init") ||
      !check(tflc_set_arena(&runner, arena, sizeof arena), "arena"))
    return 2;
  const tflc_tensor *output = &runner.signature->outputs[0];
  size_t inputBytes = tflc_tensor_bytes(&runner, &runner.signature->inputs[0]);
  size_t outputBytes = tflc_tensor_bytes(&runner, output);
  if (runner.signature->num_inputs != 1 || runner.signature->num_outputs != 1 ||
      inputBytes > MAX_BYTES || outputBytes > MAX_BYTES) {
    printf("this program is for models of one small input and output\n");
    return 2;
  }
  if (!check(tflc_set_input(&runner, 0, given.bytes, inputBytes), "input") ||
      !check(tflc_set_output(&runner, 0, computed.bytes, outputBytes), "output"))
    return 2;
  for (unsigned i = 0; i < cases; ++i) {
    if (fread(given.bytes, 1, inputBytes, file) != inputBytes ||
        fread(recorded, 1, outputBytes, file) != outputBytes) {
      printf("%s ends early\n", CASES);
      return 2;
    }
    if (!check(tflc_invoke(&runner), "invoke"))
      return 2;
    size_t wrong = compare(output, outputBytes);
    if (wrong)
      printf("case %u: %u of %u wrong\n", i, (unsigned)wrong, (unsigned)outputBytes);
    failures += wrong != 0;
  }
  printf("%s: %u of %u cases agree\n", DESCRIPTOR.name, cases - (unsigned)failures, cases);
  return failures != 0;
}
