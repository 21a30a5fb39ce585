import { must } from '../core/errors.js';
import { mean } from '../stats/descriptive.js';
import { chosenForConfirmation } from '../study/confirm.js';
import { graphLabel, graphNames } from '../study/names.js';
import { nullGraphs } from '../study/nulls.js';
import type { Region, SearchOutcome, Side, StudySpec, TrialRecord } from '../study/types.js';
import { choiceErrors, resultTable, type ResultTable } from './result-table.js';
import { lowestGraph } from './rules.js';
import { plural, span } from './text.js';

/** What predictions are judged by. */
export interface PredictionGround {
  readonly spec: StudySpec;
  /** One for each trial, in trial order. */
  readonly records: readonly TrialRecord[];
  /** What a search has come to; null of a study that trains everything. */
  readonly search: SearchOutcome | null;
}

/** One side of a comparison, measured. */
export interface MeasuredSide {
  /** Mean error of its graphs by the comparison's seeds, %; null where it is not known. */
  readonly errors: readonly (number | null)[];
  /** Graphs whose errors these are the means of. */
  readonly graphs: readonly string[];
  /** Graphs of the side that are left out, since they lack a seed that others have. */
  readonly left: readonly string[];
}

/** A trial by what tells it from others. */
export interface Cell {
  readonly graph: string;
  readonly seed: number;
}

/** Those of the trials of some graphs with some seeds that have not ended. */
export function notEnded(
  { records }: PredictionGround,
  graphs: readonly string[],
  seeds: readonly number[],
): Cell[] {
  const ended = new Set(
    records
      .filter(({ status }) => status !== 'stopped')
      .map(({ graph, seed }) => `${graph} ${seed}`),
  );
  return graphs
    .flatMap((graph) => seeds.map((seed) => ({ graph, seed })))
    .filter(({ graph, seed }) => !ended.has(`${graph} ${seed}`));
}

/**
 * Trials that must end before a side is known and measured. What of a search is to be trained it
 * decides itself: beside its end that of the baseline's trials is waited for, and of those that
 * confirm.
 *
 * @param seeds `seedsOfComparison`
 */
export function missingOfSide(
  side: Side,
  seeds: readonly number[],
  ground: PredictionGround,
): Cell[] {
  const { spec } = ground;
  const own = seeds === spec.seeds;
  if (side === 'baseline') {
    return notEnded(
      ground,
      [spec.baseline],
      own && spec.search !== undefined ? seeds.slice(0, spec.search.baseline) : seeds,
    );
  }
  if (side === 'best') {
    const choosing = spec.search === undefined ? notEnded(ground, spec.graphs, spec.seeds) : [];
    return choosing.length > 0 || own ? choosing : notEnded(ground, bestOf(ground), seeds);
  }
  return spec.search === undefined ? notEnded(ground, membersOf(side, ground, true), seeds) : [];
}

/**
 * The best graph, none where no graph has a complete trial. For a study whose own trials have
 * ended.
 */
function bestOf({ spec, records, search }: PredictionGround): readonly string[] {
  if (spec.confirm !== undefined)
    return (chosenForConfirmation(spec, records, search) ?? []).slice(0, 1);
  if (spec.search !== undefined)
    return search?.recommended == null ? [] : [search.recommended.graph];
  const best = lowestGraph(choiceErrors(resultTable({ spec, records })));
  return best === null ? [] : [best];
}

/**
 * Graphs of a side that stands for several; of a search those that it trained.
 *
 * @param unknown whether graphs whose place is not known yet count to a region
 */
function membersOf(
  side: Exclude<Side, 'baseline' | 'best'>,
  { spec, records }: PredictionGround,
  unknown: boolean,
): readonly string[] {
  if (areGraphs(side)) return side;
  const known = new Set(records.map(({ graph }) => graph));
  const graphs =
    spec.search === undefined ? spec.graphs : spec.graphs.filter((graph) => known.has(graph));
  if (side === 'all') {
    const drawn = nullGraphs(spec);
    return graphs.filter((graph) => !drawn.has(graph));
  }
  const facts = new Map(
    records.flatMap((record) =>
      record.facts === null ? [] : [[record.graph, record.facts] as const],
    ),
  );
  return graphs.filter((graph) => {
    const found = facts.get(graph);
    return found === undefined ? unknown : inRegion(found, side);
  });
}

function areGraphs(side: Side): side is readonly string[] {
  return Array.isArray(side);
}

/** Ends are included; a graph that is not connected has no L and lies in no range of it. */
function inRegion(
  place: { readonly clustering: number; readonly pathLength: number | null },
  { clustering, pathLength }: Region,
): boolean {
  const within = (value: number | null, range: readonly [number, number] | undefined): boolean =>
    range === undefined || (value !== null && value >= range[0] && value <= range[1]);
  return within(place.clustering, clustering) && within(place.pathLength, pathLength);
}

/**
 * A side's errors, seed by seed. Several graphs stand for the mean of their errors, and for every
 * seed of the same graphs: one that lacks a seed that another has (its trial failed) is left out.
 * In a search hardly two graphs have the same seeds, and those with the most are those that it
 * liked: there all count that it trained, over the seeds that all of them have.
 */
export function measureSide(
  side: Side,
  seeds: readonly number[],
  ground: PredictionGround,
): MeasuredSide {
  const { spec, records } = ground;
  const rows = errorsByGraph(resultTable({ spec, records, seeds }));
  const graphs =
    side === 'baseline'
      ? [spec.baseline]
      : side === 'best'
        ? bestOf(ground)
        : membersOf(side, ground, false);
  const complete = graphs.filter((graph) => rows.get(graph)?.some((error) => error !== null));
  const wanted = seeds.map((_, at) => complete.some((graph) => rows.get(graph)![at] !== null));
  const whole = complete.filter((graph) =>
    rows.get(graph)!.every((error, at) => error !== null || !wanted[at]),
  );
  const used = spec.search === undefined ? whole : complete;
  return {
    errors: seeds.map((_, at) => meanAt(used, rows, at)),
    graphs: used,
    left: graphs.filter((graph) => !used.includes(graph)),
  };
}

type Rows = ReadonlyMap<string, readonly (number | null)[]>;

function errorsByGraph({ baseline, graphs }: ResultTable): Rows {
  const rows = baseline === null ? graphs : [baseline, ...graphs];
  return new Map(
    rows.map(({ graph, trainings }) => [
      graph,
      trainings.map((training) => training?.error ?? null),
    ]),
  );
}

function meanAt(graphs: readonly string[], rows: Rows, at: number): number | null {
  const errors = graphs
    .map((graph) => rows.get(graph)?.[at] ?? null)
    .filter((error) => error !== null);
  return errors.length === 0 || errors.length < graphs.length ? null : mean(errors);
}

/** A side in words, to stand in a sentence. */
export function sidePhrase(side: Side, { spec }: Pick<PredictionGround, 'spec'>): string {
  if (side === 'baseline') return 'the baseline';
  if (side === 'best') return 'the best graph';
  if (side === 'all') return 'the mean of all graphs';
  if (areGraphs(side))
    return side.length === 1
      ? graphLabel(graphNames(spec), must(side[0]))
      : `the mean of ${plural(side.length, 'named graph')}`;
  const ranges = [
    ...(side.clustering === undefined ? [] : [`C ${span(side.clustering)}`]),
    ...(side.pathLength === undefined ? [] : [`L ${span(side.pathLength)}`]),
  ];
  return `the mean of the graphs with ${ranges.join(' and ')}`;
}
