import { chosenForConfirmation, confirmSeeds } from '../study/confirm.js';
import { graphNames } from '../study/names.js';
import type { Registration, SearchOutcome, StudySpec, TrialRecord } from '../study/types.js';
import { type FreshSeeds, onFreshSeeds } from './fresh-seeds.js';
import { countTrials, graphResults, listFailures } from './graph-results.js';
import { nullTests } from './null-tests.js';
import { type Blocks, blocksOf, type Comparison, compareGraphs } from './paired.js';
import { predictionOutcomes } from './predictions.js';
import {
  choiceErrors,
  errorsAfter,
  type ErrorTable,
  inTrialOrder,
  type ResultTable,
  resultTable,
  type UnplacedRow,
} from './result-table.js';
import { plexusRule } from './rules.js';
import type { StudySummary } from './types.js';
import { type Verdict, verdictOf } from './verdict.js';

/** What `summarise` reads: a study's spec, its log, and what is known of its data. */
export interface SummaryInput {
  readonly spec: StudySpec;
  /** The study's log in any order; unfinished studies are fine. */
  readonly records: readonly TrialRecord[];
  /** `Dataset.identity` of what the trials were trained on. */
  readonly dataIdentity: string;
  /**
   * What a search has come to (`Study.search`); null or absent of a study that trains everything.
   */
  readonly search?: SearchOutcome | null;
  /**
   * What was predicted before the first trial (`Study.registration`); null or absent where nothing
   * was.
   */
  readonly registration?: Registration | null;
}

/** Of a summary, what a study's status tells. */
export type StudyOutline = Pick<
  StudySummary,
  | 'study'
  | 'data'
  | 'chosenOn'
  | 'trials'
  | 'failures'
  | 'baseline'
  | 'best'
  | 'verdict'
  | 'graphs'
  | 'nulls'
  | 'search'
  | 'predictions'
  | 'registration'
>;

/** What all that is said of a study is computed from. */
export interface SummaryGround {
  /** One record for each trial, in trial order. */
  readonly ordered: readonly TrialRecord[];
  readonly results: ResultTable;
  /** Test errors, which are told, and the errors that graphs are chosen by. */
  readonly table: ErrorTable;
  readonly blocks: Blocks;
  readonly chosen: ErrorTable;
  readonly choice: Blocks;
  /** The best graph. */
  readonly lowest: string | null;
  readonly comparison: Comparison | null;
  readonly confirmation: FreshSeeds | null;
  readonly verdict: Verdict;
}

/**
 * The summary's part that a status tells (see `summarise`), for a fraction of its time: of a study
 * that trains everything `graphs` holds the best one alone.
 */
export function outline(input: SummaryInput): StudyOutline {
  const ground = groundOf(input);
  const { lowest } = ground;
  const all = (input.search ?? null) !== null;
  return outlineOn(input, ground, all ? undefined : new Set(lowest === null ? [] : [lowest]));
}

export function groundOf(input: SummaryInput): SummaryGround {
  const { spec } = input;
  const ordered = inTrialOrder(input.records);
  const results = resultTable({ spec, records: ordered });
  const table = errorsAfter(results);
  const blocks = blocksOf(table);
  const chosen = results.chosenOn === 'validation' ? choiceErrors(results) : table;
  const choice = chosen === table ? blocks : blocksOf(chosen);
  const lowest = plexusRule.best(chosen, choice);
  const comparison = bestAgainst(blocks, lowest, table);
  const confirmation = confirmationIn(input, ordered);
  const verdict = verdictOf(comparison, confirmation);
  return {
    ordered,
    results,
    table,
    blocks,
    chosen,
    choice,
    lowest,
    comparison,
    confirmation,
    verdict,
  };
}

/** @param only the graphs to be told of; default: all */
export function outlineOn(
  { spec, dataIdentity, search = null, registration = null }: SummaryInput,
  { ordered, results, blocks, choice, lowest, verdict }: SummaryGround,
  only?: ReadonlySet<string>,
): StudyOutline {
  const { baseline, graphs } = graphResults(results, { told: blocks, choice }, lowest, only);
  return {
    study: spec.name,
    data: dataIdentity,
    chosenOn: results.chosenOn,
    trials: countTrials(spec, ordered, search),
    failures: listFailures(ordered, graphNames(spec)),
    baseline,
    best: graphs.find((graph) => graph.spec === lowest) ?? null,
    verdict,
    graphs,
    nulls: nullTests(results, spec),
    search,
    predictions: predictionOutcomes({ spec, records: ordered, search, registration }),
    registration: registration && { when: registration.when, hash: registration.hash },
  };
}

/** The graphs that the best is the lowest of: controls are not chosen among. */
export function choicesOf({ graphs, unplaced = [], controls }: ErrorTable): readonly UnplacedRow[] {
  const all = [...graphs, ...unplaced];
  return controls === undefined ? all : all.filter(({ graph }) => !controls.has(graph));
}

function bestAgainst(
  blocks: Blocks,
  best: string | null,
  table: ErrorTable,
): StudySummary['comparison'] {
  const { baseline } = table;
  if (best === null || baseline === null) return null;
  return compareGraphs(blocks, [best], [baseline.graph], choicesOf(table).length);
}

function confirmationIn(
  { spec, search = null }: SummaryInput,
  records: readonly TrialRecord[],
): StudySummary['confirmation'] {
  const seeds = confirmSeeds(spec);
  if (seeds.length === 0) return null;
  const fresh = resultTable({ spec, records, seeds });
  return onFreshSeeds(errorsAfter(fresh), chosenForConfirmation(spec, records, search));
}
