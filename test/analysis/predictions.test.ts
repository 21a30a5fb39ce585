import { describe, expect, it } from 'vitest';
import { summarise, terminalReport } from '../../src/analysis/index.js';
import { predictionOutcomes, type PredictionOutcome } from '../../src/analysis/predictions.js';
import { PUBLISHED_IMAGENET } from '../../src/analysis/published-imagenet.js';
import { PUBLISHED_MLP } from '../../src/analysis/published-mlp.js';
import { RandomStream } from '../../src/core/random/index.js';
import { renderReport } from '../../src/figures/report.js';
import type { Prediction, SearchOutcome, StudySpec, TrialRecord } from '../../src/public/study.js';
import { failed, PLAUSIBLE, syntheticStudy } from './synthetic.js';

const base = syntheticStudy({ ...PLAUSIBLE, graphs: 3, seeds: 4 });
const { spec } = base;
const [A, B, C] = spec.graphs;
const compare = (keys: object): Prediction => ({
  name: 'x',
  kind: 'compare',
  below: 'best',
  than: 'baseline',
  by: 0,
  test: 'paired-t',
  level: 0.05,
  ...keys,
});

/**
 * The study's records with these errors: baseline first, then the graphs, a column for each seed.
 */
function withErrors(
  errors: readonly (readonly (number | null)[])[],
  seeds = spec.seeds,
): TrialRecord[] {
  const graphs = [spec.baseline, ...spec.graphs];
  return errors.flatMap((row, at) =>
    row.flatMap((error, place): TrialRecord[] => {
      const found = base.records.find(({ graph }) => graph === graphs[at])!;
      const record = { ...found, index: place * 4 + at, seed: seeds[place] };
      if (error === null) return [failed(record, 'made up')];
      return found.status === 'complete'
        ? [{ ...found, index: record.index, seed: record.seed, error }]
        : [];
    }),
  );
}

function outcome(
  prediction: Prediction,
  records: readonly TrialRecord[],
  more: { spec?: StudySpec; search?: SearchOutcome } = {},
): PredictionOutcome {
  return predictionOutcomes({
    spec,
    records,
    search: null,
    registration: { predictions: [prediction] },
    ...more,
  })[0];
}

// Differences of A from the baseline: 1, 2, 1, 2; mean 1.5, standard deviation 0.577, t = 1.5 /
// (0.577 / 2) = 5.196.
const TABLE = [
  [40, 41, 40, 42],
  [39, 39, 39, 40],
  [39.5, 41, 40, 41],
  [41, 41.5, 41, 42.5],
];

