/* race-free-tasks.c - a model in one thread, in several, and by callers that keep their promise in
 * other ways
 *
 * Part of tflc, under the Apache License 2.0. */

#include "model.h"
#include "tflc/threads.h"

#include <math.h>
#include <stdalign.h>
#include <stdio.h>
#include <string.h>

enum { INPUT = 40 * 40 * 16, OUTPUT = 1000 };

static float input[INPUT], expected[OUTPUT], output[OUTPUT];
static alignas(64) unsigned char arena[MODEL_ARENA_SIZE];

/* The last task first, in one thread: none of them may wait for one that has not begun. */
static int32_t runBackwards(void *pool, tflc_task_fn task, void *context, int32_t count) {
  (void)pool;
  while (count-- > 0)
    task(context, count);
  return 0;
}

static int32_t refuse(void *pool, tflc_task_fn task, void *context, int32_t count) {
  (void)pool;
  task(context, count / 2);
  return 1;
}

static const char *invoke(const tflc_parallel *parallel) {
  memset(output, 0, sizeof(output));
  int32_t status = model_invoke(input, output, arena, parallel);
  if (status != 0)
    return "refused";
  return memcmp(output, expected, sizeof(output)) == 0 ? "same" : "different";
}

int main(void) {
  for (int i = 0; i < INPUT; ++i)
    input[i] = sinf((float)i);
  model_invoke(input, expected, arena, NULL);
  for (int32_t threads = 1; threads <= 5; ++threads) {
    tflc_pool *pool = tflc_pool_create(threads);
    tflc_parallel parallel = tflc_pool_parallel(pool);
    for (int round = 0; round < 10; ++round)
      printf("%s ", invoke(&parallel));
    printf("with %d threads\n", (int)threads);
    tflc_pool_destroy(pool);
  }
  tflc_parallel backwards = {runBackwards, NULL}, refusing = {refuse, NULL};
  printf("%s backwards\n", invoke(&backwards));
  printf("%s by a caller that fails\n", invoke(&refusing));
  printf("%s behind it\n", invoke(&backwards));
  return 0;
}
