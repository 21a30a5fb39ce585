/* Weight gradient of a block-sparse layer. Entry (r, k) is the dot product of two contiguous rows, dY[r] and
 * X[k]. Whole vectors of rows are outer products, summed over the samples: with dY turned, a vector of rows
 * times a broadcast input, and nothing is reduced across lanes. A few rows that are left over are dots, 4 x 4
 * entries at a time, one vector accumulator each, reduced together by a shuffle tree. A chunk of the gradient
 * lives in an L1 scratch; there it is either stored or applied at once. */
#pragma once
#include "product.h"
#include "turn.h"

/* Inputs a chunk holds, and the most output rows a group may have (cpu/layout.ts keeps to it). */
#define CHUNK 48
#define MAX_GROUP_ROWS 32

typedef float v4 __attribute__((vector_size(16), may_alias, aligned(4)));

#if VL == 16
#define FOLD8(a, b)                                                        \
  (SHUFFLE(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) + \
   SHUFFLE(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31))
#define FOLD4(a, b)                                                          \
  (SHUFFLE(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) + \
   SHUFFLE(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31))
#define FOLD2(a, b)                                                          \
  (SHUFFLE(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29) + \
   SHUFFLE(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31))
#define FOLD1(a, b)                                                           \
  (SHUFFLE(a, b, 0, 2, 16, 18, 4, 6, 20, 22, 8, 10, 24, 26, 12, 14, 28, 30) + \
   SHUFFLE(a, b, 1, 3, 17, 19, 5, 7, 21, 23, 9, 11, 25, 27, 13, 15, 29, 31))
#elif VL == 8
#define FOLD4(a, b) (SHUFFLE(a, b, 0, 1, 2, 3, 8, 9, 10, 11) + SHUFFLE(a, b, 4, 5, 6, 7, 12, 13, 14, 15))
#define FOLD2(a, b) (SHUFFLE(a, b, 0, 1, 8, 9, 4, 5, 12, 13) + SHUFFLE(a, b, 2, 3, 10, 11, 6, 7, 14, 15))
#define FOLD1(a, b) (SHUFFLE(a, b, 0, 2, 8, 10, 4, 6, 12, 14) + SHUFFLE(a, b, 1, 3, 9, 11, 5, 7, 13, 15))
#else
#define FOLD2(a, b) (SHUFFLE(a, b, 0, 1, 4, 5) + SHUFFLE(a, b, 2, 3, 6, 7))
#define FOLD1(a, b) (SHUFFLE(a, b, 0, 2, 4, 6) + SHUFFLE(a, b, 1, 3, 5, 7))
#endif

/* Sums of acc[r][k] over lanes, as 4 (k) x 4 (r) floats, r contiguous. */
static inline void reduce16(vf acc[4][4], float out[16]) {
#if VL == 16
  vf quad[4];
  UNROLL for (int r = 0; r < 4; r++) {
    const vf ab = FOLD8(acc[r][0], acc[r][1]), cd = FOLD8(acc[r][2], acc[r][3]);
    quad[r] = FOLD4(ab, cd);
  }
  const vf p = FOLD2(quad[0], quad[1]), q = FOLD2(quad[2], quad[3]);
  *(vfu *)out = FOLD1(p, q);
#elif VL == 8
  UNROLL for (int h = 0; h < 2; h++) {
    vf pair[4];
    UNROLL for (int r = 0; r < 4; r++) pair[r] = FOLD4(acc[r][2 * h], acc[r][2 * h + 1]);
    const vf p = FOLD2(pair[0], pair[1]), q = FOLD2(pair[2], pair[3]);
    *(vfu *)(out + 8 * h) = FOLD1(p, q);
  }
#else
  UNROLL for (int k = 0; k < 4; k++) {
    const vf p = FOLD2(acc[0][k], acc[1][k]), q = FOLD2(acc[2][k], acc[3][k]);
    *(vfu *)(out + 4 * k) = FOLD1(p, q);
  }
#endif
}

/* Rows of a tile: 16 accumulators need the 32 registers of AVX-512 and NEON. */
#if VL == 16 || defined(__aarch64__)
#define DOT_ROWS 4
#else
#define DOT_ROWS 3
#endif

/* Dots of ROWS rows of dy with 4 rows of x into out[k * stride + r], k < inputs. When `whole`, a column is
 * written as 4 floats even where ROWS < 4: the caller sees to it that what lies behind is written later. */
