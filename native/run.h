/* The interpreter of a compiled program: a list of int32 words, each command an opcode, its length in words
 * (itself included) and operands. Operands that name memory are offsets in floats from `mem`; -1 = none.
 * Opcodes and operands are those of src/engine/backends/cpu/commands.ts. */
#pragma once
#include "attention.h"
#include "conv.h"
#include "conv_grad.h"
#include "depthwise.h"
#include "image.h"
#include "loss.h"
#include "ops.gen.h"
#include "plane.h"
#include "rows.h"

static inline double double_of(const int32_t *words) {
  union {
    int32_t i[2];
    double d;
  } u = {.i = {words[0], words[1]}};
  return u.d;
}

#define ARGS(type) const type *a = (const type *)operands
#define AT(offset) (mem + (int64_t)(offset))
#define AT_OR_NULL(offset) ((offset) < 0 ? 0 : AT(offset))
#define TABLE(offset) ((const int32_t *)AT(offset))
#define WINDOWS(w) \
  { TABLE((w).rows), TABLE((w).columns), (w).kernel, (w).out_height, (w).out_width, (w).in_width }
#define CONV_SHAPE(s)                                                                                \
  {                                                                                                  \
    (s).kernel, (s).stride, (s).padding, (s).in_height, (s).in_width, (s).out_height, (s).out_width, \
        (s).in_channels, (s).out_channels                                                            \
  }

/* Layers with weights. Returns whether it knows the opcode. */
static int run_layer(float *mem, int op, const int32_t *operands, const Run *run) {
  switch (op) {
  case OP_PRODUCT: {
    ARGS(ProductArgs);
    product(AT(a->y), AT(a->x), AT(a->w), AT_OR_NULL(a->bias), TABLE(a->table), a->groups, a->transposed,
            a->accumulate, a->rows, a->bf16, run);
    return 1;
  }
  case OP_INFERENCE_PRODUCT: {
    ARGS(InferenceProductArgs);
    const RowProduct few = {AT(a->w), AT_OR_NULL(a->bias), TABLE(a->table), a->groups,
                            a->rows,  a->inputs,           a->depth,        AT(a->scratch)};
    if (run->count <= a->most)
      row_product(AT(a->y), AT(a->x), &few, run);
    else
      product(AT(a->y), AT(a->x), AT(a->w), AT_OR_NULL(a->bias), TABLE(a->many), a->many_groups, 1, 0,
              a->rows, 0, run);
    return 1;
  }
  case OP_WEIGHT_GRAD: {
    ARGS(WeightGradArgs);
    weight_grad(AT(a->x), AT(a->dy), AT(a->w), AT(a->v), AT(a->g), AT(a->scratch), TABLE(a->table), a->groups,
                a->rows, a->fused, a->bf16, run);
    return 1;
  }
  case OP_ROUND_ROWS: {
    ARGS(RoundRowsArgs);
    round_rows(AT(a->from), AT(a->to), a->rows, a->how, run);
    return 1;
  }
  case OP_ROUND_WEIGHTS: {
    ARGS(RoundWeightsArgs);
    round_weights(AT(a->from), AT(a->to), a->n, TABLE(a->table), a->groups, a->transposed, a->rows, run);
    return 1;
  }
  case OP_ROUND_NUMBERS: {
    ARGS(RoundNumbersArgs);
    round_numbers(AT(a->from), AT(a->to), a->n, run);
    return 1;
  }
  case OP_PLANE_SUMS: {
    ARGS(PlaneSumsArgs);
    plane_sums(AT(a->x), AT(a->out), a->channels, a->plane, run);
    return 1;
  }
  case OP_CONV: {
    ARGS(ConvArgs);
    const Conv conv = {AT(a->w),       AT_OR_NULL(a->bias), TABLE(a->table), a->groups,
                       a->accumulate,  a->zeros - a->x,     a->step,         WINDOWS(a->windows),
                       a->in_channels, a->out_channels};
    conv_product(AT(a->y), AT(a->x), &conv, run);
    return 1;
  }
  case OP_TRANSPOSE: {
    ARGS(TransposeArgs);
    transpose_weights(AT(a->from), AT(a->to), TABLE(a->order), a->n, run);
    return 1;
  }
  case OP_CONV_WEIGHT_GRAD: {
    ARGS(ConvWeightGradArgs);
    const ConvShape shape = CONV_SHAPE(a->shape);
    conv_weight_grad(AT(a->x), AT(a->dy), AT(a->g), AT(a->zeros), TABLE(a->table), a->groups, &shape, run);
    return 1;
  }
  case OP_DEPTHWISE: {
    ARGS(DepthwiseArgs);
    const Windows windows = WINDOWS(a->windows);
    depthwise(AT(a->y), AT(a->x), AT(a->w), &windows, a->channels, a->accumulate, run);
    return 1;
  }
  case OP_DEPTHWISE_WEIGHT_GRAD: {
    ARGS(DepthwiseWeightGradArgs);
    const ConvShape shape = CONV_SHAPE(a->shape);
    depthwise_weight_grad(AT(a->x), AT(a->dy), AT(a->g), &shape, run);
    return 1;
  }
  case OP_POSITIONAL_EMBEDDING: {
    ARGS(PositionalEmbeddingArgs);
    positional_embedding(AT(a->x), AT(a->w), AT(a->y), a->channels, a->plane, run);
    return 1;
  }
  case OP_POSITIONAL_EMBEDDING_WEIGHT_GRAD: {
    ARGS(PositionalEmbeddingWeightGradArgs);
    positional_embedding_weight_grad(AT(a->dy), AT(a->g), a->channels, a->plane, run);
    return 1;
  }
  case OP_UPDATE: {
    ARGS(UpdateArgs);
    const Share own = share(run, a->n, 16);
    update(AT(a->w) + own.from, AT(a->v) + own.from, AT(a->g) + own.from, own.to - own.from, &run->hyper);
    return 1;
  }
  default:
    return 0;
  }
}

