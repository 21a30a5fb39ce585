/* A convolution over planes [pixel][channel][column], block-sparse over channels: no zero block is read, no
 * window is copied. Its input gradient is the same kernel over weights that were turned once (a convolution
 * uses each weight at every pixel).
 *
 * A table (see cpu/conv-layout.ts) lists groups of output channels with the input channels that they read.
 * The weights of a group of R channels that read D are w[tap * D * R + k * R + r]. A tile is `rows` output
 * channels x P pixels x all columns of two vectors; its accumulators stay in registers across all taps and
 * inputs. Where nodes are small, and with them the rows of a tile, it takes more pixels. */
#pragma once
#include "windows.h"

typedef struct {
  int32_t row;   /* first output channel */
  int32_t rows;  /* output channels */
  int32_t depth; /* input channels, listed after the group */
  int32_t w;     /* weights' offset in floats */
} ConvGroup;

#define CONV_GROUP_WORDS 4
static inline const int32_t *next_conv_group(const int32_t *table) {
  return table + CONV_GROUP_WORDS + ((const ConvGroup *)table)->depth;
}

/* Pixels that are made together. */
#define PIXELS 4

/* The taps that any pixel of a block has. A pixel that does not have one reads zeros there. */
typedef struct {
  int count;
  int32_t tap[MAX_TAPS];
  int64_t x[MAX_TAPS][PIXELS];
} BlockTaps;

typedef struct {
  const float *x, *weights, *bias; /* of the group's first row of this tile; bias may be 0 */
  const int32_t *inputs;           /* input channels of the group */
  int depth, rows;                 /* of the group */
  int accumulate;
  int64_t ld, zeros; /* where zeros lie, in floats from x */
} ConvTile;

#define CONV_TILE_NAMED(ROWS, P, NV)                                                                         \
  static void conv_##ROWS##_##P##_##NV(float *const *y, const BlockTaps *taps, int pixel,                    \
                                       const ConvTile *tile) {                                               \
    vf acc[ROWS][P][NV];                                                                                     \
    const int64_t ld = tile->ld;                                                                             \
    UNROLL for (int r = 0; r < ROWS; r++) UNROLL for (int p = 0; p < P; p++) UNROLL for (int v = 0; v < NV;  \
                                                                                         v++) acc[r][p][v] = \
        tile->accumulate ? *(const vf *)(y[p] + r * ld + v * VL) : splat(tile->bias ? tile->bias[r] : 0.0f); \
    for (int t = 0; t < taps->count; t++) {                                                                  \
      const float *in[P];                                                                                    \
      int some = 0;                                                                                          \
      UNROLL for (int p = 0; p < P; p++) {                                                                   \
        some |= taps->x[t][pixel + p] != tile->zeros;                                                        \
        in[p] = tile->x + taps->x[t][pixel + p];                                                             \
      }                                                                                                      \
      if (!some) continue;                                                                                   \
      const float *w = tile->weights + (int64_t)taps->tap[t] * tile->depth * tile->rows;                     \
      for (int k = 0; k < tile->depth; k++) {                                                                \
        const int64_t at = tile->inputs[k] * ld;                                                             \
        if (ROWS < P * NV) { /* whichever are fewer stay in registers: weights or inputs */                  \
          vf b[ROWS];                                                                                        \
          UNROLL for (int r = 0; r < ROWS; r++) b[r] = splat(w[r]);                                          \
          UNROLL for (int p = 0; p < P; p++) UNROLL for (int v = 0; v < NV; v++) {                           \
            vf xv = *(const vf *)(in[p] + at + v * VL);                                                      \
            KEEP(xv);                                                                                        \
            UNROLL for (int r = 0; r < ROWS; r++) ADD_NUMBER(acc[r][p][v], b[r], xv);                        \
          }                                                                                                  \
        } else {                                                                                             \
          vf xv[P][NV];                                                                                      \
          UNROLL for (int p = 0; p < P; p++) UNROLL for (int v = 0; v < NV; v++) xv[p][v] =                  \
              *(const vf *)(in[p] + at + v * VL);                                                            \
          UNROLL for (int r = 0; r < ROWS; r++) {                                                            \
            const vf b = splat(w[r]);                                                                        \
            UNROLL for (int p = 0; p < P; p++) UNROLL for (int v = 0; v < NV; v++)                           \
                ADD_NUMBER(acc[r][p][v], b, xv[p][v]);                                                       \
          }                                                                                                  \
        }                                                                                                    \
        w += tile->rows;                                                                                     \
      }                                                                                                      \
    }                                                                                                        \
    UNROLL for (int r = 0; r < ROWS; r++) UNROLL for (int p = 0; p < P; p++)                                 \
            UNROLL for (int v = 0; v < NV; v++) *                                                            \
        (vf *)(y[p] + r * ld + v * VL) = acc[r][p][v];                                                       \
  }

