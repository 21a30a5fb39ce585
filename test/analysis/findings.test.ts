import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { must } from '../../src/core/errors.js';
import { RandomStream } from '../../src/core/random/index.js';
import {
  betterThanBaseline,
  commonCells,
  commonGraphs,
  confound,
  correlationOf,
  createFindings,
  findingsSections,
  paperPresenter,
  studyPresenter,
  heldOut,
  intersection,
  paperBest,
  cellReliability,
  commonDraws,
  edgeIntervals,
  reliability,
  sliceOf,
  subsetCurve,
  subsetPairs,
  paperDraws,
  plexusDraws,
  plexusRule,
  type RectangleIntervals,
  sweetSpotOfCells,
  sweetSpotOfGraphs,
  type ErrorTable,
} from '../../src/analysis/index.js';
import { readGraph2nn, type PublishedFolder } from '../../src/interop/index.js';
import { LONG } from '../long.js';
import { findingsOf } from './findings-of.js';
import golden from '../golden/findings.json' with { type: 'json' };

const SHARED = fileURLToPath(new URL('../../../shared/data/graph2nn/analysis', import.meta.url));
const present = existsSync(SHARED);
if (!present)
  process.stderr.write(
    'SKIPPED: the published results (../shared/data/graph2nn/analysis) are not here\n',
  );

/** The table that test/golden/make-findings.py makes up as well. */
const madeUp: ErrorTable = {
  name: 'made up',
  arch: 'cnn',
  seeds: [1, 2, 3],
  baseline: {
    graph: 'complete:n=64',
    density: 1,
    clustering: 1,
    pathLength: 1,
    errors: [31.4, 31.9, 31.6],
  },
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

/** As `madeUp`, many graphs a cell. */
const crowded: ErrorTable = {
  ...madeUp,
  name: 'crowded',
  graphs: Array.from({ length: 400 }, (_, i) => {
    const clustering = 0.2 + 0.35 * ((i * 0.6180339887498949 + 0.1) % 1);
    const pathLength = 1.5 + 1.1 * ((i * 0.7548776662466927) % 1);
    const base = 30 + 4 * (clustering - 0.45) ** 2 + 0.8 * (pathLength - 2.2) ** 2;
    return {
      graph: `graph ${i}`,
      density: 0.5,
      clustering,
      pathLength,
      errors: [0, 1, 2].map((s) => base + 0.2 * Math.sin(12.9898 * i + 78.233 * s)),
    };
  }),
};

/** Of the edges by the paper's rule. */
function paperIntervals(table: ErrorTable, resamples: number): RectangleIntervals | null {
  const draws = paperDraws(table, resamples);
  return draws === null ? null : edgeIntervals(draws);
}

const near = (ours: number | null | undefined, theirs: number): void =>
  expect(Math.abs((ours ?? Number.NaN) - theirs)).toBeLessThanOrEqual(
    1e-9 * Math.max(1, Math.abs(theirs)),
  );
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
  expect(betterThanBaseline(table, 'independent')).toMatchObject({
    single: expected.better.single,
    controlled: expected.better.controlled,
  });
  const held = heldOut(table);
  nearAll(
    [held?.chosen ?? 0, held?.reported ?? 0, ...(held?.range ?? [])],
    [expected.heldOut.chosen, expected.heldOut.reported, ...expected.heldOut.range],
  );
  near(reliability(table, 'independent')?.ofMeans, expected.reliability);
  const density = confound(table);
  nearAll(
    [density?.density.r2 ?? 0, density?.plane.r2 ?? 0, density?.both.r2 ?? 0],
    [expected.regression.density, expected.regression.plane, expected.regression.both],
  );
  for (const given of ['planeGivenDensity', 'densityGivenPlane'] as const)
    nearAll(
      [density?.[given].partialR2 ?? 0, density?.[given].f ?? 0, density?.[given].p ?? 1],
      Object.values(expected.regression[given]),
    );
}

describe('graphs without triangles', () => {
  it('lie on the lower edge of the plane, not nowhere', () => {
    const [first] = madeUp.graphs;
    const best = { ...must(first), clustering: 0, pathLength: 2, errors: [1, 1, 1] };
    const table = { ...madeUp, graphs: [best, ...madeUp.graphs] };
    expect(sweetSpotOfCells(table)?.rectangle.clustering).toEqual([0, 0]);
    const { clustering } = edgeIntervals(paperDraws(table, 50)!);
    expect(clustering.flat().every(Number.isFinite)).toBe(true);
  });
});

describe('findings against SciPy', () => {
  it('of a made-up table', () => expectGolden(madeUp, golden.madeUp));
});

