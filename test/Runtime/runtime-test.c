/*===- runtime-test.c - the generic runtime on handmade models ----*- C -*-===*
 *
 * Part of tflc, under the Apache License 2.0.
 *
 *===----------------------------------------------------------------------===*/

#include "handmade.h"
#include <stdio.h>
#include <string.h>

static int failures;

#define EXPECT(condition)                                                                          \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                               \
      ++failures;                                                                                  \
    }                                                                                              \
  } while (0)

/* C99 has no keyword for alignment; a union with a long double is aligned enough for 16. */
static union {
  long double aligner;
  unsigned char bytes[16 * 64];
} arena;

static void testLookUp(void) {
  const tflc_signature *add = tflc_find_signature(&handmade_model, "add");
  EXPECT(add == &handmade_model.signatures[0]);
  EXPECT(tflc_find_signature(&handmade_model, NULL) == add);
  EXPECT(tflc_find_signature(&handmade_model, "count") == &handmade_model.signatures[1]);
  EXPECT(!tflc_find_signature(&handmade_model, "ad"));
  EXPECT(!tflc_find_signature(&handmade_model, "adds"));
  EXPECT(!tflc_find_signature(&handmade_model, ""));
  EXPECT(!tflc_find_signature(NULL, "add"));
  EXPECT(tflc_find_input(add, "bias") == 1);
  EXPECT(tflc_find_input(add, "serving_bias:0") == 1);
  EXPECT(tflc_find_input(add, "sum") == -1);
  EXPECT(tflc_find_input(add, NULL) == -1);
  EXPECT(tflc_find_input(NULL, "bias") == -1);
  EXPECT(tflc_find_output(add, "sum") == 0);
  EXPECT(tflc_find_output(add, "PartitionedCall:0") == 0);
}

static void testInvoke(void) {
  const float image[] = {1, 2, 3, 4, 5, 6};
  const int8_t bias[] = {10, 20, -30};
  float sum[6];
  int32_t calls = 0;
  void *buffers[3];
  tflc_runner runner;
  EXPECT(tflc_init(&runner, &handmade_model, "nothing", buffers, 3) == TFLC_NOT_FOUND);
  EXPECT(tflc_init(&runner, &handmade_model, "add", buffers, 2) == TFLC_WRONG_SIZE);
  EXPECT(tflc_init(&runner, NULL, "add", buffers, 3) == TFLC_NULL_POINTER);
  EXPECT(tflc_init(&runner, &handmade_model, "add", buffers, 3) == TFLC_OK);
  EXPECT(tflc_arena_size(&runner) == 64);
  EXPECT(tflc_invoke(&runner) == TFLC_NULL_POINTER);
  EXPECT(tflc_set_arena(&runner, arena.bytes + 4, 64) == TFLC_MISALIGNED);
  EXPECT(tflc_set_arena(&runner, arena.bytes, 63) == TFLC_ARENA_TOO_SMALL);
  EXPECT(tflc_set_arena(&runner, NULL, 64) == TFLC_NULL_POINTER);
  EXPECT(tflc_set_arena(&runner, arena.bytes, 64) == TFLC_OK);
  EXPECT(tflc_set_input(&runner, 0, image, sizeof image - 4) == TFLC_WRONG_SIZE);
  EXPECT(tflc_set_input(&runner, 0, (const char *)image + 1, sizeof image) == TFLC_MISALIGNED);
  EXPECT(tflc_set_input(&runner, 2, image, sizeof image) == TFLC_NOT_FOUND);
  EXPECT(tflc_set_input(&runner, -1, image, sizeof image) == TFLC_NOT_FOUND);
  EXPECT(tflc_set_input(&runner, 0, NULL, sizeof image) == TFLC_NULL_POINTER);
  EXPECT(tflc_set_input(&runner, 0, image, sizeof image) == TFLC_OK);
  EXPECT(tflc_set_input(&runner, 1, bias, sizeof bias) == TFLC_OK);
  EXPECT(tflc_invoke(&runner) == TFLC_NULL_POINTER);
  EXPECT(tflc_set_output(&runner, 1, sum, sizeof sum) == TFLC_NOT_FOUND);
  EXPECT(tflc_set_output(&runner, 0, sum, sizeof sum) == TFLC_OK);
  EXPECT(tflc_invoke(&runner) == TFLC_OK);
  EXPECT(sum[0] == 11 && sum[1] == 22 && sum[2] == -27 && sum[5] == -24);

  /* The other signature sees the variable that the first one has counted. */
  EXPECT(tflc_select(&runner, "count") == TFLC_OK);
  EXPECT(tflc_invoke(&runner) == TFLC_NULL_POINTER);
  EXPECT(tflc_set_output(&runner, 0, &calls, sizeof calls) == TFLC_OK);
  EXPECT(tflc_invoke(&runner) == TFLC_OK && calls == 102);
  EXPECT(tflc_reset(&runner) == TFLC_OK);
  EXPECT(tflc_invoke(&runner) == TFLC_OK && calls == 101);

  /* So does a second runner on the same arena. */
  void *others[1];
  tflc_runner other;
  EXPECT(tflc_init(&other, &handmade_model, "count", others, 1) == TFLC_OK);
  EXPECT(tflc_share_arena(&other, &runner) == TFLC_OK);
  EXPECT(tflc_set_output(&other, 0, &calls, sizeof calls) == TFLC_OK);
  EXPECT(tflc_invoke(&other) == TFLC_OK && calls == 102);
}

