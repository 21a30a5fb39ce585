import { invariant, UserError } from '../core/errors.js';
import { oneWayAnova } from './anova.js';
import { mean, sumOfSquares } from './descriptive.js';
import { fisherSurvival } from './distributions.js';
import { cholesky, solveLower, solveUpper } from './linear-algebra.js';

/*
 * The randomised block design (Fisher 1935): the error of item i in block j is m + a_i + b_j + e_ij
 * with independent e_ij of one variance. Items are graphs, blocks are training seeds: a seed that
 * starts or shuffles a training well does so for all graphs, and what it does to all of them is no
 * noise of a comparison. Entries may be missing. Least squares by the normal equations reduced to
 * the blocks (Searle, Linear Models, 1971, chapter 7): with n_ij = 1 where there is an entry, r_i
 * of them in row i and k_j in block j,
 *   C b = q,  C = diag(k) - Nᵀ diag(1/r) N,  q_j = sum over i of n_ij (y_ij - mean of row i).
 */

/** An F test of "these do not differ". */
export interface EffectTest {
  /** Null where there is no residual variance and the effects differ: F is infinite, `p` is 0. */
  readonly f: number | null;
  readonly p: number;
  readonly dof: readonly [number, number];
}

/** What it brings to compare items within blocks. */
export interface BlockGain {
  /**
   * Variance of an entry about item and block, and about its item alone: the mean squares of the
   * two analyses.
   */
  readonly withBlocks: number;
  readonly withoutBlocks: number;
  /**
   * How many times as many entries a design without blocks needs (Cochran and Cox, Experimental
   * Designs, 1957, 4.37): the variance of the same entries in random order over the residual
   * variance, which for a complete table of t items in b blocks is ((b - 1) MS_blocks + b (t - 1)
   * MS_residual) / ((b t - 1) MS_residual), times Fisher's (f + 1) (g + 3) / ((f + 3) (g + 1)) for
   * the residual degrees of freedom f with and g without blocks.
   */
  readonly relativeEfficiency: number;
}

/** The additive model of item and block. Plain numbers and nulls: it survives JSON. */
export interface BlockFit {
  /** Items and blocks of the part that was fitted, and its entries. */
  readonly items: number;
  readonly blocks: number;
  readonly entries: number;
  /**
   * Of each row: its effect + the mean of all block effects, as if it had an entry in every block;
   * null outside the part.
   */
  readonly means: readonly (number | null)[];
  /** Of each block; over the part they add up to 0. Null outside it. */
  readonly blockEffects: readonly (number | null)[];
  /** Variance of the entries about the model; null without degrees of freedom. */
  readonly residual: { readonly variance: number | null; readonly dof: number };
  /** "All items are equal" given the blocks; null without degrees of freedom. */
  readonly itemsTest: EffectTest | null;
  /** "All blocks are equal" given the items. */
  readonly blocksTest: EffectTest | null;
  /** "All items are equal", blocks ignored: one-way analysis of variance of the same entries. */
  readonly oneWay: EffectTest | null;
  /**
   * Variance component between items, by fitting constants (Henderson 1953, method 3), 0 where
   * negative.
   */
  readonly betweenItems: number | null;
  readonly gain: BlockGain | null;
  /**
   * Numbers of the blocks (counted within the part) that each row has; empty outside the part. For
   * exact variances.
   */
  readonly pattern: readonly (readonly number[])[];
  /** Cholesky's factor of C without its last block, row by row, `blocks - 1` square. */
  readonly factor: readonly number[];
}

interface Part {
  readonly rows: readonly number[];
  readonly blocks: readonly number[];
  readonly entries: number;
}

/** Rows (graphs) by blocks (seeds); null where an entry is missing. */
export type Table = readonly (readonly (number | null)[])[];

/** Rows and blocks that can be reached from a row by way of entries. */
function partOf(table: Table, start: number): Part {
  const rows = new Set([start]);
  const blocks = new Set<number>();
  let entries = 0;
  // A set that is walked through also comes to what is added on the way.
  for (const row of rows) {
    table[row].forEach((value, block) => {
      if (value === null) return;
      entries += 1;
      if (blocks.has(block)) return;
      blocks.add(block);
      table.forEach((other, at) => {
        if (other[block] !== null) rows.add(at);
      });
    });
  }
  return {
    rows: [...rows].sort((a, b) => a - b),
    blocks: [...blocks].sort((a, b) => a - b),
    entries,
  };
}

