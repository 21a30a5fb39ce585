/* Layer normalisation and self-attention among the pixels of each sample. Vectors run along the batch, so
 * each lane is a sample and nothing crosses lanes but the sums of gamma's and beta's gradients. */
#pragma once
#include "norm.h"
#include "plane.h"

/* Mean and 1 / sqrt(var + eps) over the channels of one pixel, for VL samples. */
static inline void pixel_moments(const float *x, int channels, int64_t ld, float eps, vf *mean, vf *inv) {
  vf sum = splat(0.0f);
  for (int i = 0; i < channels; i++) sum += *(const vf *)(x + i * ld);
  *mean = sum * (1.0f / (float)channels);
  vf square = splat(0.0f);
  for (int i = 0; i < channels; i++) {
    const vf d = *(const vf *)(x + i * ld) - *mean;
    square += d * d;
  }
  const vf var = square * (1.0f / (float)channels) + eps;
  for (int l = 0; l < VL; l++) (*inv)[l] = 1.0f / __builtin_sqrtf(var[l]);
}

static void layer_norm(const float *x, float *y, const Norm *norm, const Run *run) {
  const Share own = share(run, norm->plane, 1);
  for (int64_t p = own.from; p < own.to; p++)
    for (int c = 0; c < run->columns; c += VL) {
      const int64_t at = p * pixel_step(norm->channels, run) + c;
      vf mean, inv;
      pixel_moments(x + at, norm->channels, run->ld, norm->eps, &mean, &inv);
      for (int64_t i = 0; i < norm->channels; i++)
        *(vf *)(y + at + i * run->ld) =
            (*(const vf *)(x + at + i * run->ld) - mean) * inv * norm->gamma[i] + norm->beta[i];
    }
}

/* dx = inv (gamma dy - mean(gamma dy) - xhat mean(gamma dy xhat)), means over channels (Ba, Kiros and Hinton
 * 2016). */
static void layer_norm_dx(const float *x, const float *dy, float *dx, const Norm *norm, const Run *run) {
  const Share own = share(run, norm->plane, 1);
  const float share_of = 1.0f / (float)norm->channels;
  for (int64_t p = own.from; p < own.to; p++)
    for (int c = 0; c < run->columns; c += VL) {
      const int64_t at = p * pixel_step(norm->channels, run) + c;
      vf mean, inv, sum = splat(0.0f), dot = splat(0.0f);
      pixel_moments(x + at, norm->channels, run->ld, norm->eps, &mean, &inv);
      for (int64_t i = 0; i < norm->channels; i++) {
        const vf d = *(const vf *)(dy + at + i * run->ld) * norm->gamma[i];
        sum += d;
        dot += d * ((*(const vf *)(x + at + i * run->ld) - mean) * inv);
      }
      sum *= share_of;
      dot *= share_of;
      for (int64_t i = 0; i < norm->channels; i++) {
        const vf xhat = (*(const vf *)(x + at + i * run->ld) - mean) * inv;
        *(vf *)(dx + at + i * run->ld) =
            inv * (*(const vf *)(dy + at + i * run->ld) * norm->gamma[i] - sum - xhat * dot);
      }
    }
}

/* Gradients of gamma and beta. Every thread needs all moments; it makes them again for its channels. */
static void layer_norm_weights(const float *x, const float *dy, const Norm *norm, float *grad_gamma,
                               float *grad_beta, const Run *run) {
  const Share own = share(run, norm->channels, 1);
  if (!run->add)
    for (int64_t i = own.from; i < own.to; i++) grad_gamma[i] = grad_beta[i] = 0.0f;
  for (int64_t p = 0; p < norm->plane; p++)
    for (int c = 0; c < run->columns; c += VL) {
      const int64_t at = p * pixel_step(norm->channels, run) + c;
      vf mean, inv;
      if (own.from < own.to) pixel_moments(x + at, norm->channels, run->ld, norm->eps, &mean, &inv);
      for (int64_t i = own.from; i < own.to; i++) {
        const vf d = *(const vf *)(dy + at + i * run->ld);
        grad_beta[i] += lanes_sum(d);
        grad_gamma[i] += lanes_sum(d * ((*(const vf *)(x + at + i * run->ld) - mean) * inv));
      }
    }
}

typedef struct {
  const float *q, *k, *v;
  int64_t plane;
  int channels, heads;
  float *scratch; /* for each thread 2 rows of plane x VL */
} Attention;

