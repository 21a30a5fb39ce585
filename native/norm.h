/* Batch normalisation and ReLU over feature-major rows. `count` samples are valid; the columns from there to `columns`
 * (a multiple of 16) are padding and are kept at 0, so that products and dot products may run over them. */
#include "vec.h"

typedef struct {
  int32_t relu;
  float eps, momentum;
} Norm;

static inline float lanes_sum(vf a) {
  float s = 0.0f;
  UNROLL for (int i = 0; i < VL; i++) s += a[i];
  return s;
}

static inline void zero_tail(float *y, int count, int columns) {
  for (int c = count; c < columns; c++) y[c] = 0.0f;
}

/* y = scale x + shift, then ReLU. */
static void affine_row(float *y, const float *x, float scale, float shift, int relu, int count, int columns) {
  const vf s = splat(scale), t = splat(shift), zero = splat(0.0f);
  for (int c = 0; c < columns; c += VL) {
    vf a = *(const vf *)(x + c) * s + t;
    if (relu) a = (vf)((vi)a & (a > zero));
    *(vf *)(y + c) = a;
  }
  zero_tail(y, count, columns);
}

static void norm_train(const float *x, float *y, int channels, const float *gamma, const float *beta, float *running_mean,
                       float *running_var, float *saved_mean, float *saved_inv, const Norm *norm, int count, int columns,
                       int64_t ld) {
  const int full = count - count % VL;
  const float inv_count = 1.0f / (float)count;
  const float unbias = (float)count / (float)(count - 1);
  for (int i = 0; i < channels; i++, x += ld, y += ld) {
    vf sum = splat(0.0f);
    for (int c = 0; c < full; c += VL) sum += *(const vf *)(x + c);
    float total = lanes_sum(sum);
    for (int c = full; c < count; c++) total += x[c];
    const float mean = total * inv_count;
    const vf m = splat(mean);
    vf square = splat(0.0f);
    for (int c = 0; c < full; c += VL) {
      const vf d = *(const vf *)(x + c) - m;
      square += d * d;
    }
    float spread = lanes_sum(square);
    for (int c = full; c < count; c++) spread += (x[c] - mean) * (x[c] - mean);
    const float var = spread * inv_count;
    const float inv = 1.0f / __builtin_sqrtf(var + norm->eps);
    saved_mean[i] = mean;
    saved_inv[i] = inv;
    running_mean[i] += norm->momentum * (mean - running_mean[i]);
    running_var[i] += norm->momentum * (var * unbias - running_var[i]);
    const float scale = gamma[i] * inv;
    affine_row(y, x, scale, beta[i] - mean * scale, norm->relu, count, columns);
  }
}

static void norm_eval(const float *x, float *y, int channels, const float *gamma, const float *beta,
                      const float *running_mean, const float *running_var, const Norm *norm, int count, int columns,
                      int64_t ld) {
  for (int i = 0; i < channels; i++, x += ld, y += ld) {
    const float scale = gamma[i] / __builtin_sqrtf(running_var[i] + norm->eps);
    affine_row(y, x, scale, beta[i] - running_mean[i] * scale, norm->relu, count, columns);
  }
}

/* dx = gamma inv (dz - mean(dz) - xhat mean(dz xhat)), dz = dy where the ReLU let through (Ioffe & Szegedy 2015). */
static void norm_grad(const float *x, const float *y, const float *dy, float *dx, int channels, const float *gamma,
                      const float *saved_mean, const float *saved_inv, float *grad_gamma, float *grad_beta,
                      const Norm *norm, int count, int columns, int64_t ld) {
  const vf zero = splat(0.0f);
  const float inv_count = 1.0f / (float)count;
  for (int i = 0; i < channels; i++, x += ld, y += ld, dy += ld, dx += ld) {
    const vf m = splat(saved_mean[i]), inv = splat(saved_inv[i]);
    vf sum = zero, dot = zero;
    /* The padding of dy is 0, so whole vectors may be summed. */
    for (int c = 0; c < columns; c += VL) {
      vf d = *(const vf *)(dy + c);
      if (norm->relu) d = (vf)((vi)d & (*(const vf *)(y + c) > zero));
      sum += d;
      dot += d * ((*(const vf *)(x + c) - m) * inv);
    }
    const float total = lanes_sum(sum), product = lanes_sum(dot);
    grad_beta[i] = total;
    grad_gamma[i] = product;
    const vf scale = splat(gamma[i] * saved_inv[i]), a = splat(total * inv_count), b = splat(product * inv_count);
    for (int c = 0; c < columns; c += VL) {
      vf d = *(const vf *)(dy + c);
      if (norm->relu) d = (vf)((vi)d & (*(const vf *)(y + c) > zero));
      *(vf *)(dx + c) = scale * (d - a - ((*(const vf *)(x + c) - m) * inv) * b);
    }
    zero_tail(dx, count, columns);
  }
}

static void relu_forward(const float *x, float *y, int rows, int count, int columns, int64_t ld) {
  for (int i = 0; i < rows; i++) affine_row(y + i * ld, x + i * ld, 1.0f, 0.0f, 1, count, columns);
}

static void relu_grad(const float *y, const float *dy, float *dx, int rows, int columns, int64_t ld) {
  const vf zero = splat(0.0f);
  for (int i = 0; i < rows; i++, y += ld, dy += ld, dx += ld)
    for (int c = 0; c < columns; c += VL)
      *(vf *)(dx + c) = (vf)((vi) * (const vf *)(dy + c) & (*(const vf *)(y + c) > zero));
}

/* out[i] = sum of row i (the gradient of a bias). */
static void row_sums(const float *x, float *out, int rows, int columns, int64_t ld) {
  for (int i = 0; i < rows; i++, x += ld) {
    vf sum = splat(0.0f);
    for (int c = 0; c < columns; c += VL) sum += *(const vf *)(x + c);
    out[i] = lanes_sum(sum);
  }
}
