import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import {
  readSafetensors,
  readSafetensorsFile,
  readSafetensorsMetadata,
  writeSafetensors,
  writeSafetensorsFile,
  type Tensor,
} from '../../src/interop/index.js';

const golden = JSON.parse(
  readFileSync(new URL('../golden/safetensors.json', import.meta.url), 'utf8'),
) as {
  halves: (number | 'nan' | 'inf' | '-inf')[];
  bfloat16: number[][];
};

/** A file with any header and data. */
function fileOf(header: unknown, data: Uint8Array = new Uint8Array()): Uint8Array {
  const json = new TextEncoder().encode(
    typeof header === 'string' ? header : JSON.stringify(header),
  );
  const file = new Uint8Array(8 + json.length + data.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  file.set(data, 8 + json.length);
  return file;
}

function bytesOf(values: { buffer: ArrayBufferLike }): Uint8Array {
  return new Uint8Array(values.buffer);
}

const shapes = fc.array(fc.nat({ max: 4 }), { maxLength: 4 });
const tensors: fc.Arbitrary<Tensor> = shapes.chain((shape) => {
  const length = shape.reduce((product, side) => product * side, 1);
  const data = fc.oneof(
    fc.float32Array({ minLength: length, maxLength: length }),
    fc.float64Array({ minLength: length, maxLength: length }),
  );
  return data.map((numbers) => ({ shape, data: numbers }));
});
const names = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .filter((name) => name !== '__metadata__');
const maps = fc
  .array(fc.tuple(fc.oneof(names, fc.constantFrom('__proto__', '1', 'constructor')), tensors), {
    maxLength: 6,
  })
  .map((entries) => new Map(entries));

function sorted(map: ReadonlyMap<string, Tensor>): [string, Tensor][] {
  return [...map].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

describe('safetensors', () => {
  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(maps, (map) => {
        expect(sorted(readSafetensors(writeSafetensors(map)))).toEqual(sorted(map));
      }),
    );
  });

  it('keeps metadata', () => {
    const map = new Map([['w', { shape: [2], data: new Float32Array([1, 2]) }]]);
    expect([
      ...readSafetensorsMetadata(writeSafetensors(map, { epoch: '3', __proto: 'x' })),
    ]).toEqual([
      ['epoch', '3'],
      ['__proto', 'x'],
    ]);
    expect(readSafetensorsMetadata(writeSafetensors(map)).size).toBe(0);
  });

  it('aligns every tensor to its numbers', () => {
    const file = writeSafetensors(
      new Map<string, Tensor>([
        ['a', { shape: [1], data: new Float32Array(1) }],
        ['b', { shape: [1], data: new Float64Array(1) }],
      ]),
    );
    const length = Number(new DataView(file.buffer).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length))) as Record<
      string,
      { data_offsets: number[] }
    >;
    expect(length % 8).toBe(0);
    expect([header['b'].data_offsets, header['a'].data_offsets]).toEqual([
      [0, 8],
      [8, 12],
    ]);
  });

  it('writes the documented bytes', () => {
    const file = writeSafetensors(
      new Map([['w', { shape: [1, 2], data: new Float32Array([1, -2]) }]]),
    );
    const header = '{"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}} ';
    const padded = header.trimEnd().padEnd(Math.ceil(header.trimEnd().length / 8) * 8);
    expect(Buffer.from(file).equals(fileOf(padded, bytesOf(new Float32Array([1, -2]))))).toBe(true);
  });

  it('reads a view into a larger buffer, at any alignment', () => {
    const file = writeSafetensors(
      new Map([['w', { shape: [2], data: new Float64Array([1.5, -2]) }]]),
    );
    const larger = new Uint8Array(file.length + 7);
    larger.set(file, 3);
    expect(readSafetensors(larger.subarray(3, 3 + file.length)).get('w')!.data).toEqual(
      new Float64Array([1.5, -2]),
    );
  });

  it('reads every half-precision number as NumPy does', () => {
    const all = Uint16Array.from({ length: 65536 }, (_, i) => i);
    const { data } = readSafetensors(
      fileOf({ h: { dtype: 'F16', shape: [65536], data_offsets: [0, 131072] } }, bytesOf(all)),
    ).get('h')!;
    const read = (i: number) =>
      Number.isNaN(data[i])
        ? 'nan'
        : data[i] === Infinity
          ? 'inf'
          : data[i] === -Infinity
            ? '-inf'
            : data[i];
    expect(golden.halves.map((_, i) => read(i * 64 + 1))).toEqual(golden.halves);
    expect([0, 0x8000, 0x7c00, 0xfc00, 1, 0x3c00].map((i) => data[i])).toEqual([
      0,
      -0,
      Infinity,
      -Infinity,
      2 ** -24,
      1,
    ]);
  });

  it('reads bfloat16 as PyTorch does', () => {
    const bits = Uint16Array.from(golden.bfloat16.map(([pattern]) => pattern));
    const { data } = readSafetensors(
      fileOf(
        { b: { dtype: 'BF16', shape: [bits.length], data_offsets: [0, bits.byteLength] } },
        bytesOf(bits),
      ),
    ).get('b')!;
    expect([...data]).toEqual(golden.bfloat16.map(([, value]) => value));
  });

  it('reads integers exactly or not at all', () => {
    const read = (value: bigint) =>
      readSafetensors(
        fileOf(
          { n: { dtype: 'I64', shape: [], data_offsets: [0, 8] } },
          bytesOf(BigInt64Array.of(value)),
        ),
      ).get('n')!.data[0];
    expect([read(-5n), read(2n ** 53n - 1n)]).toEqual([-5, 2 ** 53 - 1]);
    expect(() => read(2n ** 53n)).toThrow(/I64.*9007199254740992/);
    expect([
      ...readSafetensors(
        fileOf(
          { n: { dtype: 'I32', shape: [1], data_offsets: [0, 4] } },
          bytesOf(Int32Array.of(-7)),
        ),
      ).get('n')!.data,
    ]).toEqual([-7]);
  });
});

