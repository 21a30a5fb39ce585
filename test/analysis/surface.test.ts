import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random/index.js';
import { confound, surfaceFit, type ErrorTable } from '../../src/analysis/index.js';
import { surfaceSection } from '../../src/analysis/findings/sections/surface.js';
import { groundOf } from '../../src/analysis/findings/surface-region.js';
import { nearAll } from '../stats/near.js';
import { findingsOf } from './findings-of.js';

/** Graphs all over a square of C and L, error by a function of them. */
function tableOf(
  name: string,
  count: number,
  error: (c: number, l: number, d: number) => number,
  noise = 0.1,
  seeds = 3,
): ErrorTable {
  const random = new RandomStream('surface test', name);
  return {
    name,
    arch: 'cnn',
    seeds: Array.from({ length: seeds }, (_, s) => s + 1),
    baseline: null,
    graphs: Array.from({ length: count }, (_, i) => {
      const [clustering, pathLength, density] = [
        0.1 + 0.8 * random.uniform(),
        1.2 + 2.5 * random.uniform(),
        0.1 + 0.8 * random.uniform(),
      ];
      const base = error(clustering, pathLength, density);
      return {
        graph: `graph ${i}`,
        density,
        clustering,
        pathLength,
        errors: Array.from({ length: seeds }, () => base + noise * random.normal()),
      };
    }),
  };
}

const bowl = (c: number, l: number): number => 30 + 8 * (c - 0.5) ** 2 + 0.8 * (l - 2.3) ** 2;
const holds = (value: number, [low, high]: readonly [number, number]): boolean =>
  value >= low && value <= high;

describe('where the graphs are', () => {
  it('follows a bent cloud, without what lies in its bend', () => {
    const steps = Array.from({ length: 21 }, (_, i) => i / 20);
    const places = steps.flatMap((u) =>
      steps
        .filter((v) => u <= 0.3 || v <= 0.3)
        .map((v) => ({ clustering: u, pathLength: 1 + 2 * v })),
    );
    const { inside, lattice, spacing } = groundOf(places, (place) => [
      place.clustering * 3,
      place.pathLength * 1.5,
    ]);
    expect(spacing).toBeCloseTo(0.15, 9);
    for (const [clustering, pathLength, expected] of [
      [0.12, 2.7, true],
      [0.77, 1.31, true],
      [0.33, 1.33, true],
      [0.45, 2.4, false],
      [0.7, 2, false],
      [-0.1, 2, false],
      [0.1, 3.2, false],
    ] as const) {
      expect(inside({ clustering, pathLength }), `${clustering} ${pathLength}`).toBe(expected);
    }
    // The L covers 1 - 0.7 * 0.7 of its square; its corners and sides are edges, its middle is not.
    expect(lattice.length / 1600).toBeGreaterThan(0.48);
    expect(lattice.length / 1600).toBeLessThan(0.6);
    expect(
      lattice
        .filter(
          ({ clustering, pathLength }) =>
            clustering < 0.2 && clustering > 0.1 && pathLength > 1.2 && pathLength < 2.8,
        )
        .some(({ edge }) => edge),
    ).toBe(false);
    expect(lattice.filter(({ column }) => column === 0).every(({ edge }) => edge)).toBe(true);
  });
});

