import { describe, expect, it } from 'vitest';
import {
  correlations,
  exactProcess,
  integratedEvidence,
  logEvidence,
  pick,
  whiten,
  type KernelName,
  type Observations,
  type Process,
  type ProcessParameters,
} from '../../src/stats/gaussian-process.js';
import { fitProcess } from '../../src/stats/process-fit.js';
import {
  farthestPoints,
  solveSparse,
  SparseFeatures,
  sparseProcess,
  without,
} from '../../src/stats/sparse-process.js';
import golden from '../golden/surface.json' with { type: 'json' };
import { nearAll } from './near.js';

/** The graphs that test/golden/make-surface.py makes up as well. */
function observationsOf(count: number): Observations {
  const first = (i: number): number => 3.2 * ((i * 0.6180339887498949 + 0.1) % 1) - 1.6;
  const second = (i: number): number => 3.2 * ((i * 0.7548776662466927) % 1) - 1.6;
  const value = ([a, b]: readonly number[], i: number): number =>
    30 + 0.5 * a ** 2 + 0.3 * Math.sin(2 * b) + 0.2 * Math.sin(12.9898 * i);
  const x = Array.from({ length: count }, (_, i) => [first(i), second(i)]);
  return {
    points: { dims: 2, values: Float64Array.from(x.flat()) },
    y: Float64Array.from(x, value),
    noise: Float64Array.from(x, (_, i) => 0.06 / (i % 3 === 0 ? 2 : 3)),
    centre: 30,
  };
}

const QUERIES = { dims: 2, values: Float64Array.from(golden.queries.flat()) };
const KERNELS = ['squared-exponential', 'matern-5/2'] as const;

const parametersOf = (
  parameters: typeof golden.exactParameters,
  kernel: KernelName,
): ProcessParameters => ({ ...parameters, kernel });

function subset(
  { points, y, noise, centre }: Observations,
  which: readonly number[],
): Observations {
  const of = (values: Float64Array): Float64Array => Float64Array.from(which, (i) => values[i]);
  return { points: pick(points, which), y: of(y), noise: of(noise), centre };
}

function leftOutR2(
  { y }: Observations,
  predict: (held: readonly number[]) => Float64Array,
): number {
  const out = Array.from(y, () => Number.NaN);
  for (let k = 0; k < 10; k++) {
    const held = out.flatMap((_, i) => (i % 10 === k ? [i] : []));
    predict(held).forEach((value, i) => (out[held[i]] = value));
  }
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
  const squares = (of: (i: number) => number): number =>
    y.reduce((sum, value, i) => sum + (value - of(i)) ** 2, 0);
  return 1 - squares((i) => out[i]) / squares(() => mean);
}

describe.each(KERNELS)('Gaussian process against NumPy: %s', (kernel) => {
  const exactParameters = parametersOf(golden.exactParameters, kernel);
  const sparseParameters = parametersOf(golden.sparseParameters, kernel);
  const featuresOf = (all: Observations): SparseFeatures => {
    const inducing = pick(
      all.points,
      Array.from({ length: golden.inducing }, (_, i) => i),
    );
    return new SparseFeatures(all, inducing, sparseParameters);
  };
  const expectProcess = (
    process: Process,
    expected: (typeof golden.exact)[typeof kernel],
  ): void => {
    nearAll([process.logEvidence], [expected.logEvidence]);
    const found = process.posterior(QUERIES);
    nearAll(found.mean, expected.mean);
    nearAll(found.variance, expected.variance);
    // Covariances of a point with itself are its variances, those of two points the same both ways.
    nearAll(
      golden.queries.map((_, i) => found.covariances(i)[i]),
      found.variance,
    );
    nearAll([found.covariances(1)[2]], [found.covariances(2)[1]]);
  };

  it('exact', () => {
    expectProcess(
      exactProcess(observationsOf(golden.exactGraphs), exactParameters),
      golden.exact[kernel],
    );
  });

  it('through inducing points', () => {
    const features = featuresOf(observationsOf(golden.sparseGraphs));
    expectProcess(
      sparseProcess(features, features.sums(), sparseParameters),
      golden.sparse[kernel],
    );
  });

  it('of left-out graphs, exact', () => {
    const all = observationsOf(golden.exactGraphs);
    const r2 = leftOutR2(all, (held) => {
      const rest = Array.from(all.y, (_, i) => i).filter((i) => !held.includes(i));
      return exactProcess(subset(all, rest), exactParameters).posterior(pick(all.points, held))
        .mean;
    });
    nearAll([r2], [golden.exactTenFolds[kernel]]);
  });

  it('of left-out graphs, from the sums less those of the fold', () => {
    const all = observationsOf(golden.sparseGraphs);
    const features = featuresOf(all);
    const whole = features.sums();
    const r2 = leftOutR2(all, (held) => {
      const rest = without(
        whole,
        features.sums((i) => held.includes(i)),
      );
      return sparseProcess(features, rest, sparseParameters).posterior(pick(all.points, held)).mean;
    });
    nearAll([r2], [golden.sparseTenFolds[kernel]]);
  });
});

