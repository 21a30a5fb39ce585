/* Weight gradient of a convolution: for each tap the dot products of dy's and x's rows, over the pixels that
 * the tap joins and all columns. The taps of a row of the window share dy: a tile is a few rows of dy x up to
 * three taps x a few channels of x, one vector accumulator each, summed over the plane and then reduced
 * together. A tap beyond the left or right edge reads zeros there; rows beyond an edge are left out. */
#pragma once
#include "conv.h"
#include "weight_grad.h"

/* Taps of a row that are summed together, the rest of a wider window come after. */
#define JOINED_TAPS 3
/* Vectors that an accumulator may sum before it is reduced: larger planes are summed in bands of rows, so
 * that long sums stay exact. */
#define BAND_VECTORS 4096
/* Pixels ahead that are asked for: they lie too far apart for the processor to foresee. Those with AVX-512
 * have so many loads under way at once that asking costs more than it saves (a tenth of a cnn's weight
 * gradients on a Zen 5). */
#define AHEAD 6
#if VL == 16
#define ASKS_AHEAD 0
#else
#define ASKS_AHEAD 1
#endif

typedef struct {
  const float *x, *dy, *zeros;
  float *g;
  const ConvShape *shape;
  int64_t x_step, dy_step; /* floats of a pixel */
} ConvGrad;

/* What a tile joins: rows from .. to - 1 of the output, the first with row `input` of the input, and taps of
 * the window from column `tap` on, which all lie inside at columns left .. right - 1 of the output. */
typedef struct {
  Joined rows;
  int tap, left, right;
} Band;

/* Adds what one pixel gives; x[t] is the pixel that tap t reads. */
#define ADD_PIXEL(R, T, I)                                                                 \
  for (int b = 0; ASKS_AHEAD && b < columns; b += 16) {                                    \
    UNROLL for (int r = 0; r < R; r++) __builtin_prefetch(d + d_ahead + r * ld + b);       \
    UNROLL for (int i = 0; i < I; i++) __builtin_prefetch(x[T - 1] + x_ahead + at[i] + b); \
  }                                                                                        \
  for (int b = 0; b < columns; b += VL) {                                                  \
    vf dv[R];                                                                              \
    UNROLL for (int r = 0; r < R; r++) dv[r] = *(const vf *)(d + r * ld + b);              \
    UNROLL for (int t = 0; t < T; t++) UNROLL for (int i = 0; i < I; i++) {                \
      vf e = *(const vf *)(x[t] + at[i] + b);                                              \
      KEEP(e);                                                                             \
      UNROLL for (int r = 0; r < R; r++) ADD_NUMBER(sums[(t * I + i) * R + r], dv[r], e);  \
    }                                                                                      \
  }

/* Sums of R rows of dy x T taps x I channels (`at`: floats from a pixel's start) into out[(t * I + i) * R +
 * r]. */
#define TAPS_TILE_OF(NAME, R, T, I, COLUMNS)                                                            \
  static void NAME(const ConvGrad *g, const Band *band, const float *dy, const int64_t *at, float *out, \
                   const Run *run) {                                                                    \
    const ConvShape *s = g->shape;                                                                      \
    const int64_t ld = run->ld, x_step = g->x_step, dy_step = g->dy_step, x_next = s->stride * x_step,  \
                  d_ahead = AHEAD * dy_step, x_ahead = AHEAD * x_next;                                  \
    const int columns = COLUMNS;                                                                        \
    const int left = band->left, right = band->right;                                                   \
    vf sums[T * I * R];                                                                                 \
    UNROLL for (int i = 0; i < T * I * R; i++) sums[i] = splat(0.0f);                                   \
    for (int row = band->rows.from; row < band->rows.to; row++) {                                       \
      const int64_t in_row = band->rows.input + (int64_t)(row - band->rows.from) * s->stride;           \
      const float *d = dy + (int64_t)row * s->out_width * dy_step;                                      \
      const float *in = g->x + (in_row * s->in_width + band->tap - s->padding) * x_step;                \
      int column = band->tap - s->padding;                                                              \
      for (int c = 0; c < s->out_width;) {                                                              \
        const int inside = c >= left && c < right,                                                      \
                  end = inside && right < s->out_width ? right : s->out_width;                          \
        if (inside) {                                                                                   \
          column += (end - c) * s->stride;                                                              \
          for (; c < end; c++, d += dy_step, in += x_next) {                                            \
            const float *x[T];                                                                          \
            UNROLL for (int t = 0; t < T; t++) x[t] = in + t * x_step;                                  \
            ADD_PIXEL(R, T, I)                                                                          \
          }                                                                                             \
        } else {                                                                                        \
          const float *x[T];                                                                            \
          UNROLL for (int t = 0; t < T; t++) x[t] =                                                     \
              (unsigned)(column + t) < (unsigned)s->in_width ? in + t * x_step : g->zeros;              \
          ADD_PIXEL(R, T, I)                                                                            \
          c++, d += dy_step, in += x_next, column += s->stride;                                         \
        }                                                                                               \
      }                                                                                                 \
    }                                                                                                   \
    UNROLL for (int first = 0; first < T * I * R; first += 16) {                                        \
      vf tree[4][4];                                                                                    \
      for (int i = 0; i < 16; i++)                                                                      \
        tree[i & 3][i >> 2] = first + i < T * I * R ? sums[first + i] : splat(0.0f);                    \
      reduce16(tree, out + first);                                                                      \
    }                                                                                                   \
  }

