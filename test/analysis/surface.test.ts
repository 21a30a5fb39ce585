import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random/index.js';
import { confound, findings, surfaceFit, type ErrorTable } from '../../src/analysis/index.js';
import { exactProcess, pick, solveSparse, SparseFeatures, sparseProcess, without, type KernelName, type Observations, type Process, type ProcessParameters } from '../../src/analysis/findings/gaussian-process.js';
import { farthestPoints, fitProcess } from '../../src/analysis/findings/gp-fit.js';
import { groundOf } from '../../src/analysis/findings/surface-region.js';
import { surfaceSection } from '../../src/analysis/findings/surface-section.js';
import golden from '../golden/surface.json' with { type: 'json' };

const near = (ours: number, theirs: number, tolerance = 1e-9): void => expect(Math.abs(ours - theirs), `${ours} against ${theirs}`).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(theirs)));
const nearAll = (ours: ArrayLike<number>, theirs: readonly number[], tolerance?: number): void => {
  expect(ours.length).toBe(theirs.length);
  theirs.forEach((value, i) => near(ours[i], value, tolerance));
};

/** The graphs that test/golden/make-surface.py makes up as well. */
function observationsOf(count: number): Observations {
  const x = Array.from({ length: count }, (_, i) => [3.2 * ((i * 0.6180339887498949 + 0.1) % 1) - 1.6, 3.2 * ((i * 0.7548776662466927) % 1) - 1.6]);
  return {
    points: { dims: 2, values: Float64Array.from(x.flat()) },
    y: Float64Array.from(x, ([a, b], i) => 30 + 0.5 * a ** 2 + 0.3 * Math.sin(2 * b) + 0.2 * Math.sin(12.9898 * i)),
    noise: Float64Array.from(x, (_, i) => 0.06 / (i % 3 === 0 ? 2 : 3)),
    centre: 30,
  };
}

const QUERIES = { dims: 2, values: Float64Array.from(golden.queries.flat()) };
const KERNELS = ['squared-exponential', 'matern-5/2'] as const;
const parametersOf = (parameters: typeof golden.exactParameters, kernel: KernelName): ProcessParameters => ({ ...parameters, kernel });

