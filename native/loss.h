/* Softmax cross-entropy. exp and log are our own (no libm in WebAssembly, and the same bits on every build):
 * the argument is reduced by powers of two and a polynomial does the rest, in double, good to about 1e-10
 * relative. */
#pragma once
#include "context.h"

static inline double exp_near(double x) {
  if (x != x) return x;
  if (x < -700.0) return 0.0;
  if (x > 700.0) x = 700.0;
  const double k = __builtin_floor(x * 1.4426950408889634 + 0.5);
  const double r = x - k * 0.6931471805599453;
  /* Taylor to r^9, |r| <= 0.347: error below 1e-11. */
  double p = 1.0;
  for (int n = 9; n > 0; n--) p = 1.0 + p * r / n;
  union {
    int64_t i;
    double d;
  } two = {.i = ((int64_t)k + 1023) << 52};
  return p * two.d;
}

static inline double log_near(double x) {
  if (x != x || x <= 0.0) return x == 0.0 ? -__builtin_inf() : __builtin_nan("");
  union {
    double d;
    int64_t i;
  } bits = {.d = x};
  int64_t e = ((bits.i >> 52) & 0x7ff) - 1023;
  bits.i = (bits.i & 0x000fffffffffffffLL) | 0x3ff0000000000000LL;
  double m = bits.d;
  if (m > 1.4142135623730951) {
    m *= 0.5;
    e++;
  }
  /* log m = 2 atanh s, s = (m - 1) / (m + 1), |s| <= 0.172: odd series to s^15. */
  const double s = (m - 1.0) / (m + 1.0), s2 = s * s;
  double sum = 0.0;
  for (int n = 15; n >= 1; n -= 2) sum = sum * s2 + 1.0 / n;
  return (double)e * 0.6931471805599453 + 2.0 * s * sum;
}

/* The first of the largest logits of sample c. */
static inline int top_class(const float *logits, int classes, int64_t ld, int c) {
  int best = 0;
  for (int k = 1; k < classes; k++)
    if (logits[k * ld + c] > logits[best * ld + c]) best = k;
  return best;
}

/* How many classes come before the label: larger logits, and equal ones of smaller index. NaN comes before
 * everything. */
static inline int rank_of(const float *logits, int classes, int64_t ld, int c, int label) {
  const float own = logits[label * ld + c];
  int rank = 0;
  for (int k = 0; k < classes; k++)
    rank += !(logits[k * ld + c] < own) && (logits[k * ld + c] != own || k < label) && k != label;
  return rank;
}

/* metrics[0] = mean cross-entropy in nats against (1 - smoothing) onehot + smoothing / classes, metrics[1] =
 * samples whose first largest logit is the label's, metrics[2] = samples whose label is among the first five.
 * dlogits (or 0) = (softmax - target) / count, padding columns 0. */
static void softmax_loss(const float *logits, float *dlogits, int classes, const int32_t *labels,
                         float *metrics, float smoothing, const Run *run) {
  const int64_t ld = run->ld;
  double loss = 0.0;
  int correct = 0, correct5 = 0;
  const double share_of = 1.0 / run->count, other = (double)smoothing / classes,
               own = 1.0 - (double)smoothing + other;
  for (int c = 0; c < run->count; c++) {
    const int best = top_class(logits, classes, ld, c);
    const double top = logits[best * ld + c];
    double sum = 0.0, away = 0.0;
    for (int k = 0; k < classes; k++) {
      sum += exp_near(logits[k * ld + c] - top);
      away += top - logits[k * ld + c];
    }
    const double log_sum = log_near(sum);
    loss += log_sum + (1.0 - (double)smoothing) * (top - logits[labels[c] * ld + c]) + other * away;
    correct += best == labels[c];
    correct5 += rank_of(logits, classes, ld, c, labels[c]) < 5;
    if (!dlogits) continue;
    for (int k = 0; k < classes; k++)
      dlogits[k * ld + c] =
          (float)((exp_near(logits[k * ld + c] - top) / sum - (k == labels[c] ? own : other)) * share_of);
  }
  if (dlogits)
    for (int k = 0; k < classes; k++) zero_tail(dlogits + k * ld, run->count, run->columns);
  metrics[0] = (float)(loss * share_of);
  metrics[1] = (float)correct;
  metrics[2] = (float)correct5;
}
