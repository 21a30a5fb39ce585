/* Vector type and tile shape of one instruction set. PLEXUS_VL (floats in a vector) and PLEXUS_SUFFIX come
 * from the build: the same sources are compiled once per instruction set and once for WebAssembly. */
#ifndef PLEXUS_VEC_H
#define PLEXUS_VEC_H

#include <stdint.h>

#ifndef PLEXUS_VL
#define PLEXUS_VL 4
#endif

#define VL PLEXUS_VL
#define PASTE2(a, b) a##b
#define PASTE(a, b) PASTE2(a, b)
/* Name of a function of this instruction set's build. */
#define FN(name) PASTE(name, PLEXUS_SUFFIX)

typedef float vf __attribute__((vector_size(4 * PLEXUS_VL), may_alias));
typedef int32_t vi __attribute__((vector_size(4 * PLEXUS_VL), may_alias));
/* The same at any address: weights are not padded. */
typedef float vfu __attribute__((vector_size(4 * PLEXUS_VL), may_alias, aligned(4)));

/* Full unrolling keeps the tile's accumulators in registers; GCC does it only where told. */
#ifdef __clang__
#define UNROLL _Pragma("unroll")
#define UNROLL4 _Pragma("unroll 4")
#else
#define UNROLL _Pragma("GCC unroll 16")
#define UNROLL4 _Pragma("GCC unroll 4")
#endif

/* Tile of the product: at most MR rows x NR vectors of accumulators, with room left for NR inputs and a
 * broadcast. AVX-512 and NEON have 32 registers, AVX2, SSE and WebAssembly (in effect) 16. */
#if PLEXUS_VL == 16
#define MR 12
#define NR 2
#elif defined(__aarch64__)
#define MR 8
#define NR 2
#elif PLEXUS_VL == 8
#define MR 6
#define NR 2
#else
#define MR 4
#define NR 2
#endif

/* Lanes of a and b in the order that is listed, those of b counted from VL on. */
#ifdef __clang__
#define SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define SHUFFLE(a, b, ...) __builtin_shuffle(a, b, (vi){__VA_ARGS__})
#endif

/* Keeps a vector that was loaded in a register: GCC else repeats the load with every use. */
#if defined(__x86_64__) && (VL < 16 || defined(__AVX512F__))
#define KEEP(v) __asm__("" : "+v"(v))
#elif defined(__aarch64__)
#define KEEP(v) __asm__("" : "+w"(v))
#else
#define KEEP(v) (void)(v)
#endif

/* sum += a * b. With WebAssembly's relaxed instructions, which no compiler uses by itself, in one; operands
 * in the final order of the proposal, see scripts/build-wasm.mjs. */
#ifdef __wasm_relaxed_simd__
#define ADD_NUMBER(sum, a, b) sum = __builtin_wasm_fma_f32x4(a, b, sum)
#else
#define ADD_NUMBER(sum, a, b) sum += a * b
#endif

static inline vf splat(float x) { return x - (vf){0}; }

#endif
