import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random/index.js';
import {
  cholesky,
  pivotedCholesky,
  solveLower,
  solveLowerFour,
  solveUpper,
} from '../../src/stats/linear-algebra.js';
import { nelderMead } from '../../src/stats/nelder-mead.js';
import { nearAll } from './near.js';

const ORDER = 7;

/** A positive definite matrix, flat by rows. */
function positiveDefinite(): Float64Array {
  const random = new RandomStream('dense');
  const root = Array.from({ length: ORDER * ORDER }, () => random.normal());
  const entry = (i: number, j: number): number => {
    const rows = root.slice(0, ORDER).map((_, k) => root[i * ORDER + k] * root[j * ORDER + k]);
    return rows.reduce((sum, value) => sum + value, i === j ? 1 : 0);
  };
  return Float64Array.from({ length: ORDER * ORDER }, (_, at) =>
    entry(Math.floor(at / ORDER), at % ORDER),
  );
}

describe('Cholesky', () => {
  const matrix = positiveDefinite();
  const lower = Float64Array.from(matrix);
  const definite = cholesky(lower, ORDER);
  const truth = Float64Array.from({ length: ORDER }, (_, i) => Math.sin(i + 1));
  const right = truth.map((_, i) =>
    truth.reduce((sum, value, j) => sum + matrix[i * ORDER + j] * value, 0),
  );

  it('solves with the factor of a matrix, one vector or four', () => {
    expect(definite).toBe(true);
    const once = Float64Array.from(right);
    solveLower(lower, ORDER, once);
    const multiple = (_: unknown, at: number): number => right[Math.floor(at / 4)] * (1 + (at % 4));
    const four = Float64Array.from({ length: 4 * ORDER }, multiple);
    solveLowerFour(lower, ORDER, four);
    for (const j of [0, 1, 2, 3]) {
      nearAll(
        once.map((_, i) => four[4 * i + j]),
        once.map((value) => value * (1 + j)),
      );
    }
    solveUpper(lower, ORDER, once);
    nearAll(once, truth);
  });

  it('refuses what is not positive definite', () => {
    expect(cholesky(Float64Array.of(1, 2, 2, 1), 2)).toBe(false);
  });

  it('with pivots gives columns whose squares are the matrix', () => {
    const diagonal = truth.map((_, i) => matrix[i * (ORDER + 1)]);
    const { columns } = pivotedCholesky(
      diagonal,
      (at) => matrix.slice(at * ORDER, (at + 1) * ORDER),
      1e-14,
    );
    const product = matrix.map((_, at) =>
      columns.reduce((sum, column) => sum + column[Math.floor(at / ORDER)] * column[at % ORDER], 0),
    );
    nearAll(product, matrix);
  });
});

describe('nelderMead', () => {
  it('finds a minimum in a bent valley', () => {
    const valley = ([x, y]: readonly number[]): number => 100 * (y - x * x) ** 2 + (1 - x) ** 2;
    const found = nelderMead(valley, [-1.2, 1], { step: 0.5, evaluations: 1000, tolerance: 1e-14 });
    nearAll(found.at, [1, 1], 1e-5);
  });
});
