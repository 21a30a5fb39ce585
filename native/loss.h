/* Softmax cross-entropy. exp and log are our own (no libm in WebAssembly, and the same bits on every build): the
 * argument is reduced by powers of two and a polynomial does the rest, in double, good to about 1e-10 relative. */
#include "vec.h"

static inline double exp_near(double x) {
  if (x != x) return x;
  if (x < -700.0) return 0.0;
  if (x > 700.0) x = 700.0;
  const double k = __builtin_floor(x * 1.4426950408889634 + 0.5);
  const double r = x - k * 0.6931471805599453;
  /* Taylor to r^9, |r| <= 0.347: error below 1e-11. */
  double p = 1.0;
  for (int n = 9; n > 0; n--) p = 1.0 + p * r / n;
  union { int64_t i; double d; } two = {.i = ((int64_t)k + 1023) << 52};
  return p * two.d;
}

static inline double log_near(double x) {
  if (x != x || x <= 0.0) return x == 0.0 ? -__builtin_inf() : __builtin_nan("");
  union { double d; int64_t i; } bits = {.d = x};
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

/* metrics[0] = mean cross-entropy in nats, metrics[1] = samples whose first largest logit is the label's.
 * dlogits (or 0) = (softmax - onehot) / count, padding columns 0. */
static void softmax_loss(const float *logits, float *dlogits, int classes, const int32_t *labels, float *metrics,
                         int count, int columns, int64_t ld) {
  double loss = 0.0;
  int correct = 0;
  const double share = 1.0 / count;
  for (int c = 0; c < count; c++) {
    int best = 0;
    for (int k = 1; k < classes; k++)
      if (logits[k * ld + c] > logits[best * ld + c]) best = k;
    const double top = logits[best * ld + c];
    double sum = 0.0;
    for (int k = 0; k < classes; k++) sum += exp_near(logits[k * ld + c] - top);
    loss += log_near(sum) + top - logits[labels[c] * ld + c];
    correct += best == labels[c];
    if (!dlogits) continue;
    for (int k = 0; k < classes; k++)
      dlogits[k * ld + c] = (float)((exp_near(logits[k * ld + c] - top) / sum - (k == labels[c])) * share);
  }
  if (dlogits)
    for (int k = 0; k < classes; k++)
      for (int c = count; c < columns; c++) dlogits[k * ld + c] = 0.0f;
  metrics[0] = (float)(loss * share);
  metrics[1] = (float)correct;
}
