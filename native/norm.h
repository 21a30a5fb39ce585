/* Batch normalisation over batch and plane, with the sum and the activation that follow it folded in; layer
 * normalisation. Columns that hold no sample are left out of every statistic. */
#pragma once
#include "vmath.h"

typedef struct {
  int channels;
  int64_t plane;
  const float *gamma, *beta;
  int act;
  float eps, momentum;
} Norm;

/* Channels whose rows are read together: consecutive in memory at every pixel. */
#define NORM_CHANNELS 4
/* Pixels lie a few pages apart, where the processor does not look ahead by itself. Past the end of a buffer
 * nothing happens. */
#define ASK_FOR(address) __builtin_prefetch(address)
/* Where all channels of a pixel are done before the next pixel. */
#define PIXELS_AHEAD 4
/* Pixels whose mean and spread are taken before they are joined with the others'; they stay in L1 for the
 * second pass. */
#define NORM_PIXELS 16

typedef struct {
  double count, mean, spread; /* spread: sum of squared distances from the mean */
} Moments;

/* Joins the moments of two sets of numbers (Chan, Golub and LeVeque 1979). */
static inline void join(Moments *a, double count, double mean, double spread) {
  const double total = a->count + count, apart = mean - a->mean;
  a->mean += apart * count / total;
  a->spread += spread + apart * apart * a->count * count / total;
  a->count = total;
}

/* Joins the moments of a chunk of pixels to those of n channels; n is known where this is put in, so that
 * sums of several channels run side by side. */
static inline __attribute__((always_inline)) void
moments_chunk(const float *chunk, int n, int pixels, int64_t step, int64_t ld, int count, Moments *out) {
  const double size = (double)pixels * count;
  const int full = count - count % VL;
  vf sum[NORM_CHANNELS], square[NORM_CHANNELS];
  float mean[NORM_CHANNELS];
  for (int i = 0; i < n; i++) sum[i] = square[i] = splat(0.0f);
  for (int p = 0; p < pixels; p++) {
    for (int c = 0; c < full; c += VL)
      for (int i = 0; i < n; i++) {
        if (pixels == NORM_PIXELS) ASK_FOR(chunk + (p + NORM_PIXELS) * step + i * ld + c);
        sum[i] += *(const vf *)(chunk + p * step + i * ld + c);
      }
    for (int i = 0; i < n && full < count; i++)
      sum[i] += valid(*(const vf *)(chunk + p * step + i * ld + full), full, count);
  }
  for (int i = 0; i < n; i++) mean[i] = (float)(lanes_sum(sum[i]) / size);
  for (int p = 0; p < pixels; p++) {
    for (int c = 0; c < full; c += VL)
      for (int i = 0; i < n; i++) {
        const vf d = *(const vf *)(chunk + p * step + i * ld + c) - splat(mean[i]);
        square[i] += d * d;
      }
    for (int i = 0; i < n && full < count; i++) {
      const vf d = valid(*(const vf *)(chunk + p * step + i * ld + full) - splat(mean[i]), full, count);
      square[i] += d * d;
    }
  }
  for (int i = 0; i < n; i++) join(&out[i], size, mean[i], lanes_sum(square[i]));
}

/* Moments of the channels from .. from + n - 1 (n <= NORM_CHANNELS). */
static void moments_of(const float *x, int64_t from, int n, const Norm *norm, const Run *run, Moments *out) {
  const int64_t step = pixel_step(norm->channels, run), ld = run->ld;
  const int count = run->count;
  for (int i = 0; i < n; i++) out[i] = (Moments){0.0, 0.0, 0.0};
  for (int64_t pixel = 0; pixel < norm->plane; pixel += NORM_PIXELS) {
    const int pixels = norm->plane - pixel < NORM_PIXELS ? (int)(norm->plane - pixel) : NORM_PIXELS;
    const float *chunk = x + pixel * step + from * ld;
    if (n == NORM_CHANNELS)
      moments_chunk(chunk, NORM_CHANNELS, pixels, step, ld, count, out);
    else
      for (int i = 0; i < n; i++) moments_chunk(chunk + i * ld, 1, pixels, step, ld, count, out + i);
  }
}

/* y = act(scale x + shift + residual) of channel i; `residual` may be 0. */
static void affine_channel(float *y, const float *x, const float *residual, int64_t i, float scale,
                           float shift, const Norm *norm, const Run *run) {
  const vf s = splat(scale), t = splat(shift);
  const int64_t step = pixel_step(norm->channels, run);
  for (int64_t p = 0, at = i * run->ld; p < norm->plane; p++, at += step) {
    for (int c = 0; c < run->columns; c += VL) {
      vf a = *(const vf *)(x + at + c) * s + t;
      if (residual) a += *(const vf *)(residual + at + c);
      *(vf *)(y + at + c) = act_forward(norm->act, a);
    }
    zero_tail(y + at, run->count, run->columns);
  }
}

