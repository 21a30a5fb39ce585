import { graphNames } from '../study/names.js';
import { nullGraphs } from '../study/nulls.js';
import type { LoggedEpoch, StudySpec, TrialFacts, TrialRecord } from '../study/types.js';

type Complete = Extract<TrialRecord, { readonly status: 'complete' }>;

/**
 * A complete training: its numbers after each epoch of the table, null where the log has none.
 * Errors in %.
 */
export interface Training {
  readonly seed: number;
  /** Test error after the last epoch. */
  readonly error: number;
  /** Error on the held out training images after the last epoch; null where none are held out. */
  readonly validation: number | null;
  readonly test: readonly (number | null)[];
  readonly test5: readonly (number | null)[];
  readonly train: readonly (number | null)[];
}

/** One graph's outcomes. */
export interface ResultRow {
  /** Spec line. */
  readonly graph: string;
  /** What its author calls it; absent or null: by its spec. */
  readonly name?: string | null;
  /** Null where no trial came so far that its network was known. */
  readonly facts: TrialFacts | null;
  /** By the table's seeds; null where a training is not complete. */
  readonly trainings: readonly (Training | null)[];
  /** Trials that failed. */
  readonly failed: number;
}

/**
 * Every outcome of a study: graphs x seeds x epochs. Report, terminal, `--json`, comparison,
 * findings and replays read this table and nothing else, so that they cannot differ.
 */
export interface ResultTable {
  readonly name: string;
  readonly arch: string;
  /** Which errors graphs are chosen by: those of held out training images where there are some. */
  readonly chosenOn: 'validation' | 'test';
  /** Columns: the training seeds, which all graphs share. */
  readonly seeds: readonly number[];
  /** Epochs after which something is known, ascending. */
  readonly epochs: readonly number[];
  readonly baseline: ResultRow | null;
  /** In the spec's order; of a search only graphs with a trial. */
  readonly graphs: readonly ResultRow[];
  /** Those of the graphs that are null graphs: controls, never the best. Absent: none. */
  readonly controls?: ReadonlySet<string>;
}

/** One graph's errors over training seeds. */
export interface ErrorRow {
  /** Spec line. */
  readonly graph: string;
  /** What its author calls it; absent or null: by its spec. */
  readonly name?: string | null | undefined;
  /** k / n, the mean degree by the nodes; 1 of the complete graph as a baseline. */
  readonly density: number;
  readonly clustering: number;
  readonly pathLength: number;
  /** Top-1 error, %, in the order of the table's seeds; null where it is missing. */
  readonly errors: readonly (number | null)[];
}

/** A baseline: a graph that is not connected has no path length, and is compared all the same. */
export type BaselineRow = Omit<ErrorRow, 'pathLength'> & { readonly pathLength: number | null };

/** A graph that has no place in the plane: it is not connected, or nothing is known of it. */
export type UnplacedRow = Pick<ErrorRow, 'graph' | 'name' | 'errors'> & {
  readonly density: number | null;
};

/** A result table after one epoch. */
export interface ErrorTable {
  readonly name: string;
  readonly arch: string;
  readonly seeds: readonly number[];
  readonly baseline: BaselineRow | null;
  /** Graphs with a place in the plane. */
  readonly graphs: readonly ErrorRow[];
  /**
   * The others: they are in no cell and no fit, but tell of seeds and noise as well. Absent: none.
   */
  readonly unplaced?: readonly UnplacedRow[];
  /** Graphs that are controls, never the best. Absent: none. */
  readonly controls?: ReadonlySet<string>;
}

/** A graph of a table as people are shown it. */
export function rowLabel({ graph, name }: Pick<ErrorRow, 'graph' | 'name'>): string {
  return name ?? graph;
}

/**
 * One record per trial, in trial order, whatever the order of the log. A trial that failed and was
 * retried appears twice: its complete record counts.
 */
export function inTrialOrder(records: readonly TrialRecord[]): readonly TrialRecord[] {
  const byIndex = new Map<number, TrialRecord>();
  for (const record of records) {
    if (byIndex.get(record.index)?.status !== 'complete') byIndex.set(record.index, record);
  }
  return [...byIndex.values()].sort((a, b) => a.index - b.index);
}

/** What a table is made of. */
export interface ResultTableInput {
  readonly spec: StudySpec;
  /** In any order. */
  readonly records: readonly TrialRecord[];
  /**
   * Columns; default: the spec's own seeds. The seeds of a confirmation make a table of their own.
   */
  readonly seeds?: readonly number[];
  /** What the table is called; default: the study's name. */
  readonly name?: string;
}