static void testResize(void) {
  const float rows[] = {1, 2, 3, 4, 5, 6, 7, 8}, factors[] = {1, 10, 100, 1000};
  float scaled[8], pairs[2];
  void *buffers[4];
  tflc_runner runner;
  EXPECT(tflc_init(&runner, &handmade_dynamic, NULL, buffers, 4) == TFLC_OK);
  EXPECT(tflc_arena_size(&runner) == 32);
  const tflc_signature *scale = runner.signature;
  EXPECT(tflc_resize_input(&runner, 0, (const int32_t[]){4}, 1) == TFLC_WRONG_SHAPE);
  EXPECT(tflc_resize_input(&runner, 0, (const int32_t[]){4, 3}, 2) == TFLC_WRONG_SHAPE);
  EXPECT(tflc_resize_input(&runner, 0, (const int32_t[]){-1, 2}, 2) == TFLC_WRONG_SHAPE);
  EXPECT(tflc_resize_input(&runner, 0, (const int32_t[]){3, 2}, 2) == TFLC_WRONG_SHAPE);
  EXPECT(tflc_dim(&runner, &scale->inputs[0], 0) == 1);
  EXPECT(tflc_resize_input(&runner, 2, (const int32_t[]){4, 2}, 2) == TFLC_NOT_FOUND);
  /* No rows are a number of rows. */
  EXPECT(tflc_resize_input(&runner, 0, (const int32_t[]){0, 2}, 2) == TFLC_OK);
  EXPECT(tflc_tensor_bytes(&runner, &scale->outputs[0]) == 0);
  EXPECT(tflc_resize_input(&runner, 0, (const int32_t[]){4, 2}, 2) == TFLC_OK);
  EXPECT(tflc_resize_input(&runner, 1, (const int32_t[]){4}, 1) == TFLC_OK);
  EXPECT(tflc_arena_size(&runner) == 64);
  EXPECT(tflc_dim(&runner, &scale->outputs[0], 0) == 4);
  EXPECT(tflc_dim(&runner, &scale->outputs[0], 1) == 2);
  EXPECT(tflc_dim(&runner, &scale->outputs[1], 0) == 2);
  EXPECT(tflc_tensor_bytes(&runner, &scale->outputs[0]) == sizeof scaled);
  EXPECT(tflc_set_arena(&runner, arena.bytes, 64) == TFLC_OK);
  EXPECT(tflc_set_input(&runner, 0, rows, sizeof rows) == TFLC_OK);
  EXPECT(tflc_set_input(&runner, 1, factors, sizeof factors) == TFLC_OK);
  EXPECT(tflc_set_output(&runner, 0, scaled, sizeof scaled) == TFLC_OK);
  EXPECT(tflc_set_output(&runner, 1, pairs, sizeof pairs) == TFLC_OK);
  EXPECT(tflc_invoke(&runner) == TFLC_OK);
  EXPECT(scaled[7] == 8000 && pairs[0] == 11 && pairs[1] == 1100);

  /* Larger shapes need a larger arena, and other buffers. */
  EXPECT(tflc_resize_input(&runner, 0, (const int32_t[]){8, 2}, 2) == TFLC_OK);
  EXPECT(tflc_invoke(&runner) == TFLC_ARENA_TOO_SMALL);
  EXPECT(tflc_set_arena(&runner, arena.bytes, sizeof arena.bytes) == TFLC_OK);
  EXPECT(tflc_invoke(&runner) == TFLC_NULL_POINTER);

  /* What compiled code answers comes through. */
  EXPECT(tflc_resize_input(&runner, 0, (const int32_t[]){2, 2}, 2) == TFLC_OK);
  EXPECT(tflc_set_input(&runner, 0, rows, 16) == TFLC_OK);
  EXPECT(tflc_set_input(&runner, 1, factors, sizeof factors) == TFLC_OK);
  EXPECT(tflc_set_output(&runner, 0, scaled, 16) == TFLC_OK);
  EXPECT(tflc_set_output(&runner, 1, pairs, 4) == TFLC_OK);
  EXPECT(tflc_invoke(&runner) == TFLC_INVALID_VALUE);
}