describe('a comparison', () => {
  it('goes by the paired t test over seeds', () => {
    const found = outcome(compare({ below: [A] }), withErrors(TABLE));
    expect(found).toMatchObject({
      outcome: 'as predicted',
      value: 1.5,
      n: 4,
      coverage: 0.9,
      why: null,
    });
    // Student's t with 3 degrees of freedom at 3 sqrt(3): 1/2 - (atan 3 + 3/10) / pi; its 95 %
    // quantile is 2.353363.
    expect(found.p).toBeCloseTo(0.5 - (Math.atan(3) + 0.3) / Math.PI, 10);
    expect(found.interval![0]).toBeCloseTo(1.5 - 2.353363 * (Math.sqrt(1 / 3) / 2), 6);
    expect(found.sentence).toContain(
      `x, as predicted: ${A} lies 1.50 points below the baseline (predicted: below; 90 % ` +
        'interval −2.18 to −0.82; 4 seeds',
    );
  });

  it(
    'asks for more than was predicted, and says the opposite only where the other ' +
      'direction is shown',
    () => {
      const records = withErrors(TABLE);
      const more = outcome(compare({ below: [A], by: 1 }), records);
      expect(more.outcome).toBe('not shown');
      // t = 0.5 / 0.2887 = 1.732 with 3 degrees of freedom.
      expect(more.p).toBeCloseTo(0.0908, 4);
      expect(more.interval![0]).toBeLessThan(1);
      expect(outcome(compare({ below: [C] }), records)).toMatchObject({
        outcome: 'the opposite',
        value: -0.75,
      });
      expect(outcome(compare({ below: [C], level: 0.001 }), records).outcome).toBe('not shown');
    },
  );

  it('takes means alone where that was registered', () => {
    const records = withErrors(TABLE);
    const mean = (keys: object): string =>
      outcome(compare({ test: 'mean', level: undefined, ...keys }), records).outcome;
    expect([
      mean({ below: [A], by: 1.4 }),
      mean({ below: [A], by: 1.6 }),
      mean({ below: [C] }),
    ]).toEqual(['as predicted', 'not shown', 'the opposite']);
    const single = outcome(
      compare({ below: [A], test: 'mean' }),
      withErrors(TABLE.map(([first]) => [first, null, null, null])),
    );
    expect(single).toMatchObject({
      outcome: 'as predicted',
      value: 1,
      interval: null,
      coverage: null,
      p: null,
      n: 1,
    });
  });

  it(
    'takes several graphs for the mean of their errors, a region for the graphs in it, ' +
      'ends included',
    () => {
      const records = withErrors(TABLE);
      const both = outcome(compare({ below: [A, B] }), records);
      expect(both.value).toBeCloseTo((1.5 + 0.375) / 2, 12);
      const [a, b] = [A, B].map(
        (graph) => records.find((record) => record.graph === graph)!.facts!.clustering,
      );
      const region = outcome(
        compare({ below: { clustering: [Math.min(a, b), Math.max(a, b)] } }),
        records,
      );
      const inside = spec.graphs.filter((graph) => {
        const { clustering } = records.find((record) => record.graph === graph)!.facts!;
        return clustering >= Math.min(a, b) && clustering <= Math.max(a, b);
      });
      expect(region.value).toBeCloseTo(outcome(compare({ below: inside }), records).value!, 12);
      expect(outcome(compare({ below: { pathLength: [40, 50] } }), records)).toMatchObject({
        outcome: 'open',
        why: expect.stringContaining('no graph') as string,
      });
      expect(outcome(compare({ below: 'all' }), records).value).toBeCloseTo(
        (1.5 + 0.375 - 0.75) / 3,
        12,
      );
    },
  );

  it('leaves a graph out of a mean that lacks a seed, and a seed that a single graph lacks', () => {
    const gap = TABLE.map((row, at) => (at === 2 ? [39, null, 38, 20] : row));
    const several = outcome(compare({ below: [A, B] }), withErrors(gap));
    expect(several).toMatchObject({ value: 1.5, n: 4 });
    expect(several.sentence).toContain('Without 1 graph that lacks');
    const alone = outcome(
      compare({ below: [B] }),
      withErrors(TABLE.map((row, at) => (at === 2 ? [39.5, null, 39, 41] : row))),
    );
    expect(alone).toMatchObject({ n: 3 });
    expect(alone.value).toBeCloseTo((0.5 + 1 + 1) / 3, 12);
  });

  it('cannot be told from one pair or equal differences', () => {
    const one = outcome(
      compare({ below: [A] }),
      withErrors(TABLE.map(([first]) => [first, null, null, null])),
    );
    expect(one).toMatchObject({
      outcome: 'open',
      value: 1,
      n: 1,
      p: null,
      why: expect.stringContaining('two seeds') as string,
    });
    const equal = outcome(
      compare({ below: [A] }),
      withErrors([
        [40, 41, 42, 43],
        [39, 40, 41, 42],
        [50, 50, 50, 50],
        [50, 50, 50, 50],
      ]),
    );
    expect(equal).toMatchObject({
      outcome: 'open',
      value: 1,
      n: 4,
      why: expect.stringContaining('equal') as string,
    });
  });

  it('waits for the trials that it needs, and for no others', () => {
    const records = withErrors(TABLE);
    const without = records.filter(({ graph, seed }) => graph !== C || seed !== 4);
    expect(outcome(compare({ below: [A] }), without).outcome).toBe('as predicted');
    const open = outcome(compare({}), without);
    expect(open).toMatchObject({
      outcome: 'open',
      value: null,
      n: 0,
      why: `1 trial that it needs has not ended (first: ${C}, seed 4)`,
    });
    expect(outcome(compare({ below: 'all' }), without).outcome).toBe('open');
    expect(outcome(compare({}), records)).toMatchObject({ outcome: 'as predicted', value: 1.5 });
    expect(outcome(compare({}), records).sentence).toContain('also chose the best graph');
  });

  it('compares the best with the baseline over fresh seeds where the study confirms', () => {
    const confirming: StudySpec = { ...spec, confirm: { seeds: [5, 6], graphs: 1 } };
    const records = withErrors(TABLE);
    const fresh = withErrors(
      [
        [40, 41],
        [41, 43],
      ],
      [5, 6],
    ).map((record) => ({ ...record, index: record.index + 100 }));
    expect(outcome(compare({}), records, { spec: confirming })).toMatchObject({
      outcome: 'open',
      why: expect.stringMatching(/^4 trials .*seed 5/) as string,
    });
    const found = outcome(compare({ level: 0.3 }), [...records, ...fresh], { spec: confirming });
    expect(found).toMatchObject({ outcome: 'the opposite', value: -1.5, n: 2 });
    expect(found.sentence).toContain('2 fresh seeds');
    expect(found.sentence).not.toContain('also chose');
    // Against the others the study's own seeds count.
    expect(
      outcome(compare({ than: [C] }), [...records, ...fresh], { spec: confirming }),
    ).toMatchObject({
      n: 4,
      value: 2.25,
    });
  });

  it('waits for the end of a search, and compares what it recommends', () => {
    const searching: StudySpec = {
      ...spec,
      search: { policy: 'random', trainings: 8, baseline: 3, together: 4, halving: false, seed: 1 },
    };
    const search: SearchOutcome = {
      rules: searching.search!,
      candidates: 3,
      unconnected: 0,
      spent: 8,
      ended: true,
      trainings: [],
      recommended: { graph: B, mean: 40, sd: null },
    };
    const records = withErrors([[40, 41, 40], [39, 39], [39.5, 40.75, 40.5], [41]]);
    expect(
      outcome(compare({}), records, { spec: searching, search: { ...search, ended: false } }).why,
    ).toBe('the search has not ended');
    expect(outcome(compare({}), records, { spec: searching }).outcome).toBe('open');
    expect(outcome(compare({}), records, { spec: searching, search })).toMatchObject({
      n: 3,
      value: expect.closeTo(0.25 / 3, 10) as number,
    });
    // The graphs that it trained share one seed.
    expect(outcome(compare({ below: 'all' }), records, { spec: searching, search })).toMatchObject({
      outcome: 'open',
      n: 1,
    });
  });

  it('is as predicted by chance as often as its level says', () => {
    const random = new RandomStream('test', 'predictions');
    const RUNS = 1500;
    let [false05, opposite] = [0, 0];
    for (let run = 0; run < RUNS; run++) {
      const shifts = spec.seeds.map(() => 40 + random.normal());
      const table = [0, 1, 2, 3].map(() => shifts.map((shift) => shift + 0.4 * random.normal()));
      // Exactly as far apart as is to be exceeded.
      table[1] = table[1].map((error) => error - 0.5);
      const found = outcome(compare({ below: [A], by: 0.5 }), withErrors(table)).outcome;
      if (found === 'as predicted') false05 += 1;
      if (outcome(compare({ below: [B] }), withErrors(table)).outcome === 'the opposite')
        opposite += 1;
    }
    // Four standard deviations of a binomial about 5 %.
    const margin = 4 * Math.sqrt((0.05 * 0.95) / RUNS);
    for (const count of [false05, opposite])
      expect(Math.abs(count / RUNS - 0.05)).toBeLessThan(margin);
  });
});