function leftOutR2({ y }: Observations, predict: (held: readonly number[]) => Float64Array): number {
  const out = Array.from(y, () => Number.NaN);
  for (let k = 0; k < 10; k++) {
    const held = out.flatMap((_, i) => (i % 10 === k ? [i] : []));
    predict(held).forEach((value, i) => (out[held[i]] = value));
  }
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
  return 1 - y.reduce((sum, value, i) => sum + (value - out[i]) ** 2, 0) / y.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

describe.each(KERNELS)('Gaussian process against NumPy: %s', (kernel) => {
  const expectProcess = (process: Process, expected: (typeof golden.exact)[typeof kernel]): void => {
    near(process.logEvidence, expected.logEvidence);
    const found = process.posterior(QUERIES);
    nearAll(found.mean, expected.mean);
    nearAll(found.variance, expected.variance);
    // Covariances of a point with itself are its variances, those of two points the same both ways.
    nearAll(golden.queries.map((_, i) => found.covariances(i)[i]), [...found.variance]);
    near(found.covariances(1)[2], found.covariances(2)[1]);
  };

  it('exact', () => expectProcess(exactProcess(observationsOf(golden.exactGraphs), parametersOf(golden.exactParameters, kernel)), golden.exact[kernel]));

  it('through inducing points', () => {
    const observations = observationsOf(golden.sparseGraphs);
    const features = new SparseFeatures(observations, pick(observations.points, Array.from({ length: golden.inducing }, (_, i) => i)), parametersOf(golden.sparseParameters, kernel));
    expectProcess(sparseProcess(features, features.sums(), parametersOf(golden.sparseParameters, kernel)), golden.sparse[kernel]);
  });

  it('of left-out graphs, exact', () => {
    const all = observationsOf(golden.exactGraphs);
    const r2 = leftOutR2(all, (held) => {
      const rest = Array.from(all.y, (_, i) => i).filter((i) => !held.includes(i));
      const kept = { ...all, points: pick(all.points, rest), y: Float64Array.from(rest, (i) => all.y[i]), noise: Float64Array.from(rest, (i) => all.noise[i]) };
      return exactProcess(kept, parametersOf(golden.exactParameters, kernel)).posterior(pick(all.points, held)).mean;
    });
    near(r2, golden.exactTenFolds[kernel]);
  });

  it('of left-out graphs, from the sums less those of the fold', () => {
    const all = observationsOf(golden.sparseGraphs);
    const parameters = parametersOf(golden.sparseParameters, kernel);
    const features = new SparseFeatures(all, pick(all.points, Array.from({ length: golden.inducing }, (_, i) => i)), parameters);
    const whole = features.sums();
    const r2 = leftOutR2(all, (held) => sparseProcess(features, without(whole, features.sums((i) => held.includes(i))), parameters).posterior(pick(all.points, held)).mean);
    near(r2, golden.sparseTenFolds[kernel]);
  });
});

describe('what the process is made of', () => {
  it('chooses points far from each other, each once', () => {
    const points = { dims: 2, values: Float64Array.of(0, 0, 0, 0, 10, 0, 0, 10, 10, 10, 5, 5, 5.1, 5) };
    expect(Array.from({ length: 5 }, (_, i) => farthestPoints(points, 20).values.slice(2 * i, 2 * i + 2).join())).toEqual(expect.arrayContaining(['0,0', '10,0', '0,10', '10,10']));
    expect(farthestPoints(points, 20).values.length).toBe(12);
  });

  it('has parameters that no step to either side makes more probable', () => {
    const observations = observationsOf(70);
    const { parameters, process } = fitProcess(observations, { kernel: 'matern-5/2' });
    for (const factor of [0.9, 1.1]) {
      for (const changed of [{ height: parameters.height * factor }, { own: parameters.own * factor }, { scales: [parameters.scales[0] * factor, parameters.scales[1]] }, { scales: [parameters.scales[0], parameters.scales[1] * factor] }]) {
        expect(exactProcess(observations, { ...parameters, ...changed }).logEvidence).toBeLessThan(process.logEvidence + 1e-4);
      }
    }
  });

  it('is hardly another through inducing points', () => {
    const observations = observationsOf(200);
    const exact = fitProcess(observations, { kernel: 'matern-5/2' });
    const sparse = fitProcess(observations, { kernel: 'matern-5/2', exactLimit: 100, inducing: 60 });
    expect([exact.inducing, sparse.inducing]).toEqual([0, 60]);
    const [a, b] = [exact, sparse].map((fitted) => fitted.process.posterior(observations.points).mean);
    expect(Math.max(...a.map((value, i) => Math.abs(value - b[i])))).toBeLessThan(0.03);
    // A bound it is: for the same parameters the sparse evidence is never the higher.
    const features = new SparseFeatures(observations, farthestPoints(observations.points, 60), exact.parameters);
    expect(solveSparse(features.sums(), features.size, exact.parameters)!.logEvidence).toBeLessThan(exact.process.logEvidence);
  });
});

/** Graphs all over a square of C and L, error by a function of them. */
function tableOf(name: string, count: number, error: (c: number, l: number, d: number) => number, noise = 0.1, seeds = 3): ErrorTable {
  const random = new RandomStream('surface test', name);
  return {
    name, arch: 'cnn', seeds: Array.from({ length: seeds }, (_, s) => s + 1), baseline: null,
    graphs: Array.from({ length: count }, (_, i) => {
      const [clustering, pathLength, density] = [0.1 + 0.8 * random.uniform(), 1.2 + 2.5 * random.uniform(), 0.1 + 0.8 * random.uniform()];
      const base = error(clustering, pathLength, density);
      return { graph: `graph ${i}`, density, clustering, pathLength, errors: Array.from({ length: seeds }, () => base + noise * random.normal()) };
    }),
  };
}

const bowl = (c: number, l: number): number => 30 + 8 * (c - 0.5) ** 2 + 0.8 * (l - 2.3) ** 2;
const holds = (value: number, [low, high]: readonly [number, number]): boolean => value >= low && value <= high;

describe('where the graphs are', () => {
  it('follows a bent cloud, without what lies in its bend', () => {
    const steps = Array.from({ length: 21 }, (_, i) => i / 20);
    const places = steps.flatMap((u) => steps.filter((v) => u <= 0.3 || v <= 0.3).map((v) => ({ clustering: u, pathLength: 1 + 2 * v })));
    const { inside, lattice, spacing } = groundOf(places, (place) => [place.clustering * 3, place.pathLength * 1.5]);
    expect(spacing).toBeCloseTo(0.15, 9);
    for (const [clustering, pathLength, expected] of [[0.12, 2.7, true], [0.77, 1.31, true], [0.33, 1.33, true], [0.45, 2.4, false], [0.7, 2, false], [-0.1, 2, false], [0.1, 3.2, false]] as const) {
      expect(inside({ clustering, pathLength }), `${clustering} ${pathLength}`).toBe(expected);
    }
    // The L covers 1 - 0.7 * 0.7 of its square; its corners and sides are edges, its middle is not.
    expect(lattice.length / 1600).toBeGreaterThan(0.48);
    expect(lattice.length / 1600).toBeLessThan(0.6);
    expect(lattice.filter(({ clustering, pathLength }) => clustering < 0.2 && clustering > 0.1 && pathLength > 1.2 && pathLength < 2.8).some(({ edge }) => edge)).toBe(false);
    expect(lattice.filter(({ column }) => column === 0).every(({ edge }) => edge)).toBe(true);
  });
});

describe('surfaceFit', () => {
  it('finds a known minimum within its region, and errors with the noise that is there', () => {
    const fit = surfaceFit(tableOf('bowl', 80, bowl))!;
    for (const { clustering, pathLength, value, region } of [fit.minimum, fit.quadratic.minimum]) {
      expect(Math.hypot((clustering - 0.5) / 0.1, (pathLength - 2.3) / 0.4)).toBeLessThan(1);
      expect(Math.abs(value - 30)).toBeLessThan(0.1);
      expect([holds(0.5, region.clustering), holds(2.3, region.pathLength), region.edgeShare < 0.2]).toEqual([true, true, true]);
      expect(region.places.length).toBeGreaterThan(1);
    }
    expect(fit.process.crossValidatedR2).toBeGreaterThan(0.9);
    expect(fit.process.crossValidatedR2).toBeLessThan(fit.process.r2);
    expect(fit.ceiling!).toBeGreaterThan(0.95);
    expect(fit.process.coverage).toBeGreaterThan(0.87);
    expect(Math.sqrt(fit.data.seedVariance!)).toBeCloseTo(0.1, 1);
    expect(fit.withDensity!.logEvidence - fit.process.logEvidence).toBeLessThan(3);
    const { mean, sd, inside: within } = fit.predict(0.7, 2.8);
    expect([Math.abs(mean - bowl(0.7, 2.8)) < 4 * sd, sd < 0.1, within]).toEqual([true, true, true]);
    expect([fit.predict(0.05, 3.9).inside, fit.predict(2, 2).inside]).toEqual([false, false]);
    expect(fit.predict(2, 9).sd).toBeGreaterThan(5 * sd);
  });

  it('has the quadratic of the density section', () => {
    const table = tableOf('same', 60, (c, l, d) => bowl(c, l) + d);
    const { quadratic } = surfaceFit(table, { draws: 10 })!;
    nearAll([quadratic.r2, quadratic.crossValidatedR2], [confound(table)!.plane.r2, confound(table)!.plane.crossValidatedR2]);
  });

  it('bends where the quadratic cannot, and says nothing of noise', () => {
    const wave = surfaceFit(tableOf('wave', 120, (c, l) => 30 + Math.sin(12 * c) + Math.sin(3 * l)), { draws: 10 })!;
    expect(wave.process.crossValidatedR2).toBeGreaterThan(0.9);
    expect(wave.quadratic.crossValidatedR2).toBeLessThan(0.7);
    const noise = surfaceFit(tableOf('noise', 60, () => 30), { draws: 10 })!;
    expect(noise.process.crossValidatedR2).toBeLessThan(0.15);
    expect(noise.ceiling!).toBeLessThan(0.5);
  });

  it('tells graphs’ own effects from seed noise', () => {
    const own = new RandomStream('own effects');
    const { process } = surfaceFit(tableOf('own', 120, (c, l) => bowl(c, l) + 0.3 * own.normal()), { draws: 10 })!;
    expect(process.ownStd).toBeGreaterThan(0.22);
    expect(process.ownStd).toBeLessThan(0.38);
    expect(process.coverage).toBeGreaterThan(0.9);
  });

  it('sees density where it counts', () => {
    const fit = surfaceFit(tableOf('density', 60, (c, l, d) => bowl(c, l) + 2 * Math.log(d)), { draws: 10 })!;
    expect(fit.withDensity!.logEvidence - fit.process.logEvidence).toBeGreaterThan(20);
    expect(fit.withDensity!.crossValidatedR2).toBeGreaterThan(fit.process.crossValidatedR2 + 0.3);
  });

  it('is the same every time, and needs 20 graphs spread over the plane', () => {
    const table = tableOf('again', 30, bowl);
    const plain = (fit: ReturnType<typeof surfaceFit>): string => JSON.stringify(fit);
    expect(plain(surfaceFit(table))).toBe(plain(surfaceFit({ ...table })));
    expect(surfaceFit({ ...table, graphs: table.graphs.slice(0, 19) })).toBeNull();
    expect(surfaceFit({ ...table, graphs: table.graphs.map((row) => ({ ...row, errors: [30, 30, 30] })) })).toBeNull();
    expect(surfaceFit({ ...table, graphs: table.graphs.map((row) => ({ ...row, pathLength: 1 + row.clustering })) })).toBeNull();
  });

  it('does with one seed and one density', () => {
    const table = tableOf('single', 40, bowl, 0.1, 1);
    const fit = surfaceFit({ ...table, graphs: table.graphs.map((row) => ({ ...row, density: 0.2 })) }, { draws: 50 })!;
    expect([fit.ceiling, fit.withDensity, fit.data.seedVariance]).toEqual([null, null, null]);
    // Without a second seed the noise counts as the graphs' own.
    expect(fit.process.ownStd).toBeGreaterThan(0.05);
    expect(fit.process.ownStd).toBeLessThan(0.15);
  });
});

describe('the section', () => {
  const inputOf = (...tables: ErrorTable[]): Parameters<typeof findings>[0] => ({ tasks: tables.map((table) => ({ name: table.name, arch: table.arch, tables: [{ ...table, epoch: 1 }] })), subset: new Set(), resamples: 100, published: false });

  it('tells what the numbers say', () => {
    const section = surfaceSection(inputOf(tableOf('bowl', 60, bowl), tableOf('few', 10, bowl)));
    expect(section.rows.map((row) => row[0])).toEqual(['bowl']);
    expect(section.rows[0].length).toBe(section.columns.length);
    expect(section.verdict).toMatch(/^The error over C and L is a smooth surface .* 1 task left out: a surface needs 20 graphs/);
    expect(section.values[0]).toMatchObject({ name: 'bowl', graphs: 60, inducing: 0 });
    expect(section.rows[0][3]).toBe(`${(section.values[0]['processR2'] as number).toFixed(2)} / ${(section.values[0]['processLeftOutR2'] as number).toFixed(2)}`);
  });

  it('does not see a surface in noise, nor anything in too few graphs', () => {
    const noise = surfaceSection(inputOf(tableOf('noise only', 60, () => 30)));
    expect(noise.values[0]['processLeftOutR2']).toBeLessThan(0.1);
    expect(noise.verdict).toMatch(/^Not shown/);
    const few = surfaceSection(inputOf(tableOf('few', 10, bowl)));
    expect([few.rows, few.verdict.startsWith('Cannot be told')]).toEqual([[], true]);
  });
});
