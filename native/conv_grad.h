/* Weight gradient of a convolution: for each tap the dot products of dy's and x's rows, over the pixels that
 * the tap joins and all columns. As in weight_grad.h 4 x 4 entries at a time, one vector accumulator each,
 * but summed over a tile of pixels before they are reduced and added to the gradient. */
#pragma once
#include "conv.h"
#include "weight_grad.h"

/* Pixels of dy and x that a tap joins, as rows of `pixels`; steps in floats. */
typedef struct {
  int rows, pixels;
  int64_t dy_row, dy_step, x_row, x_step;
} JoinedTile;

#define PIXEL_DOTS(ROWS)                                                                                    \
  static void pixel_dots_##ROWS(const float *dy, const float *const x[4], const JoinedTile *j, int columns, \
                                int64_t ld, float tile[16]) {                                               \
    vf acc[4][4];                                                                                           \
    UNROLL for (int r = 0; r < 4; r++) UNROLL for (int k = 0; k < 4; k++) acc[r][k] = splat(0.0f);          \
    for (int row = 0; row < j->rows; row++) {                                                               \
      const float *d0 = dy + row * j->dy_row;                                                               \
      int64_t at = row * j->x_row;                                                                          \
      for (int p = 0; p < j->pixels; p++) {                                                                 \
        for (int c = 0; c < columns; c += VL) {                                                             \
          const vf xv[4] = {*(const vf *)(x[0] + at + c), *(const vf *)(x[1] + at + c),                     \
                            *(const vf *)(x[2] + at + c), *(const vf *)(x[3] + at + c)};                    \
          UNROLL for (int r = 0; r < ROWS; r++) {                                                           \
            const vf d = *(const vf *)(d0 + r * ld + c);                                                    \
            UNROLL for (int k = 0; k < 4; k++) acc[r][k] += d * xv[k];                                      \
          }                                                                                                 \
        }                                                                                                   \
        d0 += j->dy_step;                                                                                   \
        at += j->x_step;                                                                                    \
      }                                                                                                     \
    }                                                                                                       \
    reduce16(acc, tile);                                                                                    \
  }
PIXEL_DOTS(1)
PIXEL_DOTS(2)
PIXEL_DOTS(3)
#if DOT_ROWS == 4
PIXEL_DOTS(4)
#endif

typedef void (*PixelDotsFn)(const float *, const float *const[4], const JoinedTile *, int, int64_t,
                            float[16]);
static const PixelDotsFn pixel_dots[DOT_ROWS] = {pixel_dots_1, pixel_dots_2, pixel_dots_3,
#if DOT_ROWS == 4
                                                 pixel_dots_4
#endif
};

#define MAX_KERNEL 11
/* Columns x pixels of a tile: a group's rows of dy and four channels of x stay in L1 for all taps. Wide
 * vectors need longer tiles to pay for their reduction, more than some of those rows lost to L2 cost. */
#define TILE_COLUMNS (VL == 16 ? 1024 : 512)

/* A tile of output pixels, and what each tap of the rows and of the columns joins in it. */
typedef struct {
  Joined rows[MAX_KERNEL], columns[MAX_KERNEL];
} Tile;

typedef struct {
  const float *x, *dy;
  float *g;
  const ConvShape *shape;
  int64_t x_step, dy_step; /* floats of a pixel */
} ConvGrad;

/* Adds what one tile gives to `inputs` (<= 4) channels of a group: g[tap * taps + k * R + r]. */
static void add_channels(const ConvGrad *grad, const Tile *tile, const ConvGroup *group,
                         const int32_t *channel, int inputs, float *g, const Run *run) {
  const ConvShape *s = grad->shape;
  const int parts = (group->rows + DOT_ROWS - 1) / DOT_ROWS;
  const int64_t taps = (int64_t)group->depth * group->rows;
  float sums[16] __attribute__((aligned(64)));
  for (int kr = 0; kr < s->kernel; kr++)
    for (int kc = 0; kc < s->kernel; kc++) {
      const Joined rows = tile->rows[kr], columns = tile->columns[kc];
      if (rows.to <= rows.from || columns.to <= columns.from) continue;
      const JoinedTile joined = {rows.to - rows.from,
                                 columns.to - columns.from,
                                 s->out_width * grad->dy_step,
                                 grad->dy_step,
                                 (int64_t)s->stride * s->in_width * grad->x_step,
                                 s->stride * grad->x_step};
      const float *corner = grad->x + ((int64_t)rows.input * s->in_width + columns.input) * grad->x_step,
                  *x[4];
      for (int k = 0; k < 4; k++) x[k] = corner + channel[k < inputs ? k : 0] * run->ld;
      const float *dy = grad->dy + ((int64_t)rows.from * s->out_width + columns.from) * grad->dy_step;
      float *out = g + (kr * s->kernel + kc) * taps;
      int first = 0;
      for (int p = 0; p < parts; p++) {
        const int n = (group->rows - first) / (parts - p);
        pixel_dots[n - 1](dy + (int64_t)(group->row + first) * run->ld, x, &joined, run->columns, run->ld,
                          sums);
        for (int k = 0; k < inputs; k++)
          for (int r = 0; r < n; r++) out[k * group->rows + first + r] += sums[4 * k + r];
        first += n;
      }
    }
}

static void add_tile(const ConvGrad *grad, const Tile *tile, const int32_t *table, int groups, Share own,
                     const Run *run) {
  for (int i = 0; i < groups; i++, table = next_conv_group(table)) {
    const ConvGroup *group = (const ConvGroup *)table;
    const int32_t *channels = table + CONV_GROUP_WORDS;
    if (group->row < own.from || group->row >= own.to) continue;
    for (int k = 0; k < group->depth; k += 4)
      add_channels(grad, tile, group, channels + k, group->depth - k < 4 ? group->depth - k : 4,
                   grad->g + group->w + (int64_t)k * group->rows, run);
  }
}

/* All groups of a forward table; the gradient is stored in (with run->add: added to) g. Threads take groups.
 */
static void conv_weight_grad(const float *x, const float *dy, float *g, const int32_t *table, int groups,
                             const ConvShape *s, const Run *run) {
  const Share own = share(run, s->out_channels, 1);
  const int32_t *t = table;
  for (int i = 0; i < groups; i++, t = next_conv_group(t)) {
    const ConvGroup *group = (const ConvGroup *)t;
    if (run->add || group->row < own.from || group->row >= own.to) continue;
    const int64_t n = (int64_t)group->depth * group->rows * s->kernel * s->kernel;
    for (int64_t j = 0; j < n; j++) g[group->w + j] = 0.0f;
  }
  const ConvGrad grad = {x, dy, g, s, pixel_step(s->in_channels, run), pixel_step(s->out_channels, run)};
  const int area = TILE_COLUMNS / run->columns > 1 ? TILE_COLUMNS / run->columns : 1;
  /* As square as powers of two go: fewest pixels of x for the pixels of dy. */
  int wide = 1;
  while (wide * wide < area && wide < s->out_width) wide *= 2;
  const int high = area / wide > 1 ? area / wide : 1;
  for (int r = 0; r < s->out_height; r += high)
    for (int c = 0; c < s->out_width; c += wide) {
      Tile tile;
      for (int k = 0; k < s->kernel; k++) {
        tile.rows[k] = join_axis(s, k, s->in_height, r, r + high < s->out_height ? r + high : s->out_height);
        tile.columns[k] = join_axis(s, k, s->in_width, c, c + wide < s->out_width ? c + wide : s->out_width);
      }
      add_tile(&grad, &tile, table, groups, own, run);
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
