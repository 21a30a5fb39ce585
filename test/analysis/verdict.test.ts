import { describe, expect, it } from 'vitest';
import {
  studySentences,
  summarise,
  verdictSentence,
  type StudySummary,
} from '../../src/analysis/index.js';
import { RandomStream } from '../../src/core/random/index.js';
import { expandGraphSpecs, formatGraphSpec } from '../../src/graph/index.js';
import {
  BASELINE,
  failed,
  madeStudy,
  PLAUSIBLE,
  publishedStudy,
  specLines,
  syntheticStudy,
  type MadeStudy,
} from './synthetic.js';

/**
 * Errors of a made-up study: the baseline at 40, graph i at `level(i)` points above it on average.
 */
interface Levels {
  readonly graphs?: readonly string[];
  readonly seeds?: readonly number[];
  readonly confirm?: NonNullable<MadeStudy['confirm']>;
  readonly epochs?: number;
  readonly noise?: number;
  readonly level: (at: number, seed: number) => number;
  readonly train?: (at: number) => number;
}

const SEEDS = [1, 2, 3];

function study({
  graphs = specLines(12),
  seeds = SEEDS,
  epochs = 2,
  confirm,
  noise = 0.2,
  level,
  train = () => 34,
}: Levels): ReturnType<typeof madeStudy> {
  return madeStudy({
    graphs,
    seeds,
    epochs,
    ...(confirm !== undefined && { confirm }),
    errors: (graph, seed) => {
      const at = graphs.indexOf(graph);
      const own = new RandomStream('verdict', graph, seed);
      const shift = 0.8 * new RandomStream('verdict seed', seed).normal();
      const test = 40 + (graph === BASELINE ? 0 : level(at, seed)) + shift + noise * own.normal();
      return { test, train: (graph === BASELINE ? 34 : train(at)) + shift + 0.1 * own.normal() };
    },
  });
}

const flat = (value: string): string => value.replaceAll('\u00a0', ' ');
const said = (summary: StudySummary): string => flat(verdictSentence(summary));

