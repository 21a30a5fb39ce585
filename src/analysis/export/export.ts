import { type TableColumn, writeCsv, writeParquet } from '../../core/table-files.js';
import { isConfirming } from '../../study/confirm.js';
import { graphNames } from '../../study/names.js';
import { nullsOf } from '../../study/nulls.js';
import type { StudySpec, Trial, TrialRecord } from '../../study/types.js';
import { inTrialOrder } from '../result-table.js';
import { epochColumns, trialColumns } from './columns.js';
import type { ColumnMeaning, EpochRow, ExportColumn, TrialRow } from './types.js';
import { validationNames } from './validation-columns.js';

/** The formats a study can be exported as; also the endings of their files. */
export const EXPORT_FORMATS = ['csv', 'json', 'parquet'] as const;
/** A format that a study's tables are exported in. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** A study, as far as an export needs it. */
export interface ExportInput {
  readonly spec: StudySpec;
  /** All trials, in their fixed order. */
  readonly trials: readonly Trial[];
  readonly records: readonly TrialRecord[];
  /** Identity of the data set. */
  readonly dataIdentity: string;
}

/** What a row stands for: a trial, or one finished epoch of one. */
export type ExportRows = 'trials' | 'epochs';

/** A study as one table, and what its columns mean. */
export interface ExportTable {
  readonly study: string;
  readonly rows: ExportRows;
  readonly rowCount: number;
  readonly meanings: readonly ColumnMeaning[];
  /** As many as `meanings`, in the same order. */
  readonly columns: readonly TableColumn[];
}

/**
 * A study as a table: one row for each of its trials in the study's order, those that have not
 * ended included (`pending`; of a search, and of trials that confirm: those that have begun), or
 * one row for each finished epoch of each trial. A study that holds no images out has no columns of
 * them.
 */
export function exportTable(
  { spec, trials, records, dataIdentity }: ExportInput,
  rows: ExportRows,
): ExportTable {
  const byIndex = new Map(inTrialOrder(records).map((record) => [record.index, record]));
  const { name: study, arch } = spec;
  // A search leaves most of its trials alone for good, as a confirmation does.
  const sure = (trial: Trial): boolean => spec.search === undefined && !isConfirming(spec, trial);
  const listed = trials.filter((trial) => sure(trial) || byIndex.has(trial.index));
  const names = graphNames(spec);
  const drawn = new Map(
    (spec.nulls ?? []).flatMap((each) => nullsOf(each).map((graph) => [graph, each.of])),
  );
  const trialRows = listed.map((trial): TrialRow => ({
    study,
    arch,
    data: dataIdentity,
    trial,
    name: names.get(trial.graph) ?? null,
    nullOf: drawn.get(trial.graph) ?? null,
    record: byIndex.get(trial.index) ?? null,
  }));
  const known = records.some(({ epochs }) => epochs.at(-1)?.validationError !== undefined);
  const kept = <Row>(columns: readonly ExportColumn<Row>[]): readonly ExportColumn<Row>[] =>
    known ? columns : columns.filter(({ name }) => !validationNames.includes(name));
  if (rows === 'trials') return tableOf(study, rows, kept(trialColumns), trialRows);
  const epochRows = trialRows.flatMap((row) =>
    (row.record?.epochs ?? []).map((epoch): EpochRow => ({ ...row, epoch })),
  );
  return tableOf(study, rows, kept(epochColumns), epochRows);
}

function tableOf<Row>(
  study: string,
  rows: ExportRows,
  columns: readonly ExportColumn<Row>[],
  lines: readonly Row[],
): ExportTable {
  return {
    study,
    rows,
    rowCount: lines.length,
    meanings: columns.map(meaningOf),
    columns: columns.map((column) => valuesOf(column, lines)),
  };
}

function meaningOf({ name, type, unit, definition, source }: ColumnMeaning): ColumnMeaning {
  return { name, type, unit, definition, source };
}

function valuesOf<Row>(column: ExportColumn<Row>, lines: readonly Row[]): TableColumn {
  const { name } = column;
  if (column.type === 'text') return { name, type: 'text', values: lines.map(column.value) };
  // The table's integers have 32 bits; a double holds all whole numbers that JavaScript has.
  const type = column.type === 'integer' && column.wide !== true ? 'integer' : 'real';
  return { name, type, values: lines.map(column.value) };
}

/** The data dictionary of an export as text (JSON). It is the same for all formats of one table. */
export function exportDictionary({ study, rows, meanings }: ExportTable): string {
  const row = rows === 'trials' ? 'one trial' : 'one finished epoch of one trial';
  return `${JSON.stringify({ study, row, columns: meanings }, null, 2)}\n`;
}

/** The bytes of an export's file. They depend on the study alone. */
export function exportBytes(table: ExportTable, format: ExportFormat): Uint8Array {
  return WRITERS[format](table);
}

const WRITERS: Readonly<Record<ExportFormat, (table: ExportTable) => Uint8Array>> = {
  csv: ({ columns }) => writeCsv(columns),
  json: writeRows,
  parquet: ({ columns }) => writeParquet(columns),
};

/**
 * `{columns, rows}`, a column or a row a line. In chunks: no string comes near the longest one
 * there can be.
 */
function writeRows({ meanings, columns, rowCount }: ExportTable): Uint8Array {
  const separated = (text: string, at: number, count: number): string =>
    `    ${text}${at + 1 < count ? ',' : ''}\n`;
  const head = meanings
    .map((meaning, at) => separated(JSON.stringify(meaning), at, meanings.length))
    .join('');
  const encoder = new TextEncoder();
  const chunks = [encoder.encode(`{\n  "columns": [\n${head}  ],\n  "rows": [\n`)];
  for (let row = 0; row < rowCount; row++) {
    const cells = Object.fromEntries(columns.map(({ name, values }) => [name, values[row]]));
    chunks.push(encoder.encode(separated(JSON.stringify(cells), row, rowCount)));
  }
  return joined([...chunks, encoder.encode('  ]\n}\n')]);
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