static int run_norm(float *mem, int op, const int32_t *operands, const Run *run) {
  switch (op) {
  case OP_NORM_TRAIN: {
    ARGS(NormTrainArgs);
    const Norm norm = {a->channels, a->plane, AT(a->gamma), AT(a->beta), a->act, a->eps, a->momentum};
    const Statistics statistics = {AT(a->mean), AT(a->var), AT(a->saved_mean), AT(a->saved_inv)};
    norm_train(AT(a->x), AT(a->y), AT_OR_NULL(a->residual), &statistics, &norm, run);
    return 1;
  }
  case OP_NORM_STATISTICS: {
    ARGS(NormStatisticsArgs);
    const Norm norm = {a->channels, a->plane, AT(a->gamma), AT(a->beta), a->act, a->eps, a->momentum};
    const Statistics statistics = {AT(a->mean), AT(a->var), AT(a->saved_mean), AT(a->saved_inv)};
    norm_statistics(AT(a->x), AT(a->y), AT_OR_NULL(a->residual), &statistics, (double *)AT(a->sums),
                    double_of(a->exact_momentum), &norm, run);
    return 1;
  }
  case OP_NORM_EVAL: {
    ARGS(NormEvalArgs);
    const Norm norm = {a->channels, a->plane, AT(a->gamma), AT(a->beta), a->act, a->eps, 0.0f};
    const Statistics statistics = {AT(a->mean), AT(a->var), 0, 0};
    norm_eval(AT(a->x), AT(a->y), AT_OR_NULL(a->residual), &statistics, &norm, run);
    return 1;
  }
  case OP_NORM_GRAD: {
    ARGS(NormGradArgs);
    const Norm norm = {a->channels, a->plane, AT(a->gamma), AT(a->beta), a->act, 0.0f, 0.0f};
    const Statistics statistics = {0, 0, AT(a->saved_mean), AT(a->saved_inv)};
    const NormGrad grad = {AT(a->x),          AT_OR_NULL(a->y),         AT(a->dy),
                           AT(a->dx),         AT_OR_NULL(a->dresidual), a->accumulate,
                           AT(a->grad_gamma), AT(a->grad_beta)};
    norm_grad(&grad, &statistics, &norm, run);
    return 1;
  }
  case OP_LAYER_NORM: {
    ARGS(LayerNormArgs);
    const Norm norm = {a->channels, a->plane, AT(a->gamma), AT(a->beta), ACT_NONE, a->eps, 0.0f};
    layer_norm(AT(a->x), AT(a->y), &norm, run);
    return 1;
  }
  case OP_LAYER_NORM_GRAD: {
    ARGS(LayerNormGradArgs);
    const Norm norm = {a->channels, a->plane, AT(a->gamma), 0, ACT_NONE, a->eps, 0.0f};
    layer_norm_dx(AT(a->x), AT(a->dy), AT(a->dx), &norm, run);
    layer_norm_weights(AT(a->x), AT(a->dy), &norm, AT(a->grad_gamma), AT(a->grad_beta), run);
    return 1;
  }
  default:
    return 0;
  }
}

