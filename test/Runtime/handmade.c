/*===- handmade.c - descriptors that no compiler wrote ------------*- C -*-===*
 *
 * Part of tflc, under the Apache License 2.0.
 *
 *===----------------------------------------------------------------------===*/

#include "handmade.h"

static int32_t reset(void *arena) {
  *(int32_t *)arena = 100;
  return TFLC_OK;
}

static int32_t add(void *const *inputs, void *const *outputs, void *arena, int64_t *dims) {
  const float *image = inputs[0];
  const int8_t *bias = inputs[1];
  float *sum = outputs[0];
  (void)dims;
  ++*(int32_t *)arena;
  for (int i = 0; i < 6; ++i)
    sum[i] = image[i] + bias[i % 3];
  return TFLC_OK;
}

static int32_t count(void *const *inputs, void *const *outputs, void *arena, int64_t *dims) {
  (void)inputs, (void)dims;
  *(int32_t *)outputs[0] = ++*(int32_t *)arena;
  return TFLC_OK;
}

static const int32_t shape23[] = {2, 3};
static const int32_t shape3[] = {3};
static const float biasScale[] = {0.5f};
static const int32_t biasZeroPoint[] = {-3};

static const tflc_tensor addInputs[] = {
    {"image", "serving_image:0", shape23, NULL, NULL, 0, TFLC_FLOAT32, 2, -1},
    {"bias", "serving_bias:0", shape3, biasScale, biasZeroPoint, 1, TFLC_INT8, 1, -1},
};
static const tflc_tensor addOutputs[] = {
    {"sum", "PartitionedCall:0", shape23, NULL, NULL, 0, TFLC_FLOAT32, 2, -1},
};
static const tflc_tensor countOutputs[] = {
    {"calls", "PartitionedCall:1", NULL, NULL, NULL, 0, TFLC_INT32, 0, -1},
};
static const tflc_signature signatures[] = {
    {"add", addInputs, addOutputs, add, NULL, 2, 1, 0, 0, 0, 0, 0, 0},
    {"count", NULL, countOutputs, count, NULL, 0, 1, 0, 0, 0, 0, 0, 0},
};
const tflc_model handmade_model = {
    TFLC_ABI_VERSION, 2, "handmade", signatures, reset, 64, 4, 16, 0,
};

static int64_t plan(int64_t *dims) {
  /* Both inputs have a number of rows of their own; the operator wants them equal. */
  if (dims[0] % 2 || dims[0] > 1000)
    return dims[0] == 1 ? 32 : -1;
  dims[2] = dims[0];
  dims[3] = dims[0] / 2;
  return 16 * dims[0];
}

static int32_t scale(void *const *inputs, void *const *outputs, void *arena, int64_t *dims) {
  const float *rows = inputs[0], *factors = inputs[1];
  float *scaled = outputs[0], *pairs = outputs[1];
  (void)arena;
  if (dims[0] != dims[1])
    return TFLC_INVALID_VALUE;
  for (int64_t i = 0; i < dims[0]; ++i) {
    scaled[2 * i] = rows[2 * i] * factors[i];
    scaled[2 * i + 1] = rows[2 * i + 1] * factors[i];
  }
  for (int64_t i = 0; i < dims[3]; ++i)
    pairs[i] = factors[2 * i] + factors[2 * i + 1];
  return TFLC_OK;
}

static const int32_t shapeRows[] = {-1, 2};
static const int32_t shapeFactors[] = {-2};
static const int32_t shapeScaled[] = {-3, 2};
static const int32_t shapePairs[] = {-4};
static const tflc_tensor scaleInputs[] = {
    {"rows", "rows", shapeRows, NULL, NULL, 0, TFLC_FLOAT32, 2, -1},
    {"factors", "factors", shapeFactors, NULL, NULL, 0, TFLC_FLOAT32, 1, -1},
};
static const tflc_tensor scaleOutputs[] = {
    {"scaled", "scaled", shapeScaled, NULL, NULL, 0, TFLC_FLOAT32, 2, -1},
    {"pairs", "pairs", shapePairs, NULL, NULL, 0, TFLC_FLOAT32, 1, -1},
};
static const tflc_signature scaleSignature[] = {
    {"scale", scaleInputs, scaleOutputs, scale, plan, 2, 2, 2, 2, 0, 0, 0, 0},
};
const tflc_model handmade_dynamic = {
    TFLC_ABI_VERSION, 1, "dynamic", scaleSignature, NULL, 0, 0, 16, 0,
};

/* Picks the even ones of six numbers. Only an invocation shows how many there are; it keeps a copy
 * in an arena of its own choice, too. */
static int64_t planEvens(int64_t *dims) {
  dims[0] = 6;
  return 16;
}

static int32_t pickEvens(void *const *inputs, void *const *outputs, void *arena, int64_t *dims) {
  const int32_t *numbers = inputs[0];
  int32_t *evens = outputs[0];
  int64_t count = 0;
  (void)arena;
  for (int i = 0; i < 6; ++i)
    count += numbers[i] % 2 == 0;
  if (dims[2] < 4 * count + 16) {
    dims[2] = 4 * count + 16;
    return TFLC_LARGER_ARENA_NEEDED;
  }
  dims[0] = count;
  if (dims[1] < 4 * count)
    return TFLC_LARGER_OUTPUT_NEEDED;
  for (int i = 0; i < 6; ++i)
    if (numbers[i] % 2 == 0)
      *evens++ = numbers[i];
  return TFLC_OK;
}

static const int32_t shapeNumbers[] = {6}, shapeEvens[] = {-1};
static const tflc_tensor evensInputs[] = {
    {"numbers", "numbers:0", shapeNumbers, NULL, NULL, 0, TFLC_INT32, 1, -1},
};
static const tflc_tensor evensOutputs[] = {
    {"evens", "evens:0", shapeEvens, NULL, NULL, 0, TFLC_INT32, 1, -1},
};
static const tflc_signature evensSignatures[] = {
    {"evens", evensInputs, evensOutputs, pickEvens, planEvens, 1, 1, 0, 0, 1, 1, 1, 0},
};
const tflc_model handmade_measured = {
    TFLC_ABI_VERSION, 1, "measured", evensSignatures, NULL, 0, 0, 16, 0,
};
