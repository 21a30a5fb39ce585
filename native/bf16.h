/* bf16: the upper half of a float, rounded to the nearest, of two as near to the even one. A product in bf16
 * reads numbers that were rounded so and sums in float32.
 *
 * There are two ways. Widened, which every build has: rounded numbers are floats whose lower half is 0, and
 * the kernels are those of float32. Pairs, for processors with AVX512-BF16: a word holds two numbers that
 * follow one another along the sum, the first in its lower half, and one instruction multiplies and adds both
 * of every lane. A row of pairs takes the room of a row of floats: in a product each row is stored with the
 * one after it, so that a segment may begin at any row; in a weight gradient samples are paired, and a row is
 * half as long. */
#pragma once
#include "context.h"

typedef uint32_t vu __attribute__((vector_size(4 * PLEXUS_VL), may_alias));
/* The same at any address. */
typedef uint32_t vuu __attribute__((vector_size(4 * PLEXUS_VL), may_alias, aligned(4)));
typedef int32_t word __attribute__((may_alias));

#define UPPER_HALF 0xffff0000u

/* The rounded numbers, as bits. NaN stays NaN. */
static inline vu bf16_bits(vf x) {
  const vu bits = (vu)x, nan = (vu)(x != x);
  const vu rounded = bits + 0x7fffu + ((bits >> 16) & 1u);
  return ((rounded & ~nan) | ((bits | 0x400000u) & nan)) & UPPER_HALF;
}

static inline uint32_t bf16_number(float x) { return bf16_bits(splat(x))[0]; }

/* The first of each pair, with 0 as the second. */
static inline vf first_half(vf x) { return (vf)((vu)x & ~UPPER_HALF); }

/* PLEXUS_PAIRS says whether this build has pairs: 1 by the processor's instruction, 2 by plain arithmetic in
 * its order of summation, for tests of all that is around it. */
#if !defined(PLEXUS_PAIRS) && VL == 16 && defined(__AVX512F__) && \
    ((defined(__clang__) && __clang_major__ >= 9) || (!defined(__clang__) && __GNUC__ >= 10))
#define PLEXUS_PAIRS 1
#endif

#ifdef PLEXUS_PAIRS
#if PLEXUS_PAIRS == 1
#include <immintrin.h>
#define PAIR_TARGET __attribute__((target("avx512bf16")))
/* Adds to each lane the products of both halves of a and b. Denormals count as 0. */
PAIR_TARGET static inline vf dot_pairs(vf sum, vf a, vf b) {
  return (vf)_mm512_dpbf16_ps((__m512)sum, (__m512bh)a, (__m512bh)b);
}
#else
#define PAIR_TARGET
static inline vf dot_pairs(vf sum, vf a, vf b) {
  sum += (vf)((vu)a & UPPER_HALF) * (vf)((vu)b & UPPER_HALF);
  return sum + (vf)((vu)a << 16) * (vf)((vu)b << 16);
}
#endif

/* The same pair in every lane. */
static inline vf splat_pair(const float *x) { return (vf)(*(const word *)x - (vi){0}); }

/* Rows with the ones after them. */
static void pair_rows(const float *from, float *to, int64_t rows, const Run *run) {
  const Share own = share(run, rows, 1);
  for (int64_t i = own.from; i < own.to; i++)
    for (int c = 0; c < run->columns; c += VL) {
      const float *x = from + i * run->ld + c;
      const vu next = i + 1 < rows ? bf16_bits(*(const vf *)(x + run->ld)) : (vu){0};
      *(vu *)(to + i * run->ld + c) = bf16_bits(*(const vf *)x) >> 16 | next;
    }
}

/* Samples from column c on, 0 where there are none. */
static inline vf samples_at(const float *x, int c, const Run *run) {
  return c < run->count ? valid(*(const vf *)(x + c), c, run->count) : splat(0.0f);
}

/* Samples of a row with the ones after them, 0 where there are none, up to whole vectors. */
static void pair_samples(const float *from, float *to, int64_t rows, const Run *run) {
  const Share own = share(run, rows, 1);
  for (int64_t i = own.from; i < own.to; i++) {
    const float *x = from + i * run->ld;
    for (int c = 0; c < run->columns; c += 2 * VL) {
      const vf a = samples_at(x, c, run), b = samples_at(x, c + VL, run);
      const vu first = bf16_bits(SHUFFLE(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)),
               second = bf16_bits(SHUFFLE(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31));
      *(vu *)(to + i * run->ld + c / 2) = first >> 16 | second;
    }
  }
}

/* A run over rows of paired samples, as if they were samples. */
static inline Run halved(const Run *run) {
  Run half = *run;
  half.count = (run->count + 1) / 2;
  half.columns = (half.count + 15) / 16 * 16;
  return half;
}
#endif

/* What `round_rows` makes. */
enum { ROUND_WIDENED = 0, ROUND_PAIRED_ROWS = 1, ROUND_PAIRED_SAMPLES = 2 };

/* Rows rounded for a product, as this run reads them. `to` may be `from` where they are widened. */
static void round_rows(const float *from, float *to, int64_t rows, int how, const Run *run) {
#ifdef PLEXUS_PAIRS
  if (run->pairs && how == ROUND_PAIRED_ROWS) {
    pair_rows(from, to, rows, run);
    return;
  }
  if (run->pairs && how == ROUND_PAIRED_SAMPLES) {
    pair_samples(from, to, rows, run);
    return;
  }
#else
  (void)how;
#endif
  const Share own = share(run, rows, 1);
  for (int64_t i = own.from; i < own.to; i++)
    for (int c = 0; c < run->columns; c += VL)
      *(vu *)(to + i * run->ld + c) = bf16_bits(*(const vf *)(from + i * run->ld + c));
}

/* n numbers, widened; `to` is aligned. */
static void round_numbers(const float *from, float *to, int64_t n, const Run *run) {
  const Share own = share(run, n, 16);
  int64_t i = own.from;
  for (; i + VL <= own.to; i += VL) *(vu *)(to + i) = bf16_bits(*(const vfu *)(from + i));
  for (; i < own.to; i++) ((word *)to)[i] = (int32_t)bf16_number(from[i]);
}
