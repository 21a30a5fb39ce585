import { invariant } from '../core/errors.js';
import { confirmationOf, isConfirming, missingTrials, type SearchOutcome } from '../study/index.js';
import type { StudySpec, TrialFacts, TrialRecord } from '../study/types.js';
import { mean, sampleStd, tTestHigher } from '../stats/index.js';
import type { Failure, GraphResult, TrialCounts } from './types.js';

type CompleteRecord = Extract<TrialRecord, { readonly status: 'complete' }>;

/**
 * One record per trial, in trial order, whatever the order of the log. A trial that failed and was retried appears
 * twice: its complete record counts.
 */
export function inTrialOrder(records: readonly TrialRecord[]): readonly TrialRecord[] {
  const byIndex = new Map<number, TrialRecord>();
  for (const record of records) {
    if (byIndex.get(record.index)?.status !== 'complete') byIndex.set(record.index, record);
  }
  return [...byIndex.values()].sort((a, b) => a.index - b.index);
}

export function countTrials(spec: StudySpec, ordered: readonly TrialRecord[], search: SearchOutcome | null): TrialCounts {
  const count = (status: TrialRecord['status']): number => ordered.filter((record) => record.status === status).length;
  const pending = search === null ? missingTrials(spec, ordered) : Math.max(0, pendingOf(spec, search, ordered));
  return { total: ordered.length + pending, complete: count('complete'), failed: count('failed'), stopped: count('stopped'), pending };
}

/** Whole trainings that a search may still make, baselines and what confirms it included. */
function pendingOf(spec: StudySpec, search: SearchOutcome, ordered: readonly TrialRecord[]): number {
  const { rules, spent, ended } = search;
  const { total, ended: confirmed } = confirmationOf(spec, ordered, search) ?? { total: 0, ended: 0 };
  const baselines = ordered.filter((record) => record.role === 'baseline' && !isConfirming(spec, record)).length;
  return (ended ? 0 : rules.baseline - baselines + Math.floor(rules.trainings - spent)) + total - confirmed;
}

/** Failed trials with their reasons, in trial order. */
export function listFailures(ordered: readonly TrialRecord[]): readonly Failure[] {
  return ordered.flatMap((record) => {
    if (record.status !== 'failed') return [];
    const { index, role, graph, seed, reason } = record;
    return [{ index, role, graph, seed, reason }];
  });
}

function meanCurve(complete: readonly CompleteRecord[]): readonly number[] {
  const epochs = complete.length === 0 ? 0 : Math.min(...complete.map((record) => record.epochs.length));
  return Array.from({ length: epochs }, (_, e) => mean(complete.map((record) => record.epochs[e]?.testError ?? 0)));
}

function meanTop5(complete: readonly CompleteRecord[]): number | null {
  const errors = complete.map((record) => record.epochs.at(-1)?.testError5 ?? null).filter((error) => error !== null);
  return errors.length === 0 || errors.length < complete.length ? null : mean(errors);
}

function factsOf(records: readonly TrialRecord[]): Omit<GraphResult, 'spec' | 'errors' | 'seeds' | 'failed' | 'mean' | 'std' | 'mean5' | 'curve' | 'p'> {
  const facts: TrialFacts | null = records.find((record) => record.facts !== null)?.facts ?? null;
  if (facts === null) return { nodes: null, edges: null, clustering: null, pathLength: null, widths: [], macs: null, params: null };
  const { nodes, edges, clustering, pathLength, widths, macs, params } = facts;
  return { nodes, edges, clustering, pathLength, widths, macs, params };
}

function resultOf(spec: string, records: readonly TrialRecord[]): GraphResult {
  const complete = records.filter((record) => record.status === 'complete');
  const errors = complete.map((record) => record.error);
  invariant(errors.every(Number.isFinite), `a complete trial of ${spec} has no finite error`);
  return {
    spec,
    ...factsOf(records),
    errors,
    seeds: complete.map((record) => record.seed),
    failed: records.filter((record) => record.status === 'failed').length,
    mean: errors.length === 0 ? null : mean(errors),
    std: sampleStd(errors),
    mean5: meanTop5(complete),
    curve: meanCurve(complete),
    p: null,
  };
}

/** A graph that has at least one complete trial. */
export type MeasuredGraph = GraphResult & { readonly mean: number };

export function isMeasured(graph: GraphResult): graph is MeasuredGraph {
  return graph.mean !== null;
}

function lowest(graphs: readonly GraphResult[]): MeasuredGraph | null {
  const measured = graphs.filter(isMeasured);
  return measured.reduce<MeasuredGraph | null>((best, graph) => (best === null || graph.mean < best.mean ? graph : best), null);
}

/** The baseline, every graph in the spec's order with its p against the best, and the best. */
export function collectGraphs(
  spec: StudySpec,
  ordered: readonly TrialRecord[],
): { readonly baseline: GraphResult | null; readonly graphs: readonly GraphResult[]; readonly best: MeasuredGraph | null } {
  const byGraph = new Map<string, TrialRecord[]>();
  for (const record of ordered) {
    if (record.role === 'graph') byGraph.set(record.graph, [...(byGraph.get(record.graph) ?? []), record]);
  }
  const baselineRecords = ordered.filter((record) => record.role === 'baseline');
  // A search leaves most graphs alone.
  const listed = spec.search === undefined ? [...new Set(spec.graphs)] : spec.graphs.filter((graph) => byGraph.has(graph));
  const results = listed.map((graph) => resultOf(graph, byGraph.get(graph) ?? []));
  const best = lowest(results);
  const graphs = results.map((graph) =>
    best === null || graph.spec === best.spec ? graph : { ...graph, p: tTestHigher(graph.errors, best.errors)?.p ?? null },
  );
  return { baseline: baselineRecords.length === 0 ? null : resultOf(spec.baseline, baselineRecords), graphs, best };
}
