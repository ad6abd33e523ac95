/*===- status.c - a text for each status --------------------------*- C -*-===*
 *
 * Part of tflc, under the Apache License 2.0.
 *
 *===----------------------------------------------------------------------===*/

#include "tflc/tflc.h"

/* One behind the other, each ended by a zero byte: a table of pointers would take as much again.
 * First the statuses of compiled code from 0 on, then those of the runtime from 16 on. */
static const char texts[] = "ok\0"
                            "index out of range in the data\0"
                            "integer division by zero\0"
                            "value rejected by an operator\0"
                            "no permission for the tile registers\0"
                            "larger arena needed for the data\0"
                            "larger output buffer needed for the data\0"
                            "the caller's parallel-for failed\0"
                            "model of another version\0"
                            "no such signature or tensor\0"
                            "missing buffer, arena or argument\0"
                            "misaligned buffer or arena\0"
                            "wrong size of a buffer\0"
                            "wrong shape\0"
                            "arena too small\0"
                            "unknown status";

enum {
  FROM_CODE = TFLC_PARALLEL_FAILED + 1,
  FROM_RUNTIME = TFLC_ARENA_TOO_SMALL - TFLC_ABI_MISMATCH + 1
};

const char *tflc_status_text(int32_t status) {
  uint32_t number = (uint32_t)status, own = number - TFLC_ABI_MISMATCH;
  if (own < FROM_RUNTIME)
    number = FROM_CODE + own;
  else if (number >= FROM_CODE)
    number = FROM_CODE + FROM_RUNTIME;
  const char *text = texts;
  for (; number > 0; --number)
    while (*text++)
      ;
  return text;
}