#define DOT_TILE(TARGET, NAME, ROWS, ADD)                                                                \
  TARGET static void NAME(const float *dy, int64_t ld, const float *const x[4], int columns, float *out, \
                          int64_t stride, int inputs, int whole) {                                       \
    vf acc[4][4];                                                                                        \
    UNROLL for (int r = 0; r < 4; r++) UNROLL for (int k = 0; k < 4; k++) acc[r][k] = splat(0.0f);       \
    const float *x0 = x[0], *x1 = x[1], *x2 = x[2], *x3 = x[3];                                          \
    UNROLL4                                                                                              \
    for (int c = 0; c < columns; c += VL) {                                                              \
      const vf xv[4] = {*(const vf *)(x0 + c), *(const vf *)(x1 + c), *(const vf *)(x2 + c),             \
                        *(const vf *)(x3 + c)};                                                          \
      UNROLL for (int r = 0; r < ROWS; r++) {                                                            \
        const vf d = *(const vf *)(dy + r * ld + c);                                                     \
        UNROLL for (int k = 0; k < 4; k++) ADD(acc[r][k], d, xv[k]);                                     \
      }                                                                                                  \
    }                                                                                                    \
    float tile[16] __attribute__((aligned(64)));                                                         \
    reduce16(acc, tile);                                                                                 \
    if (whole)                                                                                           \
      for (int k = 0; k < inputs; k++) *(v4 *)(out + k * stride) = *(const v4 *)(tile + 4 * k);          \
    else                                                                                                 \
      for (int k = 0; k < inputs; k++)                                                                   \
        for (int r = 0; r < ROWS; r++) out[k * stride + r] = tile[4 * k + r];                            \
  }
DOT_TILE(, dots_1, 1, ADD_NUMBER)
DOT_TILE(, dots_2, 2, ADD_NUMBER)
DOT_TILE(, dots_3, 3, ADD_NUMBER)
#if DOT_ROWS == 4
DOT_TILE(, dots_4, 4, ADD_NUMBER)
#endif

typedef void (*DotFn)(const float *, int64_t, const float *const[4], int, float *, int64_t, int, int);

/* SGD with Nesterov momentum over n contiguous numbers. */
static void update(float *restrict w, float *restrict v, const float *restrict g, int64_t n, const Hyper *h) {
  const float rate = h->rate, momentum = h->momentum, decay = h->decay, scale = h->scale;
  for (int64_t i = 0; i < n; i++) {
    const float grad = scale * g[i] + decay * w[i];
    const float speed = momentum * v[i] + grad;
    v[i] = speed;
    w[i] -= rate * (grad + momentum * speed);
  }
}

/* Asks for the weights and momenta that the chunk after this one will update, a share with every tile. Those
 * of the last chunk reach past the layer's weights, which costs nothing. */
static inline void prefetch_weights(const float *w, const float *v, int64_t from, int64_t n) {
  for (int64_t p = from; p < from + n; p += 16) {
    __builtin_prefetch(w + p, 1);
    __builtin_prefetch(v + p, 1);
  }
}

/* Dots of `rows` rows with `inputs` (<= CHUNK) inputs into out[k * R + r].
 * Narrower parts come first, so that the surplus of a whole-column store is overwritten by the part after it.
 */
static void chunk_by_dots(const float *const *x, int inputs, const float *dy, int rows, int columns,
                          int64_t ld, float *out, int64_t R, const DotFn *dots) {
  const int parts = (rows + DOT_ROWS - 1) / DOT_ROWS;
  for (int k = 0; k < inputs; k += 4) {
    const int kn = inputs - k < 4 ? inputs - k : 4;
    const float *const xs[4] = {x[k], x[k + (kn > 1 ? 1 : 0)], x[k + (kn > 2 ? 2 : 0)],
                                x[k + (kn > 3 ? 3 : 0)]};
    int first = 0;
    for (int p = 0; p < parts; p++) {
      const int rn = (rows - first) / (parts - p);
      dots[rn - 1](dy + first * ld, ld, xs, columns, out + k * R + first, R, kn, first + 4 <= rows);
      first += rn;
    }
  }
}

/* Inputs of a tile of 1, 2 and 3 vectors of rows: with its accumulators the registers are full. */
#if VL == 16 || defined(__aarch64__)
#define OUTER_INPUTS \
  { 8, 8, 8 }
#define OUTER_2 8
#define OUTER_3 8
#elif VL == 8
#define OUTER_INPUTS \
  { 8, 6, 4 }
#define OUTER_2 6
#define OUTER_3 4
#else
#define OUTER_INPUTS \
  { 8, 4, 3 }
#define OUTER_2 4
#define OUTER_3 3
#endif

/* NV vectors of rows x at most K inputs, summed over `count` samples, into out[k * R]; dy is turned, `step`
 * floats a sample. */
