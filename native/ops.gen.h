/* Made by scripts/make-ops-header.ts from src/engine/backends/cpu/commands.ts: change that. */
#pragma once
#include <stdint.h>

/* clang-format off */
enum {
  OP_PRODUCT = 1,
  OP_WEIGHT_GRAD = 2,
  OP_PLANE_SUMS = 3,
  OP_NORM_TRAIN = 4,
  OP_NORM_EVAL = 5,
  OP_NORM_GRAD = 6,
  OP_ACTIVATION = 7,
  OP_ACTIVATION_GRAD = 8,
  OP_SOFTMAX_LOSS = 9,
  OP_UPDATE = 10,
  OP_IMAGES = 11,
  OP_CONV = 12,
  OP_CONV_WEIGHT_GRAD = 13,
  OP_DEPTHWISE = 14,
  OP_DEPTHWISE_WEIGHT_GRAD = 15,
  OP_MAX_POOL = 16,
  OP_MAX_POOL_GRAD = 17,
  OP_WINDOW_SUMS = 18,
  OP_GLOBAL_POOL = 19,
  OP_GLOBAL_POOL_GRAD = 20,
  OP_ADD = 21,
  OP_CHANNEL_SCALE = 22,
  OP_CHANNEL_SCALE_GRAD = 23,
  OP_POSITIONAL_EMBEDDING = 24,
  OP_POSITIONAL_EMBEDDING_WEIGHT_GRAD = 25,
  OP_LAYER_NORM = 26,
  OP_LAYER_NORM_GRAD = 27,
  OP_ATTENTION = 28,
  OP_ATTENTION_GRAD = 29,
  OP_TRANSPOSE = 30,
  OP_NORM_STATISTICS = 31,
  OP_INFERENCE_PRODUCT = 32,
  OP_ROUND_ROWS = 33,
  OP_ROUND_WEIGHTS = 34,
  OP_ROUND_NUMBERS = 35,
};

typedef struct {
  int32_t rows; /* offset of a table */
  int32_t columns; /* offset of a table */
  int32_t kernel;
  int32_t out_height;
  int32_t out_width;
  int32_t in_width;
} WindowsArgs;

typedef struct {
  int32_t kernel;
  int32_t stride;
  int32_t padding;
  int32_t in_height;
  int32_t in_width;
  int32_t out_height;
  int32_t out_width;
  int32_t in_channels;
  int32_t out_channels;
} ShapeArgs;

typedef struct {
  int32_t y; /* offset */
  int32_t x; /* offset */
  int32_t w; /* offset */
  int32_t bias; /* offset or -1 */
  int32_t table; /* offset of a table */
  int32_t groups;
  int32_t transposed;
  int32_t accumulate;
  int32_t rows;
  int32_t bf16;
} ProductArgs;

typedef struct {
  int32_t x; /* offset */
  int32_t dy; /* offset */
  int32_t w; /* offset */
  int32_t v; /* offset */
  int32_t g; /* offset */
  int32_t scratch; /* offset */
  int32_t table; /* offset of a table */
  int32_t groups;
  int32_t rows;
  int32_t fused;
  int32_t bf16;
} WeightGradArgs;

typedef struct {
  int32_t x; /* offset */
  int32_t out; /* offset */
  int32_t channels;
  int32_t plane;
} PlaneSumsArgs;

typedef struct {
  int32_t x; /* offset */
  int32_t y; /* offset */
  int32_t residual; /* offset or -1 */
  int32_t channels;
  int32_t plane;
  int32_t gamma; /* offset */
  int32_t beta; /* offset */
  int32_t act;
  int32_t mean; /* offset */
  int32_t var; /* offset */
  int32_t saved_mean; /* offset */
  int32_t saved_inv; /* offset */
  float eps;
  float momentum;
} NormTrainArgs;

typedef struct {
  int32_t x; /* offset */
  int32_t y; /* offset */
  int32_t residual; /* offset or -1 */
  int32_t channels;
  int32_t plane;
  int32_t gamma; /* offset */
  int32_t beta; /* offset */
  int32_t act;
  int32_t mean; /* offset */
  int32_t var; /* offset */
  float eps;
} NormEvalArgs;

