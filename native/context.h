/* What every kernel of a run shares: the batch, the settings of the step, and which share of the work is its
 * own. */
#ifndef PLEXUS_CONTEXT_H
#define PLEXUS_CONTEXT_H
#include "vec.h"

typedef struct {
  float rate, momentum, decay, scale;
} Hyper;

/* A plane is [pixel][channel][column]: a row of `ld` floats (a multiple of 16) for each channel of each
 * pixel. `count` samples are valid; the columns from there to `columns` (a multiple of 16) are padding.
 * Gradients are kept at 0 there. */
typedef struct {
  int count, columns;
  int64_t ld;
  Hyper hyper;
  int add; /* parameter gradients are added to what is there */
  int thread,
      threads; /* kernels share out their outputs, never a sum: the bits do not depend on the threads */
  int pairs;   /* products in bf16 read pairs: see bf16.h */
} Run;

/* Floats from one pixel to the next. Never an even number of rows: pixels a power of two apart would all fall
 * into the same few sets of a cache. A buffer of one pixel has no such row to spare. */
static inline int64_t pixel_step(int64_t channels, const Run *run) { return (channels | 1) * run->ld; }

typedef struct {
  int64_t from, to;
} Share;

/* The part of 0 .. n - 1 that is this thread's, in whole multiples of `grain`. */
static inline Share share(const Run *run, int64_t n, int64_t grain) {
  const int64_t grains = (n + grain - 1) / grain;
  const int64_t from = grains * run->thread / run->threads * grain,
                to = grains * (run->thread + 1) / run->threads * grain;
  return (Share){from < n ? from : n, to < n ? to : n};
}

static inline float lanes_sum(vf a) {
  float s = 0.0f;
  UNROLL for (int i = 0; i < VL; i++) s += a[i];
  return s;
}

/* The lanes of `a`, at column c, that hold samples; 0 in the others. */
static inline vf valid(vf a, int c, int count) {
  if (c + VL <= count) return a;
  for (int i = 0; i < VL; i++)
    if (c + i >= count) a[i] = 0.0f;
  return a;
}

static inline void zero_tail(float *y, int count, int columns) {
  for (int c = count; c < columns; c++) y[c] = 0.0f;
}

#endif