/** The connected part with the most entries, the first of equals; null where there is no entry. */
function largestPart(table: Table): Part | null {
  const seen = new Set<number>();
  let best: Part | null = null;
  for (const [start, row] of table.entries()) {
    if (seen.has(start) || row.every((value) => value === null)) continue;
    const part = partOf(table, start);
    for (const each of part.rows) seen.add(each);
    if (best === null || part.entries > best.entries) best = part;
  }
  return best;
}

interface Row {
  readonly blocks: readonly number[];
  readonly values: readonly number[];
}

interface Solution {
  readonly factor: Float64Array;
  /** Add up to 0. */
  readonly blockEffects: readonly number[];
  readonly means: readonly number[];
  readonly residualSquares: number;
}

/** Deviations below this share of the largest entry are rounding. */
const ROUNDING = 8 * Number.EPSILON;

/** Least squares of a connected table. */
function solve(rows: readonly Row[], blocks: number): Solution {
  const order = blocks - 1;
  const factor = new Float64Array(order * order);
  const effects = new Float64Array(order);
  for (const row of rows) {
    const centre = mean(row.values);
    row.blocks.forEach((a, at) => {
      if (a === order) return;
      effects[a] += row.values[at] - centre;
      factor[a * order + a] += 1;
      for (const b of row.blocks) if (b !== order) factor[a * order + b] -= 1 / row.blocks.length;
    });
  }
  invariant(
    cholesky(factor, order),
    'the normal equations of a connected block design are singular',
  );
  solveLower(factor, order, effects);
  solveUpper(factor, order, effects);
  const free = [...effects, 0];
  const centre = mean(free);
  const blockEffects = free.map((effect) => effect - centre);
  const means = rows.map((row) =>
    mean(row.values.map((value, at) => value - blockEffects[row.blocks[at]])),
  );
  let [count, largest, squares] = [0, 0, 0];
  for (const [i, row] of rows.entries()) {
    for (const [at, value] of row.values.entries()) {
      squares += (value - means[i] - blockEffects[row.blocks[at]]) ** 2;
      largest = Math.max(largest, Math.abs(value));
      count += 1;
    }
  }
  // What rounding leaves of an exact fit is no variance.
  const residualSquares = squares <= count * (ROUNDING * largest) ** 2 ? 0 : squares;
  return { factor, blockEffects, means, residualSquares };
}

/** The F test of an effect's sum of squares; null without degrees of freedom. */
function effectTest(
  squares: number,
  residualSquares: number,
  dof: readonly [number, number],
): EffectTest | null {
  if (dof[0] < 1 || dof[1] < 1) return null;
  if (squares <= 0) return { f: 0, p: 1, dof };
  const f = squares / dof[0] / (residualSquares / dof[1]);
  return { f: Number.isFinite(f) ? f : null, p: fisherSurvival(f, ...dof), dof };
}

interface Sums {
  readonly items: number;
  readonly blocks: number;
  readonly entries: number;
  /** Sum over blocks of their entries, squared. */
  readonly sizes: number;
  /** Sums of squares about rows, about blocks, about both. */
  readonly withinItems: number;
  readonly withinBlocks: number;
  readonly residual: number;
}

function gainOf({ items, blocks, entries, sizes, withinItems, residual }: Sums): BlockGain | null {
  const [dof, dofWithout] = [entries - items - blocks + 1, entries - items];
  if (dof < 1 || blocks < 2 || residual === 0) return null;
  const variance = residual / dof;
  // Variance between blocks by fitting constants: E (SS of blocks given items) = (b - 1) s² + (N -
  // t) s_b².
  const betweenBlocks = (withinItems - residual - (blocks - 1) * variance) / (entries - items);
  // Expected mean square of N entries s_b + e in k_j to a block; Cochran and Cox's formula where
  // k_j = t.
  const shuffled = variance + (betweenBlocks * (entries - sizes / entries)) / (entries - 1);
  const small = ((dof + 1) * (dofWithout + 3)) / ((dof + 3) * (dofWithout + 1));
  const relativeEfficiency = (shuffled / variance) * small;
  return { withBlocks: variance, withoutBlocks: withinItems / dofWithout, relativeEfficiency };
}

