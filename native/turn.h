/* Squares of VL x VL numbers, turned in registers. */
#pragma once
#include "vec.h"

#if VL == 16
#define LOW8(a, b) SHUFFLE(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
#define HIGH8(a, b) SHUFFLE(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31)
#define LOW4(a, b) SHUFFLE(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27)
#define HIGH4(a, b) SHUFFLE(a, b, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31)
#define LOW2(a, b) SHUFFLE(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
#define HIGH2(a, b) SHUFFLE(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31)
#define LOW1(a, b) SHUFFLE(a, b, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30)
#define HIGH1(a, b) SHUFFLE(a, b, 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31)
#elif VL == 8
#define LOW4(a, b) SHUFFLE(a, b, 0, 1, 2, 3, 8, 9, 10, 11)
#define HIGH4(a, b) SHUFFLE(a, b, 4, 5, 6, 7, 12, 13, 14, 15)
#define LOW2(a, b) SHUFFLE(a, b, 0, 1, 8, 9, 4, 5, 12, 13)
#define HIGH2(a, b) SHUFFLE(a, b, 2, 3, 10, 11, 6, 7, 14, 15)
#define LOW1(a, b) SHUFFLE(a, b, 0, 8, 2, 10, 4, 12, 6, 14)
#define HIGH1(a, b) SHUFFLE(a, b, 1, 9, 3, 11, 5, 13, 7, 15)
#else
#define LOW2(a, b) SHUFFLE(a, b, 0, 1, 4, 5)
#define HIGH2(a, b) SHUFFLE(a, b, 2, 3, 6, 7)
#define LOW1(a, b) SHUFFLE(a, b, 0, 4, 2, 6)
#define HIGH1(a, b) SHUFFLE(a, b, 1, 5, 3, 7)
#endif

/* Exchanges the off-diagonal quarters of every 2 S x 2 S square of a block. */
#define EXCHANGE(block, S)                                       \
  UNROLL for (int i = 0; i < VL; i++) if ((i & (S)) == 0) {      \
    const vf a = (block)[i], b = (block)[i + (S)];               \
    (block)[i] = LOW##S(a, b), (block)[i + (S)] = HIGH##S(a, b); \
  }

/* Turns VL x VL numbers, whose rows are `from_step` apart, those of the result `to_step`. Of the rows `valid`
 * (at least 1) are there, the others count as 0. */
static void turn_square(const float *from, int64_t from_step, int valid, float *to, int64_t to_step) {
  vf block[VL];
  UNROLL for (int i = 0; i < VL; i++) block[i] =
      i < valid ? *(const vf *)(from + i * from_step) : splat(0.0f);
#if VL == 16
  EXCHANGE(block, 8)
#endif
#if VL >= 8
  EXCHANGE(block, 4)
#endif
  EXCHANGE(block, 2)
  EXCHANGE(block, 1)
  UNROLL for (int i = 0; i < VL; i++) * (vf *)(to + i * to_step) = block[i];
}
