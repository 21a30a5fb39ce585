import type { TrialRecord } from '../study/types.js';
import { inTrialOrder } from './result-table.js';

const COLUMNS = [
  'trial',
  'role',
  'graph',
  'seed',
  'status',
  'error',
  'nodes',
  'edges',
  'clustering',
  'pathLength',
  'widths',
  'macs',
  'params',
  'epochs',
  'trainLoss',
  'trainError',
  'testLoss',
  'testErrors',
  'validationErrors',
  'testError5',
  'reason',
] as const;

type Value = string | number | null;
type Row = Readonly<Record<(typeof COLUMNS)[number], Value>>;

/**
 * Numbers in their shortest form that reads back to the same double; what is missing or not finite
 * is left empty.
 */
function field(value: Value): string {
  if (value === null || (typeof value === 'number' && !Number.isFinite(value))) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function rowOf(record: TrialRecord): Row {
  const { facts, epochs } = record;
  const last = epochs.at(-1);
  return {
    trial: record.index,
    role: record.role,
    graph: record.graph,
    seed: record.seed,
    status: record.status,
    error: record.status === 'complete' ? record.error : null,
    nodes: facts?.nodes ?? null,
    edges: facts?.edges ?? null,
    clustering: facts?.clustering ?? null,
    pathLength: facts?.pathLength ?? null,
    widths: facts?.widths.join(' ') ?? null,
    macs: facts?.macs ?? null,
    params: facts?.params ?? null,
    epochs: epochs.length,
    trainLoss: last?.trainLoss ?? null,
    trainError: last?.trainError ?? null,
    testLoss: last?.testLoss ?? null,
    testError5: last?.testError5 ?? null,
    testErrors: epochs.map((epoch) => epoch.testError).join(' '),
    validationErrors: epochs.flatMap((epoch) => epoch.validationError ?? []).join(' '),
    reason: record.status === 'failed' ? record.reason : null,
  };
}

/**
 * Every recorded trial as CSV (RFC 4180 quoting, LF line ends, a header line), in trial order. Wall
 * times are left out: the table is bit-identical however the study was interrupted and however many
 * workers ran it. `testErrors` holds the test error after each epoch, separated by spaces, and so
 * does `validationErrors` of a study that holds images out;
 * `trainLoss`, `trainError`, `testLoss` and `testError5` (top-5) are the last epoch's.
 */
export function resultsTable(records: readonly TrialRecord[]): string {
  const held = records.some(({ epochs }) => epochs.at(-1)?.validationError !== undefined);
  const columns = COLUMNS.filter((column) => held || column !== 'validationErrors');
  const rows = inTrialOrder(records).map((record) => {
    const row = rowOf(record);
    return columns.map((column) => field(row[column])).join(',');
  });
  return `${[columns.join(','), ...rows].join('\n')}\n`;
}
