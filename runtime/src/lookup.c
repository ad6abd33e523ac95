/*===- lookup.c - signatures and tensors by name ------------------*- C -*-===*
 *
 * Part of tflc, under the Apache License 2.0.
 *
 *===----------------------------------------------------------------------===*/

#include "tflc/tflc.h"

/* The runtime needs no C library, so that it links into any image. */
static int isEqual(const char *a, const char *b) {
  while (*a && *a == *b)
    ++a, ++b;
  return *a == *b;
}

const tflc_signature *tflc_find_signature(const tflc_model *model, const char *key) {
  if (!model || model->abi_version < TFLC_ABI_VERSION_PLAIN ||
      model->abi_version > TFLC_ABI_VERSION)
    return NULL;
  for (uint32_t i = 0; i < model->num_signatures; ++i)
    if (!key || isEqual(model->signatures[i].key, key))
      return &model->signatures[i];
  return NULL;
}

static int32_t findTensor(const tflc_tensor *tensors, int32_t count, const char *name) {
  if (!name)
    return -1;
  for (int32_t i = 0; i < count; ++i)
    if (isEqual(tensors[i].name, name))
      return i;
  for (int32_t i = 0; i < count; ++i)
    if (isEqual(tensors[i].tensor_name, name))
      return i;
  return -1;
}

int32_t tflc_find_input(const tflc_signature *signature, const char *name) {
  return signature ? findTensor(signature->inputs, signature->num_inputs, name) : -1;
}

int32_t tflc_find_output(const tflc_signature *signature, const char *name) {
  return signature ? findTensor(signature->outputs, signature->num_outputs, name) : -1;
}
