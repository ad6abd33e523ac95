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

/* The first entry of `dims` that an invocation writes, and the number of all entries. */
size_t tflcFirstMeasured(const tflc_signature *signature);
size_t tflcCountDims(const tflc_signature *signature);

/* Whether data decide dimensions of an output. */
int tflcIsMeasured(const tflc_signature *signature, const tflc_tensor *tensor);

/* Computes the derived dimensions and the arena's size from the present dimensions. */
tflc_status tflcPlan(tflc_runner *runner);

#endif /* TFLC_RUNTIME_RUNNER_H */
