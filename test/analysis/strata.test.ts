import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random/index.js';
import {
  CALIPER,
  createFindings,
  densityBands,
  matchedPairs,
  matchPairs,
  paperPresenter,
  strata,
  surfaceFit,
  type ErrorTable,
} from '../../src/analysis/index.js';
import { strataSection } from '../../src/analysis/findings/sections/strata.js';
import { surfaceSection } from '../../src/analysis/findings/sections/surface.js';
import { readGraph2nn } from '../../src/interop/index.js';
import { findingsOf } from './findings-of.js';
import golden from '../golden/surface.json' with { type: 'json' };
import { LONG } from '../long.js';

const SHARED = fileURLToPath(new URL('../../../shared/data/graph2nn/analysis', import.meta.url));
const present = existsSync(SHARED);
if (!present)
  process.stderr.write(
    'SKIPPED: the published results (../shared/data/graph2nn/analysis) are not here\n',
  );

const near = (ours: number | null | undefined, theirs: number): void =>
  expect(Math.abs((ours ?? Number.NaN) - theirs), `${ours} against ${theirs}`).toBeLessThanOrEqual(
    1e-9 * Math.max(1, Math.abs(theirs)),
  );

/** The table that test/golden/make-surface.py makes up as well. */
const madeUp: ErrorTable = {
  name: 'made up',
  arch: 'cnn',
  seeds: [1, 2, 3],
  baseline: null,
  graphs: Array.from({ length: 60 }, (_, i) => {
    const clustering = (i * 0.6180339887498949 + 0.1) % 1;
    const pathLength = 1.05 + 3.4 * ((i * 0.7548776662466927) % 1);
    const density = 0.1 + 0.85 * ((i * 0.5698402909980532) % 1);
    const base =
      30 +
      4 * (clustering - 0.45) ** 2 +
      0.8 * (pathLength - 2.2) ** 2 +
      0.5 * Math.log(density) ** 2;
    return {
      graph: `graph ${i}`,
      density,
      clustering,
      pathLength,
      errors: [0, 1, 2].map((s) => base + 0.2 * Math.sin(12.9898 * i + 78.233 * s)),
    };
  }),
};

describe('strata against NumPy and SciPy', () => {
  it.each(Object.entries(golden.strata))('%s bands', (count, expected) => {
    const found = strata(madeUp, { bands: Number(count), permutations: 99 })!;
    const { partialR2, f, p, dof } = found.effect;
    [partialR2, f, p, ...dof].forEach((value, i) =>
      near(value, [expected.partialR2, expected.f, expected.p, ...expected.dof][i]),
    );
    near(found.rankClustering, expected.rankClustering);
    near(found.rankPathLength, expected.rankPathLength);
    near(found.rankTogether, expected.rankTogether);
    expect(found.bands.length).toBe(expected.bands.length);
    found.bands.forEach((band, i) => {
      const theirs = expected.bands[i];
      expect([band.graphs, band.adjustedR2 === null]).toEqual([
        theirs.graphs,
        theirs.adjustedR2 === null,
      ]);
      band.density.forEach((value, end) => near(value, theirs.density[end]));
      near(band.meanError, theirs.meanError);
      near(band.rankClustering, theirs.rankClustering);
      near(band.rankPathLength, theirs.rankPathLength);
      if (theirs.adjustedR2 !== null) near(band.adjustedR2, theirs.adjustedR2);
    });
    expect(found.bands[found.best].lowest.fitted).toBe(
      Math.min(...found.bands.map((band) => band.lowest.fitted)),
    );
    expect(found.permutation).toEqual({ p: 0.01, count: 99 });
  });
});

/** Graphs whose C and L move with their density, as real ones do, and vary beside it. */
function tableOf(
  name: string,
  error: (graph: { c: number; l: number; d: number }) => number,
  count = 80,
): ErrorTable {
  const random = new RandomStream('strata test', name);
  return {
    name,
    arch: 'cnn',
    seeds: [1, 2, 3],
    baseline: null,
    graphs: Array.from({ length: count }, (_, i) => {
      const density = 0.12 + 0.7 * random.uniform() ** 2;
      const clustering = 0.2 + 0.5 * density + 0.3 * random.uniform();
      const pathLength = 2.8 - 1.5 * density + random.uniform();
      const base = error({ c: clustering, l: pathLength, d: density });
      return {
        graph: `graph ${i}`,
        density,
        clustering,
        pathLength,
        errors: [1, 2, 3].map(() => base + 0.15 * random.normal()),
      };
    }),
  };
}

const byDensity = tableOf('density only', ({ d }) => 30 - Math.log(d));
const byPlane = tableOf('plane only', ({ c, l }) => 30 + 12 * (c - 0.5) ** 2 + 2 * (l - 2.6) ** 2);