#define OUTER_TILE(TARGET, NAME, NV, K, SPLAT, ADD)                                                     \
  TARGET static void NAME(const float *const *in, int inputs, const float *dy, int64_t step, int count, \
                          float *out, int64_t R) {                                                      \
    vf acc[K][NV];                                                                                      \
    const float *x[K];                                                                                  \
    UNROLL for (int k = 0; k < K; k++) {                                                                \
      x[k] = in[k < inputs ? k : 0];                                                                    \
      UNROLL for (int v = 0; v < NV; v++) acc[k][v] = splat(0.0f);                                      \
    }                                                                                                   \
    for (int s = 0; s < count; s++, dy += step) {                                                       \
      vf d[NV];                                                                                         \
      UNROLL for (int v = 0; v < NV; v++) {                                                             \
        d[v] = *(const vf *)(dy + v * VL);                                                              \
        KEEP(d[v]);                                                                                     \
      }                                                                                                 \
      UNROLL for (int k = 0; k < K; k++) {                                                              \
        const vf b = SPLAT(x[k] + s);                                                                   \
        UNROLL for (int v = 0; v < NV; v++) ADD(acc[k][v], b, d[v]);                                    \
      }                                                                                                 \
    }                                                                                                   \
    UNROLL for (int k = 0; k < K; k++) if (k < inputs) UNROLL for (int v = 0; v < NV; v++) *            \
        (vfu *)(out + k * R + v * VL) = acc[k][v];                                                      \
  }
OUTER_TILE(, outer_1, 1, 8, SPLAT_NUMBER, ADD_NUMBER)
OUTER_TILE(, outer_2, 2, OUTER_2, SPLAT_NUMBER, ADD_NUMBER)
OUTER_TILE(, outer_3, 3, OUTER_3, SPLAT_NUMBER, ADD_NUMBER)

typedef void (*OuterFn)(const float *const *, int, const float *, int64_t, int, float *, int64_t);

/* The tiles of numbers, or of pairs. */
typedef struct {
  OuterFn outer[3];
  DotFn dots[DOT_ROWS];
} GradTiles;

static const GradTiles number_grads = {{outer_1, outer_2, outer_3},
                                       {dots_1, dots_2, dots_3,
#if DOT_ROWS == 4
                                        dots_4
#endif
                                       }};

#ifdef PLEXUS_PAIRS
DOT_TILE(PAIR_TARGET, pair_dots_1, 1, ADD_PAIR)
DOT_TILE(PAIR_TARGET, pair_dots_2, 2, ADD_PAIR)
DOT_TILE(PAIR_TARGET, pair_dots_3, 3, ADD_PAIR)
#if DOT_ROWS == 4
DOT_TILE(PAIR_TARGET, pair_dots_4, 4, ADD_PAIR)
#endif
OUTER_TILE(PAIR_TARGET, pair_outer_1, 1, 8, splat_pair, ADD_PAIR)
OUTER_TILE(PAIR_TARGET, pair_outer_2, 2, OUTER_2, splat_pair, ADD_PAIR)
OUTER_TILE(PAIR_TARGET, pair_outer_3, 3, OUTER_3, splat_pair, ADD_PAIR)
static const GradTiles pair_grads = {{pair_outer_1, pair_outer_2, pair_outer_3},
                                     {pair_dots_1, pair_dots_2, pair_dots_3,
#if DOT_ROWS == 4
                                      pair_dots_4
#endif
                                     }};
#endif

static const int outer_inputs[3] = OUTER_INPUTS;

/* How the rows of a group are shared out: vectors of rows for outer products, the last of them perhaps not
 * full, and rows for dots, which cost about twice as much each. */
typedef struct {
  int vectors, dots;
} Split;

static inline Split split_rows(int rows) {
  const int rest = rows % VL, few = VL == 16 ? 10 : VL / 2 - 1;
  if (rest <= few) return (Split){rows / VL, rest};
  return (Split){rows / VL + 1, 0};
}

/* A group's gradient in the making. */
typedef struct {
  const float *dy;     /* its first row */
  const float *turned; /* the rows of its outer products, `split.vectors` vectors a sample */
  Split split;
  int rows;
  const GradTiles *tiles;
} Rows;

/* Gradient of `inputs` (<= CHUNK) inputs into out[k * R + r]. What a vector writes past the R rows of an
 * input is written over by the next one's, so the last vectors come first; dots are exact. */