describe('what the figures draw', () => {
  it('random subsets of graphs, nearly as by NumPy with other random numbers', () => {
    const curve = subsetCurve(crowded, 1000, [48]);
    for (const expected of golden.subsetCurve) {
      const point = curve.find(({ graphs }) => graphs === expected.graphs)!;
      expect(Math.abs(point.cells - expected.cells)).toBeLessThan(0.2);
      for (const which of ['all', 'rest'] as const) {
        const ours = [point[which]!.band[0], point[which]!.median, point[which]!.band[1]];
        ours.forEach((value, i) => expect(Math.abs(value - expected[which][i])).toBeLessThan(0.03));
      }
    }
    expect(curve.map(({ graphs }) => graphs)).toEqual([
      4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 400,
    ]);
    expect(curve.at(-1)).toMatchObject({ graphs: 400, rest: null });
    expect(curve.at(-1)!.all!.band[0]).toBeCloseTo(1, 12);
    expect(subsetCurve(crowded, 1000, [48])).toEqual(curve);
    expect(subsetCurve({ ...crowded, graphs: crowded.graphs.slice(0, 3) }, 100)).toEqual([]);
    expect(
      findingsOf([crowded, madeUp])
        .subsets()
        .map(({ task }) => task.name),
    ).toEqual(['crowded']);
  });

  it('the spread of parabolas, nearly as by NumPy', () => {
    const [{ ribbon, points }] = findingsOf([madeUp], { resamples: 2000 }).slices();
    const [least, most] = [
      Math.min(...points.map(({ y }) => y)),
      Math.max(...points.map(({ y }) => y)),
    ];
    [0, 20, 40].forEach((place, i) => {
      near(ribbon[place].x, golden.ribbon.x[i]);
      for (const end of ['low', 'high'] as const)
        expect(Math.abs(ribbon[place][end] - golden.ribbon[end][i])).toBeLessThan(
          0.05 * (most - least),
        );
    });
  });

  it('what rectangles share, counted by hand', () => {
    const draws = (
      c0: number[],
      c1: number[],
      l0: number[],
      l1: number[],
    ): Parameters<typeof commonDraws>[0][number] => ({
      clustering: [Float64Array.from(c0), Float64Array.from(c1)],
      pathLength: [Float64Array.from(l0), Float64Array.from(l1)],
      resamples: c0.length,
    });
    const one = draws([0, 0, 0, 0], [1, 0.3, 1, 1], [1, 1, 1, 1], [4.5, 4.5, 2, 4.5]);
    const two = draws([0.5, 0.5, 0.5, 0.1], [1, 1, 1, 0.2], [1, 1, 3, 1], [4.5, 4.5, 4.5, 4.5]);
    const { empty, inside } = commonDraws([one, two]);
    expect(empty).toBe(0.5);
    expect([inside[7][0], inside[2][0], inside[1][14], inside[0][0], inside[14][14]]).toEqual([
      0.25, 0.25, 0.25, 0, 0.25,
    ]);
    expect(commonDraws([one]).empty).toBe(0);
  });

  it('edges in order, cells between them', () => {
    const moved = paperDraws(madeUp, 300)!;
    for (let b = 0; b < 300; b++)
      expect(
        moved.clustering[0][b] <= moved.clustering[1][b] &&
          moved.pathLength[0][b] <= moved.pathLength[1][b],
      ).toBe(true);
    const { inside } = commonDraws([moved]);
    expect(Math.max(...inside.flat())).toBeGreaterThan(0.5);
    expect(Math.min(...inside.flat())).toBe(0);
  });

  it('every epoch against the last, with its ceiling; the claimed one as in the section', () => {
    const noisy = (epoch: number): ErrorTable & { readonly epoch: number } => ({
      ...madeUp,
      epoch,
      graphs: madeUp.graphs.map((row, i) => ({
        ...row,
        errors: row.errors.map((error) => error! + Math.sin(5 * i) / epoch),
      })),
    });
    const tables = [1, 2, 3, 10, 20].map(noisy);
    const input = createFindings(
      { tasks: [{ name: 'noisy', arch: 'cnn', tables }], subset: new Set(), resamples: 200 },
      studyPresenter,
    );
    const [early] = input.early();
    expect([early.last, early.claimed, early.epochs.map(({ epoch }) => epoch)]).toEqual([
      20,
      2,
      [1, 2, 3, 10],
    ]);
    for (const [i, { r, ceiling, interval }] of early.epochs.entries()) {
      near(r, correlationOf(commonGraphs(tables[i], tables[4]))!);
      near(
        ceiling,
        Math.sqrt(
          reliability(tables[i], 'shared')!.ofMeans * reliability(tables[4], 'shared')!.ofMeans,
        ),
      );
      expect(interval![0] <= r && r <= interval![1]).toBe(true);
    }
    const section = [...findingsSections(input)].find(({ title }) => title.startsWith('6.'))!;
    expect(section.values[0]).toMatchObject({
      what: 'epochs',
      part: 2,
      whole: 20,
      r: early.epochs[1].r,
      interval: early.epochs[1].interval,
    });
  });

  it('pairs of cells with the baseline among them, and the ceiling', () => {
    const other: ErrorTable = {
      ...madeUp,
      name: 'other',
      graphs: madeUp.graphs.map((row, i) => ({
        ...row,
        errors: row.errors.map((error) => error! + 0.3 * Math.sin(7 * i)),
      })),
    };
    const [fact] = findingsOf([madeUp, other]).pairs();
    near(fact.pairs.a[fact.pairs.baseline!], (31.4 + 31.9 + 31.6) / 3);
    near(
      fact.ceiling,
      Math.sqrt(cellReliability(madeUp, 'shared')! * cellReliability(other, 'shared')!),
    );
    expect(commonCells({ ...madeUp, baseline: null }, other).baseline).toBeNull();
  });

  it('numbers of every row of every section beside its text, finite or null', () => {
    const many = { ...crowded, graphs: crowded.graphs.slice(0, 130) };
    const sections = [
      ...findingsSections(
        findingsOf([madeUp, many], { subset: new Set(madeUp.graphs.map((row) => row.graph)) }),
      ),
    ];
    for (const section of sections) {
      expect(section.values.length, section.title).toBe(section.rows.length);
      for (const value of section.values.flatMap((row) => Object.values(row)).flat())
        expect(
          value === null || typeof value !== 'number' || Number.isFinite(value),
          section.title,
        ).toBe(true);
    }
    const [first, second, third, fourth] = sections;
    near(first.values[0]['baseline'] as number, (31.4 + 31.9 + 31.6) / 3);
    expect(first.values[0]['publishedBaseline']).toBeNull();
    expect(second.values[0]).toMatchObject({
      name: 'made up',
      ...plexusRule.plane(madeUp).rectangle,
    });
    near(third.values[0]['r2'] as number, golden.madeUp.slices.pathLength.r2);
    near(
      fourth.values[0]['planeGivenDensityF'] as number,
      golden.madeUp.regression.planeGivenDensity.f,
    );
  });
});