/* Several channels at a time, so that a pixel's rows are read together. */
static void affine_channels(float *y, const float *x, const float *residual, int64_t from, int n,
                            const float *scale, const float *shift, const Norm *norm, const Run *run) {
  const int64_t step = pixel_step(norm->channels, run);
  if (norm->plane == 1) {
    for (int i = 0; i < n; i++) affine_channel(y, x, residual, from + i, scale[i], shift[i], norm, run);
    return;
  }
  for (int64_t p = 0; p < norm->plane; p++)
    for (int i = 0; i < n; i++) {
      const int64_t at = p * step + (from + i) * run->ld;
      const vf s = splat(scale[i]), t = splat(shift[i]);
      for (int c = 0; c < run->columns; c += VL) {
        const int64_t ahead = at + c + PIXELS_AHEAD * step;
        ASK_FOR(x + ahead);
        ASK_FOR(y + ahead);
        vf a = *(const vf *)(x + at + c) * s + t;
        if (residual) {
          ASK_FOR(residual + ahead);
          a += *(const vf *)(residual + at + c);
        }
        *(vf *)(y + at + c) = act_forward(norm->act, a);
      }
      zero_tail(y + at, run->count, run->columns);
    }
}

typedef struct {
  float *mean, *var;             /* running */
  float *saved_mean, *saved_inv; /* of this batch */
} Statistics;

static void norm_train(const float *x, float *y, const float *residual, const Statistics *st,
                       const Norm *norm, const Run *run) {
  const Share own = share(run, norm->channels, NORM_CHANNELS);
  for (int64_t from = own.from; from < own.to; from += NORM_CHANNELS) {
    const int n = own.to - from < NORM_CHANNELS ? (int)(own.to - from) : NORM_CHANNELS;
    Moments moments[NORM_CHANNELS];
    float scale[NORM_CHANNELS], shift[NORM_CHANNELS];
    moments_of(x, from, n, norm, run, moments);
    for (int i = 0; i < n; i++) {
      const int64_t c = from + i;
      const float mean = (float)moments[i].mean, var = (float)(moments[i].spread / moments[i].count);
      const float inv = 1.0f / __builtin_sqrtf(var + norm->eps);
      st->saved_mean[c] = mean;
      st->saved_inv[c] = inv;
      st->mean[c] += norm->momentum * (mean - st->mean[c]);
      st->var[c] += norm->momentum * ((float)(moments[i].spread / (moments[i].count - 1.0)) - st->var[c]);
      scale[i] = norm->gamma[c] * inv;
      shift[i] = norm->beta[c] - mean * scale[i];
    }
    affine_channels(y, x, residual, from, n, scale, shift, norm, run);
  }
}

/* norm_train over one of several batches, whose statistics become the running ones. A batch's own are taken
 * as running ones that start at 0 and are divided by their momentum. Of each channel `sums` holds the number
 * of batches, the sum of means, the sum of (unbiased variance + mean squared); without run->add they start
 * afresh. The volatile keeps a product from being fused with the sum, so that every build rounds alike. */
static void norm_statistics(const float *x, float *y, const float *residual, const Statistics *st,
                            double *sums, double momentum, const Norm *norm, const Run *run) {
  const Share own = share(run, norm->channels, NORM_CHANNELS);
  for (int64_t c = own.from; c < own.to; c++) st->mean[c] = st->var[c] = 0.0f;
  norm_train(x, y, residual, st, norm, run);
  for (int64_t c = own.from; c < own.to; c++) {
    double *sum = sums + 3 * c;
    if (!run->add) sum[0] = sum[1] = sum[2] = 0.0;
    const double mean = st->mean[c] / momentum, var = st->var[c] / momentum;
    volatile double square = mean * mean;
    sum[0] += 1.0;
    sum[1] += mean;
    sum[2] += var + square;
    const double centre = sum[1] / sum[0], both = sum[2] / sum[0];
    square = centre * centre;
    const double spread = both - square;
    st->mean[c] = (float)centre;
    st->var[c] = spread <= 0.0 ? 0.0f : (float)spread;
  }
}

static void norm_eval(const float *x, float *y, const float *residual, const Statistics *st, const Norm *norm,
                      const Run *run) {
  const Share own = share(run, norm->channels, NORM_CHANNELS);
  for (int64_t from = own.from; from < own.to; from += NORM_CHANNELS) {
    const int n = own.to - from < NORM_CHANNELS ? (int)(own.to - from) : NORM_CHANNELS;
    float scale[NORM_CHANNELS], shift[NORM_CHANNELS];
    for (int i = 0; i < n; i++) {
      const int64_t c = from + i;
      scale[i] = norm->gamma[c] / __builtin_sqrtf(st->var[c] + norm->eps);
      shift[i] = norm->beta[c] - st->mean[c] * scale[i];
    }
    affine_channels(y, x, residual, from, n, scale, shift, norm, run);
  }
}

typedef struct {
  const float *x, *y, *dy; /* y may be 0 where there is no residual */
  float *dx, *dresidual;   /* dresidual may be 0 */
  int accumulate;          /* of dresidual */
  float *grad_gamma, *grad_beta;
} NormGrad;