/** The result table of a study, finished or not. A function of the set of records alone. */
export function resultTable({
  spec,
  records,
  seeds = spec.seeds,
  name = spec.name,
}: ResultTableInput): ResultTable {
  const columns = new Set(seeds);
  const own = inTrialOrder(records).filter(({ seed }) => columns.has(seed));
  const byGraph = new Map<string, TrialRecord[]>();
  const known = new Set<number>();
  for (const record of own) {
    const before = byGraph.get(record.graph);
    if (before === undefined) byGraph.set(record.graph, [record]);
    else before.push(record);
    if (isComplete(record)) for (const { epoch } of record.epochs) known.add(epoch);
  }
  const epochs = [...known].sort((a, b) => a - b);
  const names = graphNames(spec);
  const row = (graph: string): ResultRow =>
    rowOf({ graph, name: names.get(graph) ?? null }, byGraph.get(graph) ?? [], { seeds, epochs });
  // A search leaves most graphs alone, and so does a confirmation.
  const all = spec.search === undefined && seeds === spec.seeds;
  const graphs = [...new Set(spec.graphs)].filter((graph) => all || byGraph.has(graph));
  const baseline = byGraph.has(spec.baseline) ? row(spec.baseline) : null;
  return {
    name,
    arch: spec.arch,
    chosenOn: own.some(hasValidation) ? 'validation' : 'test',
    seeds,
    epochs,
    baseline,
    graphs: graphs.map(row),
    ...(spec.nulls && { controls: nullGraphs(spec) }),
  };
}

const isComplete = (record: TrialRecord): record is Complete => record.status === 'complete';

const hasValidation = ({ epochs }: TrialRecord): boolean =>
  epochs.at(-1)?.validationError !== undefined;

interface Columns {
  readonly seeds: readonly number[];
  readonly epochs: readonly number[];
}

function rowOf(
  named: Pick<ResultRow, 'graph' | 'name'>,
  records: readonly TrialRecord[],
  { seeds, epochs }: Columns,
): ResultRow {
  const complete = new Map(records.filter(isComplete).map((record) => [record.seed, record]));
  return {
    ...named,
    facts: records.find((record) => record.facts !== null)?.facts ?? null,
    trainings: seeds.map((seed) => {
      const record = complete.get(seed);
      return record === undefined ? null : trainingOf(record, epochs);
    }),
    failed: records.filter(({ status }) => status === 'failed').length,
  };
}

function trainingOf(
  { seed, error, epochs: logged }: Complete,
  epochs: readonly number[],
): Training {
  const at = new Map(logged.map((each) => [each.epoch, each]));
  const column = (value: (epoch: LoggedEpoch) => number | null): (number | null)[] =>
    epochs.map((epoch) => {
      const found = at.get(epoch);
      return found === undefined ? null : value(found);
    });
  return {
    seed,
    error,
    validation: logged.at(-1)?.validationError ?? null,
    test: column(({ testError }) => testError),
    test5: column(({ testError5 }) => testError5),
    train: column(({ trainError }) => trainError),
  };
}

/**
 * k / n = 2 edges / n^2; a complete graph that is the baseline has density 1, as the paper's code
 * has it.
 */
export function densityOf({ nodes, edges }: TrialFacts): number {
  return edges === (nodes * (nodes - 1)) / 2 ? 1 : (2 * edges) / nodes ** 2;
}

/** Whether a row has a place in the plane of C and L. */
export function hasPlace(row: BaselineRow): row is ErrorRow {
  return row.pathLength !== null;
}

/**
 * Test errors after an epoch; default: after the last, those that the trials ended with. Graphs
 * without any complete trial are left out.
 */
export function errorsAfter(table: ResultTable, epoch?: number): ErrorTable {
  const at = epoch === undefined ? -1 : table.epochs.indexOf(epoch);
  return errorsBy(table, ({ error, test }) => (epoch === undefined ? error : (test[at] ?? null)));
}

/**
 * The errors that graphs are chosen by, after the last epoch: those of held out training images
 * where there are some (`chosenOn`), else the test errors. The rows are those of `errorsAfter`.
 */
export function choiceErrors(table: ResultTable): ErrorTable {
  return errorsBy(table, ({ error, validation }) => validation ?? error);
}

function errorsBy(table: ResultTable, error: (training: Training) => number | null): ErrorTable {
  const errorOf = (training: Training | null): number | null => training && error(training);
  const errorsOf = ({ trainings }: ResultRow): (number | null)[] => trainings.map(errorOf);
  const known = (row: ResultRow): BaselineRow[] => {
    const { graph, name: called, facts } = row;
    if (facts === null) return [];
    const { clustering, pathLength } = facts;
    const place = { density: densityOf(facts), clustering, pathLength };
    return [{ graph, name: called, ...place, errors: errorsOf(row) }];
  };
  const placed = (row: ResultRow): ErrorRow[] => known(row).filter(hasPlace);
  const { name, arch, seeds, controls } = table;
  const measured = table.graphs.filter(({ trainings }) =>
    trainings.some((training) => training !== null),
  );
  const baseline = (table.baseline && known(table.baseline)[0]) ?? null;
  const unplaced = measured
    .filter((row) => placed(row).length === 0)
    .map((row) => ({
      graph: row.graph,
      name: row.name,
      density: row.facts && densityOf(row.facts),
      errors: errorsOf(row),
    }));
  const graphs = measured.flatMap(placed);
  return { name, arch, seeds, baseline, graphs, unplaced, ...(controls && { controls }) };
}
