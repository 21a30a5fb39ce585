/* What works on planes without weights: activations, sums, pooling, scales of channels, positional
 * embeddings. */
#pragma once
#include "vmath.h"
#include "windows.h"

static void activation(int act, const float *x, float *y, int64_t rows, const Run *run) {
  const Share own = share(run, rows, 1);
  for (int64_t at = own.from * run->ld; at < own.to * run->ld; at += run->ld)
    for (int c = 0; c < run->columns; c += VL)
      *(vf *)(y + at + c) = act_forward(act, *(const vf *)(x + at + c));
}

static void activation_grad(int act, const float *x, const float *y, const float *dy, float *dx, int64_t rows,
                            const Run *run) {
  const Share own = share(run, rows, 1);
  for (int64_t at = own.from * run->ld; at < own.to * run->ld; at += run->ld)
    for (int c = 0; c < run->columns; c += VL)
      *(vf *)(dx + at + c) =
          act_backward(act, *(const vf *)(x + at + c), *(const vf *)(y + at + c), *(const vf *)(dy + at + c));
}

/* y = a + b; with b = 0 a copy. y may be a or b. */
static void add_rows(const float *a, const float *b, float *y, int64_t rows, const Run *run) {
  const Share own = share(run, rows, 1);
  for (int64_t at = own.from * run->ld; at < own.to * run->ld; at += run->ld)
    for (int c = 0; c < run->columns; c += VL) {
      vf sum = *(const vf *)(a + at + c);
      if (b) sum += *(const vf *)(b + at + c);
      *(vf *)(y + at + c) = sum;
    }
}

/* The larger number; NaN wins, so that a diverged run stays visible. */
static inline vf larger(vf a, vf b) {
  const vi take = (b > a) | (b != b);
  return (vf)(((vi)b & take) | ((vi)a & ~take));
}

static void max_pool(const float *x, float *y, const Windows *windows, int channels, const Run *run) {
  const int64_t step = pixel_step(channels, run);
  const Share own = share(run, (int64_t)windows->out_height * windows->out_width, 1);
  Taps taps;
  for (int64_t p = own.from; p < own.to; p++) {
    find_taps(&taps, windows, (int)(p / windows->out_width), (int)(p % windows->out_width), step);
    for (int64_t i = 0; i < channels * run->ld; i += run->ld)
      for (int c = 0; c < run->columns; c += VL) {
        vf best = *(const vf *)(x + taps.x[0] + i + c);
        for (int t = 1; t < taps.count; t++) best = larger(best, *(const vf *)(x + taps.x[t] + i + c));
        *(vf *)(y + p * step + i + c) = best;
      }
  }
}

static void clear_channels(float *x, int64_t plane, int channels, Share own, const Run *run) {
  for (int64_t p = 0; p < plane; p++)
    for (int64_t i = own.from; i < own.to; i++)
      for (int c = 0; c < run->columns; c += VL)
        *(vf *)(x + p * pixel_step(channels, run) + i * run->ld + c) = splat(0.0f);
}

/* dy goes to the first pixel of its window that holds the maximum. Threads take channels: windows overlap. */
static void max_pool_grad(const float *x, const float *y, const float *dy, float *dx, const Windows *windows,
                          int64_t in_plane, int channels, const Run *run) {
  const int64_t step = pixel_step(channels, run);
  const Share own = share(run, channels, 1);
  Taps taps;
  clear_channels(dx, in_plane, channels, own, run);
  for (int64_t p = 0; p < (int64_t)windows->out_height * windows->out_width; p++) {
    find_taps(&taps, windows, (int)(p / windows->out_width), (int)(p % windows->out_width), step);
    for (int64_t i = own.from * run->ld; i < own.to * run->ld; i += run->ld)
      for (int c = 0; c < run->columns; c += VL) {
        const vf best = *(const vf *)(y + p * step + i + c), d = *(const vf *)(dy + p * step + i + c);
        vi left = best == best;
        for (int t = 0; t < taps.count; t++) {
          const int64_t at = taps.x[t] + i + c;
          const vi hit = left & (*(const vf *)(x + at) == best);
          *(vf *)(dx + at) += (vf)((vi)d & hit);
          left &= ~hit;
        }
      }
  }
}

