/*===- handmade.h - descriptors that no compiler wrote ------------*- C -*-===*
 *
 * Part of tflc, under the Apache License 2.0.
 *
 * Models for tests of the runtime: `handmade_model` has a counter as its variable and two
 * signatures, `handmade_dynamic` unknown dimensions.
 *
 *===----------------------------------------------------------------------===*/

#ifndef TFLC_TEST_HANDMADE_H
#define TFLC_TEST_HANDMADE_H

#include "tflc/tflc.h"

#ifdef __cplusplus
extern "C" {
#endif

/* "add": float[2x3] image, int8[3] bias -> float[2x3] sum; "count": -> int32 calls, how often
 * either signature was invoked since the reset. */
extern const tflc_model handmade_model;

/* "scale": float[?x2] rows, float[?] factors (of the same number) -> float[?x2] scaled and
 * float[?] pairs, half as many. Needs an even number of rows below 1000. */
extern const tflc_model handmade_dynamic;

/* With an output whose shape data decide, and an arena that data make larger. */
extern const tflc_model handmade_measured;

#ifdef __cplusplus
}
#endif

#endif /* TFLC_TEST_HANDMADE_H */
