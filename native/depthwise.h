/* A convolution of every channel by itself. Memory sets its pace: channels are taken in blocks whose rows of
 * pixels stay in cache for all taps. */
#pragma once
#include "conv_grad.h"

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
    for (int v = 0; v < vectors; v++) ADD_NUMBER(sum[v], b, *(const vf *)(in + v * VL));
  }
  for (int v = 0; v < vectors; v++) *(vf *)(y + v * VL) = sum[v];
}

/* Pixel (r, c) of y (or dx, with the transposed windows), of the channels from .. to - 1; weights are
 * [channel][tap]. */
static void depthwise_pixel(float *y, const float *x, const float *weights, const Windows *windows,
                            int channels, int64_t from, int64_t to, int r, int c, int accumulate,
                            const Run *run) {
  const int64_t step = pixel_step(channels, run), ld = run->ld;
  const int area = windows->kernel * windows->kernel;
  Taps taps;
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

/* Output pixels of a tile of a 3x3 window, SQUARE x SQUARE: each input is loaded once for all of them. */
#if VL == 16 || defined(__aarch64__)
#define SQUARE 4
#else
#define SQUARE 2
#endif
/* Channels of such a block: three rows of their pixels stay in L2. */
#define SQUARE_CHANNELS 64

/* A 3x3 window at stride 1 with one pixel of padding: the weights by the place of what they meet, from the
 * pixel up and left on, whichever way the window is read. */
typedef struct {
  int tap[9];
  int height, width;
} Square;

/* Whether a window is one. A plane as wide as what it is made from, and wider than one pixel, says so. */
static int square_of(const Windows *windows, Square *square) {
  if (windows->kernel != 3 || windows->out_width != windows->in_width || windows->out_width < 2) return 0;
  /* The second pixel meets the first with tap 0, or, transposed, with tap 2. */
  const int32_t *second = axis_record(windows->columns, 3, 1);
  int first_tap = -1;
  for (int i = 0; i < second[0]; i++)
    if (second[1 + 2 * i] == 0) first_tap = second[2 + 2 * i];
  if (first_tap != 0 && first_tap != 2) return 0;
  for (int i = 0; i < 9; i++) square->tap[i] = first_tap == 0 ? i : 8 - i;
  square->height = windows->out_height, square->width = windows->out_width;
  return 1;
}

/* One vector of one channel at a tile's pixels; where a side of the tile is an edge there is nothing beyond.
 */
static inline __attribute__((always_inline)) void square_tile(float *y, const float *x, const float *w,
                                                              const Square *s, int64_t step, int edges[4],
                                                              int accumulate) {
  vf acc[SQUARE][SQUARE], k[9];
  const int64_t row = s->width * step;
  UNROLL for (int t = 0; t < 9; t++) k[t] = splat(w[s->tap[t]]);
  UNROLL for (int h = 0; h < SQUARE; h++) UNROLL for (int p = 0; p < SQUARE; p++) acc[h][p] =
      accumulate ? *(const vf *)(y + h * row + p * step) : splat(0.0f);
  UNROLL for (int r = -1; r <= SQUARE; r++) {
    if ((r == -1 && edges[0]) || (r == SQUARE && edges[1])) continue;
    UNROLL for (int q = -1; q <= SQUARE; q++) {
      if ((q == -1 && edges[2]) || (q == SQUARE && edges[3])) continue;
      vf in = *(const vf *)(x + r * row + q * step);
      KEEP(in);
      UNROLL for (int kr = 0; kr < 3; kr++) UNROLL for (int kc = 0; kc < 3; kc++) {
        const int h = r + 1 - kr, p = q + 1 - kc;
        if (h >= 0 && h < SQUARE && p >= 0 && p < SQUARE) ADD_NUMBER(acc[h][p], in, k[3 * kr + kc]);
      }
    }
  }
  UNROLL for (int h = 0; h < SQUARE; h++) UNROLL for (int p = 0; p < SQUARE; p++) *
      (vf *)(y + h * row + p * step) = acc[h][p];
}

/* The tile at pixel (r, c), of the channels from .. to - 1. */
static void square_channels(float *y, const float *x, const float *weights, const Square *s, int channels,
                            int64_t from, int64_t to, int r, int c, int accumulate, const Run *run) {
  const int64_t step = pixel_step(channels, run), at = ((int64_t)r * s->width + c) * step;
  int edges[4] = {r == 0, r + SQUARE == s->height, c == 0, c + SQUARE == s->width};
  const int inside = !(edges[0] | edges[1] | edges[2] | edges[3]);
  for (int64_t i = from; i < to; i++)
    for (int n = 0; n < run->columns; n += VL) {
      float *out = y + at + i * run->ld + n;
      const float *in = x + at + i * run->ld + n;
      if (inside)
        square_tile(out, in, weights + 9 * i, s, step, (int[4]){0, 0, 0, 0}, accumulate);
      else
        square_tile(out, in, weights + 9 * i, s, step, edges, accumulate);
    }
}

/* The rows and columns that whole tiles cover, by tiles; what is left over of a plane pixel by pixel. */
static void depthwise_square(float *y, const float *x, const float *weights, const Windows *windows,
                             const Square *s, int channels, int64_t from, int64_t to, int accumulate,
                             const Run *run) {
  const int high = s->height / SQUARE * SQUARE, wide = s->width / SQUARE * SQUARE;
  for (int r = 0; r < high; r += SQUARE)
    for (int c = 0; c < wide; c += SQUARE)
      square_channels(y, x, weights, s, channels, from, to, r, c, accumulate, run);
  for (int r = 0; r < s->height; r++)
    for (int c = r < high ? wide : 0; c < s->width; c++)
      depthwise_pixel(y, x, weights, windows, channels, from, to, r, c, accumulate, run);
}

static void depthwise(float *y, const float *x, const float *weights, const Windows *windows, int channels,
                      int accumulate, const Run *run) {
  const Share own = share(run, channels, 1);
  Square square = {{0}, 0, 0};
  const int is_square = square_of(windows, &square), block = is_square ? SQUARE_CHANNELS : BLOCK_CHANNELS;
  for (int64_t from = own.from; from < own.to; from += block) {
    const int64_t to = from + block < own.to ? from + block : own.to;
    if (is_square)
      depthwise_square(y, x, weights, windows, &square, channels, from, to, accumulate, run);
    else
      for (int r = 0; r < windows->out_height; r++)
        for (int c = 0; c < windows->out_width; c++)
          depthwise_pixel(y, x, weights, windows, channels, from, to, r, c, accumulate, run);
  }
}

/* One channel and one pair of rows: the dot products of all taps of the kernel's row, over the columns of dy
 * from `from` on. Two sums run side by side. */
static void depthwise_row(const float *x, const float *dy, int64_t step, const ConvShape *s, int from,
                          float *g, const Run *run) {
  for (int kc = 0; kc < s->kernel; kc++) {
    const Joined joined = join_axis(s, kc, s->in_width, from, s->out_width);
    vf sum[2] = {splat(0.0f), splat(0.0f)};
    for (int c = joined.from; c < joined.to; c++) {
      const float *a = x + (joined.input + (int64_t)(c - joined.from) * s->stride) * step, *b = dy + c * step;
      int n = 0;
      for (; n + 2 * VL <= run->columns; n += 2 * VL) {
        ADD_NUMBER(sum[0], *(const vf *)(a + n), *(const vf *)(b + n));
        ADD_NUMBER(sum[1], *(const vf *)(a + n + VL), *(const vf *)(b + n + VL));
      }
      for (; n < run->columns; n += VL) ADD_NUMBER(sum[0], *(const vf *)(a + n), *(const vf *)(b + n));
    }
    g[kc] += lanes_sum(sum[0] + sum[1]);
  }
}

/* Row r of dy from column `from` on, of the channels i .. to - 1. */
static void depthwise_rows(const float *x, const float *dy, float *g, const ConvShape *s, int r, int from,
                           int64_t i, int64_t to, const Run *run) {
  const int64_t step = pixel_step(s->in_channels, run);
  for (int kr = 0; kr < s->kernel; kr++) {
    const int row = r * s->stride + kr - s->padding;
    if (row < 0 || row >= s->in_height) continue;
    for (int64_t c = i; c < to; c++)
      depthwise_row(x + (int64_t)row * s->in_width * step + c * run->ld,
                    dy + (int64_t)r * s->out_width * step + c * run->ld, step, s, from,
                    g + (c * s->kernel + kr) * s->kernel, run);
  }
}

/* Adds one vector of one channel at a tile's pixels to the sums of its nine weights. */
static inline __attribute__((always_inline)) void square_sums(vf sums[9], const float *x, const float *dy,
                                                              int64_t row, int64_t step, const int edges[4]) {
  vf d[SQUARE][SQUARE];
  UNROLL for (int h = 0; h < SQUARE; h++) UNROLL for (int p = 0; p < SQUARE; p++) d[h][p] =
      *(const vf *)(dy + h * row + p * step);
  UNROLL for (int r = -1; r <= SQUARE; r++) {
    if ((r == -1 && edges[0]) || (r == SQUARE && edges[1])) continue;
    UNROLL for (int q = -1; q <= SQUARE; q++) {
      if ((q == -1 && edges[2]) || (q == SQUARE && edges[3])) continue;
      vf in = *(const vf *)(x + r * row + q * step);
      KEEP(in);
      UNROLL for (int kr = 0; kr < 3; kr++) UNROLL for (int kc = 0; kc < 3; kc++) {
        const int h = r + 1 - kr, p = q + 1 - kc;
        if (h >= 0 && h < SQUARE && p >= 0 && p < SQUARE) ADD_NUMBER(sums[3 * kr + kc], in, d[h][p]);
      }
    }
  }
}

/* The tile at pixel (r, c), of `channels` channels. */
static void square_tile_sums(vf (*sums)[9], const float *x, const float *dy, const ConvShape *s, int r, int c,
                             int64_t channels, const Run *run) {
  const int64_t step = pixel_step(s->in_channels, run), row = s->in_width * step, at = r * row + c * step;
  const int edges[4] = {r == 0, r + SQUARE == s->in_height, c == 0, c + SQUARE == s->in_width};
  const int inside = !(edges[0] | edges[1] | edges[2] | edges[3]);
  for (int64_t i = 0; i < channels; i++) {
    vf own[9];
    UNROLL for (int t = 0; t < 9; t++) own[t] = sums[i][t];
    for (int n = 0; n < run->columns; n += VL) {
      const float *in = x + at + i * run->ld + n, *d = dy + at + i * run->ld + n;
      if (inside)
        square_sums(own, in, d, row, step, (const int[4]){0, 0, 0, 0});
      else
        square_sums(own, in, d, row, step, edges);
    }
    UNROLL for (int t = 0; t < 9; t++) sums[i][t] = own[t];
  }
}

/* All whole tiles of a plane, of at most SQUARE_CHANNELS channels; x and dy are the first of them. */
static void square_weight_grad(const float *x, const float *dy, float *g, const ConvShape *s,
                               int64_t channels, const Run *run) {
  vf sums[SQUARE_CHANNELS][9];
  /* Rows that a sum may take before it is reduced: long sums stay exact. */
  const int most = BAND_VECTORS * VL / (s->out_width * run->columns);
  for (int r = 0, held = 0; r + SQUARE <= s->out_height; r += SQUARE) {
    for (int64_t i = 0; i < channels && held == 0; i++)
      for (int t = 0; t < 9; t++) sums[i][t] = splat(0.0f);
    for (int c = 0; c + SQUARE <= s->out_width; c += SQUARE)
      square_tile_sums(sums, x, dy, s, r, c, channels, run);
    held += SQUARE;
    if (held + SQUARE <= most && r + 2 * SQUARE <= s->out_height) continue;
    for (int64_t i = 0; i < channels; i++)
      for (int t = 0; t < 9; t++) g[9 * i + t] += lanes_sum(sums[i][t]);
    held = 0;
  }
}

static void depthwise_weight_grad(const float *x, const float *dy, float *g, const ConvShape *s,
                                  const Run *run) {
  const int area = s->kernel * s->kernel;
  const int is_square = s->kernel == 3 && s->stride == 1 && s->padding == 1;
  const int high = is_square ? s->out_height / SQUARE * SQUARE : 0, wide = s->out_width / SQUARE * SQUARE;
  const int block = is_square ? SQUARE_CHANNELS : BLOCK_CHANNELS;
  const Share own = share(run, s->in_channels, 1);
  if (!run->add)
    for (int64_t i = own.from * area; i < own.to * area; i++) g[i] = 0.0f;
  for (int64_t from = own.from; from < own.to; from += block) {
    const int64_t to = from + block < own.to ? from + block : own.to;
    if (is_square)
      square_weight_grad(x + from * run->ld, dy + from * run->ld, g + 9 * from, s, to - from, run);
    for (int r = 0; r < high && wide < s->out_width; r++) depthwise_rows(x, dy, g, s, r, wide, from, to, run);
    for (int r = high; r < s->out_height; r++) depthwise_rows(x, dy, g, s, r, 0, from, to, run);
  }
}