describe('at equal density', () => {
  it('C and L show no effect where density is all', () => {
    const { effect, permutation } = strata(byDensity)!;
    expect(effect.p).toBeGreaterThan(0.05);
    expect(Math.abs(permutation.p - effect.p)).toBeLessThan(0.1);
    const surface = surfaceFit(byDensity, { draws: 10 })!;
    // The surface does predict errors, through density; at equal density it does not.
    expect(surface.process.crossValidatedR2).toBeGreaterThan(0.3);
    const pairs = matchedPairs(surface, { name: 'density', resamples: 500 })!;
    expect([pairs.p > 0.05, pairs.interval![0] < 0, Math.abs(pairs.slope) < 0.5]).toEqual([
      true,
      true,
      true,
    ]);
    const section = strataSection(findingsOf([byDensity]));
    expect(section.verdict).toMatch(
      /^Not shown: at equal density C and L explain error in 0 of 1 .* in 0 of 1 comparison;/,
    );
  });

  it('C and L show theirs where they are all', () => {
    const { effect, permutation } = strata(byPlane)!;
    expect([effect.p < 1e-6, permutation.p]).toEqual([true, 0.001]);
    const pairs = matchedPairs(surfaceFit(byPlane, { draws: 10 })!, {
      name: 'plane',
      resamples: 500,
    })!;
    expect([pairs.p < 0.01, pairs.interval![0] > 0, Math.abs(pairs.slope - 1) < 0.3]).toEqual([
      true,
      true,
      true,
    ]);
    expect(strataSection(findingsOf([byPlane])).verdict).toMatch(
      /^Holds: at equal density C and L explain error in 1 of 1 .* in 1 of 1 comparison;/,
    );
  });

  it('tests by permutation as by F: uniform p where there is nothing', () => {
    const p = Array.from({ length: 40 }, (_, i) =>
      strata(
        tableOf(`nothing ${i}`, () => 30, 40),
        { permutations: 99 },
      )!,
    ).map(({ permutation, effect }) => [permutation.p, effect.p] as const);
    expect(p.filter(([ours]) => ours <= 0.25).length).toBeLessThan(20);
    expect(p.filter(([ours]) => ours > 0.5).length).toBeGreaterThan(10);
    for (const [ours, theirs] of p) expect(Math.abs(ours - theirs)).toBeLessThan(0.2);
  });

  it('cuts bands with equal densities together', () => {
    expect(densityBands([1, 2, 2, 2, 3, 4], 3)).toEqual([
      [0, 1, 2, 3],
      [4, 5],
    ]);
    expect(densityBands([5, 5, 5], 2)).toEqual([[0, 1, 2]]);
  });

  it('pairs every graph once at most, near in density and apart in the plane', () => {
    const rows = byPlane.graphs;
    const pairs = matchPairs(rows);
    expect(pairs.length).toBeGreaterThan(20);
    expect(new Set(pairs.flat()).size).toBe(2 * pairs.length);
    const std = (axis: 'clustering' | 'pathLength'): number => {
      const values = rows.map((row) => row[axis]);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    };
    for (const [i, j] of pairs) {
      expect(Math.abs(Math.log(rows[i].density / rows[j].density))).toBeLessThanOrEqual(CALIPER);
      expect(
        Math.hypot(
          (rows[i].clustering - rows[j].clustering) / std('clustering'),
          (rows[i].pathLength - rows[j].pathLength) / std('pathLength'),
        ),
      ).toBeGreaterThan(0.499);
    }
  });

  it('is null where nothing can be told', () => {
    expect(strata({ ...madeUp, graphs: madeUp.graphs.slice(0, 19) })).toBeNull();
    expect(
      strata({ ...madeUp, graphs: madeUp.graphs.map((row) => ({ ...row, errors: [30, 30, 30] })) }),
    ).toBeNull();
    expect(
      strata({
        ...madeUp,
        graphs: madeUp.graphs.map((row) => ({ ...row, clustering: 0.5, pathLength: 2 })),
      }),
    ).toBeNull();
    const spread = {
      ...madeUp,
      graphs: madeUp.graphs.slice(0, 24).map((row, i) => ({ ...row, density: 0.1 * 1.1 ** i })),
    };
    expect(
      matchedPairs(surfaceFit(spread, { draws: 10 })!, { name: 'spread', resamples: 100 }),
    ).toBeNull();
    const section = strataSection(
      findingsOf([spread, { ...madeUp, name: 'few', graphs: madeUp.graphs.slice(0, 5) }]),
    );
    expect([
      section.rows.length,
      section.rows[0][6],
      section.verdict.endsWith('that density does not fix.'),
    ]).toEqual([1, 'too few pairs', true]);
    expect(strataSection(findingsOf([])).verdict).toMatch(/^Cannot be told/);
  });
});

describe.skipIf(!present)('the published results', () => {
  const { tasks } = present ? readGraph2nn(SHARED) : { tasks: [] };
  const input = createFindings({ tasks, subset: new Set(), resamples: 200 }, paperPresenter);

  it.runIf(LONG)(
    'are a smooth surface, as good as the seeds let any be',
    { tags: ['long'] },
    () => {
      const [mlp, resnet] = surfaceSection(input).values;
      expect([
        mlp['arch'],
        mlp['graphs'],
        mlp['inducing'],
        resnet['arch'],
        resnet['inducing'],
      ]).toEqual(['mlp', 3942, 64, 'resnet34', 0]);
      for (const [row, least] of [
        [mlp, 0.95],
        [resnet, 0.9],
      ] as const) {
        expect((row['processLeftOutR2'] as number) / (row['ceiling'] as number)).toBeGreaterThan(
          least,
        );
        expect(row['coverage']).toBeGreaterThan(0.9);
        expect(row['processLeftOutR2'] as number).toBeGreaterThan(
          (row['quadraticLeftOutR2'] as number) + 0.08,
        );
      }
    },
  );

  it('differ at equal density as the surface expects', () => {
    for (const row of strataSection(input).values) {
      expect(row['permutationP']).toBeCloseTo(1 / 201, 12);
      expect(row['signP']).toBeLessThan(0.001);
      expect(Math.abs((row['slope'] as number) - 1)).toBeLessThan(0.2);
    }
  });
});
