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
    return "an index in the data is out of range";
  case TFLC_DIVISION_BY_ZERO:
    return "the data divides an integer by zero";
  case TFLC_INVALID_VALUE:
    return "an operator rejects a value in the data";
  case TFLC_ABI_MISMATCH:
    return "the model was compiled for another runtime version";
  case TFLC_NOT_FOUND:
    return "no such signature or tensor";
  case TFLC_NULL_POINTER:
    return "a buffer, the arena or an argument is missing";
  case TFLC_MISALIGNED:
    return "a buffer or the arena is misaligned";
  case TFLC_WRONG_SIZE:
    return "a buffer has the wrong size";
  case TFLC_WRONG_SHAPE:
    return "the model cannot take this shape";
  case TFLC_ARENA_TOO_SMALL:
    return "the arena is too small";
  default:
    return "unknown status";
  }
}
