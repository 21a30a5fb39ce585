/* The interpreter of a compiled program: a list of int32 words, each command an opcode, its length in words
 * (itself included) and operands. Operands that name memory are offsets in floats from `mem`; -1 = none. The
 * opcodes are the ones of src/engine/backends/cpu/encode.ts. */
#pragma once
#include "attention.h"
#include "conv.h"
#include "conv_grad.h"
#include "depthwise.h"
#include "image.h"
#include "loss.h"
#include "plane.h"

enum {
  OP_PRODUCT = 1,
  OP_WEIGHT_GRAD,
  OP_PLANE_SUMS,
  OP_NORM_TRAIN,
  OP_NORM_EVAL,
  OP_NORM_GRAD,
  OP_ACTIVATION,
  OP_ACTIVATION_GRAD,
  OP_SOFTMAX_LOSS,
  OP_UPDATE,
  OP_IMAGES,
  OP_CONV,
  OP_CONV_WEIGHT_GRAD,
  OP_DEPTHWISE,
  OP_DEPTHWISE_WEIGHT_GRAD,
  OP_MAX_POOL,
  OP_MAX_POOL_GRAD,
  OP_WINDOW_SUMS,
  OP_GLOBAL_POOL,
  OP_GLOBAL_POOL_GRAD,
  OP_ADD,
  OP_GATE,
  OP_GATE_GRAD,
  OP_POSITION,
  OP_POSITION_WEIGHT_GRAD,
  OP_LAYER_NORM,
  OP_LAYER_NORM_GRAD,
  OP_ATTENTION,
  OP_ATTENTION_GRAD,
  OP_TURN,
  OP_NORM_STATISTICS,
};

static inline float float_of(int32_t word) {
  union {
    int32_t i;
    float f;
  } u = {.i = word};
  return u.f;
}

static inline double double_of(const int32_t *words) {
  union {
    int32_t i[2];
    double d;
  } u = {.i = {words[0], words[1]}};
  return u.d;
}

#define AT(k) (mem + (int64_t)a[k])
#define AT_OR_NULL(k) (a[k] < 0 ? 0 : AT(k))
#define TABLE(k) ((const int32_t *)AT(k))
/* Five operands: tables of rows and columns, kernel, output height and width, input width. */
#define WINDOWS(k) \
  { TABLE(k), TABLE((k) + 1), a[(k) + 2], a[(k) + 3], a[(k) + 4], a[(k) + 5] }
/* Nine operands. */
#define CONV_SHAPE(k) \
  { a[k], a[(k) + 1], a[(k) + 2], a[(k) + 3], a[(k) + 4], a[(k) + 5], a[(k) + 6], a[(k) + 7], a[(k) + 8] }

/* Layers with weights. Returns whether it knows the opcode. */
static int run_layer(float *mem, int op, const int32_t *a, const Run *run) {
  switch (op) {
  case OP_PRODUCT: /* y x w bias table groups transposed accumulate rows */
    product(AT(0), AT(1), AT(2), AT_OR_NULL(3), TABLE(4), a[5], a[6], a[7], a[8], run);
    return 1;
  case OP_WEIGHT_GRAD: /* x dy w v g scratch table groups rows fused */
    weight_grad(AT(0), AT(1), AT(2), AT(3), AT(4), AT(5), TABLE(6), a[7], a[8], a[9], run);
    return 1;
  case OP_PLANE_SUMS: /* x out channels plane */
    plane_sums(AT(0), AT(1), a[2], a[3], run);
    return 1;
  case OP_CONV: { /* y x w bias table groups accumulate zeros step, windows, inChannels outChannels */
    const Conv conv = {AT(2),       AT_OR_NULL(3), TABLE(4),   a[5],  a[6],
                       a[7] - a[1], a[8],          WINDOWS(9), a[15], a[16]};
    conv_product(AT(0), AT(1), &conv, run);
    return 1;
  }
  case OP_TURN: /* from to order n */
    turn_weights(AT(0), AT(1), TABLE(2), a[3], run);
    return 1;
  case OP_CONV_WEIGHT_GRAD: { /* x dy g table groups, shape */
    const ConvShape shape = CONV_SHAPE(5);
    conv_weight_grad(AT(0), AT(1), AT(2), TABLE(3), a[4], &shape, run);
    return 1;
  }
  case OP_DEPTHWISE: { /* y x w channels accumulate, windows */
    const Windows windows = WINDOWS(5);
    depthwise(AT(0), AT(1), AT(2), &windows, a[3], a[4], run);
    return 1;
  }
  case OP_DEPTHWISE_WEIGHT_GRAD: { /* x dy g, shape */
    const ConvShape shape = CONV_SHAPE(3);
    depthwise_weight_grad(AT(0), AT(1), AT(2), &shape, run);
    return 1;
  }
  case OP_POSITION: /* x w y channels plane */
    position(AT(0), AT(1), AT(2), a[3], a[4], run);
    return 1;
  case OP_POSITION_WEIGHT_GRAD: /* dy g channels plane */
    position_weight_grad(AT(0), AT(1), a[2], a[3], run);
    return 1;
  case OP_UPDATE: { /* w v g n */
    const Share own = share(run, a[3], 16);
    update(AT(0) + own.from, AT(1) + own.from, AT(2) + own.from, own.to - own.from, &run->hyper);
    return 1;
  }
  default:
    return 0;
  }
}

