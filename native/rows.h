/* The product of a linear layer over a few samples, for programs that only evaluate. With a batch of one, a
 * vector along the batch holds one number; here vectors run along the inputs of a row. The weights of a group
 * are stored by rows, w[r * depth + k], each row filled up with zeros to whole vectors of every instruction
 * set, and so are the inputs that the group reads, gathered once for a group: every weight is read once, in
 * order, and multiplied with a vector of inputs for each sample.
 *
 * The table (cpu/row-layout.ts) lists groups of rows, each with the runs of consecutive input rows it reads.
 */
#pragma once
#include "product.h"
#include "weight_grad.h"

typedef struct {
  int32_t row, rows; /* output rows */
  int32_t depth;     /* inputs of a row, a multiple of 16 */
  int32_t w;         /* weights' offset in floats */
  int32_t same;      /* the inputs are those of the group before */
  int32_t runs;      /* (first input row, count) pairs that follow */
} RowGroup;

#define ROW_GROUP_WORDS 6

/* More samples are a product with vectors along the batch: it takes 16 at once. */
#define FEW_SAMPLES 8
/* What a vector may read or write past the last number. */
#define ROW_SLACK 16

/* Rows of a tile with one sample, two and four: as many sums as registers hold. */
#define ROWS_OF_1 8
#if VL == 16 || defined(__aarch64__)
#define ROWS_OF_2 8
#define ROWS_OF_4 4
#else
#define ROWS_OF_2 4
#define ROWS_OF_4 2
#endif

/* Dots of ROWS rows of weights with SAMPLES rows of inputs, `x_step` apart, into y[r * ld + s]. The rows of
 * the next tile follow in memory and are asked for meanwhile. */
#define ROW_TILE(ROWS, SAMPLES)                                                                          \
  static void row_dots_##ROWS##_##SAMPLES(float *y, int64_t ld, const float *w, const float *x,          \
                                          int64_t x_step, int depth, const float *bias) {                \
    vf acc[4][4];                                                                                        \
    UNROLL for (int i = 0; i < 16; i++) acc[i >> 2][i & 3] = splat(0.0f);                                \
    for (int line = 0; line < depth; line += 16) {                                                       \
      UNROLL for (int r = 0; r < ROWS; r++) __builtin_prefetch(w + (ROWS + r) * depth + line);           \
      UNROLL for (int k = line; k < line + 16; k += VL) {                                                \
        vf xv[SAMPLES];                                                                                  \
        UNROLL for (int s = 0; s < SAMPLES; s++) {                                                       \
          xv[s] = *(const vf *)(x + s * x_step + k);                                                     \
          KEEP(xv[s]);                                                                                   \
        }                                                                                                \
        UNROLL for (int r = 0; r < ROWS; r++) {                                                          \
          vf b = *(const vf *)(w + r * depth + k);                                                       \
          KEEP(b);                                                                                       \
          UNROLL for (int s = 0; s < SAMPLES; s++) acc[(r * SAMPLES + s) >> 2][(r * SAMPLES + s) & 3] += \
              b * xv[s];                                                                                 \
        }                                                                                                \
      }                                                                                                  \
    }                                                                                                    \
    float sums[16] __attribute__((aligned(64)));                                                         \
    reduce16(acc, sums);                                                                                 \
    UNROLL for (int r = 0; r < ROWS; r++) UNROLL for (int s = 0; s < SAMPLES; s++) y[r * ld + s] =       \
        sums[((r * SAMPLES + s) & 3) * 4 + ((r * SAMPLES + s) >> 2)] + (bias ? bias[r] : 0.0f);          \
  }

typedef void (*RowFn)(float *, int64_t, const float *, const float *, int64_t, int, const float *);

ROW_TILE(1, 1)
ROW_TILE(2, 1)
ROW_TILE(3, 1)
ROW_TILE(4, 1)
ROW_TILE(5, 1)
ROW_TILE(6, 1)
ROW_TILE(7, 1)
ROW_TILE(8, 1)
ROW_TILE(1, 2)
ROW_TILE(2, 2)
ROW_TILE(3, 2)
ROW_TILE(4, 2)
ROW_TILE(1, 4)
ROW_TILE(2, 4)
#if ROWS_OF_2 == 8
ROW_TILE(5, 2)
ROW_TILE(6, 2)
ROW_TILE(7, 2)
ROW_TILE(8, 2)
ROW_TILE(3, 4)
ROW_TILE(4, 4)
#endif

static const RowFn row_dots_of_1[ROWS_OF_1] = {row_dots_1_1, row_dots_2_1, row_dots_3_1, row_dots_4_1,
                                               row_dots_5_1, row_dots_6_1, row_dots_7_1, row_dots_8_1};
