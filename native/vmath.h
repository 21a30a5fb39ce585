/* exp of a vector, and what follows from it. Our own: there is no libm in WebAssembly, and one polynomial
 * gives the same bits on every machine of one instruction set. */
#ifndef PLEXUS_VMATH_H
#define PLEXUS_VMATH_H
#include "context.h"

/* exp(x), relative error below 2e-7: x = k log 2 + r, Cephes' polynomial for e^r (expf, Moshier 1989). NaN
 * stays NaN. */
static inline vf vexp(vf x) {
  const vf low = splat(-87.0f), high = splat(88.0f);
  const vi below = x<low, above = x> high;
  x = (vf)(((vi)x & ~below & ~above) | ((vi)low & below) | ((vi)high & above));
  const vf magic = splat(12582912.0f);
  const vf k = (x * 1.44269504088896341f + magic) - magic;
  const vf r = (x - k * 0.693359375f) - k * -2.12194440e-4f;
  vf p = splat(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  const vi two = (__builtin_convertvector(k, vi) + 127) << 23;
  return p * (vf)two;
}

static inline vf vsigmoid(vf x) { return 1.0f / (1.0f + vexp(-x)); }

/* The normal distribution's Phi(x) = erfc(-x / sqrt 2) / 2, absolute error below 2e-7 (Abramowitz and
 * Stegun 7.1.26). */
static inline vf vphi(vf x) {
  const vf z = (vf)((vi)x & 0x7fffffff) * 0.70710678118654752f;
  const vf t = 1.0f / (1.0f + 0.3275911f * z);
  vf p = splat(1.061405429f);
  p = p * t - 1.453152027f;
  p = p * t + 1.421413741f;
  p = p * t - 0.284496736f;
  p = p * t + 0.254829592f;
  const vf tail = 0.5f * p * t * vexp(-z * z);
  const vi negative = x < splat(0.0f);
  return (vf)(((vi)tail & negative) | ((vi)(1.0f - tail) & ~negative));
}

/* 1 / sqrt(2 pi) exp(-x^2 / 2). */
static inline vf vdensity(vf x) { return 0.39894228040143268f * vexp(-0.5f * x * x); }

enum {
  ACT_NONE,
  ACT_RELU,
  ACT_SWISH,
  ACT_SIGMOID,
  ACT_GELU,
  ACT_STAIRS_2,
  ACT_STAIRS_4,
  ACT_STAIRS_8,
  ACT_STAIRS_16
};

/* x L + 1/2, of stairs of L levels: exact but for the last sum, as L is a power of two. */
static inline vf stairs_level(int act, vf x) { return x * (float)(2 << (act - ACT_STAIRS_2)) + 0.5f; }

/* min(max(floor(level), 0), L) / L. A NaN stays one: a diverged run must stay visible. */
static inline vf vstairs(int act, vf x) {
  const float levels = (float)(2 << (act - ACT_STAIRS_2));
  const vf level = stairs_level(act, x);
  const vi below = level<splat(0.0f), above = level> splat(levels);
  const vf cut = (vf)(((vi)splat(levels) & above) | ((vi)level & ~(above | below)));
  const vf whole = __builtin_convertvector(__builtin_convertvector(cut, vi), vf) * (1.0f / levels);
  const vi number = x == x;
  return (vf)(((vi)whole & number) | ((vi)x & ~number));
}

static inline vf vrelu(vf x) { return (vf)((vi)x & ~(x <= splat(0.0f))); }

static inline vf act_forward(int act, vf x) {
  switch (act) {
  case ACT_RELU:
    return vrelu(x);
  case ACT_SWISH:
    return x * vsigmoid(x);
  case ACT_SIGMOID:
    return vsigmoid(x);
  case ACT_GELU:
    return x * vphi(x);
  case ACT_STAIRS_2:
  case ACT_STAIRS_4:
  case ACT_STAIRS_8:
  case ACT_STAIRS_16:
    return vstairs(act, x);
  default:
    return x;
  }
}

/* dy f'(x); relu and sigmoid know y only, the others x only. */
static inline vf act_backward(int act, vf x, vf y, vf dy) {
  switch (act) {
  case ACT_RELU:
    return (vf)((vi)dy & ~(y <= splat(0.0f)));
  case ACT_SWISH: {
    const vf s = vsigmoid(x);
    return dy * s * (1.0f + x * (1.0f - s));
  }
  case ACT_SIGMOID:
    return dy * y * (1.0f - y);
  case ACT_GELU:
    return dy * (vphi(x) + x * vdensity(x));
  case ACT_STAIRS_2:
  case ACT_STAIRS_4:
  case ACT_STAIRS_8:
  case ACT_STAIRS_16: {
    const vf level = stairs_level(act, x);
    const vi inside = (level >= splat(0.0f)) & (level < splat((float)(2 << (act - ACT_STAIRS_2)) + 1.0f));
    return (vf)((vi)dy & inside);
  }
  default:
    return dy;
  }
}

#endif