typedef struct {
  int32_t x; /* offset */
  int32_t y; /* offset or -1 */
  int32_t dy; /* offset */
  int32_t dx; /* offset */
  int32_t dresidual; /* offset or -1 */
  int32_t accumulate;
  int32_t channels;
  int32_t plane;
  int32_t gamma; /* offset */
  int32_t beta; /* offset */
  int32_t act;
  int32_t saved_mean; /* offset */
  int32_t saved_inv; /* offset */
  int32_t grad_gamma; /* offset */
  int32_t grad_beta; /* offset */
} NormGradArgs;

typedef struct {
  int32_t act;
  int32_t x; /* offset */
  int32_t y; /* offset */
  int32_t rows;
} ActivationArgs;

typedef struct {
  int32_t act;
  int32_t x; /* offset */
  int32_t y; /* offset */
  int32_t dy; /* offset */
  int32_t dx; /* offset */
  int32_t rows;
} ActivationGradArgs;

typedef struct {
  int32_t logits; /* offset */
  int32_t dlogits; /* offset or -1 */
  int32_t classes;
  int32_t labels; /* offset of a table */
  int32_t metrics; /* offset */
  float smoothing;
} SoftmaxLossArgs;

typedef struct {
  int32_t w; /* offset */
  int32_t v; /* offset */
  int32_t g; /* offset */
  int32_t n;
} UpdateArgs;

typedef struct {
  int32_t x; /* offset */
  int32_t staged; /* offset */
  int32_t transforms; /* offset of a table */
  int32_t scaling; /* offset */
  int32_t lines; /* offset */
  int32_t channels;
  int32_t height;
  int32_t width;
} ImagesArgs;

typedef struct {
  int32_t y; /* offset */
  int32_t x; /* offset */
  int32_t w; /* offset */
  int32_t bias; /* offset or -1 */
  int32_t table; /* offset of a table */
  int32_t groups;
  int32_t accumulate;
  int32_t zeros; /* offset */
  int32_t step;
  WindowsArgs windows;
  int32_t in_channels;
  int32_t out_channels;
} ConvArgs;

typedef struct {
  int32_t x; /* offset */
  int32_t dy; /* offset */
  int32_t g; /* offset */
  int32_t zeros; /* offset */
  int32_t table; /* offset of a table */
  int32_t groups;
  ShapeArgs shape;
} ConvWeightGradArgs;

typedef struct {
  int32_t y; /* offset */
  int32_t x; /* offset */
  int32_t w; /* offset */
  int32_t channels;
  int32_t accumulate;
  WindowsArgs windows;
} DepthwiseArgs;

typedef struct {
  int32_t x; /* offset */
  int32_t dy; /* offset */
  int32_t g; /* offset */
  ShapeArgs shape;
} DepthwiseWeightGradArgs;

typedef struct {
  int32_t x; /* offset */
  int32_t y; /* offset */
  int32_t channels;
  WindowsArgs windows;
} MaxPoolArgs;

typedef struct {
  int32_t x; /* offset */
  int32_t y; /* offset */
  int32_t dy; /* offset */
  int32_t dx; /* offset */
  int32_t in_plane;
  int32_t channels;
  WindowsArgs windows;
} MaxPoolGradArgs;

typedef struct {
  int32_t x; /* offset */
  int32_t y; /* offset */
  int32_t channels;
  float scale;
  WindowsArgs windows;
} WindowSumsArgs;

typedef struct {
  int32_t x; /* offset */
  int32_t y; /* offset */
  int32_t channels;
  int32_t plane;
} GlobalPoolArgs;

typedef struct {
  int32_t dy; /* offset */
  int32_t dx; /* offset */
  int32_t channels;
  int32_t plane;
} GlobalPoolGradArgs;

