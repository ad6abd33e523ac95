/*===- status.c - a text for each status --------------------------*- C -*-===*
 *
 * Part of tflc, under the Apache License 2.0.
 *
 *===----------------------------------------------------------------------===*/

#include "tflc/tflc.h"

const char *tflc_status_text(int32_t status) {
  switch (status) {
  case TFLC_OK:
    return "ok";
  case TFLC_INDEX_OUT_OF_RANGE:
    return "index out of range in the data";
  case TFLC_DIVISION_BY_ZERO:
    return "integer division by zero";
  case TFLC_INVALID_VALUE:
    return "value rejected by an operator";
  case TFLC_ABI_MISMATCH:
    return "model of another version";
  case TFLC_NOT_FOUND:
    return "no such signature or tensor";
  case TFLC_NULL_POINTER:
    return "missing buffer, arena or argument";
  case TFLC_MISALIGNED:
    return "misaligned buffer or arena";
  case TFLC_WRONG_SIZE:
    return "wrong size of a buffer";
  case TFLC_WRONG_SHAPE:
    return "wrong shape";
  case TFLC_ARENA_TOO_SMALL:
    return "arena too small";
  default:
    return "unknown status";
  }
}
