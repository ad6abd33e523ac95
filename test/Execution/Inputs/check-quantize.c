/* The generated helpers against the same arithmetic by the mathematical library. */
#include "mnist_int8.h"
#include <math.h>
#include <stdio.h>

static int expected(float value) {
  double steps =
      round((double)(value / MNIST_INT8_OUTPUT_0_SCALE)) + MNIST_INT8_OUTPUT_0_ZERO_POINT;
  return steps < -128 ? -128 : steps > 127 ? 127 : (int)steps;
}

int main(void) {
  int wrong = 0;
  for (int quarter = -2000; quarter <= 2000; ++quarter) {
    /* Quarters of a step and their neighbours: all halves, and what is next to them. */
    float value = (float)quarter / 4 * MNIST_INT8_OUTPUT_0_SCALE;
    float values[] = {value, nextafterf(value, INFINITY), nextafterf(value, -INFINITY)};
    for (int i = 0; i < 3; ++i)
      wrong += mnist_int8_quantize_output_0(values[i]) != expected(values[i]);
  }
  wrong += mnist_int8_quantize_output_0(INFINITY) != 127;
  wrong += mnist_int8_quantize_output_0(-INFINITY) != -128;
  for (int value = -128; value <= 127; ++value)
    wrong += mnist_int8_quantize_output_0(mnist_int8_dequantize_output_0((int8_t)value)) != value;
  if (wrong)
    printf("%d values are rounded wrongly\n", wrong);
  return wrong != 0;
}