describe('other predictions', () => {
  const graphs = PUBLISHED_MLP.slice(0, 4);
  const published: StudySpec = { ...spec, graphs: graphs.map(([graph]) => graph), seeds: [1] };
  const facts = base.records[1].facts!;
  const made = (errors: readonly number[]): TrialRecord[] =>
    errors.map((error, at) => ({
      ...base.records[1],
      index: at,
      graph: published.graphs[at],
      seed: 1,
      facts,
      status: 'complete',
      error,
    }));
  const correlation: Prediction = {
    name: 'r',
    kind: 'correlation',
    with: 'published',
    atLeast: 0.5,
  };

  it('of a correlation go by r, of three graphs on', () => {
    const surface = graphs.map(([, , , , value]) => value);
    expect(outcome(correlation, made(surface), { spec: published })).toMatchObject({
      outcome: 'as predicted',
      n: 4,
      coverage: 0.95,
      p: null,
    });
    const against = outcome(correlation, made(surface.map((value) => -value)), { spec: published });
    expect(against).toMatchObject({ outcome: 'the opposite' });
    expect(against.value).toBeCloseTo(-1, 10);
    expect(outcome(correlation, made([1, 1, 1, 1]), { spec: published }).outcome).toBe('open');
    expect(outcome(correlation, made(surface.slice(1)), { spec: published }).outcome).toBe('open');
  });

  it.each(['cnn', 'resnet34', 'resnet34-sep', 'resnet50'] as const)(
    'of a correlation go by the table they name: %s',
    (name) => {
      const means = PUBLISHED_IMAGENET[name].slice(0, graphs.length);
      const found = outcome({ ...correlation, with: `published-${name}` }, made(means), {
        spec: published,
      });
      expect(found.value).toBeCloseTo(1, 10);
      expect(found.sentence).toContain(`correlate with the published ones of ${name} at r 1.00`);
      expect(PUBLISHED_IMAGENET[name]).toHaveLength(PUBLISHED_MLP.length);
      expect(outcome(correlation, made(means), { spec: published }).value).toBeLessThan(0.9999);
    },
  );

  it('of text are judged by people', () => {
    expect(outcome({ name: 'looks', kind: 'text', text: 'it has hubs' }, [])).toMatchObject({
      outcome: 'judged by people',
      value: null,
      sentence: 'looks, judged by people: it has hubs',
    });
  });
});