typedef void (*ConvFn)(float *const *, const BlockTaps *, int, const ConvTile *);

/* Expands NR before it becomes part of a name. */
#define CONV_TILE(ROWS, P, NV) CONV_TILE_NAMED(ROWS, P, NV)
#define CONV_TILES(ROWS, P) \
  CONV_TILE(ROWS, P, NR)    \
  CONV_TILE(ROWS, P, 1)

/* Rows x pixels of a tile never exceed MR: that is what the registers hold. */
CONV_TILES(1, 1)
CONV_TILES(1, 4)
CONV_TILES(2, 1)
CONV_TILES(2, 2)
CONV_TILES(3, 1)
CONV_TILES(4, 1)
#if MR >= 6
CONV_TILES(3, 2)
CONV_TILES(5, 1)
CONV_TILES(6, 1)
#endif
#if MR >= 8
CONV_TILES(2, 4)
CONV_TILES(4, 2)
CONV_TILES(7, 1)
CONV_TILES(8, 1)
#endif
#if MR >= 12
CONV_TILES(3, 4)
CONV_TILES(5, 2)
CONV_TILES(6, 2)
CONV_TILES(9, 1)
CONV_TILES(10, 1)
CONV_TILES(11, 1)
CONV_TILES(12, 1)
#endif

typedef struct {
  int pixels;
  ConvFn run[2]; /* one vector, NR vectors */
} ConvKernel;

