import { must } from '../core/errors.js';
import { fitBlocks } from '../stats/blocks.js';
import { finalChoice } from './choice.js';
import { nullGraphs } from './nulls.js';
import { rankGraphs } from './ranking.js';
import { placed, type Source } from './source.js';
import type { ConfirmSpec, SearchOutcome, StudySpec, Trial, TrialRecord } from './types.js';

/** Graphs that are confirmed by default, as far as the study has so many. */
const CONFIRMED_GRAPHS = 3;
const HIGHEST_SEED = 0xffffffff;

/** What a spec's text says of the confirmation. */
interface GivenConfirmation {
  readonly confirm?:
    | {
        /** How many fresh ones, or which. */
        readonly seeds: number | readonly number[];
        readonly graphs?: number | undefined;
      }
    | undefined;
  /** Whether the study is a search: it confirms the graph that it recommends. */
  readonly search?: unknown;
}

/** What the confirmation depends on. */
interface StudySize {
  /** The study's own. */
  readonly seeds: readonly number[];
  /** How many graphs the study has. */
  readonly graphs: number;
  readonly source: Source;
}

/**
 * The confirmation with what was not given filled in; empty where the study confirms nothing.
 */
export function confirmIn(
  given: GivenConfirmation,
  study: StudySize,
): { readonly confirm?: ConfirmSpec } {
  const { confirm, search } = given;
  if (confirm === undefined) return {};
  const { graphs: most, source } = study;
  const { graphs = search === undefined ? Math.min(CONFIRMED_GRAPHS, most) : 1 } = confirm;
  const wrong = (rule: string): Error =>
    placed(source, ['confirm', 'graphs'], `confirm.graphs must be ${rule}; got ${graphs}`);
  if (search !== undefined && graphs !== 1)
    throw wrong('1 in a search, which recommends one graph');
  if (graphs > most) throw wrong(`at most the number of graphs, ${most}`);
  return { confirm: { seeds: freshSeeds(confirm.seeds, study), graphs } };
}

/**
 * A count n means the n whole numbers after the largest of the study's own seeds; a list is taken
 * as it is written.
 */
function freshSeeds(
  given: number | readonly number[],
  { seeds: own, source }: StudySize,
): readonly number[] {
  const wrong = (message: string): Error => placed(source, ['confirm', 'seeds'], message);
  if (typeof given === 'number') {
    const first = own.reduce((high, seed) => Math.max(high, seed), 0) + 1;
    if (first + given - 1 <= HIGHEST_SEED)
      return Array.from({ length: given }, (_, at) => first + at);
    throw wrong(
      `no ${given} seeds follow the largest of seeds, ${first - 1}: they end at ${HIGHEST_SEED}; ` +
        'list others in confirm.seeds',
    );
  }
  const repeated = given.find((seed, at) => given.indexOf(seed) !== at);
  if (repeated !== undefined) throw wrong(`confirm.seeds must differ; ${repeated} is listed twice`);
  const known = given.find((seed) => own.includes(seed));
  if (known === undefined) return given;
  throw wrong(
    `confirm.seeds must be fresh; ${known} is one of seeds already; list others, ` +
      `or give a count such as confirm: ${given.length}`,
  );
}

/** The fresh seeds of a study's confirmation; none where it confirms nothing. */
export function confirmSeeds({ confirm }: StudySpec): readonly number[] {
  return confirm?.seeds ?? [];
}

/**
 * Whether a trial (or its record) has one of the fresh seeds: it enters no mean of the study's own
 * seeds.
 */
export function isConfirming(spec: StudySpec, { seed }: Pick<Trial, 'seed'>): boolean {
  return confirmSeeds(spec).includes(seed);
}

/**
 * The graphs that a study confirms, best first: those of the lowest mean error (`finalChoice`) over
 * its own seeds,
 * the graph that is listed first where two are equal; of a search the one that it recommends. A
 * graph without a complete trial is never chosen. It is a function of the spec and the records
 * alone: when trials that failed are run again, it may come out otherwise.
 *
 * @param records one for each trial that ended, of both kinds
 * @param search what the search has come to with these records; null of a study that trains
 * everything
 * @returns null as long as a trial with one of the study's own seeds is to be done; none where the
 * study
 *   confirms nothing
 */
