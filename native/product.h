/* The block-sparse product of a linear layer, Y_i = sum_j W_ij X_j, forward and transposed. One micro-kernel
 * serves both.
 *
 * Activations are [row][column], `ld` floats a row, ld a multiple of 16. A table (see cpu/layout.ts) lists
 * groups of output rows; a group lists segments of consecutive input rows. The weights of a forward group of
 * R rows are stored k-major, w[k * R + r], and the transposed product reads the very same storage as w[r * R
 * + k], so there is one copy of every weight. Accumulators stay in registers across all segments of a group.
 */
#pragma once
#include "bf16.h"

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

/* rows x (NV vectors) of outputs; `RS` and `KS` are the weights' strides over rows and inputs. A step takes
 * TAKE inputs, a number or a pair of them; what is odd at a segment's end is the first half of a pair. */
#define PRODUCT_BODY(ROWS, NV, RS, KS, TAKE, SPLAT, ADD)                                       \
  vf acc[ROWS][NV];                                                                            \
  UNROLL for (int r = 0; r < ROWS; r++) UNROLL for (int v = 0; v < NV; v++) acc[r][v] =        \
      accumulate ? *(const vf *)(y + (int64_t)r * ld + v * VL) : splat(bias ? bias[r] : 0.0f); \
  for (int s = 0; s < segments; s++) {                                                         \
    const int64_t stride = segment[s].stride;                                                  \
    const float *w = weights + segment[s].w + first * (RS);                                    \
    const float *in = x + (int64_t)segment[s].x * ld;                                          \
    for (int k = segment[s].count; k > 0; k -= TAKE) {                                         \
      vf xv[NV];                                                                               \
      UNROLL for (int v = 0; v < NV; v++) xv[v] = *(const vf *)(in + v * VL);                  \
      if (TAKE > k) UNROLL for (int v = 0; v < NV; v++) xv[v] = first_half(xv[v]);             \
      UNROLL for (int r = 0; r < ROWS; r++) {                                                  \
        const vf b = SPLAT(w + r * (RS));                                                      \
        UNROLL for (int v = 0; v < NV; v++) ADD(acc[r][v], b, xv[v]);                          \
      }                                                                                        \
      w += TAKE * (KS);                                                                        \
      in += TAKE * ld;                                                                         \
    }                                                                                          \
  }                                                                                            \
  UNROLL for (int r = 0; r < ROWS; r++) UNROLL for (int v = 0; v < NV; v++) *                  \
      (vf *)(y + (int64_t)r * ld + v * VL) = acc[r][v];

#define SPLAT_NUMBER(x) splat(*(x))
#define ADD_PAIR(sum, a, b) sum = dot_pairs(sum, a, b)

#define PRODUCT_TILE(TARGET, NAME, ...)                                                                      \
  TARGET static void NAME(float *y, const float *x, const float *weights, const float *bias,                 \
                          const Segment *segment, int segments, int64_t first, int accumulate, int64_t ld) { \
    PRODUCT_BODY(__VA_ARGS__)                                                                                \
  }

typedef void (*TileFn)(float *, const float *, const float *, const float *, const Segment *, int, int64_t,
                       int, int64_t);

/* X for every number of rows that a tile may have. */
#if MR >= 12
#define EACH_ROWS(X) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12)
#elif MR >= 8
#define EACH_ROWS(X) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8)
#elif MR >= 6
#define EACH_ROWS(X) X(1) X(2) X(3) X(4) X(5) X(6)
#else
#define EACH_ROWS(X) X(1) X(2) X(3) X(4)
#endif

