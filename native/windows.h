/* Windows over planes: which input pixels an output pixel reads, and with which tap of the kernel. */
#pragma once
#include "context.h"

#define MAX_TAPS 128

/* Where the taps along one axis fall: for each output index a count and that many (input index, tap) pairs,
 * in records of 1 + 2 kernel words; only what lies inside is listed. Made by cpu/windows.ts. */
typedef struct {
  const int32_t *rows, *columns;
  int kernel, out_height, out_width, in_width;
} Windows;

static inline const int32_t *axis_record(const int32_t *axis, int kernel, int index) {
  return axis + (int64_t)index * (1 + 2 * kernel);
}

/* The taps of one output pixel: where each one's input pixel starts, and which tap of the weights it is. */
typedef struct {
  int count;
  int64_t x[MAX_TAPS];
  int32_t tap[MAX_TAPS];
} Taps;

/* The taps of output pixel (r, c); `step` is the floats of an input pixel. */
static inline void find_taps(Taps *taps, const Windows *windows, int r, int c, int64_t step) {
  const int32_t *row = axis_record(windows->rows, windows->kernel, r),
                *column = axis_record(windows->columns, windows->kernel, c);
  int n = 0;
  for (int i = 0; i < row[0]; i++)
    for (int j = 0; j < column[0]; j++, n++) {
      taps->x[n] = ((int64_t)row[1 + 2 * i] * windows->in_width + column[1 + 2 * j]) * step;
      taps->tap[n] = row[2 + 2 * i] * windows->kernel + column[2 + 2 * j];
    }
  taps->count = n;
}

/* A window with the sizes of its planes. */
typedef struct {
  int kernel, stride, padding, in_height, in_width, out_height, out_width, in_channels, out_channels;
} ConvShape;

/* The output indices from .. to - 1 that tap `k` of an axis joins with inputs; `input` belongs to the first
 * of them. */
typedef struct {
  int from, to, input;
} Joined;

static inline int ceil_div(int a, int b) { return a >= 0 ? (a + b - 1) / b : -(-a / b); }

static inline Joined join_axis(const ConvShape *s, int k, int inputs, int from, int to) {
  const int shift = s->padding - k;
  int first = ceil_div(shift, s->stride), end = ceil_div(inputs + shift, s->stride);
  if (first < from) first = from;
  if (end > to) end = to;
  return (Joined){first, end, first * s->stride - shift};
}
