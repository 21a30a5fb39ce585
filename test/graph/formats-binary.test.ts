import { gunzipSync, unzlibSync, zipSync, zlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { UserError } from '../../src/core/errors.js';
import { edgeList, graphFromEdges } from '../../src/graph/index.js';
import { defaultReadOptions } from '../../src/graph-formats/types.js';
import '../../src/graph-files/formats/register.js';
import { unfoldZlib } from '../../src/graph-files/formats/inflate.js';
import { readableFormat, writableFormat } from '../../src/graph-formats/registry.js';
import type { FoundGraph, ReadOptions } from '../../src/graph-formats/types.js';
import type { Graph } from '../../src/graph/index.js';
import golden from '../golden/graph-formats-binary.json' with { type: 'json' };
import { latest73 } from './formats-latest73.js';
import { emptySparse73, level4 } from './formats-level4.js';

const formats = ['npy', 'npz', 'mat'];

const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

function read(format: string, bytes: Uint8Array, options: Partial<ReadOptions> = {}): FoundGraph {
  return readableFormat(format).read(bytes, { ...defaultReadOptions, ...options });
}

function written(format: string, graph: Graph): Uint8Array {
  const bytes = writableFormat(format).write(graph);
  if (typeof bytes === 'string') throw new Error(`${format} is binary`);
  return bytes;
}

const goldenBytes = (format: string, name: string): Uint8Array =>
  fromBase64(golden.cases.find((one) => one.format === format && one.name === name)?.bytes ?? '');

/**
 * Every edge in both directions where the graph is undirected, as the golden matrices have them.
 */
function arcs({ graph }: FoundGraph): number[][] {
  const edges = edgeList(graph);
  const all = graph.directed
    ? edges
    : edges.flatMap(([u, v]) => [
        [u, v],
        [v, u],
      ]);
  return all.sort(([a, b], [c, d]) => a - c || b - d);
}

describe('files of NumPy, SciPy and h5py', () => {
  it.each(golden.cases.map((one) => [`${one.format}: ${one.name}`, one] as const))(
    '%s',
    (_, { format, bytes, nodes, edges, threshold, variable }) => {
      const data = fromBase64(bytes);
      const found = read(format, data, { threshold, variable });
      expect(found.graph.nodes).toBe(nodes);
      expect(arcs(found)).toEqual(edges);
      const looks = formats.filter((name) => readableFormat(name).looksLike?.(data));
      expect(looks).toEqual([format]);
    },
  );

  it('reads files that lie somewhere in a larger Node Buffer, as they come from the disk', () => {
    for (const { format, bytes, threshold, variable, edges } of golden.cases) {
      const data = fromBase64(bytes);
      const whole = Buffer.alloc(data.length + 20, 0x37);
      whole.set(data, 13);
      expect(
        arcs(read(format, whole.subarray(13, 13 + data.length), { threshold, variable })),
      ).toEqual(edges);
    }
  });

  it.each([
    ['chunked', /are stored in chunks with the index of HDF5 1\.10 and later .*save -v7/],
    ['extensible', /are stored in chunks with the index of HDF5 1\.10 and later .*save -v7/],
    ['compact', /are stored in the head of its object \(compact storage\), .*save -v7/],
  ] as const)('says that the layout of HDF5 is not read where it is %s', (name, expected) => {
    const bytes = gunzipSync(fromBase64(latest73[name]));
    expect(() => read('mat', bytes)).toThrow(expected);
  });

  it('reads the newest layout of HDF5 without chunks', () => {
    const bytes = gunzipSync(fromBase64(latest73.contiguous));
    expect(read('mat', bytes).graph).toMatchObject({ nodes: 3, edges: 2 });
  });

  it('reads a sparse matrix of MATLAB 7.3 that has no entries', () => {
    expect(read('mat', unzlibSync(fromBase64(emptySparse73)))).toMatchObject({
      graph: { nodes: 4, edges: 0, directed: false },
    });
  });

  it('writes what numpy.save and scipy.io.savemat write', () => {
    const { nodes, edges } = golden.written;
    const graph = graphFromEdges(
      nodes,
      edges.map(([u, v]): [number, number] => [u, v]),
      true,
    );
    expect(written('npy', graph)).toEqual(fromBase64(golden.written.npy));
    const mat = written('mat', graph);
    // The first 124 bytes are free text and an offset that is not used.
    expect(mat.slice(124)).toEqual(fromBase64(golden.written.mat).slice(124));
    expect(new TextDecoder().decode(mat.subarray(0, 116))).toMatch(/^MATLAB 5.0 MAT-file, /);
  });
});

const anyGraph = fc
  .integer({ min: 1, max: 40 })
  .chain((n) =>
    fc.record({
      n: fc.constant(n),
      directed: fc.boolean(),
      pairs: fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1)), { maxLength: 3 * n }),
    }),
  )
  .map(({ n, directed, pairs }) =>
    graphFromEdges(
      n,
      pairs.filter(([u, v]) => u !== v),
      directed,
    ),
  );