describe.skipIf(!present)('findings of the published results', () => {
  let folder: PublishedFolder;
  const last = (arch: string): ErrorTable =>
    folder.tasks.find((task) => task.arch === arch)!.tables.at(-1)!;
  beforeAll(() => {
    folder = readGraph2nn(SHARED);
  });

  it('reads the part that is there, nothing missing', () => {
    expect(folder.problems).toEqual([]);
    expect(
      folder.tasks.map((task) => [
        task.arch,
        task.tables.length,
        task.missing,
        task.tables.at(-1)!.graphs.length,
      ]),
    ).toEqual([
      ['mlp', 1, 0, 3942],
      ['resnet34', 8, 0, 52],
    ]);
  });
  it('of the MLP', () => expectGolden(last('mlp'), golden.mlp));
  it('of ResNet-34', () => expectGolden(last('resnet34'), golden.resnet34));
  it('correlations between architectures, epochs and sets', () => {
    const cells = commonCells(last('mlp'), last('resnet34'));
    expect(cells.a.length).toBe(golden.correlation.cells);
    near(correlationOf(cells), golden.correlation.r);
    const task = folder.tasks[1];
    near(
      correlationOf(
        commonGraphs(
          task.tables.find((table) => table.epoch === 3)!,
          task.tables.at(-1)!,
        ),
      ),
      golden.early,
    );
    const pairs = subsetPairs(
      last('mlp'),
      new Set(last('resnet34').graphs.map((row) => row.graph)),
    );
    expect(pairs.a.length).toBe(golden.subset.cells);
    near(correlationOf(pairs), golden.subset.r);
  });
  it.runIf(LONG)(
    'every published figure that these data hold comes out',
    { tags: ['long'] },
    () => {
      const sections = [
        ...findingsSections(
          createFindings(
            {
              tasks: folder.tasks,
              subset: new Set(last('resnet34').graphs.map((row) => row.graph)),
              resamples: 200,
              replays: 20,
            },
            paperPresenter,
          ),
        ),
      ];
      expect(sections.slice(0, 6).map(({ agreeing, checked }) => [agreeing, checked])).toEqual([
        [4, 4],
        [8, 8],
        [0, 0],
        [0, 0],
        [1, 1],
        [2, 2],
      ]);
      for (const { agreeing, checked } of sections.slice(6)) expect(agreeing).toBe(checked);
    },
  );
});

