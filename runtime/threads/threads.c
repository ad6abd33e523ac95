/*===- threads.c - a pool of threads for compiled models ----------*- C -*-===*
 *
 * Part of tflc, under the Apache License 2.0.
 *
 * The steps of a model take some microseconds each, so that a job must start within less than one:
 * threads of the pool watch a counter for a while before they sleep, and nobody takes a lock while
 * they are awake.
 *
 * What a task writes, the task of the same number in the next step mostly reads, and it is in the
 * cache of the thread that wrote it. So each thread has tasks of its own, the same part of every
 * job, and takes those of others when it is done with them.
 *
 * Such a share is one counter: the number of the job, and the first and the end of the tasks that
 * nobody has taken yet. A thread takes the first of its own share, and the last of another's, by a
 * compare-and-exchange. What else there is to know of a job is written before its shares and not
 * changed while one of them has tasks left; so whoever has read it and then gets a task of a share
 * has read the right values.
 *
 *===----------------------------------------------------------------------===*/

#include "tflc/threads.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

enum { CACHE_LINE = 64, MOST_TASKS_OF_JOB = 0xffff };

/* Of one thread. Others read it seldom, so it has a cache line of its own. */
struct share {
  _Alignas(CACHE_LINE) _Atomic uint64_t tasks; /* job << 32 | end << 16 | first */
};

struct worker {
  struct tflc_pool *pool;
  int32_t number; /* of its share; 0 is the caller's */
  pthread_t thread;
};

struct tflc_pool {
  /* Of the present job. */
  _Atomic(tflc_task_fn) task;
  _Atomic(void *) context;
  _Atomic int32_t base;      /* number of the task that is the first one in the shares */
  _Atomic uint32_t finished; /* tasks that have returned */
  uint32_t job;              /* its number; the caller's alone */