/* Batches of 32 are so common that their loops over columns are unrolled. */
#if VL >= 8
#define TAPS_TILE(R, T, I)                            \
  TAPS_TILE_OF(taps_##R##_##T, R, T, I, run->columns) \
  TAPS_TILE_OF(taps_##R##_##T##_32, R, T, I, 32)
#define TAPS_ENTRY(R, T) \
  { taps_##R##_##T, taps_##R##_##T##_32 }
#else
#define TAPS_TILE(R, T, I) TAPS_TILE_OF(taps_##R##_##T, R, T, I, run->columns)
#define TAPS_ENTRY(R, T) \
  { taps_##R##_##T, taps_##R##_##T }
#endif

/* The most rows of a tile, how many most have, and their channels by rows and taps: with its accumulators the
 * registers are full. */
#if VL == 16 || defined(__aarch64__)
#define TILE_ROWS 4
#define EVEN_ROWS 4
#define TILE_CHANNELS                            \
  {                                              \
    {8, 8, 6}, {8, 6, 4}, {6, 4, 3}, { 6, 3, 2 } \
  }
TAPS_TILE(1, 1, 8)
TAPS_TILE(1, 2, 8)
TAPS_TILE(1, 3, 6)
TAPS_TILE(2, 1, 8)
TAPS_TILE(2, 2, 6)
TAPS_TILE(2, 3, 4)
TAPS_TILE(3, 1, 6)
TAPS_TILE(3, 2, 4)
TAPS_TILE(3, 3, 3)
TAPS_TILE(4, 1, 6)
TAPS_TILE(4, 2, 3)
TAPS_TILE(4, 3, 2)
#elif VL == 8
#define TILE_ROWS 3
#define EVEN_ROWS 2
#define TILE_CHANNELS                 \
  {                                   \
    {8, 6, 4}, {6, 3, 2}, { 4, 2, 1 } \
  }
TAPS_TILE(1, 1, 8)
TAPS_TILE(1, 2, 6)
TAPS_TILE(1, 3, 4)
TAPS_TILE(2, 1, 6)
TAPS_TILE(2, 2, 3)
TAPS_TILE(2, 3, 2)
TAPS_TILE(3, 1, 4)
TAPS_TILE(3, 2, 2)
TAPS_TILE(3, 3, 1)
#else
#define TILE_ROWS 3
#define EVEN_ROWS 2
#define TILE_CHANNELS                 \
  {                                   \
    {8, 4, 3}, {4, 2, 1}, { 3, 1, 1 } \
  }
TAPS_TILE(1, 1, 8)
TAPS_TILE(1, 2, 4)
TAPS_TILE(1, 3, 3)
TAPS_TILE(2, 1, 4)
TAPS_TILE(2, 2, 2)
TAPS_TILE(2, 3, 1)
TAPS_TILE(3, 1, 3)
TAPS_TILE(3, 2, 1)
TAPS_TILE(3, 3, 1)
#endif
#define MOST_CHANNELS 8
/* The most sums of a tile, in whole reductions. */
#define MOST_SUMS 32

typedef void (*TapsFn)(const ConvGrad *, const Band *, const float *, const int64_t *, float *, const Run *);
static const TapsFn taps_tiles[TILE_ROWS][JOINED_TAPS][2] = {
    {TAPS_ENTRY(1, 1), TAPS_ENTRY(1, 2), TAPS_ENTRY(1, 3)},
    {TAPS_ENTRY(2, 1), TAPS_ENTRY(2, 2), TAPS_ENTRY(2, 3)},
    {TAPS_ENTRY(3, 1), TAPS_ENTRY(3, 2), TAPS_ENTRY(3, 3)},
#if TILE_ROWS == 4
    {TAPS_ENTRY(4, 1), TAPS_ENTRY(4, 2), TAPS_ENTRY(4, 3)},
#endif
};
static const int tile_channels[TILE_ROWS][JOINED_TAPS] = TILE_CHANNELS;

/* Rows of a group that are taken `tile` at a time, with `taps` taps from column `tap` of the window on. */
typedef struct {
  int first, rows, tile, tap, taps;
} Sweep;

/* Adds one tile: channels k .. k + n - 1 of a group, row `kr` of the window. */
static void add_tile(const ConvGrad *grad, const ConvGroup *group, const Sweep *sweep, const Band *band,
                     int kr, int k, const Run *run) {
  const int32_t *channels = (const int32_t *)group + CONV_GROUP_WORDS;
  const int R = sweep->tile, most = tile_channels[R - 1][sweep->taps - 1],
            n = group->depth - k < most ? group->depth - k : most;
  const int64_t per_tap = (int64_t)group->depth * group->rows;
  int64_t at[MOST_CHANNELS];
  for (int i = 0; i < most; i++) at[i] = (int64_t)channels[k + (i < n ? i : 0)] * run->ld;
  float sums[MOST_SUMS] __attribute__((aligned(64)));
  taps_tiles[R - 1][sweep->taps - 1][run->columns == 32](
      grad, band, grad->dy + (int64_t)(group->row + sweep->first) * run->ld, at, sums, run);
  float *g = grad->g + group->w + (kr * grad->shape->kernel + band->tap) * per_tap + sweep->first;
  for (int t = 0; t < sweep->taps; t++)
    for (int i = 0; i < n; i++) {
      float *to = g + t * per_tap + (int64_t)(k + i) * group->rows;
      const float *from = sums + (t * most + i) * R;
      if (R == 4)
        *(v4 *)to += *(const v4 *)from;
      else
        for (int r = 0; r < R; r++) to[r] += from[r];
    }
}

/* A sweep over the rows of the output that `bands` lists for each row of the window: all that reads the same
 * channels of x comes together. */
static void add_sweep(const ConvGrad *grad, const ConvGroup *group, Sweep sweep, const Joined *bands,
                      const Run *run) {
  const ConvShape *s = grad->shape;
  const int most = tile_channels[sweep.tile - 1][sweep.taps - 1], end = sweep.first + sweep.rows,
            left = ceil_div(s->padding - sweep.tap, s->stride),
            right = ceil_div(s->in_width + s->padding - sweep.tap - sweep.taps + 1, s->stride);
  for (int k = 0; k < group->depth; k += most)
    for (Sweep tile = sweep; tile.first < end; tile.first += tile.tile)
      for (int kr = 0; kr < s->kernel; kr++) {
        const Band band = {bands[kr], sweep.tap, left, right};
        if (band.rows.to > band.rows.from) add_tile(grad, group, &tile, &band, kr, k, run);
      }
}

/* Adds what the rows of `bands` give to a group. */
static void add_band(const ConvGrad *grad, const ConvGroup *group, const Joined *bands, const Run *run) {
  const int kernel = grad->shape->kernel;
  /* A rest is taken with the tile before it where that has room. */
  const int whole = group->rows < EVEN_ROWS ? 0 : group->rows - group->rows % EVEN_ROWS,
            rest = group->rows - whole, joined = whole > 0 && rest > 0 && EVEN_ROWS + rest <= TILE_ROWS;
  for (int tap = 0; tap < kernel; tap += JOINED_TAPS) {
    const int taps = kernel - tap < JOINED_TAPS ? kernel - tap : JOINED_TAPS,
              even = joined ? whole - EVEN_ROWS : whole, odd = group->rows - even;
    if (even > 0) add_sweep(grad, group, (Sweep){0, even, EVEN_ROWS, tap, taps}, bands, run);
    if (odd > 0) add_sweep(grad, group, (Sweep){even, odd, odd, tap, taps}, bands, run);
  }
}

/* All groups of a forward table; the gradient is stored in (with run->add: added to) g. `zeros` is a pixel of
 * x, all 0. Threads take groups. */
static void conv_weight_grad(const float *x, const float *dy, float *g, const float *zeros,
                             const int32_t *table, int groups, const ConvShape *s, const Run *run) {
  const Share own = share(run, s->out_channels, 1);
  const ConvGrad grad = {
      x, dy, zeros, g, s, pixel_step(s->in_channels, run), pixel_step(s->out_channels, run)};
  const int band = BAND_VECTORS * VL / (s->out_width * run->columns), high = band > 1 ? band : 1;
  for (int from = 0; from < s->out_height; from += high) {
    const int to = from + high < s->out_height ? from + high : s->out_height;
    const int32_t *t = table;
    Joined bands[MAX_TAPS];
    for (int kr = 0; kr < s->kernel; kr++) bands[kr] = join_axis(s, kr, s->in_height, from, to);
    for (int i = 0; i < groups; i++, t = next_conv_group(t)) {
      const ConvGroup *group = (const ConvGroup *)t;
      if (group->row < own.from || group->row >= own.to) continue;
      const int64_t n = (int64_t)group->depth * group->rows * s->kernel * s->kernel;
      if (from == 0 && !run->add)
        for (int64_t j = 0; j < n; j++) g[group->w + j] = 0.0f;
      add_band(&grad, group, bands, run);
    }
  }
}

/* Sums over pixels and columns, the gradient of a bias; of pixels in double, so that long sums stay exact. */
static void plane_sums(const float *x, float *out, int channels, int64_t plane, const Run *run) {
  const Share own = share(run, channels, 1);
  for (int64_t i = own.from; i < own.to; i++) {
    double total = 0.0;
    for (int64_t p = 0; p < plane; p++) {
      const float *row = x + p * pixel_step(channels, run) + i * run->ld;
      vf sum = splat(0.0f);
      for (int c = 0; c < run->columns; c += VL) sum += *(const vf *)(row + c);
      total += lanes_sum(sum);
    }
    out[i] = (float)total + (run->add ? out[i] : 0.0f);
  }
}
