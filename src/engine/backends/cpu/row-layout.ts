import { inputRows, type ProductTable, type WeightLayout } from './layout.js';

/** Programs for at most so many samples have the kernels of native/rows.h: it takes no more. */
export const FEW_SAMPLES = 8;
/** What its vectors may touch past the last number. */
const SLACK = 16;

/**
 * Table of native/rows.h over a layout by rows: of each group first row, rows, inputs of a row as
 * they are stored, where the weights are, whether the group before reads the same inputs, and the
 * runs of inputs.
 */
export function rowTable({ groups }: WeightLayout): ProductTable {
  const words: number[] = [];
  groups.forEach(({ row, rows, step, weights, inputs }, g) => {
    const same = g > 0 && groups[g - 1].inputs === inputs;
    words.push(row, rows, step, weights, Number(same), inputs.length);
    for (const { start, count } of inputs) words.push(start, count);
  });
  return { words: Int32Array.from(words), groups: groups.length };
}

/** Inputs of the deepest group as they are stored. */
export function rowDepth({ groups }: WeightLayout): number {
  return groups.reduce((most, { step }) => Math.max(most, step), 0);
}

/** Floats that the kernel works in: the samples by rows, and the inputs of a group, of each thread. */
export function rowScratch(layout: WeightLayout, threads: number): number {
  const whole = Math.ceil(inputRows(layout) / 16) * 16 + SLACK;
  return threads * FEW_SAMPLES * (whole + rowDepth(layout) + SLACK);
}

/**
 * The most samples that a layer takes by rows; more are faster as vectors along the batch. The inputs
 * of a node are gathered for each sample, which costs about as much as one and a half of its rows:
 * nodes of few channels take fewer samples (measured with AVX2: 24 channels 8, 6 channels 4,
 * 3 channels 2).
 */
export function rowSamples({ groups, outFeatures }: WeightLayout): number {
  const gathered = groups.filter(({ inputs }, g) => groups[g - 1]?.inputs !== inputs).length;
  const rows = outFeatures / gathered;
  return Math.max(1, Math.min(FEW_SAMPLES, Math.floor((2 * rows) / 3)));
}
