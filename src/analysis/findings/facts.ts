import { bootstrapIntervals, fitParabola } from '../../stats/index.js';
import { advantage, betterThanBaseline, cellReliability, heldOut, reliability, type BetterThanBaseline, type HeldOut } from './honest.js';
import { commonCells, commonGraphs, correlationOf, minimumWithin, paperBest, sliceOf, slicePointsOf, subsetPairs, sweetSpotOfCells, sweetSpotOfGraphs, type PaperBest, type Slice } from './paper.js';
import { PUBLISHED_EARLY } from './published.js';
import { commonDraws, edgeIntervals, sweetSpotDraws, type CommonDraws, type RectangleDraws, type RectangleIntervals } from './rectangle.js';
import { confound, type Confound } from './regression.js';
import { intersection, present } from './rows.js';
import { lastTable } from './sections/common.js';
import type { FindingsInput, TaskTables } from './sections/types.js';
import { subsetCurve, type SubsetPoint } from './subset-curve.js';
import type { ErrorTable, Rectangle } from './types.js';

type Interval = readonly [number, number];

/** Computes something of an input once: sections and figures ask for the same. */
export function oncePerInput<T>(make: (input: FindingsInput) => readonly T[]): (input: FindingsInput) => readonly T[] {
  const kept = new WeakMap<FindingsInput, readonly T[]>();
  return (input) => {
    const known = kept.get(input) ?? make(input);
    kept.set(input, known);
    return known;
  };
}

/** The best graph beside the baseline; of tasks that have both. */
export interface BaselineFact {
  readonly task: TaskTables;
  readonly best: PaperBest;
  /** Points below the baseline, with Welch's interval. */
  readonly gain: { readonly value: number; readonly interval: Interval | null };
  readonly held: HeldOut | null;
  readonly better: BetterThanBaseline | null;
}

/** The best graph of every task beside its baseline. */
export const baselineFacts = oncePerInput(({ tasks }): BaselineFact[] => tasks.flatMap((task) => {
  const table = lastTable(task);
  const best = paperBest(table);
  if (!best?.baseline || table.baseline === null) return [];
  return [{ task, best, gain: advantage(present(table.baseline), present(best.row)), held: heldOut(table), better: betterThanBaseline(table) }];
}));

/** A task's sweet spot by the paper's rule (MLP: of cells, others: of graphs), and the resamples of that of cells. */
export interface SweetSpotFact {
  readonly task: TaskTables;
  readonly rectangle: Rectangle;
  /** The sweet spot of cells. */
  readonly cells: Rectangle;
  /** Null without two seeds. */
  readonly draws: RectangleDraws | null;
  readonly intervals: RectangleIntervals | null;
}

/** The sweet spot of every task in which a graph was measured. */
export const sweetSpotFacts = oncePerInput(({ tasks, resamples }): SweetSpotFact[] => tasks.flatMap((task) => {
  const table = lastTable(task);
  const [cells, graphs] = [sweetSpotOfCells(table)?.rectangle, sweetSpotOfGraphs(table)?.rectangle];
  if (cells === undefined || graphs === undefined) return [];
  const draws = sweetSpotDraws(table, resamples);
  return [{ task, rectangle: task.arch === 'mlp' ? cells : graphs, cells, draws, intervals: draws === null ? null : edgeIntervals(draws) }];
}));

/** What the sweet spots share: of the tasks with two seeds, where there are any; nothing can be tested in the others. */
export interface CommonFact {
  /** Of the rectangles by the paper's rule. */
  readonly rectangle: Rectangle | null;
  /** Null where no task has two seeds. */
  readonly draws: CommonDraws | null;
  readonly tasks: number;
}

/** One entry; none where no graph was measured. */
export const commonFacts = oncePerInput((input): CommonFact[] => {
  const facts = sweetSpotFacts(input);
  if (facts.length === 0) return [];
  const tested = facts.filter((fact) => fact.draws !== null);
  const shown = tested.length === 0 ? facts : tested;
  const draws = tested.flatMap((fact) => fact.draws ?? []);
  return [{ rectangle: intersection(shown.map((fact) => fact.rectangle)), draws: draws.length === 0 ? null : commonDraws(draws), tasks: shown.length }];
});

/** Resamples that a parabola is fitted to at most: each is a fit to up to 1500 graphs, and 2000 settle an interval's second decimal. */
const MOST_FITS = 2000;
/** Places at which the spread of the fitted parabolas is known. */
const RIBBON = 41;

