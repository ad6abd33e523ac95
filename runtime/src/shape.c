/*===- shape.c - sizes of tensors and of the arena ----------------*- C -*-===*
 *
 * Part of tflc, under the Apache License 2.0.
 *
 *===----------------------------------------------------------------------===*/

#include "runner.h"

/* Bytes of an element by type number; 0 where no tensor of an interface has that type. */
static const uint8_t elementBytes[] = {4, 2, 4, 1, 8, 0, 1, 2, 8, 1, 8, 16, 8, 0, 0, 4, 2, 1, 2};

size_t tflcElementBytes(uint8_t type) {
  return type < sizeof elementBytes ? elementBytes[type] : 0;
}

size_t tflcFirstMeasured(const tflc_signature *signature) {
  return (size_t)signature->num_dims + signature->num_derived;
}

size_t tflcCountDims(const tflc_signature *signature) {
  return tflcFirstMeasured(signature) + signature->num_measured + signature->num_capacities +
         signature->num_limits;
}

int tflcIsMeasured(const tflc_signature *signature, const tflc_tensor *tensor) {
  for (size_t i = 0; i < tensor->rank; ++i)
    if (-1 - (int64_t)tensor->shape[i] >= (int64_t)tflcFirstMeasured(signature))
      return 1;
  return 0;
}

int64_t tflc_dim(const tflc_runner *runner, const tflc_tensor *tensor, size_t dim) {
  int32_t size = tensor->shape[dim];
  return size < 0 ? runner->dims[-1 - size] : size;
}

size_t tflc_tensor_bytes(const tflc_runner *runner, const tflc_tensor *tensor) {
  const uint64_t limit = SIZE_MAX / 2 / 16;
  uint64_t elements = 1;
  for (size_t i = 0; i < tensor->rank; ++i) {
    uint64_t size = (uint64_t)tflc_dim(runner, tensor, i);
    if (size > UINT32_MAX)
      return SIZE_MAX;
    elements *= size;
    if (elements > limit)
      return SIZE_MAX;
  }
  return (size_t)elements * tflcElementBytes(tensor->type);
}

tflc_status tflcPlan(tflc_runner *runner) {
  const tflc_signature *signature = runner->signature;
  runner->arena_size = runner->model->arena_size;
  if (!signature->plan)
    return TFLC_OK;
  int64_t size = signature->plan(runner->dims);
  if (size < 0 || (uint64_t)size > SIZE_MAX / 2)
    return TFLC_WRONG_SHAPE;
  if ((size_t)size > runner->arena_size)
    runner->arena_size = (size_t)size;
  return TFLC_OK;
}

tflc_status tflc_resize_input(tflc_runner *runner, int32_t input, const int32_t *shape,
                              size_t rank) {
  if (!runner || !runner->signature || !shape)
    return TFLC_NULL_POINTER;
  const tflc_signature *signature = runner->signature;
  if (input < 0 || input >= signature->num_inputs)
    return TFLC_NOT_FOUND;
  const tflc_tensor *tensor = &signature->inputs[input];
  if (rank != tensor->rank)
    return TFLC_WRONG_SHAPE;
  /* Nothing changes unless all of the new shape is possible. The second round finds a dimension
   * that occurs twice in the tensor, with two sizes. */
  const tflc_runner old = *runner;
  tflc_status status = TFLC_OK;
  for (size_t i = 0; i < 2 * rank; ++i) {
    size_t dim = i < rank ? i : i - rank;
    int32_t fixed = tensor->shape[dim];
    if (fixed < 0 && i < rank && shape[dim] >= 0)
      runner->dims[-1 - fixed] = shape[dim];
    if (tflc_dim(runner, tensor, dim) != shape[dim])
      status = TFLC_WRONG_SHAPE;
  }
  if (status == TFLC_OK)
    status = tflcPlan(runner);
  if (status != TFLC_OK) {
    *runner = old;
    return status;
  }
  /* Buffers of the old shapes no longer fit; a wrong size shall not pass unnoticed. */
  for (size_t i = 0; i < runner->num_buffers; ++i)
    runner->buffers[i] = NULL;
  return TFLC_OK;
}

size_t tflc_arena_size(const tflc_runner *runner) { return runner->arena_size; }