static int run_norm(float *mem, int op, const int32_t *a, const Run *run) {
  switch (op) {
  case OP_NORM_TRAIN: { /* x y residual channels plane gamma beta act mean var savedMean savedInv eps momentum
                         */
    const Norm norm = {a[3], a[4], AT(5), AT(6), a[7], float_of(a[12]), float_of(a[13])};
    const Statistics statistics = {AT(8), AT(9), AT(10), AT(11)};
    norm_train(AT(0), AT(1), AT_OR_NULL(2), &statistics, &norm, run);
    return 1;
  }
  case OP_NORM_STATISTICS: { /* x y residual channels plane gamma beta act mean var savedMean savedInv eps
                                sums momentum, momentum as a double */
    const Norm norm = {a[3], a[4], AT(5), AT(6), a[7], float_of(a[12]), float_of(a[14])};
    const Statistics statistics = {AT(8), AT(9), AT(10), AT(11)};
    norm_statistics(AT(0), AT(1), AT_OR_NULL(2), &statistics, (double *)AT(13), double_of(a + 15), &norm,
                    run);
    return 1;
  }
  case OP_NORM_EVAL: { /* x y residual channels plane gamma beta act mean var eps */
    const Norm norm = {a[3], a[4], AT(5), AT(6), a[7], float_of(a[10]), 0.0f};
    const Statistics statistics = {AT(8), AT(9), 0, 0};
    norm_eval(AT(0), AT(1), AT_OR_NULL(2), &statistics, &norm, run);
    return 1;
  }
  case OP_NORM_GRAD: { /* x y dy dx dresidual accumulate channels plane gamma beta act savedMean savedInv
                          gradGamma gradBeta */
    const Norm norm = {a[6], a[7], AT(8), AT(9), a[10], 0.0f, 0.0f};
    const Statistics statistics = {0, 0, AT(11), AT(12)};
    const NormGrad grad = {AT(0), AT(1), AT(2), AT(3), AT_OR_NULL(4), a[5], AT(13), AT(14)};
    norm_grad(&grad, &statistics, &norm, run);
    return 1;
  }
  case OP_LAYER_NORM: { /* x y channels plane gamma beta eps */
    const Norm norm = {a[2], a[3], AT(4), AT(5), ACT_NONE, float_of(a[6]), 0.0f};
    layer_norm(AT(0), AT(1), &norm, run);
    return 1;
  }
  case OP_LAYER_NORM_GRAD: { /* x dy dx channels plane gamma eps gradGamma gradBeta */
    const Norm norm = {a[3], a[4], AT(5), 0, ACT_NONE, float_of(a[6]), 0.0f};
    layer_norm_dx(AT(0), AT(1), AT(2), &norm, run);
    layer_norm_weights(AT(0), AT(1), &norm, AT(7), AT(8), run);
    return 1;
  }
  default:
    return 0;
  }
}

