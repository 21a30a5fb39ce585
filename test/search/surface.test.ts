import { describe, expect, it } from 'vitest';
import { Surface } from '../../src/search/surface.js';
import { tally } from '../../src/search/tally.js';
import type { Observation } from '../../src/search/index.js';
import { cloud, valley } from './valley.js';

/** Every candidate of a table trained with its first so many seeds. */
function trained(errors: readonly (readonly number[])[], seeds: number): Observation[] {
  return errors.flatMap((all, candidate) =>
    all.slice(0, seeds).map((error) => ({ candidate, error })),
  );
}

describe('the surface', () => {
  it(
    'learns a valley: beliefs about graphs never tried are near the truth, and honest ' +
      'about how near',
    () => {
      const { candidates, errors } = valley({ count: 240, seeds: 1, noise: 0.1 });
      const truth = valley({ count: 240, seeds: 1, noise: 0 }).errors.map(([error]) => error);
      const beliefs = new Surface(candidates, Infinity).beliefs(
        tally(trained(errors.slice(0, 80), 1)),
      );
      expect(beliefs.noise).toBeGreaterThan(0.07);
      expect(beliefs.noise).toBeLessThan(0.14);
      const unseen = truth
        .map((error, i) => ({ miss: Math.abs(error - beliefs.means[i]), sd: beliefs.sds[i] }))
        .slice(80);
      expect(unseen.reduce((sum, { miss }) => sum + miss, 0) / unseen.length).toBeLessThan(0.08);
      const within = unseen.filter(({ miss, sd }) => miss < 2 * sd).length / unseen.length;
      expect(within).toBeGreaterThan(0.9);
    },
  );

  it('knows a mean once all trainings that count were made, and not before', () => {
    const { candidates, errors } = valley({ count: 20, seeds: 5 });
    const at = (seeds: number): { means: Float64Array; sds: Float64Array } =>
      new Surface(candidates, 5).beliefs(tally(trained(errors.slice(0, 10), seeds)));
    const all = at(5);
    for (let i = 0; i < 10; i++) {
      expect(all.means[i]).toBeCloseTo(errors[i].reduce((sum, error) => sum + error, 0) / 5, 3);
      expect(all.sds[i]).toBeLessThan(0.01);
    }
    expect(at(4).sds[0]).toBeGreaterThan(0.02);
    expect(all.sds[15]).toBeGreaterThan(0.1);
  });

  it('with the expected error in view more trainings never make it exact', () => {
    const { candidates, errors } = valley({ count: 20, seeds: 5 });
    const { sds } = new Surface(candidates, Infinity).beliefs(
      tally(trained(errors.slice(0, 10), 5)),
    );
    expect(sds[0]).toBeGreaterThan(0.03);
  });

  it('does not depend on the unit of the errors', () => {
    const { candidates, errors } = valley({ count: 30, seeds: 2 });
    const some = trained(errors.slice(0, 12), 2);
    const percent = new Surface(candidates, Infinity).beliefs(tally(some));
    const shares = new Surface(candidates, Infinity).beliefs(
      tally(some.map(({ candidate, error }) => ({ candidate, error: error / 100 }))),
    );
    percent.means.forEach((mean, i) => {
      expect(shares.means[i] * 100).toBeCloseTo(mean, 6);
      expect(shares.sds[i] * 100).toBeCloseTo(percent.sds[i], 6);
    });
  });

  it('measures distances in standard deviations, without an axis on which all agree', () => {
    const flat = cloud(50, 3).map((one) => ({ ...one, density: 0.25 }));
    const distances = new Surface(flat, Infinity).distances(0);
    expect(distances[0]).toBe(0);
    // Twice the number of axes that differ, in the mean over pairs.
    const all = flat.flatMap((_, i) => [...new Surface(flat, Infinity).distances(i)]);
    expect(all.reduce((sum, square) => sum + square, 0) / (50 * 49)).toBeCloseTo(4, 8);
  });
});