#if ROWS_OF_2 == 8
static const RowFn row_dots_of_2[ROWS_OF_2] = {row_dots_1_2, row_dots_2_2, row_dots_3_2, row_dots_4_2,
                                               row_dots_5_2, row_dots_6_2, row_dots_7_2, row_dots_8_2};
static const RowFn row_dots_of_4[ROWS_OF_4] = {row_dots_1_4, row_dots_2_4, row_dots_3_4, row_dots_4_4};
#else
static const RowFn row_dots_of_2[ROWS_OF_2] = {row_dots_1_2, row_dots_2_2, row_dots_3_2, row_dots_4_2};
static const RowFn row_dots_of_4[ROWS_OF_4] = {row_dots_1_4, row_dots_2_4};
#endif

typedef struct {
  const float *weights, *bias; /* bias may be 0 */
  const int32_t *table;
  int groups;
  int rows, inputs; /* of the output, of the input */
  int depth;        /* of the deepest group */
  float *scratch;   /* for each thread the samples by rows, and the inputs of a group */
} RowProduct;

/* Rows of a sample by themselves: from[row * ld + s] to to[s * step + row]. */
static void take_samples(const float *from, int64_t ld, int rows, int count, float *to, int64_t step) {
  for (int s = 0; s < count; s++)
    for (int row = 0; row < rows; row++) to[s * step + row] = from[row * ld + s];
}

/* The inputs that a group reads, one after another, filled up with zeros. */
static void gather_runs(const RowGroup *group, const float *from, float *to) {
  const int32_t *run = (const int32_t *)group + ROW_GROUP_WORDS;
  int at = 0;
  for (int i = 0; i < group->runs; i++) {
    const int first = run[2 * i], count = run[2 * i + 1];
    for (int k = 0; k < count; k += VL) *(vfu *)(to + at + k) = *(const vfu *)(from + first + k);
    at += count;
  }
  for (; at < group->depth; at++) to[at] = 0.0f;
}

/* `rows` rows of a group for samples of 1, 2 or 4. */
static void row_tiles(float *y, const float *w, const float *bias, int rows, const float *x, int64_t x_step,
                      int samples, int depth, int64_t ld) {
  const int most = samples == 4 ? ROWS_OF_4 : samples == 2 ? ROWS_OF_2 : ROWS_OF_1;
  const RowFn *tile = samples == 4 ? row_dots_of_4 : samples == 2 ? row_dots_of_2 : row_dots_of_1;
  const int parts = (rows + most - 1) / most;
  for (int p = 0, first = 0; p < parts; p++) {
    const int some = (rows - first + (parts - p) - 1) / (parts - p);
    tile[some - 1](y + first * ld, ld, w + (int64_t)first * depth, x, x_step, depth, bias ? bias + first : 0);
    first += some;
  }
}

/* A group, a few rows at a time for all samples, while their weights are in the first cache. */
static void row_group(float *y, const float *x, int64_t x_step, const RowGroup *group,
                      const RowProduct *product, const Run *run) {
  const int parts = (group->rows + ROWS_OF_1 - 1) / ROWS_OF_1;
  for (int p = 0, first = 0; p < parts; p++) {
    const int rows = (group->rows - first + (parts - p) - 1) / (parts - p), row = group->row + first;
    const float *w = product->weights + group->w + (int64_t)first * group->depth;
    for (int s = 0, some; s < run->count; s += some) {
      some = s + 4 <= run->count ? 4 : s + 2 <= run->count ? 2 : 1;
      row_tiles(y + row * run->ld + s, w, product->bias ? product->bias + row : 0, rows, x + s * x_step,
                x_step, some, group->depth, run->ld);
    }
    first += rows;
  }
}

/* y = W x (+ b) over run->count samples, at most FEW_SAMPLES. Threads take groups by their first row. */
static void row_product(float *y, const float *x, const RowProduct *product, const Run *run) {
  const Share own = share(run, product->rows, 1);
  const int count = run->count;
  const int64_t ld = run->ld, whole = (product->inputs + 15) / 16 * 16 + ROW_SLACK,
                part = product->depth + ROW_SLACK;
  float *samples = product->scratch + run->thread * FEW_SAMPLES * (whole + part);
  float *inputs = samples + FEW_SAMPLES * whole;
  take_samples(x, ld, product->inputs, count, samples, whole);
  const int32_t *table = product->table;
  int gathered = 0;
  for (int g = 0; g < product->groups; g++) {
    const RowGroup *group = (const RowGroup *)table;
    table += ROW_GROUP_WORDS + 2 * group->runs;
    gathered = gathered && group->same;
    if (group->row < own.from || group->row >= own.to) continue;
    if (!gathered)
      for (int s = 0; s < count; s++) gather_runs(group, samples + s * whole, inputs + s * part);
    gathered = 1;
    row_group(y, inputs, part, group, product, run);
    for (int r = 0; r < group->rows; r++) zero_tail(y + (group->row + r) * ld, count, run->columns);
  }
}