type Tests = Pick<BlockFit, 'residual' | 'itemsTest' | 'blocksTest' | 'betweenItems' | 'gain'>;

/** All that is told from sums of squares. */
function testsOf(sums: Sums): Tests {
  const { items, blocks, entries, withinItems, withinBlocks, residual } = sums;
  const dof = entries - items - blocks + 1;
  const variance = dof < 1 ? null : residual / dof;
  const ofItems = Math.max(0, withinBlocks - residual);
  // E (SS of items given blocks) = (t - 1) s² + (N - b) s_a².
  const excess =
    variance === null || items < 2 ? null : Math.max(0, ofItems - (items - 1) * variance);
  return {
    residual: { variance, dof },
    itemsTest: effectTest(ofItems, residual, [items - 1, dof]),
    blocksTest: effectTest(Math.max(0, withinItems - residual), residual, [blocks - 1, dof]),
    betweenItems: excess === null ? null : excess / (entries - blocks),
    gain: gainOf(sums),
  };
}

const within = (groups: readonly (readonly number[])[]): number =>
  groups.reduce((sum, group) => sum + sumOfSquares(group), 0);

function checked(table: Table): void {
  for (const row of table) {
    const wrong = row.find((value) => value !== null && !Number.isFinite(value));
    if (wrong !== undefined) {
      throw new UserError(
        `an entry must be a finite number or null, got ${wrong}; leave it out as null`,
      );
    }
    const [length, first] = [row.length, table[0].length];
    if (length !== first) {
      throw new UserError(
        `rows must be of one length, got ${first} and ${length}; fill up with null`,
      );
    }
  }
}

/**
 * Least squares of the additive model of item (row) and block (column) on the entries that are
 * there; exact for tables with gaps. Rows are comparable only where entries connect them: two rows
 * that share a block, or that both share one with a third, and so on. A table that falls into parts
 * is fitted on its part with the most entries (the first of equals), and rows and blocks outside
 * it, as those without entries, have null for their effects and count for nothing. Null where there
 * is no entry.
 */
export function fitBlocks(rows: Table): BlockFit | null {
  checked(rows);
  const part = largestPart(rows);
  if (part === null) return null;
  const place = new Map(part.blocks.map((block, at) => [block, at]));
  const present = part.rows.map((at): Row => {
    const blocks = part.blocks.filter((block) => rows[at][block] !== null);
    const values = blocks.map((block) => rows[at][block]!);
    return { blocks: blocks.map((block) => place.get(block)!), values };
  });
  const solution = solve(present, part.blocks.length);
  const columns = part.blocks.map((block) => part.rows.flatMap((at) => rows[at][block] ?? []));
  const oneWay = oneWayAnova(present.map((row) => row.values));
  const tests = testsOf({
    items: part.rows.length,
    blocks: part.blocks.length,
    entries: part.entries,
    sizes: columns.reduce((sum, column) => sum + column.length ** 2, 0),
    withinItems: within(present.map((row) => row.values)),
    withinBlocks: within(columns),
    residual: solution.residualSquares,
  });
  const rank = new Map(part.rows.map((row, at) => [row, at]));
  const ofRow = <T>(values: readonly T[], row: number): T | undefined =>
    values[rank.get(row) ?? -1];
  return {
    items: part.rows.length,
    blocks: part.blocks.length,
    entries: part.entries,
    means: rows.map((_, row) => ofRow(solution.means, row) ?? null),
    blockEffects: rows[0].map((_, block) => solution.blockEffects[place.get(block) ?? -1] ?? null),
    ...tests,
    oneWay:
      oneWay === null
        ? null
        : {
            f: Number.isFinite(oneWay.f) ? oneWay.f : null,
            p: oneWay.p,
            dof: [oneWay.dofBetween, oneWay.dofWithin],
          },
    pattern: rows.map((_, row) => ofRow(present, row)?.blocks ?? []),
    factor: [...solution.factor],
  };
}
