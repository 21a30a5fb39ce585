/**
 * The precision of products: what they read and write is float32 either way. `bf16`: linear layers and
 * convolutions read their inputs, weights and output gradients rounded to the upper half of a float32
 * (8 bits of mantissa), and sum in float32.
 */
export type Precision = 'float32' | 'bf16';

export const PRECISIONS = ['float32', 'bf16'] as const satisfies readonly Precision[];

const float = new Float32Array(1);
const word = new Uint32Array(float.buffer);

/**
 * A number rounded to bf16: the nearest, of two as near the one with an even last bit. What is too large
 * becomes infinite; NaN stays NaN.
 */
export function roundBf16(x: number): number {
  if (Number.isNaN(x)) return x;
  float[0] = x;
  // Both views have one number; this runs for every operand of the reference.
  const bits = word[0]!;
  word[0] = (bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff_0000;
  return float[0]!;
}