/* What the forward pass made of a channel: (x - mean) inv, and x scale + shift with its very bits. */
typedef struct {
  vf mean, inv, gamma, beta, scale, shift;
} Affine;

static inline Affine affine_of(const Statistics *st, const Norm *norm, int64_t c) {
  const float mean = st->saved_mean[c], inv = st->saved_inv[c], gamma = norm->gamma[c], beta = norm->beta[c];
  const float scale = gamma * inv, shift = beta - mean * scale;
  return (Affine){splat(mean), splat(inv), splat(gamma), splat(beta), splat(scale), splat(shift)};
}

/* The gradient where scale and shift end: through the activation, whose input is made again where its
 * gradient needs it; of a ReLU where no sum was between, which saves reading y. */
static inline vf before_act(const NormGrad *g, int64_t at, const Affine *affine, vf xhat, int act) {
  const vf dy = *(const vf *)(g->dy + at);
  switch (act) {
  case ACT_RELU: {
    vf y = *(const vf *)(g->x + at) * affine->scale + affine->shift;
    if (g->y) y = *(const vf *)(g->y + at);
    return act_backward(ACT_RELU, xhat, y, dy);
  }
  case ACT_SWISH:
    return act_backward(ACT_SWISH, affine->gamma * xhat + affine->beta, xhat, dy);
  default:
    return dy;
  }
}

/* dx = gamma inv (dz - mean(dz) - xhat mean(dz xhat)), dz = the gradient before the activation (Ioffe &
 * Szegedy 2015). */
static void norm_grad_channels(const NormGrad *g, int64_t from, int n, const Statistics *st, const Norm *norm,
                               const Run *run) {
  const int64_t step = pixel_step(norm->channels, run), ld = run->ld;
  const double count = (double)norm->plane * run->count;
  double total[NORM_CHANNELS] = {0.0}, product[NORM_CHANNELS] = {0.0};
  for (int64_t pixel = 0; pixel < norm->plane; pixel += NORM_PIXELS) {
    const int64_t end = pixel + NORM_PIXELS < norm->plane ? pixel + NORM_PIXELS : norm->plane;
    for (int i = 0; i < n; i++) {
      const int64_t c = from + i;
      const Affine affine = affine_of(st, norm, c);
      vf sum = splat(0.0f), dot = splat(0.0f);
      /* The padding of dy is 0, so whole vectors may be summed. */
      for (int64_t p = pixel; p < end; p++)
        for (int col = 0; col < run->columns; col += VL) {
          const int64_t at = p * step + c * ld + col, later = at + NORM_PIXELS * step;
          if (pixel + NORM_PIXELS < norm->plane) {
            ASK_FOR(g->x + later);
            if (g->y) ASK_FOR(g->y + later);
            ASK_FOR(g->dy + later);
          }
          const vf xhat = (*(const vf *)(g->x + at) - affine.mean) * affine.inv;
          const vf dz = before_act(g, at, &affine, xhat, norm->act);
          sum += dz;
          dot += dz * xhat;
        }
      total[i] += lanes_sum(sum);
      product[i] += lanes_sum(dot);
    }
  }
  for (int i = 0; i < n; i++) {
    g->grad_beta[from + i] = (float)total[i] + (run->add ? g->grad_beta[from + i] : 0.0f);
    g->grad_gamma[from + i] = (float)product[i] + (run->add ? g->grad_gamma[from + i] : 0.0f);
  }
  for (int64_t p = 0; p < norm->plane; p++)
    for (int i = 0; i < n; i++) {
      const int64_t c = from + i, row = p * step + c * ld;
      const Affine affine = affine_of(st, norm, c);
      const vf a = splat((float)(total[i] / count)), b = splat((float)(product[i] / count));
      for (int col = 0; col < run->columns; col += VL) {
        const int64_t ahead = row + col + PIXELS_AHEAD * step;
        if (p + PIXELS_AHEAD < norm->plane) {
          ASK_FOR(g->x + ahead);
          if (g->y) ASK_FOR(g->y + ahead);
          ASK_FOR(g->dy + ahead);
          ASK_FOR(g->dx + ahead);
        }
        const vf xhat = (*(const vf *)(g->x + row + col) - affine.mean) * affine.inv;
        const vf dz = before_act(g, row + col, &affine, xhat, norm->act);
        *(vf *)(g->dx + row + col) = affine.scale * (dz - a - xhat * b);
        if (g->dresidual) {
          const vf before = g->accumulate ? *(const vf *)(g->dresidual + row + col) : splat(0.0f);
          *(vf *)(g->dresidual + row + col) = before + dz;
        }
      }
      zero_tail(g->dx + row, run->count, run->columns);
    }
}

static void norm_grad(const NormGrad *g, const Statistics *st, const Norm *norm, const Run *run) {
  const Share own = share(run, norm->channels, NORM_CHANNELS);
  for (int64_t from = own.from; from < own.to; from += NORM_CHANNELS)
    norm_grad_channels(g, from, own.to - from < NORM_CHANNELS ? (int)(own.to - from) : NORM_CHANNELS, st,
                       norm, run);
}
