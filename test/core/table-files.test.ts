import fc from 'fast-check';
import { csvParseRows } from 'd3-dsv';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import {
  readParquet,
  writeCsv,
  writeParquet,
  type TableColumn,
} from '../../src/core/table-files.js';

const columns: readonly TableColumn[] = [
  { name: 'n', type: 'integer', values: Int32Array.of(64, -1, 2 ** 31 - 1) },
  { name: 'C', type: 'real', values: Float64Array.of(0.1, -0, 1e-300) },
  { name: 'L', type: 'real', values: [1.5, null, 5e-324] },
  { name: 'spec, of "it"', type: 'text', values: ['ws-flex:n=64,k=8', null, 'a\nb'] },
];

const csv = (table: readonly TableColumn[]): string => new TextDecoder().decode(writeCsv(table));

const anyTable = fc
  .nat(50)
  .chain((rows) => {
    const integer = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    return fc.record({
      plain: fc.array(fc.option(integer), { minLength: rows, maxLength: rows }),
      typed: fc.array(integer, { minLength: rows, maxLength: rows }),
      real: fc.array(fc.option(fc.double()), { minLength: rows, maxLength: rows }),
      text: fc.array(fc.option(fc.string({ unit: 'grapheme' })), {
        minLength: rows,
        maxLength: rows,
      }),
    });
  })
  .map(({ plain, typed, real, text }): readonly TableColumn[] => [
    { name: 'plain', type: 'integer', values: plain },
    { name: 'typed', type: 'integer', values: Int32Array.from(typed) },
    { name: 'real', type: 'real', values: real },
    { name: 'exact', type: 'real', values: Float64Array.from(real, (value) => value ?? 0) },
    { name: 'text', type: 'text', values: text },
  ]);

describe('writeCsv', () => {
  it('writes a header and rows, quotes what must be quoted, leaves absent values empty', () => {
    expect(csv(columns)).toBe(
      'n,C,L,"spec, of ' +
        '""it"""\n64,0.1,1.5,"ws-flex:n=64,k=8"\n-1,-0,,\n2147483647,1e-300,5e-324,"a\nb"\n',
    );
  });

  it('of no rows is the header alone', () => {
    expect(
      csv([
        { name: 'a', type: 'real', values: [] },
        { name: 'b', type: 'text', values: [] },
      ]),
    ).toBe('a,b\n');
  });

  it('another reader gets every value back, numbers to the last bit', () => {
    fc.assert(
      fc.property(anyTable, (table) => {
        const rows = csvParseRows(csv(table)).slice(1);
        for (const [at, column] of table.entries()) {
          const got = rows.map((row) =>
            row[at] === '' ? null : column.type === 'text' ? row[at] : Number(row[at]),
          );
          const values: readonly (string | number | null)[] = [...column.values];
          expect(got).toEqual(values.map((value) => (value === '' ? null : value)));
        }
      }),
    );
  });

  it('long tables are written whole', () => {
    const lines = csv([
      { name: 'i', type: 'integer', values: Int32Array.from({ length: 40_000 }, (_, i) => i) },
    ]).split('\n');
    expect(lines).toHaveLength(40_002);
    expect(lines.slice(16_383, 16_388)).toEqual(['16382', '16383', '16384', '16385', '16386']);
  });
});

describe('writeParquet', () => {
  it('readParquet gives every value back', async () => {
    await fc.assert(
      fc.asyncProperty(anyTable, async (table) => {
        const back = await readParquet(writeParquet(table));
        expect([...back.keys()]).toEqual(table.map(({ name }) => name));
        for (const { name, values } of table) expect(back.get(name)).toEqual([...values]);
      }),
    );
  });

  it('tells the two zeros apart', async () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? -0 : 0));
    const back = await readParquet(
      writeParquet([
        { name: 'typed', type: 'real', values },
        { name: 'plain', type: 'real', values: [null, ...values.subarray(1)] },
      ]),
    );
    expect(back.get('typed')).toEqual([...values]);
    expect(back.get('plain')).toEqual([null, ...values.subarray(1)]);
  });

  it('tables of several row groups keep their order', async () => {
    const values = Float64Array.from({ length: 120_000 }, (_, i) => Math.sqrt(i));
    const text = Array.from(values, (_, i) => `g${i % 97}`);
    const back = await readParquet(
      writeParquet([
        { name: 'x', type: 'real', values },
        { name: 't', type: 'text', values: text },
      ]),
    );
    expect(back.get('x')).toEqual([...values]);
    expect(back.get('t')).toEqual(text);
  });

  it('starts and ends as the format says', () => {
    const bytes = writeParquet(columns);
    expect(new TextDecoder().decode(bytes.subarray(0, 4))).toBe('PAR1');
    expect(new TextDecoder().decode(bytes.subarray(-4))).toBe('PAR1');
  });
});

describe('mistakes', () => {
  it.each([
    ['no columns', []],
    ['lengths that differ', [columns[0], { name: 'x', type: 'real', values: [1] }]],
    ['a name twice', [columns[0], columns[0]]],
    ['an integer that is none', [{ name: 'x', type: 'integer', values: [0.5] }]],
    ['an integer of more than 32 bits', [{ name: 'x', type: 'integer', values: [2 ** 31] }]],
  ] satisfies [string, TableColumn[]][])('%s', (_, table) => {
    expect(() => writeCsv(table)).toThrow(/^internal: /);
    expect(() => writeParquet(table)).toThrow(/^internal: /);
  });

  it('damaged Parquet files are refused', async () => {
    const bytes = writeParquet(columns);
    for (const damaged of [
      new Uint8Array(0),
      new Uint8Array(100),
      bytes.slice(0, -1),
      bytes.slice(20),
    ]) {
      await expect(readParquet(damaged)).rejects.toThrow(UserError);
    }
  });
});