describe('surfaceFit', () => {
  it('finds a known minimum within its region, and errors with the noise that is there', () => {
    const fit = surfaceFit(tableOf('bowl', 80, bowl))!;
    for (const { clustering, pathLength, value, region } of [fit.minimum, fit.quadratic.minimum]) {
      expect(Math.hypot((clustering - 0.5) / 0.1, (pathLength - 2.3) / 0.4)).toBeLessThan(1);
      expect(Math.abs(value - 30)).toBeLessThan(0.1);
      expect([
        holds(0.5, region.clustering),
        holds(2.3, region.pathLength),
        region.edgeShare < 0.2,
      ]).toEqual([true, true, true]);
      expect(region.places.length).toBeGreaterThan(1);
    }
    expect(fit.process.crossValidatedR2).toBeGreaterThan(0.9);
    expect(fit.process.crossValidatedR2).toBeLessThan(fit.process.r2);
    expect(fit.ceiling!).toBeGreaterThan(0.95);
    expect(fit.process.coverage).toBeGreaterThan(0.87);
    expect(Math.sqrt(fit.data.seedVariance!)).toBeCloseTo(0.1, 1);
    expect(fit.withDensity!.logEvidence - fit.process.logEvidence).toBeLessThan(3);
    const { mean, sd, inside: within } = fit.predict(0.7, 2.8);
    expect([Math.abs(mean - bowl(0.7, 2.8)) < 4 * sd, sd < 0.1, within]).toEqual([
      true,
      true,
      true,
    ]);
    expect([fit.predict(0.05, 3.9).inside, fit.predict(2, 2).inside]).toEqual([false, false]);
    expect(fit.predict(2, 9).sd).toBeGreaterThan(5 * sd);
  });

  it('has the quadratic of the density section', () => {
    const table = tableOf('same', 60, (c, l, d) => bowl(c, l) + d);
    const { quadratic } = surfaceFit(table, { draws: 10 })!;
    nearAll(
      [quadratic.r2, quadratic.crossValidatedR2],
      [confound(table)!.plane.r2, confound(table)!.plane.crossValidatedR2],
    );
  });

  it('bends where the quadratic cannot, and says nothing of noise', () => {
    const wave = surfaceFit(
      tableOf('wave', 120, (c, l) => 30 + Math.sin(12 * c) + Math.sin(3 * l)),
      { draws: 10 },
    )!;
    expect(wave.process.crossValidatedR2).toBeGreaterThan(0.9);
    expect(wave.quadratic.crossValidatedR2).toBeLessThan(0.7);
    const noise = surfaceFit(
      tableOf('noise', 60, () => 30),
      { draws: 10 },
    )!;
    expect(noise.process.crossValidatedR2).toBeLessThan(0.15);
    expect(noise.ceiling!).toBeLessThan(0.5);
  });

  it('tells graphs’ own effects from seed noise', () => {
    const own = new RandomStream('own effects');
    const { process } = surfaceFit(
      tableOf('own', 120, (c, l) => bowl(c, l) + 0.3 * own.normal()),
      { draws: 10 },
    )!;
    expect(process.ownStd).toBeGreaterThan(0.22);
    expect(process.ownStd).toBeLessThan(0.38);
    expect(process.coverage).toBeGreaterThan(0.9);
  });

  it('sees density where it counts', () => {
    const fit = surfaceFit(
      tableOf('density', 60, (c, l, d) => bowl(c, l) + 2 * Math.log(d)),
      { draws: 10 },
    )!;
    expect(fit.withDensity!.logEvidence - fit.process.logEvidence).toBeGreaterThan(20);
    expect(fit.withDensity!.crossValidatedR2).toBeGreaterThan(fit.process.crossValidatedR2 + 0.3);
  });

  it('is the same every time, and needs 20 graphs spread over the plane', () => {
    const table = tableOf('again', 30, bowl);
    const plain = (fit: ReturnType<typeof surfaceFit>): string => JSON.stringify(fit);
    expect(plain(surfaceFit(table))).toBe(plain(surfaceFit({ ...table })));
    expect(surfaceFit({ ...table, graphs: table.graphs.slice(0, 19) })).toBeNull();
    expect(
      surfaceFit({
        ...table,
        graphs: table.graphs.map((row) => ({ ...row, errors: [30, 30, 30] })),
      }),
    ).toBeNull();
    expect(
      surfaceFit({
        ...table,
        graphs: table.graphs.map((row) => ({ ...row, pathLength: 1 + row.clustering })),
      }),
    ).toBeNull();
  });

  it('does with one seed and one density', () => {
    const table = tableOf('single', 40, bowl, 0.1, 1);
    const fit = surfaceFit(
      { ...table, graphs: table.graphs.map((row) => ({ ...row, density: 0.2 })) },
      { draws: 50 },
    )!;
    expect([fit.ceiling, fit.withDensity, fit.data.seedVariance]).toEqual([null, null, null]);
    // Without a second seed the noise counts as the graphs' own.
    expect(fit.process.ownStd).toBeGreaterThan(0.05);
    expect(fit.process.ownStd).toBeLessThan(0.15);
  });
});

describe('the section', () => {
  it('tells what the numbers say', () => {
    const section = surfaceSection(
      findingsOf([tableOf('bowl', 60, bowl), tableOf('few', 10, bowl)]),
    );
    expect(section.rows.map((row) => row[0])).toEqual(['bowl']);
    expect(section.rows[0].length).toBe(section.columns.length);
    expect(section.verdict).toMatch(
      /^The error over C and L is a smooth surface .* 1 task left out: a surface needs 20 graphs/,
    );
    expect(section.values[0]).toMatchObject({ name: 'bowl', graphs: 60, inducing: 0 });
    expect(section.rows[0][3]).toBe(
      `${(section.values[0]['processR2'] as number).toFixed(2)} / ` +
        (section.values[0]['processLeftOutR2'] as number).toFixed(2),
    );
  });

  it('does not see a surface in noise, nor anything in too few graphs', () => {
    const noise = surfaceSection(findingsOf([tableOf('noise only', 60, () => 30)]));
    expect(noise.values[0]['processLeftOutR2']).toBeLessThan(0.1);
    expect(noise.verdict).toMatch(/^Not shown/);
    const few = surfaceSection(findingsOf([tableOf('few', 10, bowl)]));
    expect([few.rows, few.verdict.startsWith('Cannot be told')]).toEqual([[], true]);
  });
});
