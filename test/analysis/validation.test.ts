import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random/stream.js';
import {
  createFindings,
  findingsSections,
  studyPresenter,
  summarise,
  terminalReport,
  type StudySummary,
} from '../../src/analysis/index.js';
import { tablesOf } from '../../src/analysis/findings/study.js';
import { predictionOutcomes } from '../../src/analysis/predictions.js';
import { choiceErrors, errorsAfter, resultTable } from '../../src/analysis/result-table.js';
import { chosenForConfirmation } from '../../src/study/confirm.js';
import { madeStudy, specLines } from './synthetic.js';

const GRAPHS = specLines(9);
const SEEDS = [1, 2, 3];

/** Errors by place in the list: those of the test split rise, those of the validation images fall. */
const at = (graph: string): number => GRAPHS.indexOf(graph);
const noise = (what: string, graph: string, seed: number): number =>
  0.1 * new RandomStream('validation', what, graph, seed).normal();
const test = (graph: string, seed: number): number => 30 + at(graph) + noise('test', graph, seed);
const validation = (graph: string, seed: number): number =>
  50 - at(graph) + noise('validation', graph, seed);

const confirm = { seeds: [7, 8], graphs: 2 };
const held = madeStudy({
  graphs: GRAPHS,
  seeds: SEEDS,
  confirm,
  errors: (graph, seed) => ({
    test: test(graph, seed),
    train: 20,
    validation: validation(graph, seed),
  }),
});
const none = madeStudy({
  graphs: GRAPHS,
  seeds: SEEDS,
  confirm,
  errors: (graph, seed) => ({ test: test(graph, seed), train: 20 }),
});

/** The study without its confirmation. */
function alone({ spec, records, ...rest }: typeof held): typeof held {
  const { confirm: _, ...own } = spec;
  return { ...rest, spec: own, records: records.filter(({ seed }) => SEEDS.includes(seed)) };
}

const sweetGraphs = ({ plane }: StudySummary): readonly string[] =>
  plane.cells.filter(({ sweet }) => sweet).flatMap(({ graphs }) => graphs);

describe('a study with validation images whose test errors say otherwise', () => {
  const summary = summarise(held);
  const other = summarise(none);

  it('chooses the best graph on them, and tells its test error', () => {
    expect([summary.chosenOn, other.chosenOn]).toEqual(['validation', 'test']);
    expect([summary.best!.spec, other.best!.spec]).toEqual([GRAPHS[8], GRAPHS[0]]);
    expect(summary.best!.mean).toBeCloseTo(38, 0);
    expect(summary.best!.validationMean).toBeCloseTo(42, 0);
    expect(other.best!.validationMean).toBeNull();
    // The difference that is told is that of the test errors: the baseline's are 29.
    expect(summary.comparison!.difference).toBeCloseTo(9, 0);
    expect(summary.verdict.winner).not.toBe('graphs');
    expect(other.comparison!.difference).toBeCloseTo(1, 0);
  });

  it('judges graphs and cells against the best by them', () => {
    const byGraph = new Map(summary.graphs.map(({ spec, p }) => [spec, p]));
    expect(byGraph.get(GRAPHS[8])).toBeNull();
    for (const graph of GRAPHS.slice(0, 8)) expect(byGraph.get(graph)).toBeLessThan(0.001);
    const [low] = summary.plane.cells.filter(({ isBest }) => isBest);
    expect(low.graphs).toContain(GRAPHS[8]);
    // Of a cell the test errors are told.
    expect(low.errors).toEqual(
      low.graphs.flatMap((graph) => summary.graphs.find(({ spec }) => spec === graph)!.errors),
    );
    expect(sweetGraphs(summary)).toContain(GRAPHS[8]);
    expect(sweetGraphs(summary)).not.toContain(GRAPHS[0]);
    expect(sweetGraphs(other)).toContain(GRAPHS[0]);
    expect(sweetGraphs(other)).not.toContain(GRAPHS[8]);
  });

  it('confirms the graphs that are lowest on them, best first', () => {
    expect(chosenForConfirmation(held.spec, held.records)).toEqual([GRAPHS[8], GRAPHS[7]]);
    expect(chosenForConfirmation(none.spec, none.records)).toEqual([GRAPHS[0], GRAPHS[1]]);
  });

  it('takes the best of a prediction for the graph that they choose', () => {
    const loses = {
      name: 'loses',
      kind: 'compare',
      below: 'baseline',
      than: 'best',
      by: 5,
      test: 'mean',
    } as const;
    const outcome = ({ spec, records }: typeof held): string =>
      predictionOutcomes({
        spec,
        records,
        search: null,
        registration: { predictions: [loses] },
      })[0].outcome;
    // 38 and 30 % of test error against the baseline's 29.
    expect([held, none].map(alone).map(outcome)).toEqual(['as predicted', 'not shown']);
  });

  it('is compared as it is reported: best graph, advantage, held out seeds, rectangle', () => {
    const [studies, plain] = [held, none].map((study) =>
      createFindings(
        { tasks: [tablesOf(alone(study))], subset: new Set(), resamples: 100, replays: 1 },
        studyPresenter,
      ),
    );
    const [[fact], [usual]] = [studies.baseline(), plain.baseline()];
    expect([fact.best.row.graph, usual.best.row.graph]).toEqual([GRAPHS[8], GRAPHS[0]]);
    expect(fact.best.best.mean).toBeCloseTo(summary.best!.mean!, 12);
    expect(fact.best.baseline!.mean).toBeCloseTo(summary.baseline!.mean!, 12);
    expect(-fact.gain.paired!.difference).toBeCloseTo(summary.comparison!.difference, 10);
    // On the seeds that did not choose it, it is nine points above the baseline, not one.
    expect(fact.held!.reported).toBeCloseTo(-9, 0);
    expect(usual.held!.reported).toBeCloseTo(-1, 0);
    const { clustering, pathLength } = summary.sweetSpot;
    expect(studies.sweetSpots()[0].rectangle).toEqual({ clustering, pathLength });
    const definitions = (findings: typeof plain): string =>
      [...findingsSections(findings)].map(({ definition }) => definition).join(' ');
    expect(definitions(studies)).toContain(
      'best: lowest mean (by validation errors in the studies',
    );
    expect(definitions(studies)).toContain('chosen by test errors, in studies with validation');
    expect(definitions(plain)).not.toContain('validation');
  });

  it('says so, in the report of the terminal and in what it warns of', () => {
    expect(terminalReport(summary)).toContain('by validation error');
    expect(terminalReport(summary)).toContain('Lowest mean validation errors, then test errors');
    expect(terminalReport(other)).not.toContain('validation');
    const caveats = (study: typeof held): string => summarise(alone(study)).caveats.join(' ');
    expect(caveats(held)).toContain('is the lowest of 9 on the validation images');
    expect(caveats(none)).toContain('is the lowest of 9, chosen after looking on the test split');
  });

  it('has both tables, of the same rows', () => {
    const table = resultTable(held);
    const [chosen, told] = [choiceErrors(table), errorsAfter(table)];
    expect(chosen.graphs.map(({ graph }) => graph)).toEqual(told.graphs.map(({ graph }) => graph));
    expect(chosen.graphs[3].errors).toEqual(SEEDS.map((seed) => validation(GRAPHS[3], seed)));
    expect(told.graphs[3].errors).toEqual(SEEDS.map((seed) => test(GRAPHS[3], seed)));
    expect(choiceErrors(resultTable(none))).toEqual(errorsAfter(resultTable(none)));
  });
});