  atomic_bool is_busy; /* somebody has a job in the pool */
  atomic_bool is_ended;
  atomic_int sleepers;
  pthread_mutex_t mutex; /* of `wake` */
  pthread_cond_t wake;   /* there are tasks, or the pool ends */
  int32_t num_threads;   /* of the pool's own */
  int32_t num_shares;    /* one for each thread, those that could not be started included */
  struct share *shares;
  struct worker *workers;
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

static uint32_t firstOf(uint64_t tasks) { return (uint32_t)tasks & 0xffff; }
static uint32_t endOf(uint64_t tasks) { return (uint32_t)tasks >> 16; }
static bool hasTasks(uint64_t tasks) { return firstOf(tasks) < endOf(tasks); }

/* Runs a task of `share`, which held `tasks` when it was read; false if there is none left. */
static bool runOneOf(tflc_pool *pool, struct share *share, uint64_t tasks, bool isOwn) {
  while (hasTasks(tasks)) {
    tflc_task_fn task = atomic_load_explicit(&pool->task, memory_order_relaxed);
    void *context = atomic_load_explicit(&pool->context, memory_order_relaxed);
    int32_t number = atomic_load_explicit(&pool->base, memory_order_relaxed);
    uint64_t left = isOwn ? tasks + 1 : tasks - (1u << 16);
    if (!atomic_compare_exchange_weak_explicit(&share->tasks, &tasks, left, memory_order_acq_rel,
                                               memory_order_acquire))
      continue;
    task(context, number + (int32_t)(isOwn ? firstOf(tasks) : endOf(tasks) - 1));
    atomic_fetch_add_explicit(&pool->finished, 1, memory_order_release);
    return true;
  }
  return false;
}

/* Runs one task of the present job, another thread's if the thread has had all of its own; false if
 * there is none. */
static bool runOneTask(tflc_pool *pool, int32_t thread) {
  struct share *own = &pool->shares[thread];
  uint64_t tasks = atomic_load_explicit(&own->tasks, memory_order_acquire);
  if (runOneOf(pool, own, tasks, true))
    return true;
  for (int32_t other = 0; other < pool->num_shares; ++other) {
    struct share *share = &pool->shares[other];
    uint64_t others = atomic_load_explicit(&share->tasks, memory_order_acquire);
    /* Of a job whose share for this thread is still to come, there is nothing to take yet. */
    if (other != thread && others >> 32 == tasks >> 32 && runOneOf(pool, share, others, false))
      return true;
  }
  return false;
}

static bool isAnyTaskLeft(tflc_pool *pool) {
  for (int32_t i = 0; i < pool->num_shares; ++i)
    if (hasTasks(atomic_load(&pool->shares[i].tasks)))
      return true;
  return false;
}

static void sleepUntilTasks(tflc_pool *pool) {
  pthread_mutex_lock(&pool->mutex);
  /* First this, then the look at the shares; who fills them does the reverse. */
  atomic_fetch_add(&pool->sleepers, 1);
  while (!isAnyTaskLeft(pool) && !atomic_load(&pool->is_ended))
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
  struct worker *worker = argument;
  tflc_pool *pool = worker->pool;
  int spins = 0;
  while (!atomic_load_explicit(&pool->is_ended, memory_order_relaxed)) {
    if (runOneTask(pool, worker->number)) {
      spins = 0;
    } else if (++spins < SPINS_BEFORE_SLEEP) {
      pauseShortly();
    } else {
      sleepUntilTasks(pool);
      spins = 0;
    }
  }
  return NULL;
}

/* Shares tasks [base, base + count) among the threads, and returns when they are done. */
static void runJob(tflc_pool *pool, tflc_task_fn task, void *context, int32_t base,
                   uint32_t count) {
  atomic_store_explicit(&pool->task, task, memory_order_relaxed);
  atomic_store_explicit(&pool->context, context, memory_order_relaxed);
  atomic_store_explicit(&pool->base, base, memory_order_relaxed);
  atomic_store_explicit(&pool->finished, 0, memory_order_relaxed);
  uint64_t job = ++pool->job, threads = (uint64_t)pool->num_threads + 1;
  for (uint64_t i = threads; i-- > 0;) {
    uint64_t first = i * count / threads, end = (i + 1) * count / threads;
    atomic_store(&pool->shares[i].tasks, job << 32 | end << 16 | first);
  }
  wakeSleepers(pool);
  while (runOneTask(pool, 0))
    ;
  for (int spins = 0; atomic_load_explicit(&pool->finished, memory_order_acquire) != count;
       ++spins) {
    if (spins < SPINS_BEFORE_YIELD)
      pauseShortly();
    else
      sched_yield(); /* the thread with the last task may wait for this processor */
  }
}

static int32_t runInPool(void *argument, tflc_task_fn task, void *context, int32_t count) {
  tflc_pool *pool = argument;
  bool isFree = false;
  if (!pool || pool->num_threads == 0 || count < 2 ||
      !atomic_compare_exchange_strong(&pool->is_busy, &isFree, true)) {
    for (int32_t i = 0; i < count; ++i)
      task(context, i);
    return 0;
  }
  for (int32_t base = 0; base < count;) {
    int32_t part = count - base < MOST_TASKS_OF_JOB ? count - base : MOST_TASKS_OF_JOB;
    runJob(pool, task, context, base, (uint32_t)part);
    base += part;
  }
  atomic_store(&pool->is_busy, false);
  return 0;
}

static void freePool(tflc_pool *pool) {
  free(pool->shares);
  free(pool->workers);
  free(pool);
}

tflc_pool *tflc_pool_create(int32_t threads) {
  if (threads < 1)
    return NULL;
  tflc_pool *pool = calloc(1, sizeof(tflc_pool));
  if (!pool)
    return NULL;
  pool->shares = aligned_alloc(CACHE_LINE, (size_t)threads * sizeof(struct share));
  pool->workers = calloc((size_t)threads, sizeof(struct worker));
  if (!pool->shares || !pool->workers || pthread_mutex_init(&pool->mutex, NULL) != 0) {
    freePool(pool);
    return NULL;
  }
  if (pthread_cond_init(&pool->wake, NULL) != 0) {
    pthread_mutex_destroy(&pool->mutex);
    freePool(pool);
    return NULL;
  }
  pool->num_shares = threads;
  for (int32_t i = 0; i < threads; ++i)
    atomic_init(&pool->shares[i].tasks, 0);
  for (int32_t i = 1; i < threads; ++i) {
    pool->workers[i].pool = pool;
    pool->workers[i].number = i;
    if (pthread_create(&pool->workers[i].thread, NULL, work, &pool->workers[i]) != 0)
      break;
    ++pool->num_threads;
  }
  return pool;
}

void tflc_pool_destroy(tflc_pool *pool) {
  if (!pool)
    return;
  pthread_mutex_lock(&pool->mutex);
  atomic_store(&pool->is_ended, true);
  pthread_cond_broadcast(&pool->wake);
  pthread_mutex_unlock(&pool->mutex);
  for (int32_t i = 1; i <= pool->num_threads; ++i)
    pthread_join(pool->workers[i].thread, NULL);
  pthread_cond_destroy(&pool->wake);
  pthread_mutex_destroy(&pool->mutex);
  freePool(pool);
}

int32_t tflc_pool_threads(const tflc_pool *pool) { return pool ? pool->num_threads + 1 : 1; }

tflc_parallel tflc_pool_parallel(tflc_pool *pool) {
  tflc_parallel parallel = {runInPool, pool};
  return parallel;
}
