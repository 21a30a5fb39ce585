import { csvParse } from 'd3-dsv';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readParquet } from '../../src/core/table-files.js';
import type { TrialRecord } from '../../src/public/study.js';
import { SMALL_STUDY } from '../study/small-study.js';
import { plexus } from './harness.js';

let directory: string;
let done: string;
/** Where a test writes; new for each. */
let place: string;
let records: TrialRecord[];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'plexus-cli-export-'));
  done = join(directory, 'done');
  const spec = join(directory, 'small.yaml');
  writeFileSync(spec, SMALL_STUDY);
  expect((await plexus(['study', 'run', spec, '--out', done])).status).toBe(0);
  records = readFileSync(join(done, 'trials.ndjson'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as TrialRecord)
    .sort((a, b) => a.index - b.index);
});
afterAll(() => rmSync(directory, { recursive: true }));
beforeEach(() => {
  place = mkdtempSync(join(directory, 'place-'));
});

const exported = (file: string, ...more: string[]): ReturnType<typeof plexus> =>
  plexus(['study', 'export', done, '-o', join(place, file), ...more]);
const read = (name: string): string => readFileSync(join(place, name), 'utf8');
const columnsIn = (name: string): string[] =>
  (JSON.parse(read(name)) as { columns: { name: string }[] }).columns.map((column) => column.name);
/** Every file below a directory with its bytes. */
function contents(path: string): Record<string, string> {
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((name) => join(path, name))
    .filter((name) => statSync(name).isFile());
  return Object.fromEntries(files.map((file) => [file, readFileSync(file, 'latin1')]));
}

describe('plexus study export', () => {
  it('writes what the log says as CSV, with the dictionary beside it', async () => {
    const before = contents(done);
    const { status, out, notes } = await exported('table.csv');
    expect({ status, notes }).toEqual({ status: 0, notes: '' });
    expect(out).toContain(`${join(place, 'table.csv')}: 8 rows, 27 columns`);
    expect(readdirSync(place).sort()).toEqual(['table.csv', 'table.dictionary.json']);
    const rows = csvParse(read('table.csv'));
    expect(columnsIn('table.dictionary.json')).toEqual(rows.columns);
    expect(
      rows.map(({ trial, role, graph, seed, error, seconds, widths, macs, trainLoss, reason }) => ({
        trial,
        role,
        graph,
        seed,
        error,
        seconds,
        widths,
        macs,
        trainLoss,
        reason,
      })),
    ).toEqual(
      records.map((record) => ({
        trial: String(record.index),
        role: record.role,
        graph: record.graph,
        seed: String(record.seed),
        error: String(record.status === 'complete' && record.error),
        seconds: String(record.seconds),
        widths: record.facts?.widths.join(' '),
        macs: String(record.facts?.macs),
        trainLoss: String(record.epochs[1].trainLoss),
        reason: '',
      })),
    );
    const state = JSON.parse(readFileSync(join(done, 'study.json'), 'utf8')) as { data: string };
    for (const row of rows)
      expect(row).toMatchObject({
        study: 'small',
        arch: 'mlp',
        data: state.data,
        status: 'complete',
      });
    expect(contents(done)).toEqual(before);
  });

  it('writes JSON and Parquet by the ending, or by --format where the ending is no format’s', async () => {
    expect((await exported('table.JSON')).status).toBe(0);
    const { rows } = JSON.parse(read('table.JSON')) as { rows: { trial: number; error: number }[] };
    expect(rows.map(({ trial, error }) => [trial, error])).toEqual(
      records.map((record) => [record.index, record.status === 'complete' && record.error]),
    );
    expect(columnsIn('table.JSON')).toEqual(columnsIn('table.dictionary.json'));
    // The dictionary is the same one: no --force needed.
    expect((await exported('table.out', '--format', 'parquet')).status).toBe(0);
    const parquet = await readParquet(new Uint8Array(readFileSync(join(place, 'table.out'))));
    expect(parquet.get('error')).toEqual(rows.map(({ error }) => error));
    expect([...parquet.keys()]).toEqual(columnsIn('table.dictionary.json'));
  });

  it('writes a row for each trial and epoch with --epochs', async () => {
    expect((await exported('curves.csv', '--epochs')).status).toBe(0);
    const rows = csvParse(read('curves.csv'));
    expect(
      rows.map(({ trial, epoch, testError, trainLoss }) =>
        [trial, epoch, testError, trainLoss].join(),
      ),
    ).toEqual(
      records.flatMap(({ index, epochs }) =>
        epochs.map(({ epoch, testError, trainLoss }) =>
          [index, epoch, testError, trainLoss].join(),
        ),
      ),
    );
    expect(rows).toHaveLength(16);
    expect(columnsIn('curves.epochs.dictionary.json')).toEqual(rows.columns);
  });

  it('gives the same bytes again', async () => {
    for (const ending of ['csv', 'json', 'parquet']) {
      for (const name of ['a', 'b']) expect((await exported(`${name}.${ending}`)).status).toBe(0);
      expect(
        Buffer.compare(
          readFileSync(join(place, `a.${ending}`)),
          readFileSync(join(place, `b.${ending}`)),
        ),
        ending,
      ).toBe(0);
    }
    expect(read('a.dictionary.json')).toBe(read('b.dictionary.json'));
  });

  it('writes a study that is not finished, and says so', async () => {
    const part = join(place, 'part');
    cpSync(done, part, { recursive: true });
    const lines = readFileSync(join(part, 'trials.ndjson'), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && (JSON.parse(line) as TrialRecord).index !== 2);
    writeFileSync(join(part, 'trials.ndjson'), `${lines.join('\n')}\n`);
    const { status, notes } = await plexus(['study', 'export', part, '-o', join(part, 'mine.csv')]);
    expect(status).toBe(0);
    expect(notes).toContain('1 of 8 trials have not ended');
    const rows = csvParse(readFileSync(join(part, 'mine.csv'), 'utf8'));
    expect(rows.map((row) => row.status)).toEqual(
      records.map(({ index }) => (index === 2 ? 'pending' : 'complete')),
    );
    expect(rows[2]).toMatchObject({ graph: records[2].graph, error: '', macs: '' });
  });
});