typedef struct {
  int32_t a; /* offset */
  int32_t b; /* offset or -1 */
  int32_t y; /* offset */
  int32_t rows;
} AddArgs;

typedef struct {
  int32_t x; /* offset */
  int32_t s; /* offset */
  int32_t y; /* offset */
  int32_t channels;
  int32_t plane;
} ChannelScaleArgs;

typedef struct {
  int32_t x; /* offset */
  int32_t s; /* offset */
  int32_t dy; /* offset */
  int32_t dx; /* offset */
  int32_t ds; /* offset */
  int32_t channels;
  int32_t plane;
} ChannelScaleGradArgs;

typedef struct {
  int32_t x; /* offset */
  int32_t w; /* offset */
  int32_t y; /* offset */
  int32_t channels;
  int32_t plane;
} PositionalEmbeddingArgs;

typedef struct {
  int32_t dy; /* offset */
  int32_t g; /* offset */
  int32_t channels;
  int32_t plane;
} PositionalEmbeddingWeightGradArgs;

typedef struct {
  int32_t x; /* offset */
  int32_t y; /* offset */
  int32_t channels;
  int32_t plane;
  int32_t gamma; /* offset */
  int32_t beta; /* offset */
  float eps;
} LayerNormArgs;

typedef struct {
  int32_t x; /* offset */
  int32_t dy; /* offset */
  int32_t dx; /* offset */
  int32_t channels;
  int32_t plane;
  int32_t gamma; /* offset */
  float eps;
  int32_t grad_gamma; /* offset */
  int32_t grad_beta; /* offset */
} LayerNormGradArgs;

typedef struct {
  int32_t q; /* offset */
  int32_t k; /* offset */
  int32_t v; /* offset */
  int32_t y; /* offset */
  int32_t plane;
  int32_t channels;
  int32_t heads;
  int32_t scratch; /* offset */
} AttentionArgs;

typedef struct {
  int32_t q; /* offset */
  int32_t k; /* offset */
  int32_t v; /* offset */
  int32_t dy; /* offset */
  int32_t dq; /* offset */
  int32_t dk; /* offset */
  int32_t dv; /* offset */
  int32_t plane;
  int32_t channels;
  int32_t heads;
  int32_t scratch; /* offset */
} AttentionGradArgs;

typedef struct {
  int32_t from; /* offset */
  int32_t to; /* offset */
  int32_t order; /* offset of a table */
  int32_t n;
} TransposeArgs;

typedef struct {
  int32_t x; /* offset */
  int32_t y; /* offset */
  int32_t residual; /* offset or -1 */
  int32_t channels;
  int32_t plane;
  int32_t gamma; /* offset */
  int32_t beta; /* offset */
  int32_t act;
  int32_t mean; /* offset */
  int32_t var; /* offset */
  int32_t saved_mean; /* offset */
  int32_t saved_inv; /* offset */
  float eps;
  int32_t sums; /* offset */
  float momentum;
  int32_t exact_momentum[2]; /* the words of a double, which may lie at any word */
} NormStatisticsArgs;

typedef struct {
  int32_t y; /* offset */
  int32_t x; /* offset */
  int32_t w; /* offset */
  int32_t bias; /* offset or -1 */
  int32_t table; /* offset of a table */
  int32_t groups;
  int32_t most;
  int32_t many; /* offset of a table */
  int32_t many_groups;
  int32_t rows;
  int32_t inputs;
  int32_t depth;
  int32_t scratch; /* offset */
} InferenceProductArgs;

typedef struct {
  int32_t from; /* offset */
  int32_t to; /* offset */
  int32_t rows;
  int32_t how;
} RoundRowsArgs;

typedef struct {
  int32_t from; /* offset */
  int32_t to; /* offset */
  int32_t n;
  int32_t table; /* offset of a table */
  int32_t groups;
  int32_t transposed;
  int32_t rows;
} RoundWeightsArgs;

typedef struct {
  int32_t from; /* offset */
  int32_t to; /* offset */
  int32_t n;
} RoundNumbersArgs;
/* clang-format on */
