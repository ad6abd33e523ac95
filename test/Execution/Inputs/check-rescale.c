/*===- check-rescale.c - expanded rescales against the definition -*- C -*-===*
 *
 * Part of tflc, under the Apache License 2.0.
 *
 * Calls the functions of rescale.mlir with random and edge values, and compares with the arithmetic
 * that the description of tflrt.rescale states.
 *
 *===----------------------------------------------------------------------===*/

#include <stdint.h>
#include <stdio.h>

typedef void Rescale(const int32_t *, const int32_t *, const int8_t *, int32_t *, int64_t);
Rescale double_right, double_any, single_any;

static int32_t asDouble(int32_t input, int32_t multiplier, int shift) {
  int left = shift > 0 ? shift : 0, right = shift < 0 ? -shift : 0;
  int32_t x = (int32_t)((uint32_t)input << left);
  int32_t high = (int32_t)(((int64_t)x * multiplier + (1 << 30)) >> 31);
  int64_t mask = ((int64_t)1 << right) - 1;
  return (high >> right) + ((high & mask) > (mask >> 1) + (high < 0));
}

static int32_t asSingle(int32_t input, int32_t multiplier, int shift) {
  int total = 31 - shift;
  return (int32_t)(((int64_t)input * multiplier + ((int64_t)1 << (total - 1))) >> total);
}

static uint32_t state = 1;
static uint32_t next(void) {
  state ^= state << 13, state ^= state >> 17, state ^= state << 5;
  return state;
}

enum { COUNT = 1 << 14 };
static int32_t inputs[COUNT], multipliers[COUNT], results[COUNT];
static int8_t shifts[COUNT];

static int check(const char *name, Rescale *function, int32_t (*reference)(int32_t, int32_t, int),
                 int most) {
  int wrong = 0;
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < COUNT; ++i) {
      shifts[i] = (int8_t)((int)(next() % (32 + most)) - 31);
      multipliers[i] = (int32_t)(next() >> 2 | 1u << 30);
      if (next() % 8 == 0)
        multipliers[i] = next() % 2 ? 1 << 30 : INT32_MAX;
      inputs[i] = (int32_t)next() >> next() % 32;
      /* At and beside a half of what is shifted out. */
      if (next() % 2 && shifts[i] < 0)
        inputs[i] = (int32_t)((next() % 64 * 2 + 1) << -shifts[i]) / (next() % 2 ? 1 : -1) +
                    (int)(next() % 3) - 1;
      if (shifts[i] > 0)
        inputs[i] >>= shifts[i] + 1; /* results stay within 32 bits, as those of models do */
      if (next() % 64 == 0 && shifts[i] <= 0)
        inputs[i] = next() % 2 ? INT32_MAX : INT32_MIN;
    }
    function(inputs, multipliers, shifts, results, COUNT);
    for (int i = 0; i < COUNT; ++i) {
      int32_t expected = reference(inputs[i], multipliers[i], shifts[i]);
      if (expected != results[i] && ++wrong < 5)
        printf("%s: %d * %d, shift %d: %d instead of %d\n", name, inputs[i], multipliers[i],
               shifts[i], results[i], expected);
    }
  }
  printf("%s: %d wrong\n", name, wrong);
  return wrong != 0;
}

int main(void) {
  return check("double_right", double_right, asDouble, -1) |
         check("double_any", double_any, asDouble, 8) |
         check("single_any", single_any, asSingle, 8);
}
