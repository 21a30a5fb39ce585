import { isConfirming, type SearchOutcome } from '../study/index.js';
import type { StudySpec, TrialRecord } from '../study/types.js';
import { listCaveats } from './caveats.js';
import { collectGraphs, countTrials, inTrialOrder, isMeasured, listFailures, type MeasuredGraph } from './graphs.js';
import { binPlane, findSweetSpot } from './plane.js';
import { CONFIDENCE_LEVEL, FIT_MINIMUM } from './settings.js';
import { fitParabola, mean, oneWayAnova, welchInterval } from '../stats/index.js';
import type { Comparison, Fit, GraphResult, Signal, StudySummary } from './types.js';

export interface SummaryInput {
  readonly spec: StudySpec;
  /** The study's log in any order; unfinished studies are fine. */
  readonly records: readonly TrialRecord[];
  /** `Dataset.identity` of what the trials were trained on. */
  readonly dataIdentity: string;
  /** What a search has come to (`Study.search`); null or absent of a study that trains everything. */
  readonly search?: SearchOutcome | null;
}

/** Mean errors over C or over L, in the graphs' order, for those that have both numbers. */
export function slicePoints(graphs: readonly MeasuredGraph[], x: Fit['x']): readonly { readonly graph: MeasuredGraph; readonly x: number; readonly y: number }[] {
  return graphs.flatMap((graph) => {
    const value = graph[x];
    return value === null ? [] : [{ graph, x: value, y: graph.mean }];
  });
}

function fitSlice(graphs: readonly MeasuredGraph[], x: Fit['x']): Fit | null {
  const points = slicePoints(graphs, x);
  if (points.length < FIT_MINIMUM) return null;
  const values = points.map((point) => point.x);
  const parabola = fitParabola(values, points.map((point) => point.y));
  if (parabola === null) return null;
  const [, b, c] = parabola.coefficients;
  const range = [Math.min(...values), Math.max(...values)] as const;
  const vertex = -b / (2 * c);
  const minimum = c > 0 && vertex >= range[0] && vertex <= range[1] ? vertex : null;
  return { x, ...parabola, graphs: points.length, minimum, range };
}

function measureSignal(graphs: readonly MeasuredGraph[]): Signal | null {
  const anova = oneWayAnova(graphs.map((graph) => graph.errors));
  if (anova === null) return null;
  const between = Math.max(0, anova.meanSquareBetween - anova.meanSquareWithin) / anova.effectiveSize;
  return {
    betweenGraphsStd: Math.sqrt(between),
    seedStd: Math.sqrt(anova.meanSquareWithin),
    f: Number.isFinite(anova.f) ? anova.f : null,
    p: anova.p,
    dof: [anova.dofBetween, anova.dofWithin],
    graphs: graphs.length,
  };
}

/** The best mean drawn towards the mean of all graphs by its noise share: (s_b^2 / (s_b^2 + s_w^2 / n)) of the way kept. */
function shrinkBest(best: MeasuredGraph, graphs: readonly MeasuredGraph[], signal: Signal): number {
  const centre = mean(graphs.map((graph) => graph.mean));
  const between = signal.betweenGraphsStd ** 2;
  const noise = signal.seedStd ** 2 / best.errors.length;
  const kept = between === 0 ? 0 : between / (between + noise);
  return centre + kept * (best.mean - centre);
}

function compare(best: MeasuredGraph | null, baseline: GraphResult | null, graphs: readonly MeasuredGraph[], signal: Signal | null): Comparison | null {
  if (best === null || baseline === null || !isMeasured(baseline)) return null;
  return {
    difference: best.mean - baseline.mean,
    interval: welchInterval(best.errors, baseline.errors, CONFIDENCE_LEVEL),
    level: CONFIDENCE_LEVEL,
    shrunkDifference: signal === null ? null : shrinkBest(best, graphs, signal) - baseline.mean,
  };
}

/**
 * Everything the analysis says of a study: baseline and best graph, the (C, L) plane, the sweet spot by the paper's
 * rule, quadratic fits, analysis of variance. A function of the set of records alone: their order, the wall times and
 * the number of workers do not matter. Works for any records, none included; what cannot be computed is null.
 */
export function summarise(input: SummaryInput): StudySummary {
  const { spec, search = null } = input;
  const all = inTrialOrder(input.records);
  // What confirms is counted, but enters no mean of the study's own seeds.
  const ordered = all.filter((record) => !isConfirming(spec, record));
  const { baseline, graphs, best } = collectGraphs(spec, ordered);
  const measured = graphs.filter(isMeasured);
  const plane = binPlane(measured);
  const signal = measureSignal(measured);
  const summary = {
    study: spec.name,
    arch: spec.arch,
    data: input.dataIdentity,
    seeds: spec.seeds.length,
    epochs: spec.train.epochs,
    trials: countTrials(spec, all, search),
    failures: listFailures(all),
    baseline,
    best,
    comparison: compare(best, baseline, measured, signal),
    graphs,
    plane,
    sweetSpot: findSweetSpot(plane, measured, best),
    fits: { clustering: fitSlice(measured, 'clustering'), pathLength: fitSlice(measured, 'pathLength') },
    signal,
    search,
  };
  return { ...summary, caveats: listCaveats(summary) };
}
