/** Opcodes of native/run.h, in its order. */
export const OP = {
  product: 1,
  weightGrad: 2,
  planeSums: 3,
  normTrain: 4,
  normEval: 5,
  normGrad: 6,
  activation: 7,
  activationGrad: 8,
  softmaxLoss: 9,
  update: 10,
  images: 11,
  conv: 12,
  convWeightGrad: 13,
  depthwise: 14,
  depthwiseWeightGrad: 15,
  maxPool: 16,
  maxPoolGrad: 17,
  windowSums: 18,
  globalPool: 19,
  globalPoolGrad: 20,
  add: 21,
  channelScale: 22,
  channelScaleGrad: 23,
  positionalEmbedding: 24,
  positionalEmbeddingWeightGrad: 25,
  layerNorm: 26,
  layerNormGrad: 27,
  attention: 28,
  attentionGrad: 29,
  turn: 30,
  normStatistics: 31,
} as const;

/** An operand that names no memory. */
export const NONE = -1;

const asFloat = new Float32Array(1);
const asWord = new Int32Array(asFloat.buffer);

/** A float32 as the word that holds its bits. */
export function bits(x: number): number {
  asFloat[0] = x;
  return asWord[0];
}

const asDouble = new Float64Array(1);
const asWords = new Int32Array(asDouble.buffer);

/** A float64 as the two words that hold its bits. */
export function doubleBits(x: number): number[] {
  asDouble[0] = x;
  return [...asWords];
}

/** Opcode, length in words, operands. */
export function command(op: number, ...operands: number[]): number[] {
  return [op, operands.length + 2, ...operands];
}