describe.each(formats)('%s', (format) => {
  it('reads back every graph that it writes', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        expect(read(format, written(format, graph), { directed: graph.directed }).graph).toEqual(
          graph,
        );
      }),
      { numRuns: 60 },
    );
  });

  it('writes the same bytes every time', () => {
    const graph = graphFromEdges(3, [
      [0, 1],
      [1, 2],
    ]);
    expect(written(format, graph)).toEqual(written(format, graph));
  });
});

/** The message of the `UserError` that reading throws. */
function message(kind: string, bytes: Uint8Array, options: Partial<ReadOptions> = {}): string {
  try {
    read(kind, bytes, options);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return error instanceof Error ? error.message : '';
  }
  return 'nothing was thrown';
}

/** A .npy file with that header and content. */
function npy(header: string, content: Uint8Array = new Uint8Array(0)): Uint8Array {
  const text = new TextEncoder().encode(header);
  return new Uint8Array([
    0x93,
    0x4e,
    0x55,
    0x4d,
    0x50,
    0x59,
    1,
    0,
    text.length & 255,
    text.length >> 8,
    ...text,
    ...content,
  ]);
}

const header = (dtype: string, shape: string, fortran = 'False'): string =>
  `{'descr': '${dtype}', 'fortran_order': ${fortran}, 'shape': (${shape}), }\n`;

describe('damaged .npy files', () => {
  it.each([
    ['not its magic bytes', new Uint8Array(100), /^byte 0: .*NUMPY/],
    [
      'a version of its own',
      new Uint8Array([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 9, 0, 0, 0]),
      /^byte 6: .*1, 2 or 3, got 9/,
    ],
    [
      'no header',
      new Uint8Array([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]),
      /^byte 8: .*ends within its header/,
    ],
    [
      'a header that is cut',
      npy(header('|u1', '2, 2')).slice(0, 40),
      /^byte 8: the header should end at byte \d+, but the file has 40 bytes/,
    ],
    ['no shape', npy("{'descr': '|u1', 'fortran_order': False}"), /^byte 10: .*'shape'/],
    ['no dictionary', npy('hello'), /^byte 10: .*got "hello"/],
    [
      'too few numbers',
      npy(header('|u1', '2, 2'), new Uint8Array(3)),
      /^byte 73: .*needs 4 bytes after the header, got 3/,
    ],
    [
      'too many numbers',
      npy(header('|u1', '2, 2'), new Uint8Array(5)),
      /^byte 75: .*needs 4 bytes after the header, got 5/,
    ],
    [
      'more numbers than there are',
      npy(header('<f8', '99999999999, 99999999999')),
      /^byte \d+: .*needs/,
    ],
    [
      'one dimension',
      npy(header('|u1', '4,'), new Uint8Array(4)),
      /^byte 0: .*two dimensions.*got 4 \|u1/,
    ],
    ['three dimensions', npy(header('|u1', '1, 2, 2'), new Uint8Array(4)), /^byte 0: .*got 1x2x2/],
    ['complex numbers', npy(header('<c8', '2, 2'), new Uint8Array(32)), /^byte 0: .*got 2x2 <c8/],
    ['objects', npy(header('|O', '2, 2'), new Uint8Array(32)), /^byte 0: .*got 2x2 \|O/],
    [
      'records',
      npy("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (2, 2)}"),
      /^byte 10: records/,
    ],
    [
      'not square',
      npy(header('|u1', '2, 3'), new Uint8Array(6)),
      /^byte 0: .*square, got 2 rows and 3 columns/,
    ],
    ['no nodes', npy(header('|u1', '0, 0')), /at least one node/],
    [
      'weights',
      npy(header('|u1', '2, 2'), new Uint8Array([0, 7, 1, 0])),
      /^byte 71: .*threshold.*from 1 to 7/,
    ],
    [
      'NaN',
      npy(header('<f2', '2, 2'), new Uint8Array([0, 0, 1, 0x7e, 0, 0, 0, 0])),
      /^byte 72: .*NaN/,
    ],
  ])('%s', (_, bytes, expected) => expect(message('npy', bytes)).toMatch(expected));
});