describe('what is left on held-out seeds', () => {
  /** Graphs that do not differ: all advantage of the best is luck. */
  const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
  const noise: ErrorTable = {
    ...madeUp,
    seeds,
    baseline: { ...madeUp.baseline!, errors: seeds.map(() => 30) },
    graphs: madeUp.graphs.map((row, i) => ({
      ...row,
      errors: seeds.map((s) => 30 + 0.3 * new RandomStream('noise', i, s).normal()),
    })),
  };

  it('show that the best of equal graphs is only lucky', () => {
    const held = heldOut(noise)!;
    expect(held.chosen).toBeGreaterThan(0.2);
    expect(Math.abs(held.reported)).toBeLessThan(0.15);
    expect(reliability(noise, 'independent')!.ofMeans).toBeLessThan(0.4);
    expect(confound(noise)!.both.crossValidatedR2).toBeLessThan(0.1);
  });

  it('are null where there is nothing to tell', () => {
    const single = {
      ...madeUp,
      seeds: [1],
      baseline: { ...madeUp.baseline!, errors: [31] },
      graphs: madeUp.graphs.map((row) => ({ ...row, errors: [row.errors[0]] })),
    };
    expect([
      heldOut(single),
      reliability(single, 'independent'),
      betterThanBaseline(single, 'independent'),
      paperIntervals(single, 100),
    ]).toEqual([null, null, null, null]);
    expect(confound({ ...madeUp, graphs: madeUp.graphs.slice(0, 19) })).toBeNull();
    for (const density of [0.1, 0.5])
      expect(
        confound({
          ...madeUp,
          graphs: madeUp.graphs.map((row, i) => ({ ...row, density: i === 7 ? 0.5 : density })),
        }),
        'no two densities worth the name',
      ).toBeNull();
    expect(paperBest({ ...madeUp, baseline: null, graphs: [] })).toBeNull();
    const sections = [
      ...findingsSections(
        findingsOf([{ ...single, name: 'one', arch: 'mlp' }], { resamples: 100 }),
      ),
    ];
    expect(sections[0].verdict).toMatch(/^Cannot be told/);
    expect(sections[4].verdict).toMatch(/nothing to compare/);
    const none = [
      ...findingsSections(
        createFindings({ tasks: [], subset: new Set(), resamples: 100 }, paperPresenter),
      ),
    ];
    expect(
      none.map(({ verdict }) =>
        /^(Cannot be told|No graph was measured|Too few graphs|One architecture|No early epochs)/.test(
          verdict,
        ),
      ),
    ).toEqual(none.map(() => true));
  });

  it('leave missing seeds out', () => {
    const gaps = {
      ...madeUp,
      graphs: madeUp.graphs.map((row, i) =>
        i % 7 === 0 ? { ...row, errors: [row.errors[0], null, row.errors[2]] } : row,
      ),
    };
    expect(heldOut(gaps)).not.toBeNull();
    expect(paperIntervals(gaps, 100)).not.toBeNull();
  });

  it('the rectangle lies within its bootstrap intervals, the same for the same name', () => {
    const box = sweetSpotOfCells(madeUp)!.rectangle;
    const moved = paperIntervals(madeUp, 1000)!;
    expect(paperIntervals(madeUp, 1000)).toEqual(moved);
    for (const axis of ['clustering', 'pathLength'] as const)
      box[axis].forEach((edge, i) => {
        expect(edge).toBeGreaterThanOrEqual(moved[axis][i][0]);
        expect(edge).toBeLessThanOrEqual(moved[axis][i][1]);
      });
  });

  it('by the rule of Plexus they do not move with what seeds do to all graphs', () => {
    const shifted = (by: readonly number[]): ErrorTable => ({
      ...madeUp,
      graphs: madeUp.graphs.map((row) => ({
        ...row,
        errors: row.errors.map((error, seed) => error! + by[seed]),
      })),
      baseline: {
        ...madeUp.baseline!,
        errors: madeUp.baseline!.errors.map((error, seed) => error! + by[seed]),
      },
    });
    const [still, moved] = [plexusDraws(madeUp, 300)!, plexusDraws(shifted([3, -2, 1]), 300)!];
    for (const axis of ['clustering', 'pathLength'] as const)
      expect(moved[axis]).toEqual(still[axis]);
    const box = plexusRule.plane(madeUp).rectangle!;
    const intervals = edgeIntervals(still);
    for (const axis of ['clustering', 'pathLength'] as const)
      box[axis].forEach((edge, i) => {
        expect(edge).toBeGreaterThanOrEqual(intervals[axis][i][0]);
        expect(edge).toBeLessThanOrEqual(intervals[axis][i][1]);
      });
  });

  it('intersections', () => {
    expect(
      intersection([
        { clustering: [0, 0.5], pathLength: [1, 2] },
        { clustering: [0.6, 1], pathLength: [1, 2] },
      ]),
    ).toBeNull();
    expect(
      intersection([
        { clustering: [0, 0.5], pathLength: [1, 2] },
        { clustering: [0.4, 1], pathLength: [1.5, 3] },
      ]),
    ).toEqual({ clustering: [0.4, 0.5], pathLength: [1.5, 2] });
  });
});
