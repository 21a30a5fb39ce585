import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random/index.js';
import {
  betterThanBaseline, bootstrapIntervals, commonCells, commonGraphs, confound, correlationOf, falseDiscovery, findings, heldOut, intersection, paperBest, pearson, percentileInterval,
  reliability, sliceOf, subsetPairs, sweetSpotIntervals, sweetSpotOfCells, sweetSpotOfGraphs, type ErrorTable,
} from '../../src/analysis/index.js';
import { readGraph2nn, type PublishedFolder } from '../../src/interop/index.js';
import golden from '../golden/findings.json' with { type: 'json' };

const SHARED = fileURLToPath(new URL('../../../shared/data/graph2nn/analysis', import.meta.url));
const present = existsSync(SHARED);
if (!present) process.stderr.write('SKIPPED: the published results (../shared/data/graph2nn/analysis) are not here\n');

/** The table that test/golden/make-findings.py makes up as well. */
const madeUp: ErrorTable = {
  name: 'made up',
  arch: 'cnn',
  seeds: [1, 2, 3],
  baseline: { graph: 'complete:n=64', density: 1, clustering: 1, pathLength: 1, errors: [31.4, 31.9, 31.6] },
  graphs: Array.from({ length: 60 }, (_, i) => {
    const clustering = (i * 0.6180339887498949 + 0.1) % 1;
    const pathLength = 1.05 + 3.4 * ((i * 0.7548776662466927) % 1);
    const density = 0.1 + 0.85 * ((i * 0.5698402909980532) % 1);
    const base = 30 + 4 * (clustering - 0.45) ** 2 + 0.8 * (pathLength - 2.2) ** 2 + 0.5 * Math.log(density) ** 2;
    return { graph: `graph ${i}`, density, clustering, pathLength, errors: [0, 1, 2].map((s) => base + 0.2 * Math.sin(12.9898 * i + 78.233 * s)) };
  }),
};

const near = (ours: number | null | undefined, theirs: number): void => expect(Math.abs((ours ?? Number.NaN) - theirs)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(theirs)));
const nearAll = (ours: readonly number[] | undefined, theirs: readonly number[]): void => {
  expect(ours?.length).toBe(theirs.length);
  theirs.forEach((value, i) => near(ours?.[i], value));
};

function expectGolden(table: ErrorTable, expected: typeof golden.madeUp): void {
  const best = paperBest(table);
  nearAll([best?.baseline?.mean ?? 0, best?.baseline?.std ?? 0], expected.baseline);
  nearAll([best?.best.mean ?? 0, best?.best.std ?? 0], expected.best);
  const single = sweetSpotOfGraphs(table);
  nearAll(single?.rectangle.clustering, expected.sweetSpotOfGraphs.clustering);
  nearAll(single?.rectangle.pathLength, expected.sweetSpotOfGraphs.pathLength);
  expect(single?.graphs).toBe(expected.sweetSpotOfGraphs.graphs);
  const cells = sweetSpotOfCells(table);
  nearAll(cells?.rectangle.clustering, expected.sweetSpotOfCells.clustering);
  nearAll(cells?.rectangle.pathLength, expected.sweetSpotOfCells.pathLength);
  expect(cells?.cells).toBe(expected.sweetSpotOfCells.cells);
  for (const x of ['pathLength', 'clustering'] as const) {
    const slice = sliceOf(table, x);
    nearAll(slice?.fit.coefficients, expected.slices[x].coefficients);
    near(slice?.fit.r2, expected.slices[x].r2);
    expect(slice?.graphs).toBe(expected.slices[x].graphs);
  }
  expect(betterThanBaseline(table)).toMatchObject({ single: expected.better.single, controlled: expected.better.controlled });
  const held = heldOut(table);
  nearAll([held?.chosen ?? 0, held?.reported ?? 0, ...(held?.range ?? [])], [expected.heldOut.chosen, expected.heldOut.reported, ...expected.heldOut.range]);
  near(reliability(table)?.ofMeans, expected.reliability);
  const density = confound(table);
  nearAll([density?.density.r2 ?? 0, density?.plane.r2 ?? 0, density?.both.r2 ?? 0], [expected.regression.density, expected.regression.plane, expected.regression.both]);
  for (const given of ['planeGivenDensity', 'densityGivenPlane'] as const) nearAll([density?.[given].partialR2 ?? 0, density?.[given].f ?? 0, density?.[given].p ?? 1], Object.values(expected.regression[given]));
}

