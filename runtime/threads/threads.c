/*===- threads.c - a pool of threads for compiled models ----------*- C -*-===*
 *
 * Part of tflc, under the Apache License 2.0.
 *
 * The steps of a model take some microseconds each, so that a job must start within less than one:
 * threads of the pool watch a counter for a while before they sleep, and nobody takes a lock while
 * they are awake.
 *
 * That counter, `tickets`, holds the number of the job and how many of its tasks nobody has taken
 * yet. A thread takes one by a compare-and-exchange that decrements it. What else there is to know
 * of a job is written before the counter and not changed while it has tasks left; so whoever has
 * read it and then gets a ticket of the same job has read the right values.
 *
 *===----------------------------------------------------------------------===*/

#include "tflc/threads.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

struct tflc_pool {
  /* Of the present job. */
  _Atomic(tflc_task_fn) task;
  _Atomic(void *) context;
  _Atomic uint32_t finished; /* tasks that have returned */
  _Atomic uint64_t tickets;  /* job << 32 | tasks that nobody has taken */

  atomic_bool is_busy; /* somebody has a job in the pool */
  atomic_bool is_ended;
  atomic_int sleepers;
  pthread_mutex_t mutex; /* of `wake` */
  pthread_cond_t wake;   /* there are tickets, or the pool ends */
  int32_t num_threads;   /* of the pool's own */
  pthread_t threads[];
};

enum {
  SPINS_BEFORE_SLEEP = 3000, /* about 40 us on x86 */
  SPINS_BEFORE_YIELD = 1000
};

static void pauseShortly(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__) || defined(__arm__)
  __asm__ volatile("yield");
#endif
}

/* Runs one task of the present job; false if there is none left. */
static bool runOneTask(tflc_pool *pool) {
  uint64_t ticket = atomic_load_explicit(&pool->tickets, memory_order_acquire);
  while ((uint32_t)ticket != 0) {
    tflc_task_fn task = atomic_load_explicit(&pool->task, memory_order_relaxed);
    void *context = atomic_load_explicit(&pool->context, memory_order_relaxed);
    if (!atomic_compare_exchange_weak_explicit(&pool->tickets, &ticket, ticket - 1,
                                               memory_order_acq_rel, memory_order_acquire))
      continue;
    task(context, (int32_t)((uint32_t)ticket - 1));
    atomic_fetch_add_explicit(&pool->finished, 1, memory_order_release);
    return true;
  }
  return false;
}

static bool hasTickets(tflc_pool *pool) { return (uint32_t)atomic_load(&pool->tickets) != 0; }

static void sleepUntilTickets(tflc_pool *pool) {
  pthread_mutex_lock(&pool->mutex);
  /* First this, then the look at the tickets; who adds tickets does the reverse. */
  atomic_fetch_add(&pool->sleepers, 1);
  while (!hasTickets(pool) && !atomic_load(&pool->is_ended))
    pthread_cond_wait(&pool->wake, &pool->mutex);
  atomic_fetch_sub(&pool->sleepers, 1);
  pthread_mutex_unlock(&pool->mutex);
}

static void wakeSleepers(tflc_pool *pool) {
  if (atomic_load(&pool->sleepers) == 0)
    return;
  pthread_mutex_lock(&pool->mutex);
  pthread_cond_broadcast(&pool->wake);
  pthread_mutex_unlock(&pool->mutex);
}

static void *work(void *argument) {
  tflc_pool *pool = argument;
  int spins = 0;
  while (!atomic_load_explicit(&pool->is_ended, memory_order_relaxed)) {
    if (runOneTask(pool)) {
      spins = 0;
    } else if (++spins < SPINS_BEFORE_SLEEP) {
      pauseShortly();
    } else {
      sleepUntilTickets(pool);
      spins = 0;
    }
  }
  return NULL;
}

static void runAlone(tflc_task_fn task, void *context, int32_t count) {
  for (int32_t i = 0; i < count; ++i)
    task(context, i);
}

static int32_t runInPool(void *argument, tflc_task_fn task, void *context, int32_t count) {
  tflc_pool *pool = argument;
  bool isFree = false;
  if (!pool || pool->num_threads == 0 || count < 2 ||
      !atomic_compare_exchange_strong(&pool->is_busy, &isFree, true)) {
    runAlone(task, context, count);
    return 0;
  }
  atomic_store_explicit(&pool->task, task, memory_order_relaxed);
  atomic_store_explicit(&pool->context, context, memory_order_relaxed);
  atomic_store_explicit(&pool->finished, 0, memory_order_relaxed);
  uint64_t job = (atomic_load_explicit(&pool->tickets, memory_order_relaxed) >> 32) + 1;
  atomic_store(&pool->tickets, job << 32 | (uint32_t)count);
  wakeSleepers(pool);
  while (runOneTask(pool))
    ;
  for (int spins = 0;
       atomic_load_explicit(&pool->finished, memory_order_acquire) != (uint32_t)count; ++spins) {
    if (spins < SPINS_BEFORE_YIELD)
      pauseShortly();
    else
      sched_yield(); /* the thread with the last task may wait for this processor */
  }
  atomic_store(&pool->is_busy, false);
  return 0;
}

tflc_pool *tflc_pool_create(int32_t threads) {
  if (threads < 1)
    return NULL;
  size_t own = (size_t)threads - 1;
  tflc_pool *pool = calloc(1, sizeof(tflc_pool) + own * sizeof(pthread_t));
  if (!pool)
    return NULL;
  if (pthread_mutex_init(&pool->mutex, NULL) != 0) {
    free(pool);
    return NULL;
  }
  if (pthread_cond_init(&pool->wake, NULL) != 0) {
    pthread_mutex_destroy(&pool->mutex);
    free(pool);
    return NULL;
  }
  while ((size_t)pool->num_threads < own &&
         pthread_create(&pool->threads[pool->num_threads], NULL, work, pool) == 0)
    ++pool->num_threads;
  return pool;
}

void tflc_pool_destroy(tflc_pool *pool) {
  if (!pool)
    return;
  pthread_mutex_lock(&pool->mutex);
  atomic_store(&pool->is_ended, true);
  pthread_cond_broadcast(&pool->wake);
  pthread_mutex_unlock(&pool->mutex);
  for (int32_t i = 0; i < pool->num_threads; ++i)
    pthread_join(pool->threads[i], NULL);
  pthread_cond_destroy(&pool->wake);
  pthread_mutex_destroy(&pool->mutex);
  free(pool);
}

int32_t tflc_pool_threads(const tflc_pool *pool) { return pool ? pool->num_threads + 1 : 1; }

tflc_parallel tflc_pool_parallel(tflc_pool *pool) {
  tflc_parallel parallel = {runInPool, pool};
  return parallel;
}