typedef struct {
  int from, to;
  float scale;
} Head;

static inline Head head_of(const Attention *a, int h) {
  const int from = (int)((int64_t)h * a->channels / a->heads),
            to = (int)((int64_t)(h + 1) * a->channels / a->heads);
  return (Head){from, to, 1.0f / __builtin_sqrtf((float)(to - from))};
}

static inline vf row_dot(const float *a, const float *b, const Head *head, int64_t ld) {
  vf sum = splat(0.0f);
  for (int64_t i = head->from; i < head->to; i++)
    sum += *(const vf *)(a + i * ld) * *(const vf *)(b + i * ld);
  return sum;
}

/* weights[u] = softmax over tokens u of q_t . k_u scale, for VL samples. */
static void attend(const Attention *a, const Head *head, int64_t t, int c, float *weights, const Run *run) {
  const int64_t step = pixel_step(a->channels, run);
  vf top = splat(-3.0e38f);
  for (int64_t u = 0; u < a->plane; u++) {
    const vf score = row_dot(a->q + t * step + c, a->k + u * step + c, head, run->ld) * head->scale;
    *(vf *)(weights + u * VL) = score;
    const vi take = ~(score <= top);
    top = (vf)(((vi)score & take) | ((vi)top & ~take));
  }
  vf sum = splat(0.0f);
  for (int64_t u = 0; u < a->plane; u++) {
    const vf e = vexp(*(const vf *)(weights + u * VL) - top);
    *(vf *)(weights + u * VL) = e;
    sum += e;
  }
  const vf inv = 1.0f / sum;
  for (int64_t u = 0; u < a->plane; u++) *(vf *)(weights + u * VL) *= inv;
}

static void attention(const Attention *a, float *y, const Run *run) {
  const int64_t step = pixel_step(a->channels, run);
  const Share own = share(run, a->plane, 1);
  float *weights = a->scratch + 2 * a->plane * VL * run->thread;
  for (int h = 0; h < a->heads; h++) {
    const Head head = head_of(a, h);
    for (int64_t t = own.from; t < own.to; t++)
      for (int c = 0; c < run->columns; c += VL) {
        attend(a, &head, t, c, weights, run);
        for (int64_t i = head.from; i < head.to; i++) {
          vf sum = splat(0.0f);
          for (int64_t u = 0; u < a->plane; u++)
            sum += *(const vf *)(weights + u * VL) * *(const vf *)(a->v + u * step + i * run->ld + c);
          *(vf *)(y + t * step + i * run->ld + c) = sum;
        }
      }
  }
}

/* Gradients of q, k and v. Threads take heads: all tokens of a head add to one another's gradients. */
static void attention_grad(const Attention *a, const float *dy, float *dq, float *dk, float *dv,
                           const Run *run) {
  const int64_t step = pixel_step(a->channels, run);
  const Share own = share(run, a->heads, 1);
  float *weights = a->scratch + 2 * a->plane * VL * run->thread, *dots = weights + a->plane * VL;
  for (int h = (int)own.from; h < own.to; h++) {
    const Head head = head_of(a, h);
    const Share channels = {head.from, head.to};
    clear_channels(dq, a->plane, a->channels, channels, run);
    clear_channels(dk, a->plane, a->channels, channels, run);
    clear_channels(dv, a->plane, a->channels, channels, run);
    for (int64_t t = 0; t < a->plane; t++)
      for (int c = 0; c < run->columns; c += VL) {
        attend(a, &head, t, c, weights, run);
        vf mean = splat(0.0f);
        for (int64_t u = 0; u < a->plane; u++) {
          const vf d = row_dot(dy + t * step + c, a->v + u * step + c, &head, run->ld);
          *(vf *)(dots + u * VL) = d;
          mean += d * *(const vf *)(weights + u * VL);
        }
        for (int64_t u = 0; u < a->plane; u++) {
          const vf w = *(const vf *)(weights + u * VL),
                   ds = w * (*(const vf *)(dots + u * VL) - mean) * head.scale;
          for (int64_t i = head.from; i < head.to; i++) {
            const int64_t own_row = t * step + i * run->ld + c, other = u * step + i * run->ld + c;
            *(vf *)(dv + other) += w * *(const vf *)(dy + own_row);
            *(vf *)(dq + own_row) += ds * *(const vf *)(a->k + other);
            *(vf *)(dk + other) += ds * *(const vf *)(a->q + own_row);
          }
        }
      }
  }
}