describe('findings against SciPy', () => {
  it('of a made-up table', () => expectGolden(madeUp, golden.madeUp));
  it('false discovery rates', () => nearAll(falseDiscovery([0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216, 0.222]), golden.bh));
});

describe.skipIf(!present)('findings of the published results', () => {
  let folder: PublishedFolder;
  const last = (arch: string): ErrorTable => folder.tasks.find((task) => task.arch === arch)!.tables.at(-1)!;
  beforeAll(() => {
    folder = readGraph2nn(SHARED);
  });

  it('reads the part that is there, nothing missing', () => {
    expect(folder.problems).toEqual([]);
    expect(folder.tasks.map((task) => [task.arch, task.tables.length, task.missing, task.tables.at(-1)!.graphs.length])).toEqual([['mlp', 1, 0, 3942], ['resnet34', 8, 0, 52]]);
  });
  it('of the MLP', () => expectGolden(last('mlp'), golden.mlp));
  it('of ResNet-34', () => expectGolden(last('resnet34'), golden.resnet34));
  it('correlations between architectures, epochs and sets', () => {
    const cells = commonCells(last('mlp'), last('resnet34'));
    expect(cells.a.length).toBe(golden.correlation.cells);
    near(correlationOf(cells), golden.correlation.r);
    const task = folder.tasks[1];
    near(correlationOf(commonGraphs(task.tables.find((table) => table.epoch === 3)!, task.tables.at(-1)!)), golden.early);
    const pairs = subsetPairs(last('mlp'), new Set(last('resnet34').graphs.map((row) => row.graph)));
    expect(pairs.a.length).toBe(golden.subset.cells);
    near(correlationOf(pairs), golden.subset.r);
  });
  it('every published figure that these data hold comes out', () => {
    const sections = [...findings({ tasks: folder.tasks, subset: new Set(last('resnet34').graphs.map((row) => row.graph)), resamples: 200, published: true })];
    expect(sections.map(({ agreeing, checked }) => [agreeing, checked])).toEqual([[4, 4], [8, 8], [0, 0], [0, 0], [1, 1], [2, 2]]);
  });
});

