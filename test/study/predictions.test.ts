import { describe, expect, it } from 'vitest';
import {
  formatStudySpec,
  parseStudySpec,
  seedsOfComparison,
  studyHash,
  type Prediction,
  type StudySpec,
} from '../../src/public/study.js';
import { SMALL_STUDY } from './small-study.js';

const A = 'ws-flex:n=8,k=4,p=0,seed=1';
const B = 'ws-flex:n=8,k=4,p=0.5,seed=1';
const C = 'ws-flex:n=8,k=2,p=0.5,seed=1';
const parse = (tail: string, text = SMALL_STUDY): StudySpec =>
  parseStudySpec(`${text}${tail}`, 'a.yaml');
const one = (keys: string): string => `predictions:\n  - {name: x, ${keys}}\n`;
const predicted = (keys: string): Prediction => parse(one(keys)).predictions![0];

describe('the predictions of a spec', () => {
  it.each([
    [
      'kind: compare, below: best, than: baseline',
      { kind: 'compare', below: 'best', than: 'baseline', by: 0, test: 'paired-t', level: 0.05 },
    ],
    [
      'kind: compare, below: all, than: baseline, by: 0.5, level: 0.01',
      { kind: 'compare', below: 'all', than: 'baseline', by: 0.5, test: 'paired-t', level: 0.01 },
    ],
    [
      `kind: compare, below: "ws-flex:p=0.0,k=4,n=8,seed=1", than: best, test: mean`,
      { kind: 'compare', below: [A], than: 'best', by: 0, test: 'mean' },
    ],
    [
      'kind: compare, below: {clustering: [0.3, 0.6], pathLength: [1.8, 2.8]}, than: ' +
        '{clustering: [0.7, 1]}, why: a',
      {
        kind: 'compare',
        below: { clustering: [0.3, 0.6], pathLength: [1.8, 2.8] },
        than: { clustering: [0.7, 1] },
        by: 0,
        test: 'paired-t',
        level: 0.05,
        why: 'a',
      },
    ],
    [
      `kind: pairs, below: ["${A}", "${B}"], than: ["${B}", "${A}"], within: 0.3`,
      { kind: 'pairs', below: [A, B], than: [B, A], within: 0.3, level: 0.05 },
    ],
    ['kind: text, text: most graphs fail', { kind: 'text', text: 'most graphs fail' }],
  ])('%s', (keys, expected) => {
    expect(predicted(keys)).toEqual({ name: 'x', ...expected });
    const spec = parse(one(keys));
    expect(parseStudySpec(formatStudySpec(spec), 'study.yaml', { frozen: true })).toEqual(spec);
    expect(studyHash(spec)).toBe(studyHash(parse('')));
  });

  it('name graphs by lists and sets', () => {
    const text = SMALL_STUDY.replace('complete:n=8', 'complete:n=16').replace(
      /graphs:\n(.*\n){3}/,
      'graphs: ws-flex:n=16,set=48\n',
    );
    const spec = parse(
      `predictions:\n  - {name: x, kind: compare, below: "ws-flex:n=16,set=48", than: baseline}\n`,
      text,
    );
    expect(spec.predictions).toMatchObject([{ below: spec.graphs }]);
    const list = parse(
      one(`kind: compare, below: ["${A}", "ws-flex:n=8,k=2,p=0.5,seed=1"], than: all`),
    );
    expect(list.predictions).toMatchObject([{ below: [A, 'ws-flex:n=8,k=2,p=0.5,seed=1'] }]);
  });

  it('of a correlation are for studies with published graphs', () => {
    const text = SMALL_STUDY.replace('complete:n=8', 'complete:n=64').replace(
      /graphs:\n(.*\n){3}/,
      'graphs: ws-flex:set=52\n',
    );
    const keys = 'kind: correlation, with: published, atLeast: 0.5';
    expect(parse(one(keys), text).predictions).toEqual([
      { name: 'x', kind: 'correlation', with: 'published', atLeast: 0.5 },
    ]);
    const other = keys.replace('published', 'published-cnn');
    expect(parse(one(other), text).predictions).toMatchObject([{ with: 'published-cnn' }]);
    expect(() => parse(one(keys.replace('published', 'published-vgg')), text)).toThrow(
      'with must be one of published, published-cnn, published-resnet34, published-resnet34-sep, ' +
        'published-resnet50: the paper\'s mean errors of ws-flex:set=52; got "published-vgg"',
    );
    expect(() => predicted(keys)).toThrow(
      'a.yaml:13: x needs at least 3 graphs with published errors, those of ' +
        'ws-flex:set=52; the study has 0',
    );
  });

  it.each([
    [
      'predictions: []\n',
      'a.yaml:12: predictions must be a list of predictions, at least one; got []',
    ],
    [
      'predictions:\n  - sparse wins\n',
      'a.yaml:13: predictions.0 must be a mapping such as {name: best-beats-dense, kind: compare',
    ],
    [
      'predictions:\n  - {name: x}\n',
      'a.yaml:13: predictions.0.kind must be one of compare, correlation, pairs, text; it is missing',
    ],
    [
      'predictions:\n  - {name: x, kind: guess}\n',
      'a.yaml:13: predictions.0.kind must be one of compare, correlation, pairs, text; got "guess"',
    ],
    [
      one('kind: text, says: no'),
      'a.yaml:13: unknown key "says"; expected one of name, why, kind, text',
    ],
    [
      one('kind: compare, below: best, than: baseline, be: 1'),
      'a.yaml:13: unknown key "be"; expected one of name, why, kind, below, than, by, test, level',
    ],
    [
      one('kind: compare, below: best'),
      'a.yaml:13: predictions.0.than must be baseline, best, all, a graph or a list of graphs',
    ],
    [
      one('kind: compare, below: {degree: [1, 2]}, than: best'),
      'a.yaml:13: unknown key "degree"; expected one of clustering, pathLength',
    ],
    [
      one('kind: compare, below: {}, than: best'),
      'a.yaml:13: a region must have clustering, pathLength or both; it has neither; ',
    ],
    [
      one('kind: compare, below: {pathLength: [3, 2]}, than: best'),
      'a.yaml:13: pathLength must be a range [low, high] with low at most high; got [3, 2]',
    ],
    [
      one('kind: compare, below: "ws-flex:n=8,k=6,p=0,seed=1", than: best'),
      'a.yaml:13: below must name graphs of the study; ws-flex:n=8,k=6,p=0,seed=1 is ' +
        'none of them; ',
    ],
    [
      one('kind: compare, below: best, than: "complete:n=8"'),
      'a.yaml:13: than must name graphs of the study; complete:n=8 is the baseline; ' +
        'write than: baseline',
    ],
    [
      one(`kind: compare, below: ["${A}", "${A}"], than: best`),
      `a.yaml:13: below must name every graph once; ${A} is listed twice`,
    ],
    [one('kind: compare, below: "wss:n=8", than: best'), 'a.yaml:13: unknown graph family "wss"'],
    [
      one('kind: compare, below: best, than: best'),
      'a.yaml:13: below and than must differ; both are "best"; compare with something else',
    ],
    [
      one('kind: compare, below: best, than: all, by: -1'),
      'a.yaml:13: predictions.0.by must be a number of percentage points from 0 to 100; got -1',
    ],
    [
      one('kind: compare, below: best, than: all, level: 5'),
      'a.yaml:13: predictions.0.level must be a probability above 0 and below 0.5, such ' +
        'as 0.05; got 5',
    ],
    [
      one('kind: compare, below: best, than: all, test: mean, level: 0.1'),
      'a.yaml:13: level is of the test paired-t; got 0.1; leave it out with mean, which ' +
        'tests nothing',
    ],
    [
      one('kind: compare, below: best, than: all, test: sign'),
      'a.yaml:13: predictions.0.test must be one of paired-t, mean; got "sign"',
    ],
    [
      one(`kind: pairs, below: ["${A}", "${B}"], than: ["${B}"]`),
      'a.yaml:13: predictions.0.than must be a list of graphs of the study, two or more; got [',
    ],
    [
      one(`kind: pairs, below: ["${A}", "${B}", "${C}"], than: ["${B}", "${A}"]`),
      'a.yaml:13: below and than must list as many graphs, the first of one with the first of ' +
        'the other; they have 3 and 2; list the partner of each',
    ],
    [
      one(`kind: pairs, below: ["${A}", "${B}"], than: ["${C}", "${B}"]`),
      `a.yaml:13: the graphs of a pair must differ; ${B} is paired with itself; list another partner`,
    ],
    [
      one(`kind: pairs, below: ["${A}", "${B}"], than: ["${B}", "${A}"], by: 1, within: 2`),
      'a.yaml:13: a pair is predicted to differ by more than by or by less than within; got by: 1 ' +
        'and within: 2; leave one out',
    ],
    [
      one(`kind: pairs, below: ["${A}", "${B}"], than: ["${B}", "${A}"], within: 0`),
      'a.yaml:13: predictions.0.within must be a number of percentage points above 0, at most 100',
    ],
    [
      `search: {trainings: 2}\n${one(`kind: pairs, below: ["${A}", "${B}"], than: ["${B}", "${A}"]`)}`,
      'a.yaml:14: pairs must have every graph trained, but a search chooses what it trains',
    ],
    [
      `${one('kind: text, text: a')}  - {name: x, kind: text, text: b}\n`,
      'a.yaml:14: every prediction must have its own name; x is that of number 1 already',
    ],
    [
      'predictions:\n  - {name: a b, kind: text, text: b}\n',
      'a.yaml:13: predictions.0.name must be a name of letters, digits, dots,',
    ],
  ])('refuses %j', (tail, message) => {
    expect(() => parse(tail)).toThrow(message);
  });

  it('compare the best graph with the baseline over fresh seeds where the study confirms', () => {
    const spec = parse('confirm: 3\n');
    expect(seedsOfComparison(spec, { below: 'best', than: 'baseline' })).toEqual([3, 4, 5]);
    expect(seedsOfComparison(spec, { below: 'all', than: 'baseline' })).toEqual([1, 2]);
    expect(seedsOfComparison(parse(''), { below: 'best', than: 'baseline' })).toEqual([1, 2]);
    const single = SMALL_STUDY.replace('seeds: 2', 'seeds: 1');
    const keys = 'kind: compare, below: best, than: baseline';
    expect(() => parse(one(keys), single)).toThrow(
      'a.yaml:13: the test paired-t needs at least 2 seeds; these sides are compared over 1; ',
    );
    expect(parse(`confirm: 2\n${one(keys)}`, single).predictions).toHaveLength(1);
    expect(parse(one(`${keys}, test: mean`), single).predictions).toHaveLength(1);
  });
});