const entry = (over: object) => ({
  w: { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...over },
});

describe('a damaged safetensors file', () => {
  const data = new Uint8Array(8);
  it.each<[string, Uint8Array, RegExp]>([
    ['empty', new Uint8Array(), /the file is empty; name a file of weights/],
    ['cut inside the header', fileOf(entry({})).subarray(0, 20), /should end at byte .* has 20/],
    ['cut inside the data', fileOf(entry({}), data).subarray(0, -1), /need 8 bytes, but 7 follow/],
    ['with bytes left over', fileOf(entry({}), new Uint8Array(9)), /need 8 bytes, but 9 follow/],
    [
      'with an absurd header length',
      new Uint8Array(16).fill(255),
      /at most 100000000 bytes, but claims 18446744073709551615/,
    ],
    ['with a header that is not JSON', fileOf('{"w":'), /must be JSON/],
    [
      'with a header that is not UTF-8',
      fileOf('{"w":1}').map((b) => (b === 0x77 ? 0xff : b)),
      /must be JSON in UTF-8/,
    ],
    ['with a list as header', fileOf([]), /JSON object/],
    ['with a number as tensor', fileOf({ w: 3 }), /described by an object/],
    [
      'of an unknown dtype',
      fileOf(entry({ dtype: 'F8' }), data),
      /unknown safetensors dtype "F8" of tensor "w"; expected one of F64, F32/,
    ],
    [
      'with a negative side',
      fileOf(entry({ shape: [-2] }), data),
      /non-negative integers as its shape/,
    ],
    ['with one offset', fileOf(entry({ data_offsets: [0] }), data), /data_offsets/],
    [
      'with offsets that do not fit the shape',
      fileOf(entry({ shape: [3] }), data),
      /needs 12 bytes, but its offsets 0..8 span 8/,
    ],
    [
      'with a shape beyond any memory',
      fileOf(entry({ shape: [2 ** 50, 2 ** 50] }), data),
      /needs .* bytes/,
    ],
    [
      'with overlapping tensors',
      fileOf(
        { ...entry({}), v: { dtype: 'F32', shape: [2], data_offsets: [4, 12] } },
        new Uint8Array(12),
      ),
      /"v" starts at 4, inside/,
    ],
    [
      'with a gap',
      fileOf(entry({ data_offsets: [4, 12] }), new Uint8Array(12)),
      /gap before tensor "w"/,
    ],
    [
      'with metadata that is not text',
      fileOf({ __metadata__: { epoch: 3 } }),
      /map text to text, but "epoch" is 3/,
    ],
  ])('%s is refused', (_, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(message);
    expect(() => readSafetensors(bytes)).toThrow(UserError);
  });

  it('gives tensors or a UserError, whatever the bytes', () => {
    const edits = fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        byte: fc.nat(255),
      }),
      { maxLength: 8 },
    );
    const outcomes = new Set<string>();
    fc.assert(
      fc.property(
        maps,
        edits,
        fc.double({ min: 0.5, max: 1, noNaN: true }),
        (map, changes, kept) => {
          const file = writeSafetensors(map);
          for (const { at, byte } of changes) file[Math.floor(at * file.length)] = byte;
          const bytes = kept < 0.75 ? file.subarray(0, Math.floor(kept * file.length)) : file;
          try {
            readSafetensors(bytes).forEach(({ shape, data: numbers }) =>
              expect(numbers.length).toBe(shape.reduce((a, b) => a * b, 1)),
            );
            outcomes.add('read');
          } catch (error) {
            expect(error).toBeInstanceOf(UserError);
            outcomes.add('refused');
          }
        },
      ),
      { numRuns: 500 },
    );
    expect([...outcomes].toSorted()).toEqual(['read', 'refused']);
  });
});

describe('writing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plexus-safetensors-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('refuses data that do not fit the shape, and the reserved name', () => {
    expect(() =>
      writeSafetensors(new Map([['w', { shape: [3], data: new Float32Array(2) }]])),
    ).toThrow(/"w" of shape \[3\].*got 2/);
    expect(() =>
      writeSafetensors(new Map([['__metadata__', { shape: [], data: new Float32Array(1) }]])),
    ).toThrow(UserError);
  });

  it('goes through files, leaving nothing else behind', () => {
    const path = join(folder, 'w.safetensors');
    const map = new Map([['w', { shape: [2], data: new Float32Array([3, 4]) }]]);
    writeSafetensorsFile(path, map);
    writeSafetensorsFile(path, map);
    expect(readSafetensorsFile(path)).toEqual(map);
    expect(readdirSync(folder)).toEqual(['w.safetensors']);
  });

  it('names the file that is missing or damaged', () => {
    expect(() => readSafetensorsFile(join(folder, 'none'))).toThrow(/none.*no such file/);
    const path = join(folder, 'bad');
    writeFileSync(path, 'xx');
    expect(() => readSafetensorsFile(path)).toThrow(/bad: not a valid safetensors file/);
  });
});