describe('the summary of a study with predictions', () => {
  const predictions = [
    compare({ name: 'best-wins', why: 'as in <the paper>' }),
    compare({ name: 'a-wins', below: [A], by: 50 }),
  ];
  const registration = {
    plexus: '0',
    when: '2026-01-02T03:04:05.000Z',
    specHash: 's',
    spec,
    predictions,
    hash: 'abc',
  };
  const records = withErrors(TABLE);
  const summary = summarise({ spec, records, dataIdentity: 'x', registration });

  it('has them beside their outcomes, in report and terminal too', () => {
    expect(summary.registration).toEqual({ when: registration.when, hash: 'abc' });
    expect(summary.predictions.map(({ outcome: found }) => found)).toEqual([
      'as predicted',
      'not shown',
    ]);
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
    const text = terminalReport(summary).replaceAll(/\s+/g, ' ');
    const html = renderReport({ summary, spec, records, bestGraph: null });
    expect(html.indexOf('id="predictions"')).toBeLessThan(html.indexOf('id="plane"'));
    expect(html).toContain('as in &lt;the paper&gt;');
    for (const each of summary.predictions)
      expect(text).toContain(`Predicted: ${each.sentence}`.replaceAll(/\s+/g, ' '));
  });

  it('says nothing of them where none were registered', () => {
    const bare = summarise({ spec, records, dataIdentity: 'x' });
    expect([bare.registration, bare.predictions]).toEqual([null, []]);
    expect(renderReport({ summary: bare, spec, records, bestGraph: null })).not.toContain(
      'id="predictions"',
    );
  });
});
