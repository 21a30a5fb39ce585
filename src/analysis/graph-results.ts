import { invariant } from '../core/errors.js';
import { blockedDifference } from '../stats/block-comparisons.js';
import { mean, sampleStd } from '../stats/descriptive.js';
import { confirmationProgress, isConfirming, missingTrials } from '../study/confirm.js';
import type { GraphNames } from '../study/names.js';
import type { SearchOutcome, StudySpec, TrialRecord } from '../study/types.js';
import { type Blocks, wide } from './paired.js';
import { densityOf, type ResultRow, type ResultTable } from './result-table.js';
import { CONFIDENCE_LEVEL } from './settings.js';
import type { Failure, GraphResult, TrialCounts } from './types.js';

/** A graph that has at least one complete trial. */
export type MeasuredGraph = GraphResult & { readonly mean: number };

/** Whether a graph has an error: a trial of it is complete. */
export function isMeasured(graph: GraphResult): graph is MeasuredGraph {
  return graph.mean !== null;
}

/** A graph as people are shown it: by its name, else by its spec. */
export function labelOf({ spec, name }: Pick<GraphResult, 'spec' | 'name'>): string {
  return name ?? spec;
}

/** Failed trials with their reasons, in trial order. */
export function listFailures(
  ordered: readonly TrialRecord[],
  names: GraphNames,
): readonly Failure[] {
  return ordered.flatMap((record) => {
    if (record.status !== 'failed') return [];
    const { index, role, graph, seed, reason } = record;
    return [{ index, role, graph, name: names.get(graph) ?? null, seed, reason }];
  });
}

/** What has been recorded of the trials that the study asks for. */
export function countTrials(
  spec: StudySpec,
  ordered: readonly TrialRecord[],
  search: SearchOutcome | null,
): TrialCounts {
  const count = (status: TrialRecord['status']): number =>
    ordered.filter((record) => record.status === status).length;
  const pending =
    search === null ? missingTrials(spec, ordered) : Math.max(0, pendingOf(spec, search, ordered));
  return {
    total: ordered.length + pending,
    complete: count('complete'),
    failed: count('failed'),
    stopped: count('stopped'),
    pending,
  };
}

/** Whole trainings that a search may still make, baselines and what confirms it included. */
function pendingOf(
  spec: StudySpec,
  search: SearchOutcome,
  ordered: readonly TrialRecord[],
): number {
  const { rules, spent, ended } = search;
  const { total, ended: confirmed } = confirmationProgress(spec, ordered, search) ?? {
    total: 0,
    ended: 0,
  };
  const baselines = ordered.filter(
    (record) => record.role === 'baseline' && !isConfirming(spec, record),
  ).length;
  return (
    (ended ? 0 : rules.baseline - baselines + Math.floor(rules.trainings - spent)) +
    total -
    confirmed
  );
}

/**
 * The baseline and the graphs of a table as results, each beside the best graph (by the errors that
 * graphs are chosen by) and the baseline (by test errors).
 *
 * @param only the graphs to be told of; default: all
 */
export function graphResults(
  table: ResultTable,
  { told, choice }: { readonly told: Blocks; readonly choice: Blocks },
  best: string | null,
  only?: ReadonlySet<string>,
): { readonly baseline: GraphResult | null; readonly graphs: readonly GraphResult[] } {
  const { baseline } = table;
  const result = (row: ResultRow): GraphResult => ({
    ...bareResult(row, table.epochs.length),
    control: table.controls?.has(row.graph) === true,
    p:
      row === baseline || best === null || row.graph === best
        ? null
        : (between(choice, row.graph, best)?.p ?? null),
    againstBaseline:
      row === baseline || baseline === null
        ? null
        : againstBaseline(told, row.graph, baseline.graph),
  });
  const rows = only ? table.graphs.filter(({ graph }) => only.has(graph)) : table.graphs;
  return { baseline: baseline && result(baseline), graphs: rows.map(result) };
}

function againstBaseline(
  blocks: Blocks,
  graph: string,
  baseline: string,
): GraphResult['againstBaseline'] {
  const found = between(blocks, graph, baseline);
  return found === null ? null : { difference: found.difference, interval: wide(found.interval) };
}

function between(
  { fit, index }: Blocks,
  one: string,
  two: string,
): ReturnType<typeof blockedDifference> {
  const [i, j] = [index.get(one), index.get(two)];
  return fit === null || i === undefined || j === undefined
    ? null
    : blockedDifference(fit, i, j, CONFIDENCE_LEVEL);
}

function bareResult(
  { graph, name = null, facts, trainings, failed }: ResultRow,
  epochs: number,
): Omit<GraphResult, 'p' | 'againstBaseline' | 'control'> {
  const complete = trainings.filter((training) => training !== null);
  const errors = complete.map(({ error }) => error);
  const validation = complete.flatMap((training) => training.validation ?? []);
  invariant(errors.every(Number.isFinite), `a complete trial of ${graph} has no finite error`);
  const meanAt = (
    values: (training: (typeof complete)[number]) => readonly (number | null)[],
    at: number,
  ): number | null => {
    const known = complete
      .map((training) => values(training)[at] ?? null)
      .filter((value) => value !== null);
    return known.length === 0 || known.length < complete.length ? null : mean(known);
  };
  const curve = Array.from({ length: epochs }, (_, at) => meanAt(({ test }) => test, at));
  const {
    nodes = null,
    edges = null,
    clustering = null,
    pathLength = null,
    widths = [],
    macs = null,
    params = null,
  } = facts ?? {};
  return {
    spec: graph,
    name,
    nodes,
    edges,
    density: facts && densityOf(facts),
    clustering,
    pathLength,
    widths,
    macs,
    params,
    errors,
    seeds: complete.map(({ seed }) => seed),
    failed,
    mean: errors.length === 0 ? null : mean(errors),
    std: sampleStd(errors),
    validationMean: validation.length === 0 ? null : mean(validation),
    trainMean: meanAt(({ train }) => train, epochs - 1),
    mean5: meanAt(({ test5 }) => test5, epochs - 1),
    // Trials of different lengths have what they share.
    curve: curve.includes(null)
      ? curve.slice(0, curve.indexOf(null)).filter((value) => value !== null)
      : curve.filter((value) => value !== null),
  };
}