#define TILES(ROWS)                                                                      \
  PRODUCT_TILE(, forward_##ROWS##_n, ROWS, NR, 1, stride, 1, SPLAT_NUMBER, ADD_NUMBER)   \
  PRODUCT_TILE(, forward_##ROWS##_1, ROWS, 1, 1, stride, 1, SPLAT_NUMBER, ADD_NUMBER)    \
  PRODUCT_TILE(, transpose_##ROWS##_n, ROWS, NR, stride, 1, 1, SPLAT_NUMBER, ADD_NUMBER) \
  PRODUCT_TILE(, transpose_##ROWS##_1, ROWS, 1, stride, 1, 1, SPLAT_NUMBER, ADD_NUMBER)
EACH_ROWS(TILES)

#define ENTRY(ROWS) {{forward_##ROWS##_1, forward_##ROWS##_n}, {transpose_##ROWS##_1, transpose_##ROWS##_n}},
static const TileFn tiles[MR][2][2] = {EACH_ROWS(ENTRY)};

#ifdef PLEXUS_PAIRS
#define PAIR_TILES(ROWS)                                                                             \
  PRODUCT_TILE(PAIR_TARGET, pair_forward_##ROWS##_n, ROWS, NR, 1, stride, 2, splat_pair, ADD_PAIR)   \
  PRODUCT_TILE(PAIR_TARGET, pair_forward_##ROWS##_1, ROWS, 1, 1, stride, 2, splat_pair, ADD_PAIR)    \
  PRODUCT_TILE(PAIR_TARGET, pair_transpose_##ROWS##_n, ROWS, NR, stride, 1, 2, splat_pair, ADD_PAIR) \
  PRODUCT_TILE(PAIR_TARGET, pair_transpose_##ROWS##_1, ROWS, 1, stride, 1, 2, splat_pair, ADD_PAIR)
EACH_ROWS(PAIR_TILES)

#define PAIR_ENTRY(ROWS)                               \
  {{pair_forward_##ROWS##_1, pair_forward_##ROWS##_n}, \
   {pair_transpose_##ROWS##_1, pair_transpose_##ROWS##_n}},
static const TileFn pair_tiles[MR][2][2] = {EACH_ROWS(PAIR_ENTRY)};
#endif

static inline const int32_t *next_group(const int32_t *table) {
  return table + GROUP_WORDS + SEGMENT_WORDS * (int64_t)((const Group *)table)->segments;
}

/* All groups of a table: `groups` Group records, each followed by its Segments. `accumulate`: all add to what
 * is there. Threads take groups by their first row, so that one thread makes all passes of a group. With
 * `bf16`, x and the weights are rounded ones (bf16.h). */
static void product(float *y, const float *x, const float *weights, const float *bias, const int32_t *table,
                    int groups, int transposed, int accumulate, int rows_in_all, int bf16, const Run *run) {
  const int columns = run->columns;
  const int64_t ld = run->ld;
  const Share own = share(run, rows_in_all, 1);
#ifdef PLEXUS_PAIRS
  const TileFn(*const set)[2][2] = bf16 && run->pairs ? pair_tiles : tiles;
#else
  const TileFn(*const set)[2][2] = tiles;
  (void)bf16;
#endif
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
        set[rows - 1][transposed][wide](y + (int64_t)(group->row + first) * ld + c, x + c, weights,
                                        bias ? bias + group->row + first : 0, segment, group->segments, first,
                                        group->accumulate | accumulate, ld);
        first += rows;
      }
      c += wide ? NR * VL : VL;
    }
  }
}

#ifdef PLEXUS_PAIRS
/* n numbers with those `step` further on. */
static void pair_numbers(const float *from, float *to, int64_t n, int64_t step) {
  int64_t i = 0;
  for (; i + VL <= n; i += VL)
    *(vuu *)(to + i) = bf16_bits(*(const vfu *)(from + i)) >> 16 | bf16_bits(*(const vfu *)(from + i + step));
  for (; i < n; i++) ((word *)to)[i] = (int32_t)(bf16_number(from[i]) >> 16 | bf16_number(from[i + step]));
}

/* The weights of a table's segments with those of the inputs after them, 0 at a segment's end. A segment's
 * weights lie in one piece, whichever way they are read; of a transposed one the ends of rows are put right
 * where they are read, behind an even number of inputs. */
static void pair_weights(const float *from, float *to, const int32_t *table, int groups, int transposed,
                         int rows_in_all, const Run *run) {
  const Share own = share(run, rows_in_all, 1);
  for (int g = 0; g < groups; g++, table = next_group(table)) {
    const Group *group = (const Group *)table;
    const Segment *segment = (const Segment *)(table + GROUP_WORDS);
    if (group->row < own.from || group->row >= own.to) continue;
    for (int s = 0; s < group->segments; s++) {
      const int64_t count = segment[s].count, rows = group->rows, n = rows * count,
                    step = transposed ? 1 : rows;
      const float *w = from + segment[s].w;
      float *pairs = to + segment[s].w;
      pair_numbers(w, pairs, n - step, step);
      for (int64_t i = n - step; i < n; i++) ((word *)pairs)[i] = (int32_t)(bf16_number(w[i]) >> 16);
      for (int64_t i = count - 1; transposed && count % 2 == 1 && i < n; i += count)
        ((word *)pairs)[i] = (int32_t)(bf16_number(w[i]) >> 16);
    }
  }
}
#endif

/* The n weights of a linear layer rounded for a product over the table, as this run reads them. */
static void round_weights(const float *from, float *to, int64_t n, const int32_t *table, int groups,
                          int transposed, int rows_in_all, const Run *run) {
#ifdef PLEXUS_PAIRS
  if (run->pairs) {
    pair_weights(from, to, table, groups, transposed, rows_in_all, run);
    return;
  }
#else
  (void)table, (void)groups, (void)transposed, (void)rows_in_all;
#endif
  round_numbers(from, to, n, run);
}
