import { zipSync, zlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { MAX_NODES, parseGraphFile } from '../../src/public/graph.js';
import golden from '../golden/graph-formats-binary.json' with { type: 'json' };
import { LONG } from '../long.js';

/** Repeats of what is hostile: enough to tell time that grows with the square. */
const MANY = LONG ? 1_000_000 : 200_000;

/**
 * Files made to crash, hang or fill a reader. Each ends within the time of a test in the message
 * that is expected.
 */
const text = (content: string): Uint8Array => new TextEncoder().encode(content);

function messageOf(path: string, bytes: Uint8Array): string {
  try {
    const { graph } = parseGraphFile(path, bytes);
    return `${graph.nodes} nodes, ${graph.edges} edges`;
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return error instanceof Error ? error.message : '';
  }
}

const ends = (path: string, bytes: Uint8Array, expected: RegExp): void => {
  const message = messageOf(path, bytes);
  expect(message).toMatch(expected);
  expect(message.length).toBeLessThan(1000);
};

const TIMEOUT = 20_000;

describe('long and deep text', { timeout: TIMEOUT, tags: ['long'] }, () => {
  const many = MANY;
  it.each([
    [
      'a brace behind spaces',
      'a.edgelist',
      `a${' '.repeat(many)}}`,
      /line 1: this does not look like/,
    ],
    ['braces', 'a.edgelist', `a ${'{'.repeat(many)}}`, /^2 nodes, 0 edges$|nodes/],
    [
      'weights without end',
      'a.edgelist',
      `a b {${"'weight'   ".repeat(many / 10)}}`,
      /^2 nodes, 1 edges$/,
    ],
    [
      'digits that are no number',
      'a.edgelist',
      `a b ${'1'.repeat(many)}x`,
      /^a\.edgelist, line 1: a weight must be a number, got "1{80}\.\.\."/,
    ],
    ['an exponent without end', 'a.edgelist', `a b 1e${'0'.repeat(many)}`, /^2 nodes, 1 edges$/],
    ['quotes', 'a.csv', '"'.repeat(many), /^a\.csv, line 1: /],
    [
      'commas',
      'a.csv',
      ','.repeat(many),
      /^a\.csv, line 1: a line may have at most 40000 fields, got \d+/,
    ],
    [
      'digits in one row',
      'a.matrix',
      '01'.repeat(1_000_000),
      /^a\.matrix, whole file: a graph may have at most 20000 nodes, got 2000000, which would take 465\.66 GiB/,
    ],
    ['blank lines', 'a.csv', '\n'.repeat(many), /^a\.csv, line 1: /],
    [
      'as many nodes as lines',
      'a.edgelist',
      Array.from({ length: 1_000_000 }, (_, at) => `x${at}`).join('\n'),
      /at most 20000 nodes, got more than 200000; choose/,
    ],
  ])('%s', (_, path, content, expected) => ends(path, text(content), expected));
});

describe('a long line', { timeout: TIMEOUT, tags: ['long'] }, () => {
  const long = new Uint8Array(LONG ? 2 ** 27 : 2 ** 25).fill(0x31);
  it.each(['a.csv', 'a.tsv', 'a.txt', 'a.edges', 'a.adj', 'a.adjlist', 'a.net', 'a.mtx'])(
    'of 1s is refused before it is taken apart: %s',
    (path) => ends(path, long, /line 1: a line may have at most 4 MiB, got \d+\.0 MiB; write one/),
  );

  it('behind others too, of fields and of a single word', () => {
    for (const beginning of ['1,0,', 'a b ']) {
      const bytes = new Uint8Array(2 ** 23).fill(0x30);
      bytes.set(text(`0,1\n1,0\n${beginning}`));
      ends('a.csv', bytes, /line 3: a line may have at most 4 MiB/);
    }
  });
});

describe('a file of a few bytes that begins like another', () => {
  it.each([
    ['a', [0x50, 0x4b, 3, 4]],
    ['a', [0x80]],
    ['a', [0x08]],
    ['a.npz', [0x50, 0x4b, 3, 4, 0, 0]],
  ])('is refused as %s: %j', (path, bytes) => ends(path, Uint8Array.from(bytes), /^a/));
});

describe('a file of one line that never ends', { timeout: LONG ? 60_000 : TIMEOUT }, () => {
  /** Beginnings, and what they are filled up with. */
  const endless = (beginning: string, filling = ' '): Uint8Array => {
    const bytes = new Uint8Array(LONG ? 200_000_000 : 20_000_000).fill(filling.charCodeAt(0));
    bytes.set(text(beginning));
    return bytes;
  };
  it.each([
    [
      'a.json',
      endless('{'),
      /line 1: not valid JSON: the file ends within 1 lists or objects that/,
    ],
    ['a.json', endless('{"nodes": "', 'a'), /line 1: not valid JSON: the file ends within a text/],
    [
      'a.graphml',
      endless('<graphml>'),
      /line 1: a tag with the text behind it may take at most 4 MiB/,
    ],
    [
      'a.gexf',
      endless('<?xml version="1.0"?>\n<gexf '),
      /line 2: a tag with the text behind it may/,
    ],
    ['a.gml', endless('graph [ '), /line 1: the list that begins in line 1 must be closed by \]/],
  ])('is refused in the time that it takes to look at it: %s %#', (path, bytes, expected) => {
    ends(path, bytes, expected);
  });
});

