/* The interpreter of a compiled program: a list of int32 words, each command an opcode, its length in words (itself
 * included) and operands. Operands that name memory are offsets in floats from `mem`; -1 = none. The opcodes are the
 * ones of src/engine/backends/cpu/encode.ts. */
#include "vec.h"
#include "product.h"
#include "weight_grad.h"
#include "norm.h"
#include "loss.h"
#include "image.h"

enum {
  OP_PRODUCT = 1,
  OP_WEIGHT_GRAD,
  OP_ROW_SUMS,
  OP_NORM_TRAIN,
  OP_NORM_EVAL,
  OP_NORM_GRAD,
  OP_RELU,
  OP_RELU_GRAD,
  OP_SOFTMAX_LOSS,
  OP_UPDATE,
  OP_IMAGES,
};

static inline float float_of(int32_t word) {
  union { int32_t i; float f; } u = {.i = word};
  return u.f;
}

#define AT(k) (mem + (int64_t)a[k])
#define AT_OR_NULL(k) (a[k] < 0 ? 0 : AT(k))
#define TABLE(k) ((const int32_t *)AT(k))

/* Runs `words` words of commands on `count` samples; rows are `ld` floats apart. Returns 0, or the opcode it does not
 * know. `fused` (of OP_WEIGHT_GRAD) applies the gradient where it is made. */
int FN(plexus_run)(float *mem, const int32_t *commands, int words, int count, int ld, float rate, float momentum,
                   float decay) {
  const Hyper hyper = {rate, momentum, decay};
  const int columns = (count + 15) / 16 * 16;
  for (const int32_t *p = commands, *end = commands + words; p < end; p += p[1]) {
    const int32_t *a = p + 2;
    switch (p[0]) {
      case OP_PRODUCT: /* y x w bias table groups transposed */
        product(AT(0), AT(1), AT(2), AT_OR_NULL(3), TABLE(4), a[5], a[6], columns, ld);
        break;
      case OP_WEIGHT_GRAD: /* x dy w v g scratch table groups fused */
        weight_grad(AT(0), AT(1), AT(2), AT(3), AT(4), AT(5), TABLE(6), a[7], columns, ld, a[8] ? &hyper : 0);
        break;
      case OP_ROW_SUMS: /* x out rows */
        row_sums(AT(0), AT(1), a[2], columns, ld);
        break;
      case OP_NORM_TRAIN: { /* x y channels gamma beta mean var savedMean savedInv relu eps momentum */
        const Norm norm = {a[9], float_of(a[10]), float_of(a[11])};
        norm_train(AT(0), AT(1), a[2], AT(3), AT(4), AT(5), AT(6), AT(7), AT(8), &norm, count, columns, ld);
        break;
      }
      case OP_NORM_EVAL: { /* x y channels gamma beta mean var relu eps */
        const Norm norm = {a[7], float_of(a[8]), 0.0f};
        norm_eval(AT(0), AT(1), a[2], AT(3), AT(4), AT(5), AT(6), &norm, count, columns, ld);
        break;
      }
      case OP_NORM_GRAD: { /* x y dy dx channels gamma savedMean savedInv gradGamma gradBeta relu */
        const Norm norm = {a[10], 0.0f, 0.0f};
        norm_grad(AT(0), AT(1), AT(2), AT(3), a[4], AT(5), AT(6), AT(7), AT(8), AT(9), &norm, count, columns, ld);
        break;
      }
      case OP_RELU: /* x y rows */
        relu_forward(AT(0), AT(1), a[2], count, columns, ld);
        break;
      case OP_RELU_GRAD: /* y dy dx rows */
        relu_grad(AT(0), AT(1), AT(2), a[3], columns, ld);
        break;
      case OP_SOFTMAX_LOSS: /* logits dlogits classes labels metrics */
        softmax_loss(AT(0), AT_OR_NULL(1), a[2], TABLE(3), AT(4), count, columns, ld);
        break;
      case OP_UPDATE: /* w v g n */
        update(AT(0), AT(1), AT(2), a[3], &hyper);
        break;
      case OP_IMAGES: /* x staged transforms scaling lines channels height width */
        images(AT(0), (const uint8_t *)AT(1), TABLE(2), AT(3), (uint8_t *)AT(4), a[5], a[6], a[7], count, columns, ld);
        break;
      default:
        return p[0];
    }
  }
  return 0;
}

/* Multiply-adds of the fp32 peak measurement: `rounds` x 12 independent accumulators x VL lanes x 2 flops. Returns a
 * number that depends on all of them, so that nothing is optimised away. */
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
