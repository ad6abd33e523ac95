/*===- runner.h - shared by the runtime's sources -----------------*- C -*-===*
 *
 * Part of tflc, under the Apache License 2.0.
 *
 *===----------------------------------------------------------------------===*/

#ifndef TFLC_RUNTIME_RUNNER_H
#define TFLC_RUNTIME_RUNNER_H

#include "tflc/tflc.h"

/* Bytes of an element of that type, 0 for a type that no interface has. */
size_t tflcElementBytes(uint8_t type);

/* Computes the derived dimensions and the arena's size from the present dimensions. */
tflc_status tflcPlan(tflc_runner *runner);

#endif /* TFLC_RUNTIME_RUNNER_H */