describe('an unknown noise variance', () => {
  const all = observationsOf(25);
  const correlation = correlations(all.points, all.points, {
    kernel: 'matern-5/2',
    scales: [1, 2],
  });
  const within = 0.7;
  const measurements = 40;
  const whitenedBy = (unit: number, height: number): ReturnType<typeof whiten> => {
    const noise = all.noise.map((value) => value * 20 * unit);
    const parameters = { height: height * Math.sqrt(unit), own: 0.1 * unit, constant: 100 * unit };
    return whiten(correlation, { ...all, noise }, parameters);
  };

  /**
   * ln of the integral over ln s² of the likelihood of means and of deviations about them, by the
   * trapezoidal rule.
   */
  function integrated(height: number): number {
    const logs = Array.from({ length: 1200 }, (_, i) => {
      const unit = Math.exp(-9 + i * 0.015);
      const about = -0.5 * ((measurements - 25) * Math.log(2 * Math.PI * unit) + within / unit);
      return logEvidence(whitenedBy(unit, height)!) + about;
    });
    const most = Math.max(...logs);
    return most + Math.log(logs.reduce((sum, value) => sum + Math.exp(value - most), 0));
  }

  it('is integrated out, and estimated', () => {
    const evidence = (height: number): ReturnType<typeof integratedEvidence> =>
      integratedEvidence(whitenedBy(1, height)!, measurements, within, 1e-12);
    nearAll(
      [evidence(1).logEvidence - evidence(3).logEvidence],
      [integrated(1) - integrated(3)],
      1e-6,
    );
    nearAll([evidence(1).noiseVariance * measurements], [whitenedBy(1, 1)!.squares + within]);
    expect(
      integratedEvidence({ ...whitenedBy(1, 1)!, squares: 0 }, 5, 0, 1e-12).noiseVariance,
    ).toBe(1e-12);
  });
});

describe('the fitted process', () => {
  it('chooses points far from each other, each once', () => {
    const points = {
      dims: 2,
      values: Float64Array.of(0, 0, 0, 0, 10, 0, 0, 10, 10, 10, 5, 5, 5.1, 5),
    };
    const chosen = farthestPoints(points, 20).values;
    const places = Array.from({ length: chosen.length / 2 }, (_, i) =>
      chosen.slice(2 * i, 2 * i + 2).join(),
    );
    expect(places).toHaveLength(6);
    expect(places.slice(0, 5)).toEqual(expect.arrayContaining(['0,0', '10,0', '0,10', '10,10']));
  });

  it('has parameters that no step to either side makes more probable', () => {
    const observations = observationsOf(70);
    const { parameters, process } = fitProcess(observations, { kernel: 'matern-5/2' });
    const {
      height,
      own,
      scales: [first, second],
    } = parameters;
    for (const factor of [0.9, 1.1]) {
      const steps = [
        { height: height * factor },
        { own: own * factor },
        { scales: [first * factor, second] },
        { scales: [first, second * factor] },
      ];
      for (const changed of steps) {
        const beside = exactProcess(observations, { ...parameters, ...changed });
        expect(beside.logEvidence).toBeLessThan(process.logEvidence + 1e-4);
      }
    }
  });

  it('is hardly another through inducing points', () => {
    const observations = observationsOf(200);
    const exact = fitProcess(observations, { kernel: 'matern-5/2' });
    const sparse = fitProcess(observations, {
      kernel: 'matern-5/2',
      exactLimit: 100,
      inducing: 60,
    });
    expect([exact.inducing, sparse.inducing]).toEqual([0, 60]);
    const [a, b] = [exact, sparse].map(
      (fitted) => fitted.process.posterior(observations.points).mean,
    );
    nearAll(a, b, 0.001);
    // A bound it is: for the same parameters the sparse evidence is never the higher.
    const inducing = farthestPoints(observations.points, 60);
    const features = new SparseFeatures(observations, inducing, exact.parameters);
    const bound = solveSparse(features.sums(), features.size, exact.parameters)!.logEvidence;
    expect(bound).toBeLessThan(exact.process.logEvidence);
  });
});
