import { fitBlocks } from './blocks.js';
import { mean, sumOfSquares } from './descriptive.js';
import { studentQuantile } from './distributions.js';

/** How one item compares with an ensemble of null items that share its blocks. */
export interface NullComparison {
  /** Null items that share a block with it. */
  readonly counted: number;
  /** Those of them whose mean is no higher, over the blocks that both have. */
  readonly asGood: number;
  /** (1 + asGood) / (1 + counted): one-sided, how rare so low an item is among its nulls. */
  readonly p: number;
  /** Mean of the item minus the mean of its nulls, block by block; negative: the item is lower. */
  readonly difference: number;
  /**
   * Of the difference from the mean of all such nulls, of which these are a sample; null below two
   * nulls, and where nothing varies.
   */
  readonly interval: readonly [number, number] | null;
  /** Blocks that the item has. */
  readonly blocks: number;
}

/**
 * Compares an item with nulls drawn at random, block by block. With items + blocks + noise, the
 * difference has the variance s² / b + d² / n: s² the residual variance of the table of them all,
 * over the b blocks of the item; d² the variance, over the n nulls, of their own differences from
 * it, which holds what nulls differ by and their noise. Degrees of freedom by Satterthwaite. With
 * one block there is no s²; d² stands for it, which it is not below.
 *
 * @param own by blocks; null where there is no entry
 * @param nulls as many blocks each
 * @param level of the interval
 * @returns null where no null shares a block with the item
 */
export function compareWithNulls(
  own: readonly (number | null)[],
  nulls: readonly (readonly (number | null)[])[],
  level: number,
): NullComparison | null {
  const differences = nulls.flatMap((each) => {
    const pairs = own.flatMap((value, block) => {
      const other = each[block] ?? null;
      return value === null || other === null ? [] : [value - other];
    });
    return pairs.length === 0 ? [] : [mean(pairs)];
  });
  const counted = differences.length;
  if (counted === 0) return null;
  const asGood = differences.filter((difference) => difference >= 0).length;
  const blocks = own.filter((value) => value !== null).length;
  const difference = mean(differences);
  const half = halfWidth(differences, blocks, fitBlocks([own, ...nulls])?.residual, level);
  return {
    counted,
    asGood,
    p: (1 + asGood) / (1 + counted),
    difference,
    interval: half === null ? null : [difference - half, difference + half],
    blocks,
  };
}

function halfWidth(
  differences: readonly number[],
  blocks: number,
  residual: { readonly variance: number | null; readonly dof: number } | undefined,
  level: number,
): number | null {
  const dof = differences.length - 1;
  if (dof < 1) return null;
  const spread = sumOfSquares(differences) / dof;
  const [noise, noiseDof] =
    residual === undefined || residual.variance === null
      ? [null, 0]
      : [residual.variance / blocks, residual.dof];
  const sampled = spread / differences.length;
  const total = noise === null ? spread + sampled : noise + sampled;
  if (total === 0) return null;
  const effective =
    noise === null
      ? dof
      : total ** 2 / ((noiseDof === 0 ? 0 : noise ** 2 / noiseDof) + sampled ** 2 / dof);
  return studentQuantile((1 - level) / 2, effective) * Math.sqrt(total);
}