/** One of the paper's cuts with its uncertainty. */
export interface SliceFact {
  readonly task: TaskTables;
  readonly slice: Slice;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** R^2 of the fit with its interval; points whose errors are all the same have none and are no fact. */
  readonly r2: number;
  readonly r2Interval: Interval | null;
  /** Null where fewer than nine in ten resamples have their lowest point inside. */
  readonly minimumInterval: Interval | null;
  /** The fitted error at places from the lowest to the highest x: 95 % of the resamples. */
  readonly ribbon: readonly { readonly x: number; readonly low: number; readonly high: number }[];
}

/** Both cuts of every task that have a fit. */
export const sliceFacts = oncePerInput(({ tasks, resamples }): SliceFact[] => tasks.flatMap((task) => (['pathLength', 'clustering'] as const).flatMap((x) => {
  const slice = sliceOf(lastTable(task), x);
  if (slice === null || slice.fit.r2 === null) return [];
  const points = slicePointsOf(lastTable(task), x);
  const at = points.map((point) => point.x);
  const [low, high] = [Math.min(...at), Math.max(...at)];
  const places = Array.from({ length: RIBBON }, (_, i) => low + ((high - low) * i) / (RIBBON - 1));
  // Filled anew by every resample: there are thousands, of up to 1500 graphs.
  const [xs, ys] = [[...at], points.map((point) => point.y)];
  const [r2, minimum, ...ribbon] = bootstrapIntervals(points.length, (drawn) => {
    let [least, most] = [Infinity, -Infinity];
    drawn.forEach((which, i) => {
      ({ x: xs[i], y: ys[i] } = points[which]);
      least = Math.min(least, xs[i]);
      most = Math.max(most, xs[i]);
    });
    const fit = fitParabola(xs, ys);
    if (fit === null) return [null, null, ...places.map(() => null)];
    const [a, b, c] = fit.coefficients;
    return [fit.r2, minimumWithin(fit, least, most), ...places.map((place) => a + b * place + c * place * place)];
  }, { name: `${task.name} ${x}`, resamples: Math.min(resamples, MOST_FITS) });
  const known = ribbon.flatMap((range, i) => (range === null ? [] : [{ x: places[i], low: range[0], high: range[1] }]));
  return [{ task, slice, points, r2: slice.fit.r2, r2Interval: r2, minimumInterval: minimum, ribbon: known }];
})));

/** Density as an explanation; of tasks with enough graphs. */
export interface DensityFact {
  readonly task: TaskTables;
  readonly confound: Confound;
}

/** Models with and without density of every task with 20 graphs or more. */
export const densityFacts = oncePerInput(({ tasks }): DensityFact[] => tasks.flatMap((task) => {
  const found = confound(lastTable(task));
  return found === null ? [] : [{ task, confound: found }];
}));

/** Pairs of numbers. */
export interface Pairs {
  readonly a: readonly number[];
  readonly b: readonly number[];
}

/** Pearson's r with its bootstrap interval. */
export interface Correlation {
  readonly r: number;
  readonly interval: Interval | null;
}

/** Null where r is not known. */
function correlate({ a, b }: Pairs, name: string, resamples: number): Correlation | null {
  const r = correlationOf({ a, b });
  if (r === null) return null;
  const [x, y] = [Float64Array.from(a), Float64Array.from(b)];
  return { r, interval: bootstrapIntervals(a.length, (drawn) => [pearsonOf(x, y, drawn)], { name, resamples })[0] };
}

/** `pearson` of the pairs that were drawn, without copying them: there are millions of resamples. */
function pearsonOf(x: Float64Array, y: Float64Array, drawn: Int32Array): number | null {
  let [mx, my] = [0, 0];
  for (let i = 0; i < drawn.length; i++) {
    mx += x[drawn[i]] / drawn.length;
    my += y[drawn[i]] / drawn.length;
  }
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < drawn.length; i++) {
    const dx = x[drawn[i]] - mx;
    const dy = y[drawn[i]] - my;
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  // A resample of one pair again and again has no spread but that of rounding.
  return xx <= 1e-18 * mx * mx * drawn.length || yy <= 1e-18 * my * my * drawn.length ? null : Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
}

/** How two tasks agree on cells. */
export interface PairFact extends Correlation {
  readonly one: TaskTables;
  readonly two: TaskTables;
  readonly pairs: Pairs & { readonly baseline: number | null };
  /** The r of perfect agreement given seed noise; null with one seed. */
  readonly ceiling: number | null;
}

function ceilingOf(one: number | null, two: number | null): number | null {
  return one === null || two === null ? null : Math.sqrt(one * two);
}

/** Every pair of tasks that has three cells in common. */
export const pairFacts = oncePerInput(({ tasks, resamples }): PairFact[] => tasks.flatMap((one, i) => tasks.slice(i + 1).flatMap((two) => {
  const [a, b] = [lastTable(one), lastTable(two)];
  const pairs = commonCells(a, b);
  const found = correlate(pairs, `${one.name} ${two.name}`, resamples);
  return found === null ? [] : [{ one, two, pairs, ...found, ceiling: ceilingOf(cellReliability(a), cellReliability(b)) }];
})));

