/* Node-API face of the kernels: picks the widest instruction set this processor has. */
#include <node_api.h>
#include "context.h"
#include "threads.h"
#include <string.h>
#include <time.h>
#ifdef PLEXUS_X86
#include <cpuid.h>
#endif
#ifndef _WIN32
#include <signal.h>
#include <unistd.h>
#endif
#ifdef __linux__
#include <sys/mman.h>
#endif

#define DECLARE(SUFFIX)                                                                         \
  int plexus_run##SUFFIX(float *, const int32_t *, int, const Run *, void (*)(void *), void *); \
  float plexus_peak##SUFFIX(int64_t, double *);                                                 \
  extern const int plexus_pairs##SUFFIX;

typedef struct {
  const char *name;
  RunFn run;
  float (*peak)(int64_t, double *);
  const int *pairs; /* see bf16.h */
} Kernels;

DECLARE(_base)
static const Kernels base = {
#if defined(__aarch64__)
    "neon",
#elif defined(__x86_64__)
    "sse2",
#else
    "scalar",
#endif
    plexus_run_base, plexus_peak_base, &plexus_pairs_base};

#ifdef PLEXUS_X86
DECLARE(_avx2)
DECLARE(_avx512)
static const Kernels avx2 = {"avx2", plexus_run_avx2, plexus_peak_avx2, &plexus_pairs_avx2};
static const Kernels avx512 = {"avx512", plexus_run_avx512, plexus_peak_avx512, &plexus_pairs_avx512};
#endif

