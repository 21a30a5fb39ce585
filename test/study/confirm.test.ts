import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { summarise } from '../../src/analysis/index.js';
import {
  chosenForConfirmation,
  confirmationProgress,
  formatStudySpec,
  isConfirming,
  missingTrials,
  parseStudySpec,
  studyHash,
  trialsOf,
  type StudySpec,
  type TrialRecord,
} from '../../src/public/study.js';
import { SMALL_STUDY } from './small-study.js';

const parse = (tail: string, text = SMALL_STUDY): StudySpec =>
  parseStudySpec(`${text}${tail}`, 'a.yaml');

describe('the confirm section of a spec', () => {
  it.each([
    ['confirm: true\n', { seeds: [3, 4, 5, 6, 7], graphs: 3 }],
    ['confirm: 2\n', { seeds: [3, 4], graphs: 3 }],
    ['confirm: {graphs: 1}\n', { seeds: [3, 4, 5, 6, 7], graphs: 1 }],
    ['confirm: {seeds: [9, 0]}\n', { seeds: [9, 0], graphs: 3 }],
    ['confirm: 1\nsearch: {}\n', { seeds: [3], graphs: 1 }],
  ])('%j', (tail, confirm) => {
    const spec = parse(tail);
    expect(spec.confirm).toEqual(confirm);
    expect(parseStudySpec(formatStudySpec(spec), 'study.yaml', { frozen: true })).toEqual(spec);
    expect(studyHash(spec)).not.toBe(
      studyHash(parse(tail.includes('search') ? 'search: {}\n' : '')),
    );
  });

  it('takes the whole numbers after the largest seed, and no more graphs than there are', () => {
    const few = SMALL_STUDY.replace('seeds: 2', 'seeds: [7, 2]')
      .replace('  - ws-flex:n=8,k=4,p=0,seed=1\n', '')
      .replace('  - ws-flex:n=8,k=2,p=0.5,seed=1\n', '');
    expect(parse('confirm: 3\n', few).confirm).toEqual({ seeds: [8, 9, 10], graphs: 1 });
  });

  it.each([
    [
      'confirm:\n',
      'a.yaml:12: confirm must be true, a count of seeds from 1 to 10000 such as 5, or a mapping',
    ],
    [
      'confirm: 0\n',
      'a.yaml:12: confirm must be true, a count of seeds from 1 to 10000 such as 5, or',
    ],
    ['confirm: {seed: 5}\n', 'a.yaml:12: unknown key "seed"; expected one of seeds, graphs'],
    [
      'confirm:\n  graphs: 0\n',
      'a.yaml:13: confirm.graphs must be a whole number from 1 to 1000000; got 0',
    ],
    [
      'confirm:\n  graphs: 4\n',
      'a.yaml:13: confirm.graphs must be at most the number of graphs, 3; got 4',
    ],
    [
      'confirm: {graphs: 2}\nsearch: {}\n',
      'a.yaml:12: confirm.graphs must be 1 in a search, which recommends one graph; got 2',
    ],
    [
      'confirm: {seeds: [3, 2]}\n',
      'a.yaml:12: confirm.seeds must be fresh; 2 is one of seeds already; list others, ' +
        'or give a count such as confirm: 2',
    ],
    ['confirm: {seeds: [3, 3]}\n', 'a.yaml:12: confirm.seeds must differ; 3 is listed twice'],
    [
      'confirm: {seeds: []}\n',
      'a.yaml:12: confirm.seeds must be a count from 1 to 10000 or a list',
    ],
  ])('refuses %j', (tail, message) => {
    expect(() => parse(tail)).toThrow(message);
  });

  it('refuses a count that goes beyond the last seed', () => {
    expect(() =>
      parse('confirm: 2\n', SMALL_STUDY.replace('seeds: 2', 'seeds: [4294967294]')),
    ).toThrow(
      'a.yaml:12: no 2 seeds follow the largest of seeds, 4294967294: they end at ' +
        '4294967295; list others',
    );
  });

  it("numbers all possible trials after the study's own, whatever is chosen", () => {
    const [plain, spec] = [parse(''), parse('confirm: 2\n')];
    const trials = trialsOf(spec);
    expect(trials.slice(0, 8)).toEqual(trialsOf(plain));
    expect(trials.map(({ index }) => index)).toEqual([...trials.keys()]);
    expect(trials.slice(8).map(({ role, seed }) => `${role} ${seed}`)).toEqual(
      [3, 4].flatMap((seed) =>
        ['baseline', 'graph', 'graph', 'graph'].map((role) => `${role} ${seed}`),
      ),
    );
    expect(trials.map((trial) => isConfirming(spec, trial))).toEqual(
      [...trials.keys()].map((index) => index >= 8),
    );
  });
});

const FACTS = {
  nodes: 8,
  edges: 16,
  clustering: 0.5,
  pathLength: 1.5,
  widths: [8],
  macs: 1,
  params: 1,
};

/**
 * Records of a study's own trials with these errors, by seed and then baseline and graphs; null:
 * failed.
 */