const npzOf = (members: Record<string, Uint8Array>): Uint8Array => zipSync(members, { level: 1 });
const matrixNpy = (n: number): Uint8Array =>
  npy(header('|u1', `${n}, ${n}`), new Uint8Array(n * n));

describe('damaged .npz files', () => {
  it.each([
    ['no archive', new Uint8Array(50), /^byte 50: a ZIP archive must end with its directory/],
    [
      'an archive that is cut',
      npzOf({ 'A.npy': matrixNpy(4) }).slice(0, -30),
      /^byte \d+: a ZIP archive must end with its directory/,
    ],
    [
      'no arrays',
      npzOf({ 'readme.txt': new Uint8Array(3) }),
      /^whole file: a square matrix.*holds no arrays/,
    ],
    ['a damaged array', npzOf({ 'A.npy': npy(header('|u1', '2, 2')) }), /^A\.npy, byte \d+: /],
    [
      'two matrices',
      npzOf({ 'A.npy': matrixNpy(2), 'B.npy': matrixNpy(3) }),
      /^whole file: there are 2 square matrices, A, B; add variable=A/,
    ],
    [
      'no square one',
      npzOf({
        'x.npy': npy(header('|u1', '3,'), new Uint8Array(3)),
        'y.npy': npy(header('|O', '2, 2')),
      }),
      /holds x \(3 \|u1\), y \(2x2 \|O\)/,
    ],
  ])('%s', (_, bytes, expected) => expect(message('npz', bytes)).toMatch(expected));

  it('names that are not there, or no matrices, are refused with the list', () => {
    const bytes = npzOf({ 'A.npy': matrixNpy(2), 'x.npy': npy(header('|O', '3,')) });
    expect(message('npz', bytes, { variable: 'C' })).toMatch(
      /^whole file: there is no array "C"; the file holds A \(2x2 \|u1\), x/,
    );
    expect(message('npz', bytes, { variable: 'x' })).toMatch(
      /^whole file: the array "x" must be a matrix of real numbers, got 3 \|O/,
    );
  });

  it('a flipped bit of a member that is not compressed is noticed', () => {
    const bytes = zipSync({ 'A.npy': matrixNpy(4) }, { level: 0 });
    const view = new DataView(bytes.buffer);
    bytes[view.getUint32(bytes.length - 6, true) - 1] ^= 1;
    expect(message('npz', bytes)).toMatch(/^byte 35: the checksum of A\.npy is wrong/);
  });

  it('sizes are added up before anything is unfolded', () => {
    const bytes = npzOf({ 'A.npy': matrixNpy(4) });
    const view = new DataView(bytes.buffer);
    const directory = view.getUint32(bytes.length - 6, true);
    view.setUint32(directory + 24, 2 ** 31, true);
    expect(message('npz', bytes)).toMatch(
      /^byte \d+: the arrays of an archive of \d+ bytes may take at most 410000000 bytes, but A\.npy makes it 2147483648/,
    );
    view.setUint32(directory + 24, 500, true);
    expect(message('npz', bytes)).toMatch(/^byte \d+: A\.npy should unfold to 500 bytes, got 86/);
  });

  const vector = (dtype: string, count: number, ...values: number[]): Uint8Array =>
    npy(header(dtype, `${count},`), new Uint8Array(values));
  const sparse = (members: Record<string, Uint8Array>, format = 'csr'): Uint8Array =>
    npzOf({
      'format.npy': npy(header('|S3', ''), new TextEncoder().encode(format)),
      'shape.npy': vector('|u1', 2, 2, 2),
      'data.npy': vector('|u1', 1, 1),
      ...members,
    });
  it.each([
    [
      'a format of its own',
      sparse({}, 'xyz'),
      /^format\.npy, byte \d+: .*csr, csc, coo, bsr, dia, got "xyz"/,
    ],
    ['a missing member', sparse({}), /^whole file: .*needs the member indices\.npy/],
    [
      'an index that is too large',
      sparse({ 'indices.npy': vector('|u1', 1, 2), 'indptr.npy': vector('|u1', 3, 0, 1, 1) }),
      /^indices\.npy, byte \d+: .*from 0 to 1, got 2/,
    ],
    [
      'pointers that fall',
      sparse({ 'indices.npy': vector('|u1', 1, 1), 'indptr.npy': vector('|u1', 3, 0, 1, 0) }),
      /^indptr\.npy, byte \d+: indptr must not fall/,
    ],
    [
      'pointers beyond the end',
      sparse({ 'indices.npy': vector('|u1', 1, 1), 'indptr.npy': vector('|u1', 3, 0, 9, 9) }),
      /^indptr\.npy, byte \d+: .*at 1 at most, got 9/,
    ],
    [
      'too few pointers',
      sparse({ 'indices.npy': vector('|u1', 1, 1), 'indptr.npy': vector('|u1', 2, 0, 1) }),
      /one number more than the 2 rows/,
    ],
    [
      'lengths that differ',
      sparse({ 'row.npy': vector('|u1', 2, 0, 0), 'col.npy': vector('|u1', 1, 1) }, 'coo'),
      /row and data must have the same length, got 2 and 1/,
    ],
    [
      'blocks that do not fit',
      sparse(
        { 'indices.npy': vector('|u1', 1, 1), 'indptr.npy': vector('|u1', 3, 0, 1, 1) },
        'bsr',
      ),
      /blocks of a 2x2 matrix must divide it/,
    ],
    [
      'diagonals without offsets',
      sparse({ 'offsets.npy': vector('|u1', 1, 0) }, 'dia'),
      /a row for each of the 1 diagonals/,
    ],
    ['three sizes', sparse({ 'shape.npy': vector('|u1', 3, 2, 2, 2) }), /has two numbers, got 3/],
    [
      'too many nodes',
      sparse({ 'shape.npy': npy(header('<u2', '2,'), new Uint8Array([0x21, 0x4e, 0x21, 0x4e])) }),
      /^whole file: .*at most 20000 nodes, got 20001, which would take/,
    ],
  ])('sparse: %s', (_, bytes, expected) => expect(message('npz', bytes)).toMatch(expected));
});

