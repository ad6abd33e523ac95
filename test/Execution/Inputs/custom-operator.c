/* The functions that custom-operator.mlir calls, and a program that invokes it twice. */
#include "net.h"
#include "tflc/custom.h"

#include <stdio.h>
#include <string.h>

/* The mean of a float tensor and of a quantized one, and what it was told. */
int32_t blend(const tflc_custom_call *call) {
  const tflc_custom_tensor *x = &call->inputs[0], *q = &call->inputs[2];
  static int calls = 0;
  if (calls++ == 0)
    printf("blend: options \"%.*s\", %s input, %d x %d %s and %d x %d %s of scale %g and zero "
           "point %d\n",
           (int)call->options_size, (const char *)call->options,
           call->inputs[1].data ? "present" : "absent", (int)x->shape[0], (int)x->shape[1],
           x->type == TFLC_FLOAT32 && !x->scales ? "float32" : "other", (int)q->shape[0],
           (int)q->shape[1], q->type == TFLC_INT8 && q->num_scales == 1 ? "int8" : "other",
           q->scales[0], (int)q->zero_points[0]);
  if (call->num_inputs != 3 || call->num_outputs != 1 || x->rank != 2 || q->axis != -1)
    return TFLC_INVALID_VALUE;
  for (int i = 0; i < x->shape[0] * x->shape[1]; ++i) {
    float real = ((const int8_t *)q->data)[i] - q->zero_points[0];
    ((float *)call->outputs[0].data)[i] = (((const float *)x->data)[i] + real * q->scales[0]) / 2;
  }
  return TFLC_OK;
}

/* Copies numbers below 100. */
int32_t check_all(const tflc_custom_call *call) {
  const float *from = call->inputs[0].data;
  for (int i = 0; i < 6; ++i)
    if (from[i] >= 100)
      return 7;
  memcpy(call->outputs[0].data, from, 6 * sizeof *from);
  return call->options_size == 0 ? TFLC_OK : TFLC_INVALID_VALUE;
}

static _Alignas(NET_ARENA_ALIGNMENT) unsigned char arena[NET_ARENA_SIZE + 1];

int main(void) {
  float x[12], y[6] = {0};
  int8_t q[6];
  for (int i = 0; i < 12; ++i)
    x[i] = i % 6 < 3 ? 1000.0f : (float)(i / 6 * 3 + i % 3);
  for (int i = 0; i < 6; ++i)
    q[i] = (int8_t)(6 * i + 1);
  int32_t status = net_invoke(x, q, y, arena);
  printf("status %d:", (int)status);
  for (int i = 0; i < 6; ++i)
    printf(" %g", y[i]);
  x[3] = 500;
  printf("\nstatus %d\n", (int)net_invoke(x, q, y, arena));
  return 0;
}
