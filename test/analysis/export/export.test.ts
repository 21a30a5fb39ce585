import { csvParse } from 'd3-dsv';
import { describe, expect, it } from 'vitest';
import {
  exportBytes,
  exportDictionary,
  exportTable,
  type ExportInput,
} from '../../../src/analysis/export/index.js';
import { DEFINITIONS } from '../../../src/analysis/index.js';
import { readParquet, type TableCell } from '../../../src/core/table-files.js';
import { trialsOf, type StudySpec, type TrialRecord } from '../../../src/public/study.js';
import { defaultTrainSettings } from '../../../src/train/index.js';

const SPEC: StudySpec = {
  plexus: 1,
  name: 'made, up',
  arch: 'mlp',
  stem: 'auto',
  data: { name: 'shapes' },
  baseline: 'complete:n=4',
  graphs: ['sequence:per=layer,graphs=(complete:n=8)(complete:n=4)', 'cycle:n=8'],
  seeds: [7, 0xffffffff],
  train: { ...defaultTrainSettings, epochs: 2 },
};
const epoch = (
  number: number,
  testError: number,
  top5: number | null,
): TrialRecord['epochs'][number] => ({
  epoch: number,
  learningRate: 0.1 / number,
  trainLoss: 1.5 / number,
  trainError: 40.625,
  trainError5: top5,
  testLoss: 2.5 / number,
  testError,
  testError5: top5,
});
const facts = {
  nodes: 4.5,
  edges: 10,
  clustering: 1 / 3,
  pathLength: null,
  widths: [512, 64],
  macs: 5_000_000_000,
  params: 3_000_000_000,
};
const [first, second, , fourth] = trialsOf(SPEC);
/** Not in the trials' order, one failed after an epoch, one not yet there, one twice. */
const RECORDS: readonly TrialRecord[] = [
  {
    ...fourth,
    status: 'complete',
    facts: { ...facts, pathLength: 1.75 },
    epochs: [epoch(1, 50, 9), epoch(2, 0.1 + 0.2, 1e-7)],
    error: 0.1 + 0.2,
    seconds: 2.5,
  },
  { ...first, status: 'failed', reason: 'first try', facts: null, epochs: [], seconds: 1 },
  {
    ...first,
    status: 'complete',
    facts,
    epochs: [epoch(1, 50, null), epoch(2, 30, null)],
    error: 30,
    seconds: 1,
  },
  {
    ...second,
    status: 'failed',
    reason: 'diverged: "loss",\nnot finite',
    facts,
    epochs: [epoch(1, 90, 50)],
    seconds: 0.5,
  },
];
const INPUT: ExportInput = {
  spec: SPEC,
  trials: trialsOf(SPEC),
  records: RECORDS,
  dataIdentity: 'shapes:1',
};

type Cells = Readonly<Record<string, TableCell | undefined>>;

const common = { study: 'made, up', arch: 'mlp', data: 'shapes:1' };
const network = {
  nodes: 4.5,
  edges: 10,
  clustering: 1 / 3,
  pathLength: null,
  width: 512,
  widths: '512 64',
  macs: 5_000_000_000,
  params: 3_000_000_000,
};
const none = (names: readonly string[]): Cells =>
  Object.fromEntries(names.map((name) => [name, null]));
const unnamed = { name: null, nullOf: null };
const pending = {
  status: 'pending',
  ...none([
    ...Object.keys(network),
    'error',
    'error5',
    'testLoss',
    'trainLoss',
    'trainError',
    'trainAccuracy',
    'epochs',
    'seconds',
    'reason',
  ]),
};

/** Written out, not computed as the code does it. */
const TRIALS: readonly Cells[] = [
  {
    ...common,
    trial: 0,
    role: 'baseline',
    graph: SPEC.baseline,
    name: null,
    nullOf: null,
    seed: 7,
    status: 'complete',
    ...network,
    error: 30,
    error5: null,
    testLoss: 1.25,
    trainLoss: 0.75,
    trainError: 40.625,
    trainAccuracy: 59.375,
    epochs: 2,
    seconds: 1,
    reason: null,
  },
  {
    ...common,
    trial: 1,
    role: 'graph',
    graph: SPEC.graphs[0],
    name: null,
    nullOf: null,
    seed: 7,
    status: 'failed',
    ...network,
    error: null,
    error5: null,
    testLoss: null,
    trainLoss: 1.5,
    trainError: 40.625,
    trainAccuracy: 59.375,
    epochs: 1,
    seconds: 0.5,
    reason: 'diverged: "loss",\nnot finite',
  },
  { ...common, trial: 2, role: 'graph', graph: 'cycle:n=8', ...unnamed, seed: 7, ...pending },
  {
    ...common,
    trial: 3,
    role: 'baseline',
    graph: SPEC.baseline,
    name: null,
    nullOf: null,
    seed: 0xffffffff,
    status: 'complete',
    ...network,
    pathLength: 1.75,
    error: 0.1 + 0.2,
    error5: 1e-7,
    testLoss: 1.25,
    trainLoss: 0.75,
    trainError: 40.625,
    trainAccuracy: 59.375,
    epochs: 2,
    seconds: 2.5,
    reason: null,
  },
  {
    ...common,
    trial: 4,
    role: 'graph',
    graph: SPEC.graphs[0],
    ...unnamed,
    seed: 0xffffffff,
    ...pending,
  },
  {
    ...common,
    trial: 5,
    role: 'graph',
    graph: 'cycle:n=8',
    ...unnamed,
    seed: 0xffffffff,
    ...pending,
  },
];

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const asCsv = (rows: readonly Cells[]): Record<string, string>[] =>
  rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value ?? '')])),
  );