describe('.mat files of level 4', () => {
  const { full, sparse, several } = level4;
  const edges = [
    [0, 1],
    [1, 0],
    [2, 3],
    [3, 1],
  ];
  /** The same file in the other order of bytes. */
  const bigEndian = (bytes: Uint8Array): Uint8Array => {
    const swapped = bytes.slice();
    for (let at = 0; at < 20; at += 4) swapped.subarray(at, at + 4).reverse();
    for (let at = 22; at < bytes.length; at += 8) swapped.subarray(at, at + 8).reverse();
    new DataView(swapped.buffer).setUint32(
      0,
      1000 + new DataView(bytes.buffer).getUint32(0, true),
      false,
    );
    return swapped;
  };

  it.each([
    ['full', full],
    ['sparse', sparse],
  ])('%s, in either order of bytes', (_, text) => {
    const bytes = fromBase64(text);
    expect(arcs(read('mat', bytes))).toEqual(edges);
    expect(arcs(read('mat', bigEndian(bytes)))).toEqual(edges);
  });

  it('several arrays', () => {
    const bytes = fromBase64(several);
    expect(arcs(read('mat', bytes))).toEqual(edges);
    expect(message('mat', bytes, { variable: 'q' })).toBe(
      'whole file: there is no array "q"; the file holds A (4x4 full), title (text), z ' +
        '(4x4 complex full), b (2x4 full)',
    );
  });

  const changed = (text: string, at: number, value: number): Uint8Array => {
    const bytes = fromBase64(text);
    new DataView(bytes.buffer).setUint32(at, value, true);
    return bytes;
  };
  it.each([
    [
      'cut in the head',
      fromBase64(full + sparse).slice(0, 22 + 128 + 10),
      /^byte 150: the file ends within the head/,
    ],
    [
      'cut in the numbers',
      fromBase64(full).slice(0, -1),
      /^byte 0: an array of 4x4 numbers should end at byte 150, but there are 149/,
    ],
    [
      'sizes that overflow',
      changed(full, 4, 0xffffffff),
      /^byte 0: an array of 4294967295x4 numbers should end at byte/,
    ],
    [
      'an index beyond the last',
      changed(sparse, 22 + 4, 0x40400000 * 2),
      /^byte \d+: an index must be an integer from 1 to 4/,
    ],
    ['a row too few', changed(sparse, 4, 0), /^byte 22: a sparse array has three columns/],
  ])('%s', (_, bytes, expected) => expect(message('mat', bytes)).toMatch(expected));
});