static void testMeasured(void) {
  const int32_t numbers[] = {1, 2, 4, 5, 7, 8};
  int32_t evens[6];
  void *buffers[2];
  tflc_runner runner;
  EXPECT(tflc_init(&runner, &handmade_measured, NULL, buffers, 2) == TFLC_OK);
  const tflc_tensor *output = &runner.signature->outputs[0];
  /* What the output holds at most. */
  EXPECT(tflc_dim(&runner, output, 0) == 6 && tflc_tensor_bytes(&runner, output) == 24);
  EXPECT(tflc_set_arena(&runner, arena.bytes, 16) == TFLC_OK);
  EXPECT(tflc_set_input(&runner, 0, numbers, sizeof numbers) == TFLC_OK);
  EXPECT(tflc_set_output(&runner, 0, evens, 8) == TFLC_OK);
  EXPECT(tflc_invoke(&runner) == TFLC_LARGER_ARENA_NEEDED);
  EXPECT(tflc_arena_size(&runner) == 28);
  EXPECT(tflc_invoke(&runner) == TFLC_ARENA_TOO_SMALL);
  EXPECT(tflc_set_arena(&runner, arena.bytes, sizeof arena.bytes) == TFLC_OK);
  EXPECT(tflc_invoke(&runner) == TFLC_LARGER_OUTPUT_NEEDED);
  EXPECT(tflc_dim(&runner, output, 0) == 3);
  EXPECT(tflc_set_output(&runner, 0, evens, sizeof evens) == TFLC_OK);
  EXPECT(tflc_invoke(&runner) == TFLC_OK);
  EXPECT(tflc_tensor_bytes(&runner, output) == 12 && evens[0] == 2 && evens[2] == 8);
}

static void testOtherVersion(void) {
  tflc_model other = handmade_model;
  void *buffers[3];
  tflc_runner runner;
  other.abi_version = TFLC_ABI_VERSION + 1;
  EXPECT(tflc_init(&runner, &other, NULL, buffers, 3) == TFLC_ABI_MISMATCH);
  EXPECT(!tflc_find_signature(&other, NULL));
  EXPECT(tflc_invoke(&runner) == TFLC_NULL_POINTER);
}

static void testTexts(void) {
  EXPECT(!strcmp(tflc_status_text(TFLC_OK), "ok"));
  EXPECT(!strcmp(tflc_status_text(TFLC_NOT_PERMITTED), "no permission for the tile registers"));
  EXPECT(!strcmp(tflc_status_text(TFLC_ABI_MISMATCH), "model of another version"));
  EXPECT(!strcmp(tflc_status_text(TFLC_PARALLEL_FAILED + 1), "unknown status"));
  EXPECT(!strcmp(tflc_status_text(12345), "unknown status"));
  EXPECT(!strcmp(tflc_status_text(-1), "unknown status"));
  EXPECT(strcmp(tflc_status_text(TFLC_ARENA_TOO_SMALL), "unknown status"));
}

int main(void) {
  testLookUp();
  testInvoke();
  testResize();
  testMeasured();
  testOtherVersion();
  testTexts();
  printf("%s\n", failures ? "FAILED" : "passed");
  return failures != 0;
}