export function chosenForConfirmation(
  spec: StudySpec,
  records: readonly TrialRecord[],
  search: SearchOutcome | null = null,
): readonly string[] | null {
  if (spec.confirm === undefined) return [];
  if (spec.search !== undefined) {
    if (search === null || !search.ended) return null;
    return search.recommended === null ? [] : [search.recommended.graph];
  }
  const own = records.filter((record) => !isConfirming(spec, record));
  if (own.length < ownTrials(spec)) return null;
  return rankedBySeeds(spec, own).slice(0, spec.confirm.graphs);
}

/** Trials with the study's own seeds, if all are run. */
function ownTrials({ graphs, seeds }: StudySpec): number {
  return (graphs.length + 1) * seeds.length;
}

/**
 * The graphs with a complete trial with the study's own seeds, by mean error: the least-squares fit
 * of error = graph + seed, the baseline's trials included. Null graphs are controls: none is chosen.
 */
export function rankedBySeeds(spec: StudySpec, records: readonly TrialRecord[]): string[] {
  const { baseline, graphs, seeds } = spec;
  const place = new Map([baseline, ...graphs].map((graph, at) => [graph, at]));
  const table = [...place].map(() => seeds.map((): number | null => null));
  for (const record of records) {
    if (record.status === 'complete')
      must(table[place.get(record.graph)!])[seeds.indexOf(record.seed)] = finalChoice(record);
  }
  const drawn = nullGraphs(spec);
  return rankGraphs(graphs, fitBlocks(table)?.means.slice(1) ?? []).filter(
    (graph) => !drawn.has(graph),
  );
}

/** How far the confirmation of a study is. */
export interface ConfirmationProgress {
  /** What is confirmed, see `chosenForConfirmation`. */
  readonly graphs: readonly string[] | null;
  /**
   * Trials that it takes, the baseline's included; as long as nothing is chosen, as many as it may
   * take.
   */
  readonly total: number;
  /** Those of them that have ended. */
  readonly ended: number;
  /**
   * Confirming trials in the log of graphs that are not chosen any more, since trials that had
   * failed were run again.
   */
  readonly superseded: number;
}

/** The confirmation of a study, null where it has none; arguments as of `chosenForConfirmation`. */
export function confirmationProgress(
  spec: StudySpec,
  records: readonly TrialRecord[],
  search: SearchOutcome | null = null,
): ConfirmationProgress | null {
  if (spec.confirm === undefined) return null;
  const graphs = chosenForConfirmation(spec, records, search);
  const made = records.filter((record) => isConfirming(spec, record));
  const most = (spec.confirm.graphs + 1) * spec.confirm.seeds.length;
  if (graphs === null) return { graphs, total: most, ended: 0, superseded: made.length };
  const wanted = confirmedGraphs(spec, graphs);
  const ended = made.filter(
    ({ graph, status }) => status !== 'stopped' && wanted.has(graph),
  ).length;
  return {
    graphs,
    total: wanted.size * spec.confirm.seeds.length,
    ended,
    superseded: made.filter(({ graph }) => !wanted.has(graph)).length,
  };
}

/**
 * What is trained with the fresh seeds: the chosen graphs and, to compare them with, the baseline.
 */
export function confirmedGraphs(
  { baseline }: StudySpec,
  chosen: readonly string[],
): ReadonlySet<string> {
  return new Set(chosen.length === 0 ? [] : [baseline, ...chosen]);
}

/** Trials that a study which trains everything has still to do, confirming ones included. */
export function missingTrials(spec: StudySpec, records: readonly TrialRecord[]): number {
  const { total, ended } = confirmationProgress(spec, records) ?? { total: 0, ended: 0 };
  return (
    Math.max(0, ownTrials(spec) - records.filter((record) => !isConfirming(spec, record)).length) +
    total -
    ended
  );
}
