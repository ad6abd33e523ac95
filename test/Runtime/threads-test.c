/*===- threads-test.c - the pool of threads -----------------------*- C -*-===*
 *
 * Part of tflc, under the Apache License 2.0.
 *
 *===----------------------------------------------------------------------===*/

#define _POSIX_C_SOURCE 200809L
#include "tflc/threads.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static int failures;

#define EXPECT(condition)                                                                          \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                               \
      ++failures;                                                                                  \
    }                                                                                              \
  } while (0)

static void sleepFor(long microseconds) {
  struct timespec time = {0, microseconds * 1000};
  nanosleep(&time, NULL);
}

enum { MOST_TASKS = 16 };

/* What tasks write is not atomic: the pool alone orders it before what the caller reads. */
struct job {
  int runs[MOST_TASKS];
  int sum;
};

static void countRun(void *context, int32_t number) {
  struct job *job = context;
  ++job->runs[number];
}

static void runJob(const tflc_parallel *parallel, struct job *job, int32_t count) {
  memset(job, 0, sizeof *job);
  EXPECT(parallel->run(parallel->pool, countRun, job, count) == 0);
  for (int32_t i = 0; i < MOST_TASKS; ++i)
    EXPECT(job->runs[i] == (i < count));
}

/* Many short jobs in a row, and some after the threads have gone to sleep. */
static void testJobs(int32_t threads) {
  tflc_pool *pool = tflc_pool_create(threads);
  EXPECT(pool && tflc_pool_threads(pool) == threads);
  tflc_parallel parallel = tflc_pool_parallel(pool);
  struct job job;
  for (int round = 0; round < 2000; ++round) {
    runJob(&parallel, &job, round % (MOST_TASKS + 1));
    if (round % 500 == 499)
      sleepFor(2000);
  }
  tflc_pool_destroy(pool);
}

/* More tasks than fit one job of the pool. Each has a byte of its own. */
static void markRun(void *context, int32_t number) { ++((unsigned char *)context)[number]; }

static void testManyTasks(void) {
  enum { COUNT = 200000 };
  static unsigned char runs[COUNT];
  tflc_pool *pool = tflc_pool_create(3);
  tflc_parallel parallel = tflc_pool_parallel(pool);
  EXPECT(parallel.run(parallel.pool, markRun, runs, COUNT) == 0);
  int once = 0;
  for (int i = 0; i < COUNT; ++i)
    once += runs[i] == 1;
  EXPECT(once == COUNT);
  tflc_pool_destroy(pool);
}

static void testNoPool(void) {
  struct job job;
  tflc_parallel parallel = tflc_pool_parallel(NULL);
  runJob(&parallel, &job, 5);
  EXPECT(tflc_pool_threads(NULL) == 1);
  EXPECT(!tflc_pool_create(0));
  EXPECT(!tflc_pool_create(-3));
  tflc_pool_destroy(NULL);
}

/* Two threads that invoke at the same time with one pool. */
static void *runManyJobs(void *context) {
  struct job job;
  for (int round = 0; round < 2000; ++round)
    runJob(context, &job, 7);
  return NULL;
}

static void testTwoCallers(void) {
  tflc_pool *pool = tflc_pool_create(2);
  tflc_parallel parallel = tflc_pool_parallel(pool);
  pthread_t other;
  EXPECT(pthread_create(&other, NULL, runManyJobs, &parallel) == 0);
  runManyJobs(&parallel);
  pthread_join(other, NULL);
  tflc_pool_destroy(pool);
}

/* A task that invokes a model with the same pool. */
struct outer {
  const tflc_parallel *parallel;
  struct job jobs[MOST_TASKS];
};

static void runInner(void *context, int32_t number) {
  struct outer *outer = context;
  struct job *job = &outer->jobs[number];
  memset(job, 0, sizeof *job);
  job->sum = outer->parallel->run(outer->parallel->pool, countRun, job, 6);
}

static void testReentry(void) {
  tflc_pool *pool = tflc_pool_create(3);
  tflc_parallel parallel = tflc_pool_parallel(pool);
  for (int round = 0; round < 300; ++round) {
    struct outer outer = {&parallel, {{{0}, 0}}};
    EXPECT(parallel.run(parallel.pool, runInner, &outer, 8) == 0);
    for (int i = 0; i < 8; ++i)
      for (int j = 0; j < MOST_TASKS; ++j)
        EXPECT(outer.jobs[i].sum == 0 && outer.jobs[i].runs[j] == (j < 6));
  }
  tflc_pool_destroy(pool);
}

/* Threads that have hardly begun, or sleep, come to an end. */
static void testDestroy(void) {
  for (int round = 0; round < 50; ++round) {
    tflc_pool *pool = tflc_pool_create(1 + round % 4);
    sleepFor(round * 20);
    tflc_pool_destroy(pool);
  }
}

int main(void) {
  testNoPool();
  for (int32_t threads = 1; threads <= 4; ++threads)
    testJobs(threads);
  testManyTasks();
  testTwoCallers();
  testReentry();
  testDestroy();
  if (!failures)
    printf("all as expected\n");
  return failures != 0;
}
