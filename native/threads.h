/* Threads inside one model: the same list of commands in every thread, each doing its share, with a barrier
 * after every command. They are kept between runs. One run at a time has them; another that comes meanwhile
 * (from another model in the process) goes on alone, with the same bits. */
#pragma once
#include "context.h"

typedef int (*RunFn)(float *, const int32_t *, int, const Run *, void (*)(void *), void *);

typedef struct {
  RunFn run;
  float *mem;
  const int32_t *commands;
  int words;
  Run settings;
} Task;

static int run_alone(const Task *task) {
  return task->run(task->mem, task->commands, task->words, &task->settings, 0, 0);
}

#ifdef _WIN32
static int run_threads(const Task *task, int threads) {
  (void)threads;
  return run_alone(task);
}
#else
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#define MAX_THREADS 64
/* Polls before a waiting thread lets others run: some 20 us. */
#define SPINS 20000

static inline void pause_core(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

typedef struct {
  atomic_int arrived, round;
  int size;
} Barrier;

static void barrier_wait(void *shared) {
  Barrier *b = shared;
  const int round = atomic_load_explicit(&b->round, memory_order_relaxed);
  if (atomic_fetch_add_explicit(&b->arrived, 1, memory_order_acq_rel) == b->size - 1) {
    atomic_store_explicit(&b->arrived, 0, memory_order_relaxed);
    atomic_store_explicit(&b->round, round + 1, memory_order_release);
    return;
  }
  for (int spin = 0; atomic_load_explicit(&b->round, memory_order_acquire) == round; spin++) {
    if (spin < SPINS)
      pause_core();
    else
      sched_yield();
  }
}

static struct {
  pthread_mutex_t busy, lock;
  pthread_cond_t wake;
  int started;         /* helpers that exist, threads 1 .. started */
  unsigned generation; /* of the task below */
  int threads;
  Task task;
  Barrier barrier;
} pool = {
    .busy = PTHREAD_MUTEX_INITIALIZER, .lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER};

static int run_share(int thread) {
  Run own = pool.task.settings;
  own.thread = thread;
  own.threads = pool.threads;
  return pool.task.run(pool.task.mem, pool.task.commands, pool.task.words, &own, barrier_wait, &pool.barrier);
}

static void *helper(void *number) {
  const int thread = (int)(intptr_t)number;
  unsigned seen = 0;
  for (;;) {
    pthread_mutex_lock(&pool.lock);
    while (pool.generation == seen || thread >= pool.threads) {
      seen = pool.generation;
      pthread_cond_wait(&pool.wake, &pool.lock);
    }
    seen = pool.generation;
    pthread_mutex_unlock(&pool.lock);
    run_share(thread);
    barrier_wait(&pool.barrier);
  }
  return 0;
}

/* Starts the helpers that are missing; fewer where the system gives no more. */
static int helpers_for(int threads) {
  if (threads > MAX_THREADS) threads = MAX_THREADS;
  while (pool.started < threads - 1) {
    pthread_t made;
    if (pthread_create(&made, 0, helper, (void *)(intptr_t)(pool.started + 1)) != 0) break;
    pthread_detach(made);
    pool.started++;
  }
  return pool.started + 1 < threads ? pool.started + 1 : threads;
}

static int run_threads(const Task *task, int threads) {
  if (threads < 2 || pthread_mutex_trylock(&pool.busy) != 0) return run_alone(task);
  pthread_mutex_lock(&pool.lock);
  pool.threads = 1;
  const int usable = helpers_for(threads);
  pool.threads = usable;
  pool.task = *task;
  pool.barrier.size = usable;
  pool.generation++;
  pthread_cond_broadcast(&pool.wake);
  pthread_mutex_unlock(&pool.lock);
  const int status = run_share(0);
  /* The helpers' last read of the task is before this. */
  barrier_wait(&pool.barrier);
  pthread_mutex_unlock(&pool.busy);
  return status;
}
#endif