#define KERNEL(ROWS, P)                                                    \
  {                                                                        \
    P, { PASTE(conv_##ROWS##_##P##_, 1), PASTE(conv_##ROWS##_##P##_, NR) } \
  }
static const ConvKernel conv_kernels[MR] = {
    KERNEL(1, 4),
#if MR >= 12
    KERNEL(2, 4), KERNEL(3, 4), KERNEL(4, 2),  KERNEL(5, 2),  KERNEL(6, 2),  KERNEL(7, 1),
    KERNEL(8, 1), KERNEL(9, 1), KERNEL(10, 1), KERNEL(11, 1), KERNEL(12, 1),
#elif MR >= 8
    KERNEL(2, 4), KERNEL(3, 2), KERNEL(4, 2), KERNEL(5, 1), KERNEL(6, 1), KERNEL(7, 1), KERNEL(8, 1),
#elif MR >= 6
    KERNEL(2, 2), KERNEL(3, 2), KERNEL(4, 1), KERNEL(5, 1), KERNEL(6, 1),
#else
    KERNEL(2, 2),
    KERNEL(3, 1),
    KERNEL(4, 1),
#endif
};
/* What is left of a block where a tile takes four pixels. */
static const ConvFn conv_single[MR][2] = {
    {conv_1_1_1, PASTE(conv_1_1_, NR)},   {conv_2_1_1, PASTE(conv_2_1_, NR)},
    {conv_3_1_1, PASTE(conv_3_1_, NR)},   {conv_4_1_1, PASTE(conv_4_1_, NR)},
#if MR >= 6
    {conv_5_1_1, PASTE(conv_5_1_, NR)},   {conv_6_1_1, PASTE(conv_6_1_, NR)},
#endif
#if MR >= 8
    {conv_7_1_1, PASTE(conv_7_1_, NR)},   {conv_8_1_1, PASTE(conv_8_1_, NR)},
#endif
#if MR >= 12
    {conv_9_1_1, PASTE(conv_9_1_, NR)},   {conv_10_1_1, PASTE(conv_10_1_, NR)},
    {conv_11_1_1, PASTE(conv_11_1_, NR)}, {conv_12_1_1, PASTE(conv_12_1_, NR)},
#endif
};

typedef struct {
  const float *weights, *bias; /* bias may be 0 */
  const int32_t *table;
  int groups;
  int accumulate; /* all groups add to what is there */
  int64_t zeros;  /* a pixel of zeros, in floats from x */
  int step;       /* columns this far apart have the same taps, where they have them: see find_block */
  Windows windows;
  int in_channels, out_channels;
} Conv;

/* The taps of `pixels` output pixels of row r: columns c, c + step, ... */
static void find_block(BlockTaps *taps, const Conv *conv, int r, int c, int pixels, int64_t in_step) {
  const Windows *windows = &conv->windows;
  const int kernel = windows->kernel;
  const int32_t *row = axis_record(windows->rows, kernel, r);
  int n = 0;
  for (int i = 0; i < row[0]; i++)
    for (int kc = 0; kc < kernel; kc++) {
      int some = 0;
      for (int p = 0; p < pixels; p++) {
        const int32_t *column = axis_record(windows->columns, kernel, c + p * conv->step);
        taps->x[n][p] = conv->zeros;
        for (int j = 0; j < column[0]; j++)
          if (column[2 + 2 * j] == kc) {
            taps->x[n][p] = ((int64_t)row[1 + 2 * i] * windows->in_width + column[1 + 2 * j]) * in_step;
            some = 1;
          }
      }
      taps->tap[n] = row[2 + 2 * i] * kernel + kc;
      n += some;
    }
  taps->count = n;
}

/* One group at a block of pixels and one tile of columns; y[p] is the first channel of pixel p. */
static void conv_group(float *const y[PIXELS], const float *x, const BlockTaps *taps, int pixels, int wide,
                       const Conv *conv, const ConvGroup *group, const Run *run) {
  const int parts = (group->rows + MR - 1) / MR;
  const int32_t *inputs = (const int32_t *)group + CONV_GROUP_WORDS;
  int first = 0;
  for (int part = 0; part < parts; part++) {
    const int left = group->rows - first, even = (left + (parts - part) - 1) / (parts - part);
    /* With 16 registers (MR 6) a tile of 4 rows has too few sums to hide the latency of an addition: 8 rows
     * are 5 and 3. */
    const int rows = MR == 6 && even == 4 && left > MR ? 5 : even, row = group->row + first;
    const ConvKernel *kernel = &conv_kernels[rows - 1];
    const ConvTile tile = {x,
                           conv->weights + group->w + first,
                           conv->bias ? conv->bias + row : 0,
                           inputs,
                           group->depth,
                           group->rows,
                           conv->accumulate,
                           run->ld,
                           conv->zeros};
    for (int p = 0; p < pixels;) {
      const int many = p + kernel->pixels <= pixels;
      float *out[PIXELS];
      for (int i = 0; i < PIXELS; i++) out[i] = y[p + i < pixels ? p + i : p] + row * run->ld;
      (many ? kernel->run[wide] : conv_single[rows - 1][wide])(out, taps, p, &tile);
      p += many ? kernel->pixels : 1;
    }
    first += rows;
  }
}

/* Every output pixel. Threads take rows of pixels. */
static void conv_product(float *y, const float *x, const Conv *conv, const Run *run) {
  const int64_t in_step = pixel_step(conv->in_channels, run), out_step = pixel_step(conv->out_channels, run);
  const int width = conv->windows.out_width;
  /* Blocks of every row and every phase of the step, in one numbering, so that threads share them evenly. */
  int per_row = 0;
  for (int phase = 0; phase < conv->step && phase < width; phase++)
    per_row += ((width - phase + conv->step - 1) / conv->step + PIXELS - 1) / PIXELS;
  const Share own = share(run, (int64_t)conv->windows.out_height * per_row, 1);
  BlockTaps taps;
  for (int64_t block = own.from; block < own.to; block++) {
    const int r = (int)(block / per_row);
    int phase = 0, nth = (int)(block % per_row), blocks;
    while (nth >= (blocks = ((width - phase + conv->step - 1) / conv->step + PIXELS - 1) / PIXELS))
      nth -= blocks, phase++;
    const int c = phase + nth * PIXELS * conv->step, left = (width - c + conv->step - 1) / conv->step;
    const int pixels = left < PIXELS ? left : PIXELS;
    find_block(&taps, conv, r, c, pixels, in_step);
    /* All groups of a tile of columns, so that the inputs under the block's windows stay in the second cache.
     */
    for (int col = 0; col < run->columns;) {
      const int wide = col + NR * VL <= run->columns;
      const int32_t *table = conv->table;
      float *out[PIXELS];
      for (int p = 0; p < pixels; p++)
        out[p] = y + ((int64_t)r * width + c + p * conv->step) * out_step + col;
      for (int g = 0; g < conv->groups; g++, table = next_conv_group(table))
        conv_group(out, x + col, &taps, pixels, wide, conv, (const ConvGroup *)table, run);
      col += wide ? NR * VL : VL;
    }
  }
}

/* to[i] = from[order[i]]: the weights as the input gradient reads them. */
static void transpose_weights(const float *from, float *to, const int32_t *order, int64_t n, const Run *run) {
  const Share own = share(run, n, 16);
  for (int64_t i = own.from; i < own.to; i++) to[i] = from[order[i]];
}
