import { describe, expect, it } from 'vitest';
import { predictionOutcomes, type PredictionOutcome } from '../../src/analysis/predictions.js';
import { predictionTable } from '../../src/figures/report-predictions.js';
import { RandomStream } from '../../src/core/random/index.js';
import { studentQuantile } from '../../src/stats/distributions.js';
import type { Prediction, TrialRecord } from '../../src/public/study.js';
import { failed, PLAUSIBLE, syntheticStudy } from './synthetic.js';

const base = syntheticStudy({ ...PLAUSIBLE, graphs: 8, seeds: 2 });
const { spec } = base;
const below = spec.graphs.slice(0, 4);
const than = spec.graphs.slice(4);

const pairs = (keys: object = {}): Prediction => ({
  name: 'x',
  kind: 'pairs',
  below,
  than,
  level: 0.05,
  ...keys,
});

/** The study's records with these errors: a row for each graph, a column for each seed. */
function withErrors(rows: readonly (readonly (number | null)[])[]): TrialRecord[] {
  return base.records.map((record) => {
    const row = spec.graphs.indexOf(record.graph);
    if (row < 0 || record.status !== 'complete') return record;
    const error = rows[row][spec.seeds.indexOf(record.seed)];
    return error === null ? failed(record, 'made up') : { ...record, error };
  });
}

const outcome = (prediction: Prediction, records: readonly TrialRecord[]): PredictionOutcome =>
  predictionOutcomes({
    spec,
    records,
    search: null,
    registration: { predictions: [prediction] },
  })[0];

// The differences of the pairs are 0.1, 0.3, 0.1, 0.3: mean 0.2, standard error 0.11547 / 2.
const TABLE = [
  ...[40, 41, 42, 43].map((error) => [error, error + 1]),
  ...[40.1, 41.3, 42.1, 43.3].map((error) => [error, error + 1]),
];
const ERROR = Math.sqrt(4 * 0.01) / Math.sqrt(3) / 2;

describe('a prediction of pairs', () => {
  it('goes by the t test over pairs, each the mean over its seeds', () => {
    const found = outcome(pairs(), withErrors(TABLE));
    expect(found).toMatchObject({ outcome: 'as predicted', n: 4, coverage: 0.9, why: null });
    const half = -studentQuantile(0.05, 3) * ERROR;
    expect(found.value).toBeCloseTo(0.2, 10);
    expect(found.interval![0]).toBeCloseTo(0.2 - Math.abs(half), 8);
    expect(found.sentence).toContain('the first of 4 pairs lies 0.20 points below the second');
    expect(found.sentence).toContain('interval −0.34 to −0.06;');
    expect(outcome(pairs({ by: 0.2 }), withErrors(TABLE)).outcome).toBe('not shown');
    expect(outcome(pairs({ below: than, than: below }), withErrors(TABLE)).outcome).toBe(
      'the opposite',
    );
  });

  it('is as predicted within bounds exactly where the interval lies within them', () => {
    const { interval } = outcome(pairs({ within: 0.5 }), withErrors(TABLE));
    const high = interval![1];
    const at = (within: number): string => outcome(pairs({ within }), withErrors(TABLE)).outcome;
    expect([at(high + 0.001), at(high - 0.001), at(interval![0] - 0.001)]).toEqual([
      'as predicted',
      'not shown',
      'the opposite',
    ]);
  });

  it('leaves out a pair without a seed that both have, and takes one seed where only one is there', () => {
    const rows = TABLE.map((row) => [...row] as (number | null)[]);
    rows[0] = [null, 41];
    rows[4] = [40.1, null];
    rows[5] = [41.3, null];
    const found = outcome(pairs(), withErrors(rows));
    expect(found.n).toBe(3);
    expect(found.value).toBeCloseTo(0.7 / 3, 10);
    expect(found.sentence).toContain('Without 1 pair that lack');
  });

  it('waits for trials, and cannot be told from one pair', () => {
    const records = withErrors(TABLE).filter(({ graph }) => graph !== than[3]);
    expect(outcome(pairs(), records)).toMatchObject({ outcome: 'open' });
    const rows = TABLE.map((row, at): (number | null)[] => (at % 4 === 0 ? row : [null, null]));
    expect(outcome(pairs(), withErrors(rows)).why).toContain('the test needs two pairs');
  });

  it('claims no difference that counts as often as its level says where there is one', () => {
    const stream = new RandomStream('pairs');
    let claimed = 0;
    const times = 600;
    for (let time = 0; time < times; time++) {
      const rows = [...below, ...than].map((_, at) =>
        spec.seeds.map(() => 40 + (at < 4 ? 0 : 2) + stream.normal()),
      );
      claimed += Number(outcome(pairs({ within: 2 }), withErrors(rows)).outcome === 'as predicted');
    }
    // At the edge of what is claimed the level is what the claim is wrong at.
    expect(claimed / times).toBeGreaterThan(0.03);
    expect(claimed / times).toBeLessThan(0.07);
  });

  it('is told in the report', () => {
    const predictions = [outcome(pairs({ within: 0.5 }), withErrors(TABLE))];
    expect(predictionTable({ predictions })).toContain(
      '|difference| &lt; 0.50, two one-sided t over pairs, level 0.05',
    );
  });
});