describe('the verdict', () => {
  it('graphs win where the lowest lies below the baseline, its choice allowed for', () => {
    const summary = summarise(study({ level: (at) => -2 + 0.1 * at }));
    expect(summary.verdict).toMatchObject({
      winner: 'graphs',
      by: 'chosen',
      seeds: 3,
      interval: summary.comparison!.chosen,
    });
    expect(summary.verdict.interval![1]).toBeLessThan(0);
    expect(said(summary)).toMatch(
      /^Sparse beats dense by \d\.\d\d points of test error: the lowest of 12 graphs \(95 % interval −.* allowing for the choice of the lowest\)\.$/,
    );
    expect(summary.sweetSpot.called).toBe(true);
  });

  it('is open where a plain interval would do but not one that allows for the choice', () => {
    const summary = summarise(
      study({ noise: 0.3, seeds: [1, 2], level: (at) => (at === 4 ? -1.2 : 0) }),
    );
    const { interval, chosen } = summary.comparison!;
    expect(interval![1]).toBeLessThan(0);
    expect(chosen![1]).toBeGreaterThan(0);
    expect(summary.verdict).toMatchObject({ winner: 'open', interval: chosen });
    expect(said(summary)).toMatch(
      /^No difference shown between dense and the best graph: the lowest of 12 graphs, \d\.\d\d points below it/,
    );
    expect(summary.sweetSpot).toMatchObject({ called: false });
    expect(summary.sweetSpot.clustering).not.toBeNull();
    expect(studySentences(summary).join(' ')).toContain(
      'that is no sweet spot, since the baseline is not beaten',
    );
  });

  it(
    'the baseline wins where even the lowest graph lies above it, and the interval that is ' +
      'shown says so',
    () => {
      const summary = summarise(study({ noise: 0.3, seeds: [1, 2], level: () => 1 }));
      const { interval, chosen } = summary.comparison!;
      expect(chosen![0]).toBeLessThan(0);
      expect(interval![0]).toBeGreaterThan(0);
      expect(summary.verdict).toMatchObject({ winner: 'baseline', interval });
      expect(said(summary)).toMatch(
        /^Dense wins by \d\.\d\d points of test error: the lowest of 12 graphs \(95 % interval \+/,
      );
      expect(summary.sweetSpot.called).toBe(false);
    },
  );

  it('is untold without two seeds that both have, without the baseline, and without a graph', () => {
    const whole = study({ level: () => -2 });
    const one = summarise(study({ seeds: [1], level: () => -2 }));
    expect(one.verdict).toMatchObject({ winner: 'untold', by: 'chosen', interval: null, seeds: 1 });
    expect(said(one)).toContain('cannot be told without two training seeds');
    const alone = summarise({
      ...whole,
      records: whole.records.filter(({ role }) => role === 'graph'),
    });
    expect(alone.verdict).toMatchObject({ winner: 'untold', by: null, difference: null });
    expect(said(alone)).toBe(
      'The baseline has no complete trial, so nothing can be said against it.',
    );
    const none = summarise({
      ...whole,
      records: whole.records.filter(({ role }) => role === 'baseline'),
    });
    expect(said(none)).toBe('No graph has a complete trial yet.');
  });
});

describe('fresh seeds', () => {
  const confirm = { seeds: [4, 5, 6], graphs: 2 };
  /** The first seeds flatter graph 3; on fresh ones it is as good as the baseline. */
  const flattered = study({
    confirm,
    level: (at, seed) => (at === 3 && seed <= 3 ? -2 : at === 7 ? -0.05 : 0.2),
  });
  const summary = summarise(flattered);

  it('decide where they are there, whatever the first ones say', () => {
    expect(summary.comparison!.chosen![1]).toBeLessThan(0);
    expect(summary.verdict).toMatchObject({
      winner: 'open',
      by: 'fresh',
      seeds: 3,
      graphs: summary.confirmation!.chosen,
    });
    expect(said(summary)).toMatch(
      /^No difference shown between dense and the graphs that were chosen: the 2 graphs that the first seeds chose, on 3 fresh seeds/,
    );
    expect(summary.sweetSpot.called).toBe(false);
    const real = summarise(study({ confirm, level: (at) => (at < 6 ? -2 : 0) }));
    expect(real.verdict).toMatchObject({ winner: 'graphs', by: 'fresh' });
    expect(said(real)).toContain('the 2 graphs that the first seeds chose, on 3 fresh seeds');
    expect(
      summarise(study({ confirm, level: (at, seed) => (seed <= 3 ? -at / 9 : 2) })).verdict,
    ).toMatchObject({ winner: 'baseline', by: 'fresh' });
  });

  it('have a table of their own: no other number knows of them', () => {
    const first = { ...flattered, records: flattered.records.filter(({ seed }) => seed <= 3) };
    const {
      verdict: _,
      confirmation: __,
      trials: ___,
      caveats: ____,
      sweetSpot: spot,
      ...rest
    } = summary;
    const {
      verdict: ______,
      confirmation,
      trials: _______,
      caveats,
      sweetSpot,
      ...before
    } = summarise(first);
    expect(rest).toEqual(before);
    expect({ ...spot, called: true }).toEqual(sweetSpot);
    expect(summary.best!.seeds).toEqual(SEEDS);
    expect(confirmation).toMatchObject({ complete: 0, together: null, each: [] });
    expect(caveats.join(' ')).toContain('Confirmed with 0 of 3 fresh seeds so far');
  });

  it('take a difference a seed, so that what graphs share in a seed counts once', () => {
    const { together, each, chosen } = summary.confirmation!;
    const error = (graph: string, seed: number): number => {
      const record = flattered.records.find((one) => one.graph === graph && one.seed === seed)!;
      return record.status === 'complete' ? record.error : Number.NaN;
    };
    const differences = confirm.seeds.map(
      (seed) =>
        chosen!.reduce((sum, graph) => sum + error(graph, seed), 0) / 2 - error(BASELINE, seed),
    );
    const centre = differences.reduce((sum, value) => sum + value, 0) / 3;
    const variance = differences.reduce((sum, value) => sum + (value - centre) ** 2, 0) / 2;
    expect(together!.difference).toBeCloseTo(centre, 10);
    // Student's t with two degrees of freedom, 97.5 %.
    expect(together!.interval![1] - centre).toBeCloseTo(
      4.302652729911275 * Math.sqrt(variance / 3),
      8,
    );
    expect(each.map(({ graphs }) => graphs[0])).toEqual(chosen);
    expect(each.every(({ seeds, choices }) => seeds === 3 && choices === 1)).toBe(true);
  });

  it('wait for the second of them', () => {
    const one = summarise({
      ...flattered,
      records: flattered.records.filter(({ seed }) => seed <= 4),
    });
    expect(one.confirmation).toMatchObject({ complete: 1, together: null });
    expect(one.verdict.by).toBe('chosen');
  });
});

describe('pairing by seed', () => {
  it('shows differences that seeds hide: F with blocks, not without', () => {
    const { signal } = summarise(study({ noise: 0.1, level: (at) => 0.05 * at }));
    expect(signal!.unpaired.p).toBeGreaterThan(0.05);
    expect(signal!.p).toBeLessThan(1e-3);
    expect(signal!.unpaired.seedStd).toBeGreaterThan(3 * signal!.noiseStd);
    expect(signal!.pairingGain).toBeGreaterThan(5);
  });

  it(
    'compares every graph with the baseline, as differences of plain means where nothing ' +
      'is missing',
    () => {
      const summary = summarise(study({ level: (at) => 0.2 * at - 1 }));
      for (const { mean, againstBaseline } of summary.graphs) {
        expect(againstBaseline!.difference).toBeCloseTo(mean! - summary.baseline!.mean!, 10);
        expect(againstBaseline!.interval![0]).toBeLessThan(againstBaseline!.difference);
      }
      const below = summary.graphs.filter(
        ({ againstBaseline }) => againstBaseline!.difference < 0,
      ).length;
      expect(summary.below).toMatchObject({ graphs: 12, onAverage: below });
      expect(summary.below!.onEverySeed).toBeLessThanOrEqual(below);
      expect(summary.below!.onEverySeed).toBeGreaterThan(0);
    },
  );

  it('a graph whose training with a hard seed is missing gains nothing by it', () => {
    const whole = study({ noise: 0.02, level: (at) => 0.1 * at });
    const bySeed = SEEDS.map((seed) => whole.records.filter((record) => record.seed === seed));
    const mean = (records: typeof whole.records): number =>
      records.reduce((sum, record) => sum + (record.status === 'complete' ? record.error : 0), 0) /
      records.length;
    const hardest = SEEDS[bySeed.map(mean).indexOf(Math.max(...bySeed.map(mean)))];
    const luckyOne = whole.spec.graphs[1];
    const records = whole.records.map((record) =>
      record.graph === luckyOne && record.seed === hardest ? failed(record, 'killed') : record,
    );
    const summary = summarise({ ...whole, records });
    const lucky = summary.graphs[1];
    // Its plain mean is the lowest by far.
    expect(lucky.mean).toBeLessThan(summary.graphs[0].mean! - 0.1);
    expect(summary.best!.spec).toBe(whole.spec.graphs[0]);
    expect(lucky.againstBaseline!.difference).toBeCloseTo(0.1, 1);
    expect(lucky.p).toBeLessThan(0.05);
  });
});

describe('the mechanism', () => {
  const shown = (level: (at: number) => number, train: (at: number) => number) =>
    summarise(study({ level, train, noise: 0.1 })).mechanism!;

  it('is a lower training error, a smaller gap, both or neither', () => {
    const [fit, general, both, neither] = [
      shown(
        () => -1,
        () => 33,
      ),
      shown(
        () => -1,
        () => 34,
      ),
      shown(
        () => -2,
        () => 33,
      ),
      shown(
        () => 0,
        () => 34,
      ),
    ];
    expect([fit, general, both, neither].map((each) => each.shown)).toEqual([
      'fit',
      'generalisation',
      'both',
      'neither',
    ]);
    expect(fit.train[0] - fit.train[1]).toBeCloseTo(-1, 0);
    expect(general.gap[0] - general.gap[1]).toBeCloseTo(-1, 0);
    expect(general.fit.interval![0]).toBeLessThan(0);
    expect(general.fit.interval![1]).toBeGreaterThan(0);
    for (const { fit: train, generalisation: gap } of [fit, general, both, neither]) {
      expect(train.difference + gap.difference).toBeLessThan(0.3);
    }
  });

  it(
    'is not told without training errors, without a baseline, of one seed, or after a ' +
      'single epoch',
    () => {
      const whole = study({ level: () => -1 });
      const published = whole.records.map((record) => ({
        ...record,
        epochs: record.epochs.map((epoch) => ({ ...epoch, trainError: null })),
      }));
      expect(summarise({ ...whole, records: published }).mechanism).toBeNull();
      expect(
        summarise({ ...whole, records: whole.records.filter(({ role }) => role === 'graph') })
          .mechanism,
      ).toBeNull();
      expect(summarise(study({ seeds: [1], level: () => -1 })).mechanism).toBeNull();
      // Its training errors are those of weights that were still learning the images.
      expect(summarise(study({ epochs: 1, level: () => -1 })).mechanism).toBeNull();
    },
  );
});

describe('agreement with the published errors', () => {
  const set = expandGraphSpecs('ws-flex:set=52', '.').map(formatGraphSpec);

  it('of a study that has the published surface is near 1, also given density', () => {
    const { fidelity, fits } = summarise(publishedStudy(1));
    expect(fidelity!.graphs).toBe(52);
    expect(fidelity!.plain.r).toBeGreaterThan(0.98);
    expect(fidelity!.plain.interval![0]).toBeGreaterThan(0.95);
    expect(fidelity!.plain.interval![1]).toBeLessThan(1);
    expect(fidelity!.givenDensity!.r).toBeGreaterThan(0.9);
    expect(fidelity!.pairs).toHaveLength(52);
    expect(fits.density!.minimum).not.toBeNull();
  });

  it('of its mirror image is near −1', () => {
    expect(summarise(publishedStudy(-1)).fidelity!.plain.r).toBeLessThan(-0.98);
  });

  it('given density tells “sparser is better” from the published surface', () => {
    const sparse = madeStudy({
      graphs: set,
      seeds: [1, 2],
      errors: (graph, seed, { edges }) => {
        const test =
          40 +
          Math.log((2 * edges) / 64 ** 2) +
          0.05 * new RandomStream('sparse', graph, seed).normal();
        return { test, train: test - 6 };
      },
    });
    const { fidelity, location } = summarise(sparse);
    expect(fidelity!.plain.r).toBeGreaterThan(0.5);
    expect(Math.abs(fidelity!.givenDensity!.r)).toBeLessThan(0.35);
    expect(fidelity!.withDensity!.own).toBeGreaterThan(0.98);
    expect(location!.p).toBeGreaterThan(0.01);
    expect(summarise(publishedStudy(1)).location!.p).toBeLessThan(1e-4);
  });

  it('is not told of other graphs or other architectures', () => {
    expect(summarise(syntheticStudy()).fidelity).toBeNull();
    const { spec, ...rest } = publishedStudy(1);
    expect(summarise({ ...rest, spec: { ...spec, arch: 'cnn' } }).fidelity).toBeNull();
  });
});

describe('the fit over density', () => {
  it('is a parabola of its logarithm, its minimum a density', () => {
    const graphs = specLines(52);
    const made = madeStudy({
      graphs,
      seeds: [1],
      errors: (_, __, { edges, nodes }) => {
        const test = 40 + 2 * (Math.log((2 * edges) / nodes ** 2) - Math.log(0.2)) ** 2;
        return { test, train: test - 6 };
      },
    });
    const { fits, graphs: results } = summarise(made);
    const { minimum, r2, range, coefficients } = fits.density!;
    expect(minimum).toBeCloseTo(0.2, 6);
    expect(r2).toBeCloseTo(1, 10);
    expect(coefficients[2]).toBeCloseTo(2, 6);
    const densities = results.map(({ density }) => density!);
    expect(range[0]).toBeCloseTo(Math.min(...densities), 10);
    expect(range[1]).toBeCloseTo(Math.max(...densities), 10);
  });

  it('needs five graphs', () => {
    expect(summarise(syntheticStudy({ ...PLAUSIBLE, graphs: 4 })).fits.density).toBeNull();
  });
});