/** The epoch that the paper's claim is held against: its third; in studies of one's own a tenth of all. */
const claimedEpoch = (task: TaskTables, published: boolean): number => (published ? PUBLISHED_EARLY.epoch : Math.ceil(lastTable(task).epoch / 10));

/** The claimed epoch's order of graphs against the last one's; of tasks that have both. */
export interface ClaimFact extends Correlation {
  readonly task: TaskTables;
  readonly early: ErrorTable & { readonly epoch: number };
}

/** The claimed epoch of every task that has it. */
export const claimFacts = oncePerInput(({ tasks, resamples, published }): ClaimFact[] => tasks.flatMap((task) => {
  const table = lastTable(task);
  const early = task.tables.find((each) => each.epoch === claimedEpoch(task, published));
  if (early === undefined || early.epoch >= table.epoch) return [];
  const found = correlate(commonGraphs(early, table), `${task.name} early`, resamples);
  return found === null ? [] : [{ task, early, ...found }];
}));

/** Resamples of the curves at most: there are hundreds of points, and each is read off a picture. */
const MOST_OF_CURVES = 1000;

/** An epoch's order of graphs against the last one's. */
export interface EpochFact extends Correlation {
  readonly epoch: number;
  /** As of `PairFact`, of graphs' means. Both epochs are of the same trainings, so r may lie above it. */
  readonly ceiling: number | null;
}

/** A task's epochs but the last; those without r are left out. */
export interface EarlyFact {
  readonly task: TaskTables;
  readonly last: number;
  readonly epochs: readonly EpochFact[];
  readonly claimed: number;
}

/** All epochs of every task that has more than one. */
export const earlyFacts = oncePerInput((input): EarlyFact[] => input.tasks.flatMap((task) => {
  const table = lastTable(task);
  const claim = claimFacts(input).find((fact) => fact.task === task);
  const own = reliability(table)?.ofMeans ?? null;
  const epochs = task.tables.slice(0, -1).flatMap((each) => {
    const found = each === claim?.early ? claim : correlate(commonGraphs(each, table), `${task.name} epoch ${each.epoch}`, Math.min(input.resamples, MOST_OF_CURVES));
    return found === null ? [] : [{ epoch: each.epoch, r: found.r, interval: found.interval, ceiling: ceilingOf(reliability(each)?.ofMeans ?? null, own) }];
  });
  return epochs.length === 0 ? [] : [{ task, last: table.epoch, epochs, claimed: claimedEpoch(task, input.published) }];
}));

/** The few graphs that stand for all against all; of tasks with more than twice as many. */
export interface ChosenFact extends Correlation {
  readonly task: TaskTables;
  /** Of the few, and of all. */
  readonly graphs: readonly [number, number];
  /** r with the graphs that are not among the few; null where it is not known. */
  readonly rest: number | null;
}

/** The few graphs against all, of every task that has both. */
export const chosenFacts = oncePerInput(({ tasks, subset, resamples }): ChosenFact[] => tasks.flatMap((task) => {
  const table = lastTable(task);
  const chosen = new Set(table.graphs.filter((row) => subset.has(row.graph)).map((row) => row.graph));
  if (chosen.size === 0 || table.graphs.length <= 2 * chosen.size) return [];
  const found = correlate(subsetPairs(table, chosen), `${task.name} subset`, resamples);
  const part = (keep: boolean): ErrorTable => ({ ...table, baseline: null, graphs: table.graphs.filter((row) => chosen.has(row.graph) === keep) });
  return found === null ? [] : [{ task, graphs: [chosen.size, table.graphs.length], ...found, rest: correlationOf(commonCells(part(true), part(false))) }];
}));

/** Whether few graphs give the map of all; of tasks with at least twice as many graphs as cells that they lie in. */
export interface SubsetFact {
  readonly task: TaskTables;
  readonly table: ErrorTable;
  readonly curve: readonly SubsetPoint[];
}

/** Random subsets of every task with enough graphs. */
export const subsetFacts = oncePerInput((input): SubsetFact[] => input.tasks.flatMap((task) => {
  const table = lastTable(task);
  const chosen = chosenFacts(input).filter((fact) => fact.task === task).map((fact) => fact.graphs[0]);
  const curve = subsetCurve(table, Math.min(input.resamples, MOST_OF_CURVES), chosen);
  const all = curve.at(-1);
  return all === undefined || all.graphs < 2 * all.cells ? [] : [{ task, table, curve }];
}));