describe('compressed arrays of MATLAB', { timeout: TIMEOUT }, () => {
  /** A level 5 file of one compressed array of that class and size, with `held` bytes of zeros. */
  const packed = (
    kind: number,
    sizes: [number, number],
    declared: number,
    held: number,
  ): Uint8Array => {
    const inner = new Uint8Array(64 + held);
    const view = new DataView(inner.buffer);
    const words = [14, 56 + declared, 6, 8, kind, 0, 5, 8, ...sizes, 0x10001, 0x41, 9, declared];
    for (const [at, word] of words.entries()) view.setUint32(4 * at, word, true);
    const folded = zlibSync(inner);
    const file = new Uint8Array(136 + folded.length);
    file.set([0, 1, 0x49, 0x4d], 124);
    const head = new DataView(file.buffer);
    head.setUint32(128, 15, true);
    head.setUint32(132, folded.length, true);
    file.set(folded, 136);
    return file;
  };

  it('are read where they are sound', () =>
    ends('a.mat', packed(6, [3, 3], 72, 72), /^3 nodes, 0 edges$/));

  it('are not unfolded beyond what their head says', () =>
    ends(
      'a.mat',
      packed(6, [3, 3], 72, 2 ** 26),
      /^a\.mat, byte 128: a compressed data element cannot be unfolded: it unfolds to more than \d{2,3} bytes/,
    ));

  it('are not unfolded where they are no graph', () => {
    ends(
      'a.mat',
      packed(6, [2 ** 22, 2], 2 ** 26, 2 ** 26),
      /square matrix .* is needed; the file holds A \(4194304x2 double\)/,
    );
    ends(
      'a.mat',
      packed(4, [2 ** 13, 2 ** 13], 2 ** 26, 2 ** 26),
      /is needed; the file holds A \(8192x8192 text\)/,
    );
  });

  it('are refused before they are unfolded where they are too large', () => {
    ends(
      'a.mat',
      packed(6, [16_000, 16_000], 8 * 16_000 ** 2, 2 ** 16),
      /may unfold to at most 410000000 bytes, got 2048000064/,
    );
    ends('a.mat', packed(6, [30_000, 30_000], 4, 2 ** 16), /at most 20000 nodes, got 30000/);
  });
});

describe('JSON', { timeout: TIMEOUT, tags: ['long'] }, () => {
  const many = MANY;
  const deep = '['.repeat(many) + ']'.repeat(many);
  it.each([
    [
      'open brackets',
      '['.repeat(many),
      /^a\.json, line 1: lists and objects may be nested 1000 deep, got more/,
    ],
    [
      'a deep name',
      `{"nodes":[{"id":${deep}}]}`,
      /^a\.json, line 1: lists and objects may be nested 1000 deep, got more/,
    ],
    [
      'a deep end',
      `{"nodes":[{"id":0}],"links":[{"source":${deep}}]}`,
      /^a\.json, line 1: lists and objects may be nested 1000 deep, got more/,
    ],
    [
      'deep nodes',
      `{"nodes":${'{"a":'.repeat(many)}1${'}'.repeat(many)}}`,
      /^a\.json, line 1: lists and objects may be nested 1000 deep, got more/,
    ],
    [
      'a deep weight',
      `{"nodes":[{"id":0},{"id":1}],"links":[{"source":0,"target":1,"weight":${deep}}]}`,
      /^a\.json, line 1: lists and objects may be nested 1000 deep, got more/,
    ],
    [
      'a deep type',
      `{"options":{"type":${deep}},"nodes":[{"key":0}]}`,
      /^a\.json, line 1: lists and objects may be nested 1000 deep, got more/,
    ],
    [
      'a deep direction',
      `{"directed":${deep},"nodes":[{"id":0}]}`,
      /^a\.json, line 1: lists and objects may be nested 1000 deep, got more/,
    ],
    [
      'names of the language',
      '{"__proto__":1,"nodes":[{"id":"__proto__"},{"id":"constructor"}],"links":[{"source":"__proto__","target":"constructor"}]}',
      /^2 nodes, 1 edges$/,
    ],
    [
      'long names',
      `{"nodes":[{"id":"${'x'.repeat(many)}"},{"id":"${'x'.repeat(many)}"}],"links":[]}`,
      /ids of nodes must differ, got "x{80}\.\.\." twice/,
    ],
  ])('%s', (_, content, expected) => ends('a.json', text(content), expected));
});

