/* Models compiled with --threads: the same results whoever runs the tasks, and what a parallel-for
 * may do wrong. */
#include "plain.h"
#include "shared.h"
#include "tflc/threads.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures;

static void expect(int condition, const char *what) {
  if (!condition)
    printf("not so: %s\n", what), ++failures;
}

SHARED_ARENA_ALIGNED static unsigned char arena[SHARED_ARENA_SIZE];
SHARED_ARENA_ALIGNED static unsigned char other_arena[SHARED_ARENA_SIZE];
PLAIN_ARENA_ALIGNED static unsigned char plain_arena[PLAIN_ARENA_SIZE];
static float input[SHARED_X_SIZE], wanted[SHARED_Y_SIZE], found[SHARED_Y_SIZE],
    inner[SHARED_Y_SIZE];

/* The tasks one after the other, from the last to the first; counts them and the calls. */
struct counts {
  int calls, tasks;
};

static int32_t runBackwards(void *pool, tflc_task_fn task, void *context, int32_t count) {
  struct counts *counts = pool;
  ++counts->calls;
  for (int32_t i = count; i-- > 0; ++counts->tasks)
    task(context, i);
  return 0;
}

/* Gives up behind the first task. */
static int32_t fail(void *pool, tflc_task_fn task, void *context, int32_t count) {
  int *calls = pool;
  task(context, count - 1);
  ++*calls;
  return -7;
}

/* Invokes the model itself, in another arena, before it runs the tasks. */
struct reentry {
  int is_inside;
  const tflc_parallel *parallel;
};

static int32_t reenter(void *pool, tflc_task_fn task, void *context, int32_t count) {
  struct reentry *reentry = pool;
  if (!reentry->is_inside) {
    reentry->is_inside = 1;
    expect(shared_invoke(input, inner, other_arena, reentry->parallel) == 0, "the inner one runs");
    expect(!memcmp(inner, wanted, sizeof wanted), "the inner one has the same results");
    reentry->is_inside = 0;
  }
  for (int32_t i = 0; i < count; ++i)
    task(context, i);
  return 0;
}

static void expectSame(const tflc_parallel *parallel, const char *what) {
  memset(found, 0, sizeof found);
  memset(arena, 0x5a, sizeof arena);
  expect(shared_invoke(input, found, arena, parallel) == 0, what);
  expect(!memcmp(found, wanted, sizeof wanted), what);
}

static void testGenericRuntime(const tflc_parallel *parallel) {
  void *buffers[2];
  tflc_runner runner;
  expect(shared_model.abi_version == 3 && shared_model.flags == TFLC_MODEL_PARALLEL, "version 3");
  expect(plain_model.abi_version == 2 && plain_model.flags == 0, "version 2 without tasks");
  expect(tflc_init(&runner, &shared_model, NULL, buffers, 2) == TFLC_OK, "init");
  expect(tflc_set_arena(&runner, arena, sizeof arena) == TFLC_OK, "arena");
  expect(tflc_set_input(&runner, 0, input, sizeof input) == TFLC_OK, "input");
  expect(tflc_set_output(&runner, 0, found, sizeof found) == TFLC_OK, "output");
  tflc_parallel broken = {NULL, NULL};
  expect(tflc_set_parallel(&runner, &broken) == TFLC_NULL_POINTER, "no function");
  for (int i = 0; i < 2; ++i) {
    expect(tflc_set_parallel(&runner, i ? parallel : NULL) == TFLC_OK, "parallel");
    memset(found, 0, sizeof found);
    expect(tflc_invoke(&runner) == TFLC_OK, "invoke");
    expect(!memcmp(found, wanted, sizeof wanted), "the runner has the same results");
  }
}

int main(void) {
  for (int i = 0; i < SHARED_X_SIZE; ++i)
    input[i] = (float)((i * 37) % 101) / 50 - 1;
  expect(plain_invoke(input, wanted, plain_arena) == 0, "plain");
  expectSame(NULL, "without threads");
  struct counts counts = {0, 0};
  tflc_parallel backwards = {runBackwards, &counts};
  expectSame(&backwards, "backwards");
  expect(counts.calls == 1 && counts.tasks > 2, "one call for all steps");
  for (int32_t threads = 1; threads <= 3; ++threads) {
    tflc_pool *pool = tflc_pool_create(threads);
    tflc_parallel parallel = tflc_pool_parallel(pool);
    for (int round = 0; round < 20; ++round)
      expectSame(&parallel, "in a pool");
    testGenericRuntime(&parallel);
    tflc_pool_destroy(pool);
  }
  int calls = 0;
  tflc_parallel failing = {fail, &calls};
  expect(shared_invoke(input, found, arena, &failing) == TFLC_PARALLEL_FAILED, "it fails");
  expect(calls == 1, "nothing runs after the failure");
  expect(!strcmp(tflc_status_text(TFLC_PARALLEL_FAILED), "the caller's parallel-for failed"),
         "text");
  struct reentry reentry = {0, &backwards};
  tflc_parallel reentrant = {reenter, &reentry};
  expectSame(&reentrant, "re-entrant");
  return failures != 0;
}
