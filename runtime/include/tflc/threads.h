/*===- threads.h - a pool of threads for compiled models -----------*- C -*-===*
 *
 * Part of tflc, under the Apache License 2.0.
 *
 * For systems with POSIX threads and a heap; a part of its own (tflc::threads,
 * runtime/threads/threads.c) that programs with a parallel-for of theirs do not need.
 *
 *     tflc_pool *pool = tflc_pool_create(4);
 *     tflc_parallel parallel = tflc_pool_parallel(pool);
 *     mnist_invoke(image, scores, arena, &parallel);
 *     tflc_pool_destroy(pool);
 *
 *===----------------------------------------------------------------------===*/

#ifndef TFLC_THREADS_H
#define TFLC_THREADS_H

#include "tflc/tflc.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tflc_pool tflc_pool;

/* A pool with which `threads` threads work: the one that invokes, and threads - 1 of the pool's,
 * which wait a little for the next tasks before they sleep. Where the system gives fewer, it has
 * fewer. Null for threads < 1 or where there is no memory. */
tflc_pool *tflc_pool_create(int32_t threads);

/* Ends the pool's threads. Nobody may be in an invocation with it. Null is allowed. */
void tflc_pool_destroy(tflc_pool *pool);

/* The threads that work on one invocation, the caller's included. */
int32_t tflc_pool_threads(const tflc_pool *pool);

/* The parallel-for of the pool, valid until it is destroyed. Several threads may invoke at the same
 * time, and a task may invoke a model itself: who finds the pool busy runs its tasks alone. It
 * never fails. A null pool runs all tasks in the caller's thread. */
tflc_parallel tflc_pool_parallel(tflc_pool *pool);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* TFLC_THREADS_H */
