/* WebAssembly face of the kernels: the memory is the arena; JavaScript grows it and lays it out. */
#include "context.h"

int plexus_run_wasm(float *, const int32_t *, int, const Run *, void (*)(void *), void *);
float plexus_peak_wasm(int64_t, double *);
extern unsigned char __heap_base;

/* First byte the arena may use. */
__attribute__((export_name("base"))) int base(void) {
  return (int)(((uintptr_t)&__heap_base + 63) & ~(uintptr_t)63);
}

__attribute__((export_name("run"))) int run(int mem, int commands, int words, int count, int ld, float rate,
                                            float momentum, float decay, float scale, int add) {
  float *m = (float *)(uintptr_t)mem;
  const Run run = {count, (count + 15) / 16 * 16, ld, {rate, momentum, decay, scale}, add, 0, 1, 0};
  return plexus_run_wasm(m, (const int32_t *)(m + commands), words, &run, 0, 0);
}

/* Runs the peak measurement's loop and returns its multiply-adds x 2; JavaScript holds the clock. */
__attribute__((export_name("peak"))) double peak(int rounds) {
  double flops;
  volatile float sink = plexus_peak_wasm(rounds, &flops);
  (void)sink;
  return flops;
}

/* The compiler may turn loops into calls of these. */
void *memset(void *to, int byte, unsigned long n) {
  unsigned char *p = to;
  while (n--) *p++ = (unsigned char)byte;
  return to;
}

void *memcpy(void *restrict to, const void *restrict from, unsigned long n) {
  unsigned char *p = to;
  const unsigned char *q = from;
  while (n--) *p++ = *q++;
  return to;
}