static int run_plane(float *mem, int op, const int32_t *operands, const Run *run) {
  switch (op) {
  case OP_ACTIVATION: {
    ARGS(ActivationArgs);
    activation(a->act, AT(a->x), AT(a->y), a->rows, run);
    return 1;
  }
  case OP_ACTIVATION_GRAD: {
    ARGS(ActivationGradArgs);
    activation_grad(a->act, AT(a->x), AT(a->y), AT(a->dy), AT(a->dx), a->rows, run);
    return 1;
  }
  case OP_MAX_POOL: {
    ARGS(MaxPoolArgs);
    const Windows windows = WINDOWS(a->windows);
    max_pool(AT(a->x), AT(a->y), &windows, a->channels, run);
    return 1;
  }
  case OP_MAX_POOL_GRAD: {
    ARGS(MaxPoolGradArgs);
    const Windows windows = WINDOWS(a->windows);
    max_pool_grad(AT(a->x), AT(a->y), AT(a->dy), AT(a->dx), &windows, a->in_plane, a->channels, run);
    return 1;
  }
  case OP_WINDOW_SUMS: {
    ARGS(WindowSumsArgs);
    const Windows windows = WINDOWS(a->windows);
    window_sums(AT(a->x), AT(a->y), &windows, a->channels, a->scale, run);
    return 1;
  }
  case OP_GLOBAL_POOL: {
    ARGS(GlobalPoolArgs);
    global_pool(AT(a->x), AT(a->y), a->channels, a->plane, run);
    return 1;
  }
  case OP_GLOBAL_POOL_GRAD: {
    ARGS(GlobalPoolGradArgs);
    global_pool_grad(AT(a->dy), AT(a->dx), a->channels, a->plane, run);
    return 1;
  }
  case OP_ADD: {
    ARGS(AddArgs);
    add_rows(AT(a->a), AT_OR_NULL(a->b), AT(a->y), a->rows, run);
    return 1;
  }
  case OP_CHANNEL_SCALE: {
    ARGS(ChannelScaleArgs);
    channel_scale(AT(a->x), AT(a->s), AT(a->y), a->channels, a->plane, run);
    return 1;
  }
  case OP_CHANNEL_SCALE_GRAD: {
    ARGS(ChannelScaleGradArgs);
    channel_scale_grad(AT(a->x), AT(a->s), AT(a->dy), AT(a->dx), AT(a->ds), a->channels, a->plane, run);
    return 1;
  }
  case OP_ATTENTION: {
    ARGS(AttentionArgs);
    const Attention args = {AT(a->q), AT(a->k), AT(a->v), a->plane, a->channels, a->heads, AT(a->scratch)};
    attention(&args, AT(a->y), run);
    return 1;
  }
  case OP_ATTENTION_GRAD: {
    ARGS(AttentionGradArgs);
    const Attention args = {AT(a->q), AT(a->k), AT(a->v), a->plane, a->channels, a->heads, AT(a->scratch)};
    attention_grad(&args, AT(a->dy), AT(a->dq), AT(a->dk), AT(a->dv), run);
    return 1;
  }
  case OP_IMAGES: {
    ARGS(ImagesArgs);
    images(AT(a->x), (const uint8_t *)AT(a->staged), TABLE(a->transforms), AT(a->scaling),
           (uint8_t *)AT(a->lines), a->channels, a->height, a->width, run);
    return 1;
  }
  case OP_SOFTMAX_LOSS: {
    ARGS(SoftmaxLossArgs);
    if (run->thread == 0)
      softmax_loss(AT(a->logits), AT_OR_NULL(a->dlogits), a->classes, TABLE(a->labels), AT(a->metrics),
                   a->smoothing, run);
    return 1;
  }
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

/* Whether products in bf16 can read pairs here: 0 no, 1 on a processor that has the instruction, 2 on any. */
#ifdef PLEXUS_PAIRS
const int FN(plexus_pairs) = PLEXUS_PAIRS;
#else
const int FN(plexus_pairs) = 0;
#endif

/* Multiply-adds of the fp32 peak measurement: `rounds` x 12 independent accumulators x VL lanes x 2 flops.
 * Returns a number that depends on all of them, so that nothing is optimised away. None starts at 1, which x
 * m + b maps to itself: the compiler would drop its multiply-adds and leave 11 of the 12 that are counted. */
float FN(plexus_peak)(int64_t rounds, double *flops) {
  vf acc[12];
  UNROLL for (int i = 0; i < 12; i++) acc[i] = splat(0.01f * (float)(i + 1));
  const vf m = splat(0.999f), b = splat(0.001f);
  for (int64_t n = 0; n < rounds; n++) {
    UNROLL for (int i = 0; i < 12; i++) {
      vf next = b;
      ADD_NUMBER(next, acc[i], m);
      acc[i] = next;
    }
  }
  vf sum = acc[0];
  UNROLL for (int i = 1; i < 12; i++) sum += acc[i];
  *flops = 2.0 * 12 * VL * (double)rounds;
  return lanes_sum(sum);
}