static void grad_chunk(const float *const *x, int inputs, const Rows *g, float *out, const float *next_w,
                       const float *next_v, const Run *run) {
  const int first = g->split.vectors * VL;
  if (first == 0) prefetch_weights(next_w, next_v, 0, (int64_t)inputs * g->rows);
  for (int to = g->split.vectors; to > 0;) {
    /* 4 are 2 and 2. */
    const int n = to == 4 ? 2 : to < 3 ? to : 3, v = to - n, most = outer_inputs[n - 1];
    for (int k = 0; k < inputs; k += most) {
      const int kn = inputs - k < most ? inputs - k : most;
      if (v == 0) prefetch_weights(next_w, next_v, (int64_t)k * g->rows, (int64_t)kn * g->rows);
      g->tiles->outer[n - 1](x + k, kn, g->turned + v * VL, first, run->count,
                             out + (int64_t)k * g->rows + v * VL, g->rows);
    }
    to = v;
  }
  if (g->split.dots > 0)
    chunk_by_dots(x, inputs, g->dy + first * run->ld, g->split.dots, run->columns, run->ld, out + first,
                  g->rows, g->tiles->dots);
}

typedef struct {
  float *w, *v, *g;
  /* Null: the gradient is stored in (with `add`: added to) g; else it is applied to w and v at once. */
  const Hyper *hyper;
  int add;
  float scratch[CHUNK * MAX_GROUP_ROWS + VL] __attribute__((aligned(64)));
} Target;

/* What becomes of the n gradients in the scratch, whose weights start at `at`. */
static inline void finish_chunk(Target *target, int64_t at, int64_t n) {
  if (target->hyper)
    update(target->w + at, target->v + at, target->scratch, n, target->hyper);
  else if (target->add)
    for (int64_t i = 0; i < n; i++) target->g[at + i] += target->scratch[i];
  else
    for (int64_t i = 0; i < n; i++) target->g[at + i] = target->scratch[i];
}

/* All weights of a group. Those of its segments follow one another, so a chunk may span segments. */
static void group_grad(const Group *group, const Segment *segment, const float *x, const Rows *rows,
                       Target *target, const Run *run) {
  const float *in[CHUNK];
  int held = 0;
  int64_t at = segment[0].w;
  for (int s = 0; s < group->segments; s++) {
    for (int k = 0; k < segment[s].count; k++) {
      in[held++] = x + (int64_t)(segment[s].x + k) * run->ld;
      const int last = s == group->segments - 1 && k == segment[s].count - 1;
      if (held < CHUNK && !last) continue;
      const int64_t n = (int64_t)held * group->rows, next = at + n;
      grad_chunk(in, held, rows, target->scratch, target->w + next, target->v + next, run);
      finish_chunk(target, at, n);
      at = next;
      held = 0;
    }
  }
}

/* Rows of dY turned to [sample][row], `vectors` vectors a sample; what is past the last row is 0. */
static void turn_rows(const float *dy, int rows, int vectors, float *out, const Run *run) {
  for (int v = 0; v < vectors; v++)
    for (int c = 0; c < run->columns; c += VL)
      turn_square(dy + v * VL * run->ld + c, run->ld, rows - v * VL < VL ? rows - v * VL : VL,
                  out + (int64_t)c * vectors * VL + v * VL, vectors * VL);
}

/* All groups of a forward table. With `fused` the gradient is applied to w and v at once, else it is stored
 * in g. `scratch` holds 2 x rows x columns floats of the layer's output. Threads take groups. With `bf16`, x
 * and dy are rounded ones (bf16.h). */
static void weight_grad(const float *x, const float *dy, float *w, float *v, float *g, float *scratch,
                        const int32_t *table, int groups, int rows, int fused, int bf16, const Run *given) {
#ifdef PLEXUS_PAIRS
  const Run half = halved(given);
  const int pairs = bf16 && given->pairs;
  const Run *run = pairs ? &half : given;
  const GradTiles *tiles_of = pairs ? &pair_grads : &number_grads;
#else
  const Run *run = given;
  const GradTiles *tiles_of = &number_grads;
  (void)bf16;
#endif
  const Share own = share(run, rows, 1);
  Target target = {.w = w, .v = v, .g = g, .hyper = fused ? &run->hyper : 0, .add = run->add};
  for (int i = 0; i < groups; i++, table = next_group(table)) {
    const Group *group = (const Group *)table;
    if (group->row < own.from || group->row >= own.to) continue;
    /* Whole vectors are at most twice the rows. */
    float *turned = scratch + 2 * (int64_t)group->row * run->ld;
    const Split split = split_rows(group->rows);
    const Rows in_work = {dy + (int64_t)group->row * run->ld, turned, split, group->rows, tiles_of};
    /* Only a group's first pass starts afresh; the turned rows stay for the others. */
    if (!group->accumulate) turn_rows(in_work.dy, group->rows, split.vectors, turned, run);
    group_grad(group, (const Segment *)(table + GROUP_WORDS), x, &in_work, &target, run);
  }
}