/* Forward: sums under windows x `scale`. Backward with the transposed windows: the same loop. */
static void window_sums(const float *x, float *y, const Windows *windows, int channels, float scale,
                        const Run *run) {
  const int64_t step = pixel_step(channels, run);
  const Share own = share(run, (int64_t)windows->out_height * windows->out_width, 1);
  Taps taps;
  for (int64_t p = own.from; p < own.to; p++) {
    find_taps(&taps, windows, (int)(p / windows->out_width), (int)(p % windows->out_width), step);
    for (int64_t i = 0; i < channels * run->ld; i += run->ld)
      for (int c = 0; c < run->columns; c += VL) {
        vf sum = splat(0.0f);
        for (int t = 0; t < taps.count; t++) sum += *(const vf *)(x + taps.x[t] + i + c);
        *(vf *)(y + p * step + i + c) = sum * scale;
      }
  }
}

static void global_pool(const float *x, float *y, int channels, int64_t plane, const Run *run) {
  const int64_t step = pixel_step(channels, run);
  const float scale = 1.0f / (float)plane;
  const Share own = share(run, channels, 1);
  for (int64_t i = own.from * run->ld; i < own.to * run->ld; i += run->ld)
    for (int c = 0; c < run->columns; c += VL) {
      vf sum = splat(0.0f);
      for (int64_t p = 0; p < plane; p++) sum += *(const vf *)(x + p * step + i + c);
      *(vf *)(y + i + c) = sum * scale;
    }
}

static void global_pool_grad(const float *dy, float *dx, int channels, int64_t plane, const Run *run) {
  const int64_t step = pixel_step(channels, run);
  const float scale = 1.0f / (float)plane;
  const Share own = share(run, plane, 1);
  for (int64_t p = own.from; p < own.to; p++)
    for (int64_t i = 0; i < channels * run->ld; i += run->ld)
      for (int c = 0; c < run->columns; c += VL)
        *(vf *)(dx + p * step + i + c) = *(const vf *)(dy + i + c) * scale;
}

/* y[c, p] = x[c, p] s[c]. */
static void channel_scale(const float *x, const float *s, float *y, int channels, int64_t plane,
                          const Run *run) {
  const int64_t step = pixel_step(channels, run);
  const Share own = share(run, plane, 1);
  for (int64_t p = own.from; p < own.to; p++)
    for (int64_t i = 0; i < channels * run->ld; i += run->ld)
      for (int c = 0; c < run->columns; c += VL)
        *(vf *)(y + p * step + i + c) = *(const vf *)(x + p * step + i + c) * *(const vf *)(s + i + c);
}

static void channel_scale_grad(const float *x, const float *s, const float *dy, float *dx, float *ds,
                               int channels, int64_t plane, const Run *run) {
  const int64_t step = pixel_step(channels, run);
  const Share own = share(run, channels, 1);
  for (int64_t i = own.from * run->ld; i < own.to * run->ld; i += run->ld)
    for (int c = 0; c < run->columns; c += VL) {
      const vf factor = *(const vf *)(s + i + c);
      vf sum = splat(0.0f);
      for (int64_t p = 0; p < plane; p++) {
        const vf d = *(const vf *)(dy + p * step + i + c);
        sum += d * *(const vf *)(x + p * step + i + c);
        *(vf *)(dx + p * step + i + c) = d * factor;
      }
      *(vf *)(ds + i + c) = sum;
    }
}

/* y[c, p] = x[c, p] + w[c, p]; w is [channel][pixel]. */
static void positional_embedding(const float *x, const float *w, float *y, int channels, int64_t plane,
                                 const Run *run) {
  const Share own = share(run, plane, 1);
  for (int64_t p = own.from; p < own.to; p++)
    for (int64_t i = 0; i < channels; i++) {
      const vf add = splat(w[i * plane + p]);
      const int64_t at = p * pixel_step(channels, run) + i * run->ld;
      for (int c = 0; c < run->columns; c += VL) *(vf *)(y + at + c) = *(const vf *)(x + at + c) + add;
    }
}

static void positional_embedding_weight_grad(const float *dy, float *g, int channels, int64_t plane,
                                             const Run *run) {
  const Share own = share(run, channels, 1);
  for (int64_t i = own.from; i < own.to; i++)
    for (int64_t p = 0; p < plane; p++) {
      vf sum = splat(0.0f);
      for (int c = 0; c < run->columns; c += VL)
        sum += *(const vf *)(dy + p * pixel_step(channels, run) + i * run->ld + c);
      g[i * plane + p] = lanes_sum(sum) + (run->add ? g[i * plane + p] : 0.0f);
    }
}
