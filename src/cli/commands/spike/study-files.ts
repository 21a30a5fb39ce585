import { join } from 'node:path';
import { canonicalJson } from '../../../core/canonical-json.js';
import { type TableColumn, writeCsv } from '../../../core/table-files.js';
import { UserError } from '../../../core/errors.js';
import { spikeFigure, type SpikePoint } from '../../../figures/spikes.js';
import {
  isFile,
  makeDirectory,
  readJson,
  writeFileAtomic,
  writeJsonAtomic,
} from '../../../platform/fs.js';
import type { Trial, TrialFacts } from '../../../study/types.js';
import type { Measured } from '../../../spikes/measured.js';
import type { MeasuredFloat, MeasureSettings } from './measure.js';
import { codeText } from './options.js';

/** What one trial of a study came to as events; a failed one has its reason. */
export type SpikeRecord = Trial &
  (
    | {
        readonly status: 'complete';
        readonly facts: TrialFacts;
        /** Of the float network, in %. */
        readonly floatError: number;
        readonly float: MeasuredFloat;
        readonly codes: readonly Measured[];
      }
    | { readonly status: 'failed'; readonly reason: string }
  );

/** Where the outcomes of a study lie: a file for each trial, written whole or not at all. */
export interface SpikeFiles {
  readonly directory: string;
  read(index: number): SpikeRecord | null;
  write(record: SpikeRecord): void;
  /** Table and figure of all records, anew. */
  report(records: readonly SpikeRecord[]): void;
}

/**
 * Opens a directory for the outcomes of one study by one set of settings.
 *
 * @throws UserError where it holds those of another
 */
export function spikeFiles(
  directory: string,
  study: { readonly name: string; readonly hash: string },
  settings: MeasureSettings,
): SpikeFiles {
  const own = { study: study.name, hash: study.hash, settings };
  const settingsFile = join(directory, 'settings.json');
  if (!isFile(settingsFile)) {
    makeDirectory(join(directory, 'trials'));
    writeJsonAtomic(settingsFile, own);
  } else if (canonicalJson(readJson(settingsFile)) !== canonicalJson(own))
    throw new UserError(
      `${directory} holds another study, or this one by other settings (${settingsFile}); give the ` +
        'same options, or another directory with --out',
    );
  const fileOf = (index: number): string =>
    join(directory, 'trials', `${String(index).padStart(5, '0')}.json`);
  return {
    directory,
    read: (index) =>
      isFile(fileOf(index))
        ? (readJson(fileOf(index), 'remove it to measure the trial again') as SpikeRecord)
        : null,
    write: (record) => writeJsonAtomic(fileOf(record.index), record),
    report(records) {
      writeFileAtomic(join(directory, 'table.csv'), writeCsv(tableOf(records)));
      for (const setting of settings.codes) {
        const points = records.flatMap((record) => pointOf(record, codeText(setting)));
        const name = `${setting.code}-${setting.steps}.svg`;
        const failed = records.filter(({ status }) => status === 'failed').length;
        if (points.length > 0)
          writeFileAtomic(
            join(directory, name),
            spikeFigure(points, { study: study.name, code: codeText(setting), failed }),
          );
      }
    },
  };
}

type Complete = Extract<SpikeRecord, { readonly status: 'complete' }>;

function pointOf(record: SpikeRecord, code: string): SpikePoint[] {
  if (record.status === 'failed') return [];
  const measured = record.codes.find((each) => codeText(each) === code);
  if (measured?.traffic == null) return [];
  return [
    {
      graph: record.graph,
      baseline: record.role === 'baseline',
      pathLength: record.facts.pathLength,
      error: measured.error,
      floatError: record.floatError,
      nanojoules: measured.energy['45 nm CMOS'] ?? 0,
      packets: measured.traffic.packets,
      hops: measured.traffic.hops,
    },
  ];
}

interface Row {
  readonly record: SpikeRecord;
  /** Null of a failed trial. */
  readonly measured: { readonly whole: Complete; readonly code: Measured } | null;
}

const rowsOf = (record: SpikeRecord): Row[] =>
  record.status === 'failed'
    ? [{ record, measured: null }]
    : record.codes.map((code) => ({ record, measured: { whole: record, code } }));

/** One row for each trial and code; of a failed trial one with its reason. */
function tableOf(records: readonly SpikeRecord[]): TableColumn[] {
  const rows = records.flatMap(rowsOf);
  const text = (name: string, of: (row: Row) => string): TableColumn => ({
    name,
    type: 'text',
    values: rows.map(of),
  });
  const real = (
    name: string,
    of: (whole: Complete, code: Measured) => number | null | undefined,
  ): TableColumn => ({
    name,
    type: 'real',
    values: rows.map(({ measured }) =>
      measured === null ? null : (of(measured.whole, measured.code) ?? null),
    ),
  });
  return [
    real('trial', ({ index }) => index),
    text('role', ({ record }) => record.role),
    text('graph', ({ record }) => record.graph),
    real('seed', ({ seed }) => seed),
    real('clustering', ({ facts }) => facts.clustering),
    real('path_length', ({ facts }) => facts.pathLength),
    real('edges', ({ facts }) => facts.edges),
    real('width', ({ facts }) => facts.widths[0]),
    real('float_error', ({ floatError }) => floatError),
    text('code', ({ measured }) => (measured === null ? '' : codeText(measured.code))),
    real('error', (_, { error }) => error),
    real('difference', ({ floatError }, { error }) => error - floatError),
    real('active', (_, { figures }) => 1 - figures.activationSparsity),
    real('effective_macs', (_, { figures }) => figures.effectiveMacs),
    real('effective_acs', (_, { figures }) => figures.effectiveAcs),
    real('dense', (_, { figures }) => figures.dense),
    real('nanojoules_45nm', (_, { energy }) => energy['45 nm CMOS']),
    real('nanojoules_loihi', (_, { energy }) => energy['Loihi']),
    real('events', (_, { traffic }) => traffic?.events),
    real('packets', (_, { traffic }) => traffic?.packets),
    real('hops', (_, { traffic }) => traffic?.hops),
    real('unicast_hops', (_, { traffic }) => traffic?.unicastHops),
    text('reason', ({ record }) => (record.status === 'failed' ? record.reason : '')),
  ];
}
