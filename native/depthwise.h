/* A convolution of every channel by itself. Memory sets its pace: channels are taken in blocks whose rows of
 * pixels stay in cache for all taps. */
#pragma once
#include "windows.h"

#define BLOCK_CHANNELS 16

/* Vectors of columns that one broadcast weight serves. */
#define DEPTHWISE_VECTORS 4

/* `vectors` vectors of one channel at one pixel; known where this is put in. */
static inline __attribute__((always_inline)) void
depthwise_columns(float *y, const float *x, const float *w, const Taps *taps, int accumulate, int vectors) {
  vf sum[DEPTHWISE_VECTORS];
  for (int v = 0; v < vectors; v++) sum[v] = accumulate ? *(const vf *)(y + v * VL) : splat(0.0f);
  for (int t = 0; t < taps->count; t++) {
    const float *in = x + taps->x[t];
    const vf b = splat(w[taps->tap[t]]);
    for (int v = 0; v < vectors; v++) sum[v] += b * *(const vf *)(in + v * VL);
  }
  for (int v = 0; v < vectors; v++) *(vf *)(y + v * VL) = sum[v];
}

/* y (or dx, with the transposed windows) of the channels from .. to - 1; weights are [channel][tap]. */
static void depthwise_block(float *y, const float *x, const float *weights, const Windows *windows,
                            int channels, int64_t from, int64_t to, int accumulate, const Run *run) {
  const int64_t step = pixel_step(channels, run), ld = run->ld;
  const int area = windows->kernel * windows->kernel;
  Taps taps;
  for (int r = 0; r < windows->out_height; r++)
    for (int c = 0; c < windows->out_width; c++) {
      find_taps(&taps, windows, r, c, step);
      float *out = y + ((int64_t)r * windows->out_width + c) * step;
      for (int64_t i = from; i < to; i++) {
        const float *w = weights + i * area;
        int n = 0;
        for (; n + DEPTHWISE_VECTORS * VL <= run->columns; n += DEPTHWISE_VECTORS * VL)
          depthwise_columns(out + i * ld + n, x + i * ld + n, w, &taps, accumulate, DEPTHWISE_VECTORS);
        for (; n < run->columns; n += VL)
          depthwise_columns(out + i * ld + n, x + i * ld + n, w, &taps, accumulate, 1);
      }
    }
}

static void depthwise(float *y, const float *x, const float *weights, const Windows *windows, int channels,
                      int accumulate, const Run *run) {
  const Share own = share(run, channels, 1);
  for (int64_t from = own.from; from < own.to; from += BLOCK_CHANNELS) {
    const int64_t to = from + BLOCK_CHANNELS < own.to ? from + BLOCK_CHANNELS : own.to;
    depthwise_block(y, x, weights, windows, channels, from, to, accumulate, run);
  }
}

/* One channel and one pair of rows: the dot products of all taps of the kernel's row. Two sums run side by
 * side. */
static void depthwise_row(const float *x, const float *dy, int64_t step, const ConvShape *s, float *g,
                          const Run *run) {
  for (int kc = 0; kc < s->kernel; kc++) {
    const Joined joined = join_axis(s, kc, s->in_width, 0, s->out_width);
    vf sum[2] = {splat(0.0f), splat(0.0f)};
    for (int c = joined.from; c < joined.to; c++) {
      const float *a = x + (joined.input + (int64_t)(c - joined.from) * s->stride) * step, *b = dy + c * step;
      int n = 0;
      for (; n + 2 * VL <= run->columns; n += 2 * VL) {
        sum[0] += *(const vf *)(a + n) * *(const vf *)(b + n);
        sum[1] += *(const vf *)(a + n + VL) * *(const vf *)(b + n + VL);
      }
      for (; n < run->columns; n += VL) sum[0] += *(const vf *)(a + n) * *(const vf *)(b + n);
    }
    g[kc] += lanes_sum(sum[0] + sum[1]);
  }
}

static void depthwise_weight_grad(const float *x, const float *dy, float *g, const ConvShape *s,
                                  const Run *run) {
  const int64_t step = pixel_step(s->in_channels, run);
  const int area = s->kernel * s->kernel;
  const Share own = share(run, s->in_channels, 1);
  if (!run->add)
    for (int64_t i = own.from * area; i < own.to * area; i++) g[i] = 0.0f;
  for (int64_t from = own.from; from < own.to; from += BLOCK_CHANNELS) {
    const int64_t to = from + BLOCK_CHANNELS < own.to ? from + BLOCK_CHANNELS : own.to;
    for (int r = 0; r < s->out_height; r++)
      for (int kr = 0; kr < s->kernel; kr++) {
        const int row = r * s->stride + kr - s->padding;
        if (row < 0 || row >= s->in_height) continue;
        for (int64_t i = from; i < to; i++)
          depthwise_row(x + (int64_t)row * s->in_width * step + i * run->ld,
                        dy + (int64_t)r * s->out_width * step + i * run->ld, step, s,
                        g + i * area + kr * s->kernel, run);
      }
  }
}
