/*===- runner.c - a signature bound to memory, and its invocation -*- C -*-===*
 *
 * Part of tflc, under the Apache License 2.0.
 *
 * Who is trusted: the descriptor and the compiled code (our compiler wrote them), and the fields of
 * a runner. Who is not: names, numbers, sizes and addresses that the caller hands over. They are
 * checked when they are handed over; invoke only makes sure that nothing is missing.
 *
 *===----------------------------------------------------------------------===*/

#include "runner.h"

tflc_status tflc_select(tflc_runner *runner, const char *key) {
  if (!runner || !runner->model)
    return TFLC_NULL_POINTER;
  const tflc_signature *signature = tflc_find_signature(runner->model, key);
  if (!signature)
    return TFLC_NOT_FOUND;
  size_t count = (size_t)signature->num_inputs + signature->num_outputs;
  if (runner->num_buffers < count || tflcCountDims(signature) > TFLC_MAX_DIMS)
    return TFLC_WRONG_SIZE;
  runner->signature = signature;
  for (size_t i = 0; i < count; ++i)
    runner->buffers[i] = NULL;
  for (size_t i = 0; i < TFLC_MAX_DIMS; ++i)
    runner->dims[i] = i < signature->num_dims;
  return tflcPlan(runner);
}

tflc_status tflc_init(tflc_runner *runner, const tflc_model *model, const char *key, void **buffers,
                      size_t num_buffers) {
  if (!runner || !model || !buffers)
    return TFLC_NULL_POINTER;
  runner->model = NULL;
  runner->signature = NULL;
  if (model->abi_version < TFLC_ABI_VERSION_PLAIN || model->abi_version > TFLC_ABI_VERSION)
    return TFLC_ABI_MISMATCH;
  runner->model = model;
  runner->buffers = buffers;
  runner->num_buffers = num_buffers;
  runner->arena = NULL;
  runner->arena_bytes = 0;
  runner->parallel = NULL;
  return tflc_select(runner, key);
}

static tflc_status takeArena(tflc_runner *runner, void *arena, size_t bytes) {
  if (!runner || !runner->signature || !arena)
    return TFLC_NULL_POINTER;
  if ((uintptr_t)arena & (runner->model->arena_alignment - 1))
    return TFLC_MISALIGNED;
  if (bytes < runner->arena_size)
    return TFLC_ARENA_TOO_SMALL;
  runner->arena = arena;
  runner->arena_bytes = bytes;
  return TFLC_OK;
}

tflc_status tflc_set_arena(tflc_runner *runner, void *arena, size_t bytes) {
  tflc_status status = takeArena(runner, arena, bytes);
  return status == TFLC_OK ? tflc_reset(runner) : status;
}

tflc_status tflc_share_arena(tflc_runner *runner, const tflc_runner *other) {
  return other ? takeArena(runner, other->arena, other->arena_bytes) : TFLC_NULL_POINTER;
}

/* The place in `dims` of the bytes that the buffer of an output holds, or 0 where its size is known
 * before an invocation. (Place 0 is a dimension.) */
static size_t findCapacity(const tflc_signature *signature, size_t output) {
  size_t place = tflcFirstMeasured(signature) + signature->num_measured;
  if (!tflcIsMeasured(signature, &signature->outputs[output]))
    return 0;
  for (size_t i = 0; i < output; ++i)
    place += tflcIsMeasured(signature, &signature->outputs[i]);
  return place;
}

static tflc_status setBuffer(tflc_runner *runner, const tflc_tensor *tensor, size_t number,
                             void *data, size_t bytes) {
  if (!data)
    return TFLC_NULL_POINTER;
  if (!tflcIsMeasured(runner->signature, tensor) && bytes != tflc_tensor_bytes(runner, tensor))
    return TFLC_WRONG_SIZE;
  /* A complex number is aligned as its parts. */
  size_t alignment = tflcElementBytes(tensor->type);
  if (tensor->type == TFLC_COMPLEX64 || tensor->type == TFLC_COMPLEX128)
    alignment /= 2;
  if ((uintptr_t)data & (alignment - 1))
    return TFLC_MISALIGNED;
  runner->buffers[number] = data;
  return TFLC_OK;
}

tflc_status tflc_set_input(tflc_runner *runner, int32_t input, const void *data, size_t bytes) {
  if (!runner || !runner->signature)
    return TFLC_NULL_POINTER;
  const tflc_signature *signature = runner->signature;
  if (input < 0 || input >= signature->num_inputs)
    return TFLC_NOT_FOUND;
  /* Compiled code only reads its inputs; the array of pointers is one for both kinds. */
  return setBuffer(runner, &signature->inputs[input], (size_t)input, (void *)(uintptr_t)data,
                   bytes);
}

tflc_status tflc_set_output(tflc_runner *runner, int32_t output, void *data, size_t bytes) {
  if (!runner || !runner->signature)
    return TFLC_NULL_POINTER;
  const tflc_signature *signature = runner->signature;
  if (output < 0 || output >= signature->num_outputs)
    return TFLC_NOT_FOUND;
  tflc_status status = setBuffer(runner, &signature->outputs[output],
                                 (size_t)signature->num_inputs + (size_t)output, data, bytes);
  size_t place = findCapacity(signature, (size_t)output);
  if (status == TFLC_OK && place)
    runner->dims[place] = (int64_t)bytes; /* no object has more */
  return status;
}

tflc_status tflc_set_parallel(tflc_runner *runner, const tflc_parallel *parallel) {
  if (!runner || (parallel && !parallel->run))
    return TFLC_NULL_POINTER;
  runner->parallel = parallel;
  return TFLC_OK;
}

/* The compiled function of the runner's signature, in either form. */
static int32_t callModel(tflc_runner *runner) {
  const tflc_signature *signature = runner->signature;
  void **outputs = runner->buffers + signature->num_inputs;
  if (runner->model->flags & TFLC_MODEL_PARALLEL)
    return ((tflc_invoke_parallel_fn)(void (*)(void))signature->invoke)(
        runner->buffers, outputs, runner->arena, runner->dims, runner->parallel);
  return signature->invoke(runner->buffers, outputs, runner->arena, runner->dims);
}

tflc_status tflc_reset(tflc_runner *runner) {
  if (!runner || !runner->arena)
    return TFLC_NULL_POINTER;
  if (!runner->model->reset)
    return TFLC_OK;
  return (tflc_status)runner->model->reset(runner->arena);
}

tflc_status tflc_invoke(tflc_runner *runner) {
  if (!runner || !runner->signature || !runner->arena)
    return TFLC_NULL_POINTER;
  /* A resize or another signature may need more than the arena that was handed over. */
  if (runner->arena_bytes < runner->arena_size)
    return TFLC_ARENA_TOO_SMALL;
  const tflc_signature *signature = runner->signature;
  size_t count = (size_t)signature->num_inputs + signature->num_outputs;
  for (size_t i = 0; i < count; ++i)
    if (!runner->buffers[i])
      return TFLC_NULL_POINTER;
  int64_t *limit = runner->dims + tflcCountDims(signature) - 1;
  if (signature->num_limits)
    *limit = (int64_t)runner->arena_bytes;
  tflc_status status = (tflc_status)callModel(runner);
  if (status == TFLC_LARGER_ARENA_NEEDED)
    runner->arena_size = (size_t)*limit;
  return status;
}