describe('plexus study export refuses, and changes nothing', () => {
  /** Status 2, this message, and no file of the place or the study differs. */
  async function refused(argv: readonly string[], message: RegExp): Promise<void> {
    const before = { ...contents(place), ...contents(done) };
    const { status, notes, out } = await plexus(['study', 'export', ...argv]);
    expect(status, notes).toBe(2);
    expect(notes).toMatch(message);
    expect(out).toBe('');
    expect({ ...contents(place), ...contents(done) }).toEqual(before);
  }

  it('an ending or a format that it does not know, or none', async () => {
    await refused(
      [done, '-o', join(place, 'table.xlsx')],
      /table\.xlsx has no ending that tells its format; expected one of \.csv, \.json, \.parquet, or give --format/,
    );
    await refused([done, '-o', join(place, 'table')], /no ending that tells its format/);
    await refused(
      [done, '-o', join(place, 'table.csv'), '--format', 'xlsx'],
      /unknown format "xlsx"; expected one of csv, json, parquet/,
    );
    await refused([done], /--output/);
  });

  it('a file that exists, until --force', async () => {
    writeFileSync(join(place, 'table.csv'), 'mine');
    await refused(
      [done, '-o', join(place, 'table.csv')],
      /table\.csv exists; choose another name, or replace it with --force/,
    );
    expect((await exported('table.csv', '--force')).status).toBe(0);
    expect(csvParse(read('table.csv'))).toHaveLength(8);
  });

  it('a dictionary that says something else, until --force', async () => {
    expect((await exported('table.csv')).status).toBe(0);
    // Trials and epochs have a dictionary each.
    expect((await exported('table.json', '--epochs')).status).toBe(0);
    expect(columnsIn('table.epochs.dictionary.json')).toEqual(columnsIn('table.json'));
    writeFileSync(join(place, 'other.dictionary.json'), '{}');
    await refused([done, '-o', join(place, 'other.csv')], /other\.dictionary\.json exists/);
    expect((await exported('other.csv', '--force')).status).toBe(0);
  });

  it('the files of the study itself, even with --force, also through a link', async () => {
    for (const name of ['study.json', 'study.yaml', 'trials.ndjson', 'graphs/mine.csv']) {
      if (name.startsWith('graphs')) mkdirSync(join(done, 'graphs'), { recursive: true });
      const format = name.endsWith('.csv') ? 'csv' : 'json';
      await refused(
        [done, '-o', join(done, name), '--format', format, '--force'],
        /is one of the files of the study itself/,
      );
    }
    symlinkSync(join(done, 'study.json'), join(place, 'link.json'));
    await refused(
      [done, '-o', join(place, 'link.json'), '--force'],
      /is one of the files of the study itself/,
    );
  });

  // The table's place cannot be written to, its dictionary's can.
  it.runIf(process.platform === 'linux')(
    'a table that cannot be written: its dictionary is as before',
    async () => {
      symlinkSync('/proc/version', join(place, 'table.csv'));
      const file = join(place, 'table.csv');
      await refused([done, '-o', file, '--force'], /cannot write/);
      writeFileSync(join(place, 'table.dictionary.json'), 'mine');
      await refused([done, '-o', file, '--force'], /cannot write/);
    },
  );

  it('what is no study, a directory that is not there, and one in the place of the file', async () => {
    await refused([place, '-o', join(place, 'table.csv')], /is not a study/);
    await refused(
      [done, '-o', join(place, 'nowhere', 'table.csv')],
      /the directory .*nowhere does not exist/,
    );
    mkdirSync(join(place, 'folder.csv'));
    await refused(
      [done, '-o', join(place, 'folder.csv'), '--force'],
      /folder\.csv is not a plain file/,
    );
    writeFileSync(join(place, 'file'), '');
    await refused([done, '-o', join(place, 'file', 'table.csv')], /cannot write/);
  });
});