describe('damaged .mat files', () => {
  const full = goldenBytes('mat', 'u1');
  const packed = goldenBytes('mat', 'u1, compressed');
  const sparse = goldenBytes('mat', 'sparse');
  const hdf5 = goldenBytes('mat', '7.3 in compressed chunks');
  const changed = (bytes: Uint8Array, at: number, ...values: number[]): Uint8Array => {
    const copy = bytes.slice();
    copy.set(values, at);
    return copy;
  };
  /** The compressed file with another content in its one element. */
  const repacked = (content: Uint8Array): Uint8Array => {
    const stream = zlibSync(content);
    const file = new Uint8Array(136 + stream.length);
    file.set(packed.subarray(0, 132));
    new DataView(file.buffer).setUint32(132, stream.length, true);
    file.set(stream, 136);
    return file;
  };
  const content = unzlibSync(packed.subarray(136));

  it('the parts used here are what they are taken for', () => {
    expect(message('mat', repacked(content))).toBe('nothing was thrown');
  });

  it.each([
    [
      'a file that is cut in its header',
      full.slice(0, 100),
      /^byte 124: the header of a MATLAB file ends/,
    ],
    ['no header', new Uint8Array(200).fill(65), /^byte 124: .*IM or MI/],
    ['a file that is cut', full.slice(0, -9), /^byte 128: a data element should end at byte \d+/],
    ['a tag that is cut', full.slice(0, 133), /^byte 128: the file ends within the tag/],
    [
      'an element that is too long',
      changed(full, 132, 255, 255, 255, 127),
      /^byte 128: a data element should end at byte 2147483783/,
    ],
    ['no flags', changed(full, 136, 5), /^byte 136: an array must start with its flags/],
    [
      'negative dimensions',
      changed(full, 160, 255, 255, 255, 255),
      /^byte 160: .*negative, got -1x8/,
    ],
    [
      'dimensions that are not the numbers',
      changed(full, 160, 9),
      /a 9x8 array needs 72 numbers, got 64/,
    ],
    [
      'a damaged stream',
      changed(packed, 150, 255, 255, 255),
      /^byte 128: a compressed data element cannot be unfolded/,
    ],
    [
      'a wrong checksum',
      changed(packed, packed.length - 1, packed[packed.length - 1] ^ 1),
      /^byte 128: a compressed data element cannot be unfolded: incorrect data check/,
    ],
    [
      'an element that is cut, compressed',
      repacked(content.slice(0, -8)),
      /^byte 128 \(unfolded byte 0\): a data element should end/,
    ],
    ['a column start that falls', sparseWith(sparse), /^byte \d+: column starts must not fall/],
    [
      'HDF5 that is cut',
      hdf5.slice(0, 800),
      /^byte 512: the file is not HDF5 that can be read here/,
    ],
  ])('%s', (_, bytes, expected) => expect(message('mat', bytes)).toMatch(expected));

  it('what holds no matrix, or several, is refused with the list', () => {
    const several = goldenBytes('mat', 'several, named');
    expect(message('mat', several)).toBe(
      'whole file: there are 2 square matrices, A, B; add variable=A or another name',
    );
    expect(message('mat', several, { variable: 'settings' })).toMatch(
      /^whole file: the array "settings" must be a matrix of real numbers, got 1x1 struct/,
    );
    expect(message('mat', several, { variable: 'z' })).toMatch(/got 8x8 complex double/);
    expect(message('mat', several, { variable: 'C' })).toMatch(
      /there is no array "C"; the file holds A \(8x8 uint8\), B \(4x4 uint8\), settings \(1x1 struct\), names \(1x2 cell array\), x \(1x4 double\)/,
    );
    expect(message('mat', goldenBytes('mat', '7.3 several, named'))).toBe(
      'whole file: there are 2 square matrices, A, B; add variable=A or another name',
    );
  });

  it('a stream unfolds to no more than the limit', () => {
    const bomb = zlibSync(new Uint8Array(2 ** 21));
    expect(bomb.length).toBeLessThan(2 ** 12);
    expect(() => unfoldZlib(bomb, 2 ** 20)).toThrow('it unfolds to more than 1048576 bytes');
    expect(unfoldZlib(bomb, 2 ** 21)).toHaveLength(2 ** 21);
  });

  /** The sparse file with its last column start set to 0. */
  function sparseWith(bytes: Uint8Array): Uint8Array {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    let at = 128 + 8 + 16 + 16;
    for (let part = 0; part < 2; part++)
      at +=
        view.getUint16(at + 2, true) > 0 ? 8 : 8 + 8 * Math.ceil(view.getUint32(at + 4, true) / 8);
    return changed(bytes, at + 8 + 4 * 8, 0, 0, 0, 0);
  }
});
