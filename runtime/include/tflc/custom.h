/*===- custom.h - functions that a model calls ------------------*- C -*-===*
 *
 * Part of tflc, under the Apache License 2.0.
 *
 * `tflc compile --custom NAME=FUNCTION` makes the custom operator NAME of a model a call of the C
 * function FUNCTION, which is linked to the model's object and has the type `tflc_custom_fn`.
 * docs/RuntimeABI.md shows one.
 *
 *===----------------------------------------------------------------------===*/

#ifndef TFLC_CUSTOM_H
#define TFLC_CUSTOM_H

#include "tflc/tflc.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An input or an output of the operator. */
typedef struct tflc_custom_tensor {
  void *data; /* row by row, aligned as the element type; null where an optional input is absent */
  const int32_t *shape;       /* `rank` sizes */
  const float *scales;        /* `num_scales` entries; null where the tensor is not quantized */
  const int32_t *zero_points; /* likewise */
  uint32_t num_scales;        /* 0: not quantized, 1: one for the whole tensor */
  uint8_t type;               /* TFLC_FLOAT32 ... */
  uint8_t rank;
  int16_t axis; /* the dimension that the scales belong to, where there are several; else -1 */
} tflc_custom_tensor;

/* One call. Everything in it belongs to the model and is valid until the function returns. */
typedef struct tflc_custom_call {
  const tflc_custom_tensor *inputs; /* their data are only read */
  const tflc_custom_tensor *outputs;
  const void *options; /* the bytes of the operator's custom options */
  size_t options_size;
  uint32_t num_inputs;
  uint32_t num_outputs;
} tflc_custom_call;

/* Computes all elements of all outputs. Returns TFLC_OK, or any other number below 16, which then
 * ends the invocation and is what it returns. */
typedef int32_t (*tflc_custom_fn)(const tflc_custom_call *call);

TFLC_ASSERT_OFFSET(tflc_custom_tensor, num_scales, 4 * sizeof(void *));
TFLC_ASSERT_OFFSET(tflc_custom_tensor, axis, 4 * sizeof(void *) + 6);
TFLC_ASSERT_SIZE(tflc_custom_tensor, 4 * sizeof(void *) + 8);
TFLC_ASSERT_OFFSET(tflc_custom_call, num_inputs, 4 * sizeof(void *));
TFLC_ASSERT_SIZE(tflc_custom_call, 4 * sizeof(void *) + 8);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* TFLC_CUSTOM_H */