function recordsOf(
  spec: StudySpec,
  errors: readonly (readonly (number | null)[])[],
): TrialRecord[] {
  return errors.flat().map((error, at): TrialRecord => {
    const common = { ...trialsOf(spec)[at], facts: FACTS, epochs: [], seconds: 1 };
    return error === null
      ? { ...common, status: 'failed', reason: 'made up' }
      : { ...common, status: 'complete', error };
  });
}

describe('chosenForConfirmation', () => {
  const spec = parse('confirm: {seeds: 2, graphs: 2}\n');
  const [a, b, c] = spec.graphs;

  it('takes the lowest means, of equal ones the first, and nothing before all have ended', () => {
    const records = recordsOf(spec, [
      [1, 30, 20, 30],
      [1, 30, 50, 30],
    ]);
    expect(chosenForConfirmation(spec, records)).toEqual([a, c]);
    expect(chosenForConfirmation(spec, records.slice(1))).toBeNull();
    // In binary 0.1 + 0.7 + 0.2 and 0.7 + 0.2 + 0.1 are not equal.
    const three = parse(
      'confirm: {seeds: 2, graphs: 2}\n',
      SMALL_STUDY.replace('seeds: 2', 'seeds: 3'),
    );
    expect(
      chosenForConfirmation(
        three,
        recordsOf(three, [
          [1, 0.7, 9, 0.1],
          [1, 0.2, 9, 0.7],
          [1, 0.1, 9, 0.2],
        ]),
      ),
    ).toEqual([a, c]);
    expect(chosenForConfirmation(parse(''), records)).toEqual([]);
  });

  it('does not reward a failure with a hard seed, and passes over what never was complete', () => {
    // By plain means b, which has no trial with the hard second seed, would be first.
    expect(
      chosenForConfirmation(
        spec,
        recordsOf(spec, [
          [20, 10, 12, 13],
          [30, 20, null, 23],
        ]),
      ),
    ).toEqual([a, b]);
    expect(
      chosenForConfirmation(
        spec,
        recordsOf(spec, [
          [20, null, 12, null],
          [30, null, 22, null],
        ]),
      ),
    ).toEqual([b]);
    expect(
      chosenForConfirmation(
        spec,
        recordsOf(spec, [
          [20, null, null, null],
          [30, null, null, null],
        ]),
      ),
    ).toEqual([]);
  });

  it('is not told by what the fresh seeds came to', () => {
    const records = recordsOf(spec, [
      [1, 30, 20, 40],
      [1, 30, 20, 40],
      [1, 99, 99, 1],
      [1, 99, 99, 1],
    ]);
    expect(chosenForConfirmation(spec, records)).toEqual([b, a]);
  });

  it('orders graphs by their own effects whichever trials are missing, if seeds only add', () => {
    const wide = parse(
      'confirm: {seeds: 1, graphs: 3}\n',
      SMALL_STUDY.replace('seeds: 2', 'seeds: 4'),
    );
    fc.assert(
      fc.property(
        fc.shuffledSubarray([1, 2, 3], { minLength: 3 }),
        fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 4, maxLength: 4 }),
        fc.subarray([5, 6, 7, 9, 10, 11, 13, 14, 15], { maxLength: 8 }),
        (ranks, hard, gaps) => {
          // The first seed is whole, so that all graphs can be compared.
          const errors = hard.map((more, round) =>
            [20, ...ranks.map((rank) => 20 + rank)].map((error, place) =>
              gaps.includes(4 * round + place) ? null : error + more,
            ),
          );
          expect(chosenForConfirmation(wide, recordsOf(wide, errors))).toEqual(
            [1, 2, 3].map((rank) => wide.graphs[ranks.indexOf(rank)]),
          );
        },
      ),
    );
  });

  it('counts what was confirmed before a retried trial changed the choice', () => {
    const records = recordsOf(spec, [
      [1, 30, 20, 40],
      [1, 30, 20, 40],
      [1, 30, null, 40],
    ]);
    expect(confirmationProgress(spec, records)).toEqual({
      graphs: [b, a],
      total: 6,
      ended: 3,
      superseded: 1,
    });
    expect(missingTrials(spec, records)).toBe(3);
    expect(confirmationProgress(spec, records.slice(1))).toEqual({
      graphs: null,
      total: 6,
      ended: 0,
      superseded: 4,
    });
    expect(confirmationProgress(parse(''), records)).toBeNull();
    const { trials, graphs, baseline, failures } = summarise({ spec, records, dataIdentity: 'x' });
    expect(trials).toEqual({ total: 15, complete: 11, failed: 1, stopped: 0, pending: 3 });
    expect([baseline, ...graphs].map((graph) => graph?.errors.length)).toEqual([2, 2, 2, 2]);
    expect(graphs.map(({ failed }) => failed)).toEqual([0, 0, 0]);
    expect(failures.map(({ graph, seed }) => [graph, seed])).toEqual([[b, 3]]);
  });
});
