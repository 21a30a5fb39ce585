import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random/index.js';
import { leastSquares } from '../../src/stats/least-squares.js';
import { cholesky, dot } from '../../src/stats/linear-algebra.js';
import { nearAll } from './near.js';

const random = new RandomStream('least squares');
const x = Array.from({ length: 4 }, () => Float64Array.from({ length: 12 }, () => random.normal()));
const truth = [3, -1, 0.5, 2];
const fitted = x[0].map((_, i) => x.reduce((sum, column, j) => sum + truth[j] * column[i], 0));

describe('leastSquares', () => {
  it('finds the coefficients of an exact model, and what a residual has no share in', () => {
    nearAll(leastSquares(x, fitted, 1e-8)!.coefficients, truth);
    const y = fitted.map((value) => value + random.normal());
    const { coefficients } = leastSquares(x, y, 1e-8)!;
    const predicted = (i: number): number =>
      x.reduce((sum, column, j) => sum + coefficients[j] * column[i], 0);
    const residual = y.map((value, i) => value - predicted(i));
    nearAll(
      x.map((column) => dot(column, residual)),
      [0, 0, 0, 0],
    );
  });

  it('gives Cholesky’s factor of the normal equations', () => {
    const normal = Float64Array.from(
      x.flatMap((a, i) => x.map((b, j) => (j <= i ? dot(a, b) : 0))),
    );
    cholesky(normal, 4);
    nearAll(leastSquares(x, fitted, 1e-8)!.lower, normal);
  });

  it('is null where columns depend on each other, or are too many', () => {
    const dependent = x[0].map((value, i) => 2 * value - x[1][i]);
    expect(leastSquares([...x, dependent], fitted, 1e-8)).toBeNull();
    expect(leastSquares([new Float64Array(12)], fitted, 1e-8)).toBeNull();
    expect(
      leastSquares(
        x.map((column) => column.slice(0, 3)),
        fitted.slice(0, 3),
        1e-8,
      ),
    ).toBeNull();
  });
});