describe('XML', { timeout: TIMEOUT }, () => {
  const many = 300_000;
  const laughs =
    '<!DOCTYPE l ' +
    `[${Array.from({ length: 10 }, (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`).join('')}]>`;
  it.each([
    [
      'a billion laughs',
      `${laughs}<graphml>&l9;</graphml>`,
      /line 1: a document type must not declare entities/,
    ],
    [
      'an external entity',
      '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><graphml>&x;</graphml>',
      /line 1: a document type must not declare entities/,
    ],
    ['nesting', `<graphml>${'<a>'.repeat(many)}`, /line 1: elements may be nested 100 deep/],
    [
      'attributes',
      `<graphml ${Array.from({ length: many }, (_, at) => `a${at}="1"`).join(' ')}/>`,
      /line 1: an element may have at most 1000 attributes/,
    ],
    [
      'comments that do not end',
      `<graphml>${'<!-- '.repeat(many)}`,
      /line 1: the file must be well-formed XML, but here: /,
    ],
    [
      'spaces',
      `<graphml${' '.repeat(many)}x`,
      /line 1: the file must be well-formed XML, but here: unexpected end/,
    ],
    [
      'a long name',
      `<graphml ${'a'.repeat(many)}`,
      /line 1: the file must be well-formed XML, but here: unexpected end/,
    ],
    [
      'document types',
      `${'<!DOCTYPE a>'.repeat(many)}<graphml/>`,
      /line 1: the file must be well-formed XML, but here: /,
    ],
    [
      'references',
      `<graphml>${'&amp;'.repeat(many)}</graphml>`,
      /line 1: the file must hold a <graph>/,
    ],
    [
      'graphs',
      `<graphml>${'<graph/>'.repeat(many)}</graphml>`,
      /line 1: the file must hold one <graph>, got 300000/,
    ],
  ])('%s', (_, content, expected) =>
    ends('a.graphml', text(content), new RegExp(`^a\\.graphml, ${expected.source}`)),
  );
});

describe('the graph6 family', { timeout: TIMEOUT, tags: ['long'] }, () => {
  it.each([
    ['a.g6', '~~???~~~', /byte 2: a graph may have at most 20000 nodes, got 262143/],
    ['a.g6', '~CVo', /byte 4: so many nodes need \d+ characters of data, got 0/],
    [
      'a.d6',
      `&~CVo${'?'.repeat(100_000)}`,
      /so many nodes need \d+ characters of data, got 100000/,
    ],
    ['a.s6', `:~CVo${'~'.repeat(MANY)}`, /byte \d+: /],
  ])('%s %s', (path, content, expected) => ends(path, text(content), expected));
});

/** A .npy file with that type and shape and no numbers. */
const npy = (type: string, shape: string): Uint8Array => {
  const header = text(`{'descr': '${type}', 'fortran_order': False, 'shape': (${shape}), }\n`);
  return new Uint8Array([
    0x93,
    0x4e,
    0x55,
    0x4d,
    0x50,
    0x59,
    1,
    0,
    header.length & 255,
    header.length >> 8,
    ...header,
  ]);
};

describe('sizes that are not there', { timeout: TIMEOUT }, () => {
  it.each([
    ['4294967296, 4294967296', /needs 147573952589676410000 bytes after the header, got 0/],
    ['0, 9007199254740991', /square, got 0 rows and 9007199254740991 columns/],
    [`${MAX_NODES + 1}, ${MAX_NODES + 1}`, /needs 3200320008 bytes after the header, got 0/],
    ['1, '.repeat(15_000), /an array of shape \(.{1,90}\.\.\.\) and type <f8 needs 8 bytes/],
  ])('.npy of shape %s', (shape, expected) => ends('a.npy', npy('<f8', shape), expected));

  it('an archive that unfolds to more than it says', () => {
    const bomb = zipSync({ 'a.npy': new Uint8Array(2 ** 26) });
    const view = new DataView(bomb.buffer);
    view.setUint32(view.getUint32(bomb.length - 6, true) + 24, 100, true);
    ends('a.npz', bomb, /^a\.npz, a\.npy, byte 0: a \.npy file starts with/);
  });

  it('an array of an archive that no graph is read from', () => {
    const bomb = zipSync({
      'x.npy': npy('|u1', `${2 ** 30},`),
      'a.npy': new Uint8Array([...npy('|u1', '2, 2'), 0, 1, 1, 0]),
    });
    const view = new DataView(bomb.buffer);
    // It says that it takes 1 GiB, and is not unfolded.
    view.setUint32(view.getUint32(bomb.length - 6, true) + 24, 2 ** 30, true);
    ends('a.npz', bomb, /^2 nodes, 1 edges$/);
  });

  it('an archive of many members', () => {
    const members = Object.fromEntries(
      Array.from({ length: 2000 }, (_, at) => [`m${at}.npy`, new Uint8Array(1)]),
    );
    ends(
      'a.npz',
      zipSync(members),
      /^a\.npz, byte \d+: an archive may hold at most 1000 arrays, got 2000/,
    );
  });

  it('a MATLAB 4 file of arrays without numbers', () => {
    ends(
      'a.mat',
      new Uint8Array(20 * 50_000),
      /^a\.mat, whole file: there are 50000 square matrices/,
    );
  });
});

describe('HDF5 that runs in circles', { timeout: TIMEOUT }, () => {
  const START = 512;
  const sound = new Uint8Array(
    Buffer.from(
      golden.cases.find(({ name }) => name === '7.3 in compressed chunks')?.bytes ?? '',
      'base64',
    ),
  );

  /** The byte of the first node of a B-tree of that kind, 0 for groups and 1 for chunks. */
  const treeAt = (bytes: Uint8Array, kind: number): number => {
    const at = Array.from({ length: bytes.length - 8 }, (_, byte) => byte).find(
      (byte) =>
        String.fromCharCode(...bytes.subarray(byte, byte + 4)) === 'TREE' &&
        bytes[byte + 4] === kind,
    );
    if (at === undefined) throw new Error('no tree');
    return at;
  };

  /**
   * The file with the root of a tree on top of `depth` levels of nodes, whose `width` children are
   * all the same one.
   */
  const circling = (kind: number, keyBytes: number, width: number, depth: number): Uint8Array => {
    const root = treeAt(sound, kind);
    const node = (level: number, entries: number, child: number): Uint8Array => {
      const made = new Uint8Array(8 * Math.ceil((24 + entries * (keyBytes + 8) + keyBytes) / 8));
      made.set([...text('TREE'), kind, level, entries & 255, entries >> 8]);
      made.fill(255, 8, 24);
      const view = new DataView(made.buffer);
      for (let entry = 0; entry < entries; entry++)
        view.setBigUint64(24 + entry * (keyBytes + 8) + keyBytes, BigInt(child), true);
      return made;
    };
    let bytes = new Uint8Array(8 * Math.ceil(sound.length / 8));
    bytes.set(sound);
    let child = Number(new DataView(sound.buffer).getBigUint64(root + 24 + keyBytes, true));
    for (let level = 0; level < depth; level++) {
      const made = node(level, width, child);
      child = bytes.length - START;
      bytes = new Uint8Array([...bytes, ...made]);
    }
    bytes.set(node(depth, 1, child), root);
    return bytes;
  };

  it('is read where it does not', () =>
    expect(messageOf('a.mat', sound)).toMatch(
      /edges must have weight 1 unless a threshold is given; the weights go from/,
    ));

  it('a tree of chunks', () => {
    ends(
      'a.mat',
      circling(1, 8 + 8 * 3, 200, 4),
      /^a\.mat, byte 512: the array \w+ is not HDF5 that can be read here \(the tree of chunks runs in circles\)/,
    );
  });

  it('a tree of names', () => {
    ends(
      'a.mat',
      circling(0, 8, 300, 5),
      /^a\.mat, byte 512: the file was not read within 5 seconds, it seems to be damaged/,
    );
  });
});