/* `limit` names the widest set allowed ("" = any); for tests of the narrower builds. */
static const Kernels *choose(const char *limit) {
#ifdef PLEXUS_X86
  __builtin_cpu_init();
  const int narrow = strcmp(limit, "base") == 0, middle = strcmp(limit, "avx2") == 0;
  if (!narrow && !middle && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw"))
    return &avx512;
  if (!narrow && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return &avx2;
#else
  (void)limit;
#endif
  return &base;
}

static const Kernels *kernels_named(napi_env env, napi_value value) {
  char name[16] = "";
  size_t length;
  napi_get_value_string_utf8(env, value, name, sizeof name, &length);
  return choose(name);
}

/* Whether the processor multiplies and adds pairs of bf16: CPUID 7.1, EAX, bit 5. */
static int has_pairs(void) {
#ifdef PLEXUS_X86
  static int known = -1;
  unsigned a = 0, b, c, d;
  if (known < 0) known = __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a >> 5 & 1);
  return known;
#else
  return 0;
#endif
}

static int reads_pairs(const Kernels *kernels) {
  return *kernels->pairs == 2 || (*kernels->pairs == 1 && has_pairs());
}

static void *memory_of(napi_env env, napi_value value, size_t *bytes) {
  void *data = NULL;
  napi_get_arraybuffer_info(env, value, &data, bytes);
  return data;
}

/* name(limit) -> which build would run. */
static napi_value name_of(napi_env env, napi_callback_info info) {
  size_t n = 1;
  napi_value argv[1], result;
  napi_get_cb_info(env, info, &n, argv, NULL, NULL);
  napi_create_string_utf8(env, kernels_named(env, argv[0])->name, NAPI_AUTO_LENGTH, &result);
  return result;
}

/* pairs(limit) -> whether products in bf16 read pairs. */
static napi_value pairs_of(napi_env env, napi_callback_info info) {
  size_t n = 1;
  napi_value argv[1], result;
  napi_get_cb_info(env, info, &n, argv, NULL, NULL);
  napi_get_boolean(env, reads_pairs(kernels_named(env, argv[0])), &result);
  return result;
}

/* adopt(buffer) -> bytes from its start to the first 64-byte boundary; asks for large pages. */
static napi_value adopt(napi_env env, napi_callback_info info) {
  size_t n = 1, bytes = 0;
  napi_value argv[1], result;
  napi_get_cb_info(env, info, &n, argv, NULL, NULL);
  char *data = memory_of(env, argv[0], &bytes);
#ifdef __linux__
  const uintptr_t page = 1 << 21, from = ((uintptr_t)data + page - 1) & ~(page - 1);
  if (data && from + page <= (uintptr_t)data + bytes)
    madvise((void *)from, ((uintptr_t)data + bytes - from) & ~(page - 1), MADV_HUGEPAGE);
#endif
  napi_create_uint32(env, (uint32_t)((64 - ((uintptr_t)data & 63)) & 63), &result);
  return result;
}

/* run(limit, buffer, base, commands, words, count, ld, rate, momentum, decay, scale, add, threads) -> 0 or
 * the unknown opcode; base is in bytes from the buffer's start, commands in floats from base. */
static napi_value run(napi_env env, napi_callback_info info) {
  size_t n = 13, bytes = 0;
  napi_value argv[13], result;
  napi_get_cb_info(env, info, &n, argv, NULL, NULL);
  char *data = memory_of(env, argv[1], &bytes);
  int32_t word[5], add, threads;
  double hyper[4];
  for (int i = 0; i < 5; i++) napi_get_value_int32(env, argv[2 + i], &word[i]);
  for (int i = 0; i < 4; i++) napi_get_value_double(env, argv[7 + i], &hyper[i]);
  napi_get_value_int32(env, argv[11], &add);
  napi_get_value_int32(env, argv[12], &threads);
  float *mem = (float *)(data + word[0]);
  const Kernels *kernels = kernels_named(env, argv[0]);
  const Run settings = {word[3], (word[3] + 15) / 16 * 16,
                        word[4], {(float)hyper[0], (float)hyper[1], (float)hyper[2], (float)hyper[3]},
                        add,     0,
                        1,       reads_pairs(kernels)};
  const Task task = {kernels->run, mem, (const int32_t *)(mem + word[1]), word[2], settings};
  napi_create_int32(env, run_threads(&task, threads), &result);
  return result;
}

/* peak(limit) -> GFLOP/s of independent multiply-adds in registers, the best of 5 runs of some 20 ms. */
static napi_value peak(napi_env env, napi_callback_info info) {
  size_t n = 1;
  napi_value argv[1], result;
  napi_get_cb_info(env, info, &n, argv, NULL, NULL);
  const Kernels *kernels = kernels_named(env, argv[0]);
  double best = 0.0;
  volatile float sink = 0.0f;
  for (int i = 0; i < 5; i++) {
    struct timespec from, to;
    double flops;
    clock_gettime(CLOCK_MONOTONIC, &from);
    sink += kernels->peak(10000000, &flops);
    clock_gettime(CLOCK_MONOTONIC, &to);
    const double seconds = (double)(to.tv_sec - from.tv_sec) + 1e-9 * (double)(to.tv_nsec - from.tv_nsec);
    if (flops / seconds * 1e-9 > best) best = flops / seconds * 1e-9;
  }
  napi_create_double(env, best, &result);
  return result;
}

#ifndef _WIN32
static const int ending[3] = {SIGINT, SIGTERM, SIGHUP};
static struct sigaction before[3];
static volatile sig_atomic_t grace = 0;

/* JavaScript that computes sees no signal: what has nothing to save ends all the same. */
static void give_up(int signal) {
  (void)signal;
  static const char text[] = "interrupted\n";
  if (write(STDERR_FILENO, text, sizeof text - 1) < 0) _exit(130);
  _exit(130);
}

static void on_ending(int signal) {
  if (grace > 0) alarm((unsigned)grace);
  for (int i = 0; i < 3; i++)
    if (ending[i] == signal && before[i].sa_handler != SIG_DFL && before[i].sa_handler != SIG_IGN)
      before[i].sa_handler(signal);
}
#endif

/*
 * After SIGINT, SIGTERM or SIGHUP the process ends with status 130 after so many seconds, whatever it
 * does; 0: when it likes. Call it after Node's own handlers are there: they are called as before.
 */
static napi_value end_within(napi_env env, napi_callback_info info) {
  size_t n = 1;
  napi_value argv[1];
  int32_t seconds = 0;
  napi_get_cb_info(env, info, &n, argv, NULL, NULL);
  napi_get_value_int32(env, argv[0], &seconds);
#ifndef _WIN32
  static int installed = 0;
  grace = seconds;
  for (int i = 0; i < 3 && !installed; i++) {
    struct sigaction action = {.sa_handler = on_ending, .sa_flags = SA_RESTART};
    sigfillset(&action.sa_mask);
    sigaction(ending[i], &action, &before[i]);
  }
  if (!installed) signal(SIGALRM, give_up);
  installed = 1;
#endif
  return NULL;
}

static napi_value init(napi_env env, napi_value exports) {
  const napi_property_descriptor all[] = {
      {"name", NULL, name_of, NULL, NULL, NULL, napi_enumerable, NULL},
      {"pairs", NULL, pairs_of, NULL, NULL, NULL, napi_enumerable, NULL},
      {"adopt", NULL, adopt, NULL, NULL, NULL, napi_enumerable, NULL},
      {"run", NULL, run, NULL, NULL, NULL, napi_enumerable, NULL},
      {"peak", NULL, peak, NULL, NULL, NULL, napi_enumerable, NULL},
      {"endWithin", NULL, end_within, NULL, NULL, NULL, napi_enumerable, NULL},
  };
  napi_define_properties(env, exports, sizeof all / sizeof all[0], all);
  return exports;
}

NAPI_MODULE(NODE_GYP_MODULE_NAME, init)
