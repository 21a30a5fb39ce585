import { mean, sumOfSquares } from './descriptive.js';
import { cholesky, dotAt, logDeterminant, solveLower, solveUpper } from './linear-algebra.js';

/*
 * Effects of blocks that are known from few entries. The model is that of `fitBlocks`, y_ij = m +
 * a_i + b_j + e_ij with items fixed, but the blocks are draws, b_j ~ N(0, r² s²) with s² the
 * variance of e. Given r, with C and q of `fitBlocks`,
 *   b(r) = (C + I / r²)⁻¹ q,  residual Q(r) = y'My - q'b(r)  (M: items taken out),
 * (Henderson 1975, Best linear unbiased estimation and prediction, Biometrics 31). Least squares
 * has C alone: what r adds shrinks every effect towards 0 by its own reliability. A block with k
 * entries beside well known ones keeps k / (k + 1 / r²) of it. That pays where blocks differ by
 * less than the noise or about as much, and costs where they differ by far more and entries are too
 * few to tell: with 11 rows of 17 entries in 3 blocks and r = 2, squared errors are 1.2 times those
 * of least squares. The effects add up to 0 over all blocks, since C does to constants what it does
 * to blocks without entries: nothing.
 */

/**
 * Ratios r of the blocks' standard deviation to that of the noise, equally likely beforehand. 0:
 * blocks do not differ.
 */
const RATIOS = [0, 0.5, 1, 2, 4];
/** Share of what is seen below which a residual is rounding. */
const LEAST = 1e-12;

interface Equations {
  /** Blocks that a row with two entries or more has. */
  readonly blocks: readonly number[];
  /** C, row by row. */
  readonly matrix: Float64Array;
  readonly q: Float64Array;
  /** Sum of squares about the rows' means, y'My. */
  readonly squares: number;
  readonly freedom: number;
}

function equationsOf(rows: readonly (readonly (number | null)[])[]): Equations {
  const telling = rows
    .map((row) => row.flatMap((value, block) => (value === null ? [] : [{ block, value }])))
    .filter(({ length }) => length >= 2);
  const blocks = [...new Set(telling.flatMap((row) => row.map(({ block }) => block)))].sort(
    (a, b) => a - b,
  );
  const place = new Map(blocks.map((block, at) => [block, at]));
  const n = blocks.length;
  const [matrix, q] = [new Float64Array(n * n), new Float64Array(n)];
  let [squares, freedom] = [0, 0];
  for (const row of telling) {
    const values = row.map(({ value }) => value);
    const centre = mean(values);
    squares += sumOfSquares(values);
    freedom += row.length - 1;
    for (const { block, value } of row) {
      const a = place.get(block)!;
      q[a] += value - centre;
      matrix[a * n + a] += 1;
      for (const other of row) matrix[a * n + place.get(other.block)!] -= 1 / row.length;
    }
  }
  return { blocks, matrix, q, squares, freedom };
}

/**
 * The effects for one ratio, and the logarithm of its likelihood with s² integrated out under the
 * prior 1 / s².
 */
function given(
  ratio: number,
  { matrix, q, squares, freedom }: Equations,
): { readonly effects: Float64Array; readonly log: number } {
  const n = q.length;
  const effects = Float64Array.from(q);
  if (ratio === 0) return { effects: effects.fill(0), log: -0.5 * freedom * Math.log(squares) };
  const factor = Float64Array.from(matrix);
  for (let at = 0; at < n; at++) factor[at * n + at] += 1 / ratio ** 2;
  cholesky(factor, n);
  solveLower(factor, n, effects);
  solveUpper(factor, n, effects);
  const residual = Math.max(squares - dotAt(q, 0, effects, 0, n), LEAST * squares);
  // |I + r² C| = r^(2 n) |C + I / r²|.
  const determinant = logDeterminant(factor, n) + 2 * n * Math.log(ratio);
  return { effects, log: -0.5 * (determinant + freedom * Math.log(residual)) };
}

/**
 * What each block adds to the entries of every row, shrunk towards 0 as far as the entries leave it
 * open: the mean of b(r) over the posterior of r. Rows x blocks, null where there is no entry; a
 * row with one entry says nothing. A block of which nothing can be told has 0.
 */
export function shrunkenBlockEffects(
  rows: readonly (readonly (number | null)[])[],
  blocks: number,
): number[] {
  const all = Array.from({ length: blocks }, () => 0);
  const equations = equationsOf(rows);
  if (equations.squares === 0) return all;
  const fits = RATIOS.map((ratio) => given(ratio, equations));
  const most = Math.max(...fits.map(({ log }) => log));
  const weights = fits.map(({ log }) => Math.exp(log - most));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (const [at, block] of equations.blocks.entries()) {
    all[block] = fits.reduce(
      (sum, { effects }, fit) => sum + (weights[fit] / total) * effects[at],
      0,
    );
  }
  return all;
}