describe('the honest numbers', () => {
  /** Graphs that do not differ: all advantage of the best is luck. */
  const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
  const noise: ErrorTable = { ...madeUp, seeds, baseline: { ...madeUp.baseline!, errors: seeds.map(() => 30) }, graphs: madeUp.graphs.map((row, i) => ({ ...row, errors: seeds.map((s) => 30 + 0.3 * new RandomStream('noise', i, s).normal()) })) };

  it('show that the best of equal graphs is only lucky', () => {
    const held = heldOut(noise)!;
    expect(held.chosen).toBeGreaterThan(0.2);
    expect(Math.abs(held.reported)).toBeLessThan(0.15);
    expect(reliability(noise)!.ofMeans).toBeLessThan(0.4);
    expect(confound(noise)!.both.crossValidatedR2).toBeLessThan(0.1);
  });

  it('are null where there is nothing to tell', () => {
    const single = { ...madeUp, seeds: [1], baseline: { ...madeUp.baseline!, errors: [31] }, graphs: madeUp.graphs.map((row) => ({ ...row, errors: [row.errors[0]] })) };
    expect([heldOut(single), reliability(single), betterThanBaseline(single), sweetSpotIntervals(single, 100)]).toEqual([null, null, null, null]);
    expect(confound({ ...madeUp, graphs: madeUp.graphs.slice(0, 19) })).toBeNull();
    expect(paperBest({ ...madeUp, baseline: null, graphs: [] })).toBeNull();
    const sections = [...findings({ tasks: [{ name: 'one', arch: 'mlp', tables: [{ ...single, epoch: 1 }] }], subset: new Set(), resamples: 100, published: false })];
    expect(sections[0].verdict).toMatch(/^Cannot be told/);
    expect(sections[4].verdict).toMatch(/nothing to compare/);
    const none = [...findings({ tasks: [], subset: new Set(), resamples: 100, published: true })];
    expect(none.map(({ verdict }) => /^(Cannot be told|No graph was measured|Too few graphs|One architecture|No early epochs)/.test(verdict))).toEqual(none.map(() => true));
  });

  it('leave missing seeds out', () => {
    const gaps = { ...madeUp, graphs: madeUp.graphs.map((row, i) => (i % 7 === 0 ? { ...row, errors: [row.errors[0], null, row.errors[2]] } : row)) };
    expect(heldOut(gaps)).not.toBeNull();
    expect(sweetSpotIntervals(gaps, 100)).not.toBeNull();
  });

  it('the rectangle lies within its bootstrap intervals, the same for the same name', () => {
    const box = sweetSpotOfCells(madeUp)!.rectangle;
    const moved = sweetSpotIntervals(madeUp, 1000)!;
    expect(sweetSpotIntervals(madeUp, 1000)).toEqual(moved);
    for (const axis of ['clustering', 'pathLength'] as const) box[axis].forEach((edge, i) => {
      expect(edge).toBeGreaterThanOrEqual(moved[axis][i][0]);
      expect(edge).toBeLessThanOrEqual(moved[axis][i][1]);
    });
  });

  it('bootstrap intervals of a mean are near those of the normal law', () => {
    const values = Array.from({ length: 400 }, (_, i) => Math.sin(i * 12.9898) * 3);
    const centre = values.reduce((a, b) => a + b, 0) / 400;
    const std = Math.sqrt(values.reduce((a, b) => a + (b - centre) ** 2, 0) / 399);
    const [range] = bootstrapIntervals(400, (drawn) => [drawn.reduce((sum, i) => sum + values[i], 0) / 400], { name: 'mean', resamples: 4000 });
    expect(Math.abs(range![0] - (centre - (1.96 * std) / 20))).toBeLessThan(0.02);
    expect(Math.abs(range![1] - (centre + (1.96 * std) / 20))).toBeLessThan(0.02);
    expect(bootstrapIntervals(5, () => [null], { name: 'none', resamples: 50 })).toEqual([null]);
    expect(percentileInterval([1, 2, 3, 4, 5], 0.5)).toEqual([2, 4]);
  });

  it('adjusted p-values are monotone, at least the p-values and at most 1', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 }), (p) => {
      const q = falseDiscovery(p);
      const order = p.map((_, i) => i).sort((a, b) => p[a] - p[b]);
      return q.every((value, i) => value >= p[i] * (1 - 1e-12) && value <= 1) && order.every((i, place) => place === 0 || q[order[place - 1]] <= q[i]);
    }));
  });

  it('correlations and intersections', () => {
    expect(pearson([1, 2, 3], [2, 4, 6])).toBeCloseTo(1, 12);
    expect(pearson([1, 1, 1], [2, 4, 6])).toBeNull();
    expect(intersection([{ clustering: [0, 0.5], pathLength: [1, 2] }, { clustering: [0.6, 1], pathLength: [1, 2] }])).toBeNull();
    expect(intersection([{ clustering: [0, 0.5], pathLength: [1, 2] }, { clustering: [0.4, 1], pathLength: [1.5, 3] }])).toEqual({ clustering: [0.4, 0.5], pathLength: [1.5, 2] });
  });
});
