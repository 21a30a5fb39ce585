/* The block-sparse product of a linear layer, Y_i = sum_j W_ij X_j, forward and transposed. One micro-kernel
 * serves both.
 *
 * Activations are [row][column], `ld` floats a row, ld a multiple of 16. A table (see cpu/layout.ts) lists
 * groups of output rows; a group lists segments of consecutive input rows. The weights of a forward group of
 * R rows are stored k-major, w[k * R + r], and the transposed product reads the very same storage as w[r * R
 * + k], so there is one copy of every weight. Accumulators stay in registers across all segments of a group.
 */
#pragma once
#include "context.h"

typedef struct {
  int32_t x;      /* first input row */
  int32_t count;  /* input rows */
  int32_t w;      /* weights' offset in floats */
  int32_t stride; /* R of the group that owns the weights */
} Segment;

typedef struct {
  int32_t row;        /* first output row */
  int32_t rows;       /* output rows */
  int32_t accumulate; /* 0: start from the bias or 0; 1: add to what is there */
  int32_t segments;
} Group;

#define GROUP_WORDS 4
#define SEGMENT_WORDS 4

/* rows x (NV vectors) of outputs; `RS` and `KS` are the weights' strides over rows and inputs. */
#define PRODUCT_BODY(ROWS, NV, RS, KS)                                                         \
  vf acc[ROWS][NV];                                                                            \
  UNROLL for (int r = 0; r < ROWS; r++) UNROLL for (int v = 0; v < NV; v++) acc[r][v] =        \
      accumulate ? *(const vf *)(y + (int64_t)r * ld + v * VL) : splat(bias ? bias[r] : 0.0f); \
  for (int s = 0; s < segments; s++) {                                                         \
    const int64_t stride = segment[s].stride;                                                  \
    const float *w = weights + segment[s].w + first * (RS);                                    \
    const float *in = x + (int64_t)segment[s].x * ld;                                          \
    for (int k = segment[s].count; k > 0; k--) {                                               \
      vf xv[NV];                                                                               \
      UNROLL for (int v = 0; v < NV; v++) xv[v] = *(const vf *)(in + v * VL);                  \
      UNROLL for (int r = 0; r < ROWS; r++) {                                                  \
        const vf b = splat(w[r * (RS)]);                                                       \
        UNROLL for (int v = 0; v < NV; v++) acc[r][v] += b * xv[v];                            \
      }                                                                                        \
      w += (KS);                                                                               \
      in += ld;                                                                                \
    }                                                                                          \
  }                                                                                            \
  UNROLL for (int r = 0; r < ROWS; r++) UNROLL for (int v = 0; v < NV; v++) *                  \
      (vf *)(y + (int64_t)r * ld + v * VL) = acc[r][v];

#define PRODUCT_TILE(NAME, ROWS, NV, RS, KS)                                                          \
  static void NAME(float *y, const float *x, const float *weights, const float *bias,                 \
                   const Segment *segment, int segments, int64_t first, int accumulate, int64_t ld) { \
    PRODUCT_BODY(ROWS, NV, RS, KS)                                                                    \
  }

typedef void (*TileFn)(float *, const float *, const float *, const float *, const Segment *, int, int64_t,
                       int, int64_t);

#define TILES(ROWS)                                       \
  PRODUCT_TILE(forward_##ROWS##_n, ROWS, NR, 1, stride)   \
  PRODUCT_TILE(forward_##ROWS##_1, ROWS, 1, 1, stride)    \
  PRODUCT_TILE(transpose_##ROWS##_n, ROWS, NR, stride, 1) \
  PRODUCT_TILE(transpose_##ROWS##_1, ROWS, 1, stride, 1)

TILES(1)
TILES(2)
TILES(3)
TILES(4)
#if MR >= 6
TILES(5)
TILES(6)
#endif
#if MR >= 8
TILES(7)
TILES(8)
#endif
#if MR >= 12
TILES(9)
TILES(10)
TILES(11)
TILES(12)
#endif

#define ENTRY(ROWS)                                                                          \
  {                                                                                          \
    {forward_##ROWS##_1, forward_##ROWS##_n}, { transpose_##ROWS##_1, transpose_##ROWS##_n } \
  }
static const TileFn tiles[MR][2][2] = {
    ENTRY(1), ENTRY(2),  ENTRY(3),  ENTRY(4),
#if MR >= 6
    ENTRY(5), ENTRY(6),
#endif
#if MR >= 8
    ENTRY(7), ENTRY(8),
#endif
#if MR >= 12
    ENTRY(9), ENTRY(10), ENTRY(11), ENTRY(12),
#endif
};

static inline const int32_t *next_group(const int32_t *table) {
  return table + GROUP_WORDS + SEGMENT_WORDS * (int64_t)((const Group *)table)->segments;
}

/* All groups of a table: `groups` Group records, each followed by its Segments. `accumulate`: all add to what
 * is there. Threads take groups by their first row, so that one thread makes all passes of a group. */
static void product(float *y, const float *x, const float *weights, const float *bias, const int32_t *table,
                    int groups, int transposed, int accumulate, int rows_in_all, const Run *run) {
  const int columns = run->columns;
  const int64_t ld = run->ld;
  const Share own = share(run, rows_in_all, 1);
  for (int g = 0; g < groups; g++, table = next_group(table)) {
    const Group *group = (const Group *)table;
    const Segment *segment = (const Segment *)(table + GROUP_WORDS);
    if (group->row < own.from || group->row >= own.to) continue;
    const int parts = (group->rows + MR - 1) / MR;
    for (int c = 0; c < columns;) {
      const int wide = c + NR * VL <= columns;
      int first = 0;
      for (int p = 0; p < parts; p++) {
        const int rows = (group->rows - first + (parts - p) - 1) / (parts - p);
        tiles[rows - 1][transposed][wide](y + (int64_t)(group->row + first) * ld + c, x + c, weights,
                                          bias ? bias + group->row + first : 0, segment, group->segments,
                                          first, group->accumulate | accumulate, ld);
        first += rows;
      }
      c += wide ? NR * VL : VL;
    }
  }
}