async function parquetRows(bytes: Uint8Array): Promise<Cells[]> {
  const columns = await readParquet(bytes);
  const count = [...columns.values()][0].length;
  return Array.from({ length: count }, (_, row) =>
    Object.fromEntries([...columns].map(([name, cells]) => [name, cells[row]])),
  );
}

describe('an export of trials', () => {
  const table = exportTable(INPUT, 'trials');

  it('has a row for each trial in the order of the study, as JSON with its dictionary', () => {
    const { columns, rows } = JSON.parse(text(exportBytes(table, 'json'))) as {
      columns: unknown;
      rows: Cells[];
    };
    expect(rows).toEqual(TRIALS);
    expect(columns).toEqual((JSON.parse(exportDictionary(table)) as { columns: unknown }).columns);
  });

  it('has the same rows as CSV, empty where there is nothing, quoted where it must be', () => {
    const parsed = csvParse(text(exportBytes(table, 'csv')));
    expect(parsed.map((row) => ({ ...row }))).toEqual(asCsv(TRIALS));
    expect(parsed.columns).toEqual(Object.keys(TRIALS[0]));
  });

  it('has the same rows as Parquet, null where there is nothing', async () => {
    expect(await parquetRows(exportBytes(table, 'parquet'))).toEqual(TRIALS);
  });

  it('does not depend on the order of the log', () => {
    const turned = exportTable({ ...INPUT, records: RECORDS.toReversed() }, 'trials');
    for (const format of ['csv', 'json', 'parquet'] as const)
      expect(Buffer.compare(exportBytes(turned, format), exportBytes(table, format)), format).toBe(
        0,
      );
  });
});

describe('an export of epochs', () => {
  const table = exportTable(INPUT, 'epochs');
  const identity = TRIALS.map((row) =>
    Object.fromEntries(Object.entries(row).slice(0, Object.keys(row).indexOf('params') + 1)),
  );
  const curve = (number: number, testError: number, top5: number | null): Cells => ({
    epoch: number,
    learningRate: 0.1 / number,
    trainLoss: 1.5 / number,
    trainError: 40.625,
    trainAccuracy: 59.375,
    trainError5: top5,
    testLoss: 2.5 / number,
    testError,
    testError5: top5,
  });
  const expected = [
    { ...identity[0], ...curve(1, 50, null) },
    { ...identity[0], ...curve(2, 30, null) },
    { ...identity[1], ...curve(1, 90, 50) },
    { ...identity[3], ...curve(1, 50, 9) },
    { ...identity[3], ...curve(2, 0.1 + 0.2, 1e-7) },
  ];

  it('has a row for each finished epoch, in every format', async () => {
    expect((JSON.parse(text(exportBytes(table, 'json'))) as { rows: Cells[] }).rows).toEqual(
      expected,
    );
    expect(csvParse(text(exportBytes(table, 'csv'))).map((row) => ({ ...row }))).toEqual(
      asCsv(expected),
    );
    expect(await parquetRows(exportBytes(table, 'parquet'))).toEqual(expected);
  });

  it('may have no rows at all', async () => {
    const empty = exportTable({ ...INPUT, records: [] }, 'epochs');
    expect(JSON.parse(text(exportBytes(empty, 'json')))).toMatchObject({ rows: [] });
    expect(text(exportBytes(empty, 'csv'))).toBe(`${Object.keys(expected[0]).join(',')}\n`);
    expect(
      [...(await readParquet(exportBytes(empty, 'parquet')))].map(([name, cells]) => [
        name,
        cells.length,
      ]),
    ).toEqual(Object.keys(expected[0]).map((name) => [name, 0]));
  });
});

describe('the data dictionary', () => {
  it.each(['trials', 'epochs'] as const)(
    'of %s defines exactly the columns, each in full',
    (rows) => {
      const table = exportTable(INPUT, rows);
      const { study, columns } = JSON.parse(exportDictionary(table)) as {
        study: string;
        columns: Record<string, string | null>[];
      };
      expect(study).toBe('made, up');
      expect(columns.map(({ name }) => name)).toEqual(
        csvParse(text(exportBytes(table, 'csv'))).columns,
      );
      for (const column of columns) {
        expect(Object.keys(column)).toEqual(['name', 'type', 'unit', 'definition', 'source']);
        expect(column.definition, String(column.name)).toMatch(/.{5,}\.$/);
        expect(column.source, String(column.name)).toMatch(/^(study\.json|trials\.ndjson): /);
        expect(column.unit, String(column.name)).not.toBe('');
      }
    },
  );

  it('gives each column the type that its values have', () => {
    for (const { meanings, columns } of [
      exportTable(INPUT, 'trials'),
      exportTable(INPUT, 'epochs'),
    ]) {
      meanings.forEach(({ name, type }, at) => {
        const values = [...columns[at].values].filter((value) => value !== null);
        const fits = {
          text: (value: unknown) => typeof value === 'string',
          integer: Number.isSafeInteger,
          real: Number.isFinite,
        }[type];
        expect(values.every(fits), name).toBe(true);
      });
    }
  });

  it('says of a number what the report says', () => {
    const { meanings } = exportTable(INPUT, 'trials');
    for (const name of ['error', 'clustering', 'pathLength', 'macs', 'params'] as const) {
      expect(meanings.find((column) => column.name === name)?.definition, name).toContain(
        DEFINITIONS[name].meaning,
      );
    }
  });
});