static int run_plane(float *mem, int op, const int32_t *a, const Run *run) {
  switch (op) {
  case OP_ACTIVATION: /* act x y rows */
    activation(a[0], AT(1), AT(2), a[3], run);
    return 1;
  case OP_ACTIVATION_GRAD: /* act x y dy dx rows */
    activation_grad(a[0], AT(1), AT(2), AT(3), AT(4), a[5], run);
    return 1;
  case OP_MAX_POOL: { /* x y channels, windows */
    const Windows windows = WINDOWS(3);
    max_pool(AT(0), AT(1), &windows, a[2], run);
    return 1;
  }
  case OP_MAX_POOL_GRAD: { /* x y dy dx inPlane channels, windows */
    const Windows windows = WINDOWS(6);
    max_pool_grad(AT(0), AT(1), AT(2), AT(3), &windows, a[4], a[5], run);
    return 1;
  }
  case OP_WINDOW_SUMS: { /* x y channels scale, windows */
    const Windows windows = WINDOWS(4);
    window_sums(AT(0), AT(1), &windows, a[2], float_of(a[3]), run);
    return 1;
  }
  case OP_GLOBAL_POOL: /* x y channels plane */
    global_pool(AT(0), AT(1), a[2], a[3], run);
    return 1;
  case OP_GLOBAL_POOL_GRAD: /* dy dx channels plane */
    global_pool_grad(AT(0), AT(1), a[2], a[3], run);
    return 1;
  case OP_ADD: /* a b y rows */
    add_rows(AT(0), AT_OR_NULL(1), AT(2), a[3], run);
    return 1;
  case OP_GATE: /* x s y channels plane */
    gate(AT(0), AT(1), AT(2), a[3], a[4], run);
    return 1;
  case OP_GATE_GRAD: /* x s dy dx ds channels plane */
    gate_grad(AT(0), AT(1), AT(2), AT(3), AT(4), a[5], a[6], run);
    return 1;
  case OP_ATTENTION: { /* q k v y plane channels heads scratch */
    const Attention args = {AT(0), AT(1), AT(2), a[4], a[5], a[6], AT(7)};
    attention(&args, AT(3), run);
    return 1;
  }
  case OP_ATTENTION_GRAD: { /* q k v dy dq dk dv plane channels heads scratch */
    const Attention args = {AT(0), AT(1), AT(2), a[7], a[8], a[9], AT(10)};
    attention_grad(&args, AT(3), AT(4), AT(5), AT(6), run);
    return 1;
  }
  case OP_IMAGES: /* x staged transforms scaling lines channels height width */
    images(AT(0), (const uint8_t *)AT(1), TABLE(2), AT(3), (uint8_t *)AT(4), a[5], a[6], a[7], run);
    return 1;
  case OP_SOFTMAX_LOSS: /* logits dlogits classes labels metrics smoothing */
    if (run->thread == 0) softmax_loss(AT(0), AT_OR_NULL(1), a[2], TABLE(3), AT(4), float_of(a[5]), run);
    return 1;
  default:
    return 0;
  }
}

/* Runs `words` words of commands; every thread of a run walks all of them and does its share of each. `wait`
 * (0 for one thread) returns when all threads have called it. Returns 0, or the opcode it does not know. */
int FN(plexus_run)(float *mem, const int32_t *commands, int words, const Run *run, void (*wait)(void *),
                   void *barrier) {
  for (const int32_t *p = commands, *end = commands + words; p < end; p += p[1]) {
    if (!run_layer(mem, p[0], p + 2, run) && !run_norm(mem, p[0], p + 2, run) &&
        !run_plane(mem, p[0], p + 2, run))
      return p[0];
    if (wait) wait(barrier);
  }
  return 0;
}

/* Multiply-adds of the fp32 peak measurement: `rounds` x 12 independent accumulators x VL lanes x 2 flops.
 * Returns a number that depends on all of them, so that nothing is optimised away. */
float FN(plexus_peak)(int64_t rounds, double *flops) {
  vf acc[12];
  UNROLL for (int i = 0; i < 12; i++) acc[i] = splat(0.1f * (float)i);
  const vf m = splat(0.999f), b = splat(0.001f);
  for (int64_t n = 0; n < rounds; n++) {
    UNROLL for (int i = 0; i < 12; i++) acc[i] = acc[i] * m + b;
  }
  vf sum = acc[0];
  UNROLL for (int i = 1; i < 12; i++) sum += acc[i];
  *flops = 2.0 * 12 * VL * (double)rounds;
  return lanes_sum(sum);
}
