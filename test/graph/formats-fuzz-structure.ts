import { unzipSync, unzlibSync, zipSync, zlibSync } from 'fflate';

/** A number from 0 to below. */
export type Random = (below: number) => number;

/** Changes a file; `files` are others of its format. */
export type Mutation = (
  bytes: Uint8Array,
  random: Random,
  files: readonly Uint8Array[],
) => Uint8Array;

export const latin = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
export const latinBytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

const pick = <T>(from: readonly T[], random: Random): T => from[random(from.length)];

/**
 * Mutations that keep a file well formed, so that the damage reaches what lies behind the parser:
 * values of JSON, elements and attributes of XML, members of archives, what compressed data holds,
 * words of binary heads, fields of tables, the six bits of a character.
 */
export function structureMutations(format: string): readonly Mutation[] {
  if (format === 'node-link' || format === 'graphology') return [changedJson];
  if (format === 'graphml' || format === 'gexf') return [changedElement, changedAttribute];
  if (format === 'npz') return [changedMember, changedMember, changedMembers];
  if (format === 'mat') return [changedWord, changedCompressed, changedCompressed];
  if (format === 'npy') return [changedWord, changedHeader];
  if (format.endsWith('6')) return [changedSixBits];
  return [changedField, changedField, changedTable];
}

const deepList = JSON.parse('['.repeat(500) + ']'.repeat(500)) as unknown;
const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  false,
  [],
  {},
  [[]],
  '',
  '0',
  'x',
  0,
  -1,
  1.5,
  2 ** 53,
  1e308,
  '1e400',
  '__proto__',
  { a: 1 },
  ['a', 0],
  deepList,
];

/** One value of a JSON file taken out, doubled, replaced or exchanged with another. */
function changedJson(bytes: Uint8Array, random: Random): Uint8Array {
  let root: unknown;
  try {
    root = JSON.parse(latin(bytes));
  } catch {
    return bytes;
  }
  const spots: [holder: Record<string, unknown>, key: string][] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || value === deepList) return;
    const holder = value as Record<string, unknown>;
    for (const key of Object.keys(holder)) {
      spots.push([holder, key]);
      visit(holder[key]);
    }
  };
  visit(root);
  if (spots.length === 0) return bytes;
  const [holder, key] = pick(spots, random);
  const [other, otherKey] = pick(spots, random);
  const way = random(4);
  if (way === 0) holder[key] = pick(ODD_VALUES, random);
  else if (way === 1) Reflect.deleteProperty(holder, key);
  else if (way === 2)
    holder[
      Array.isArray(holder)
        ? String(holder.length)
        : pick(['id', 'key', 'weight', 'source', 'undirected', 'edges'], random)
    ] = holder[key];
  else holder[key] = structuredClone(other[otherKey] === deepList ? null : other[otherKey]);
  return latinBytes(JSON.stringify(root));
}

/**
 * A tag of an XML file taken out, doubled, or put elsewhere; with what it encloses where that holds
 * no tag.
 */
function changedElement(bytes: Uint8Array, random: Random): Uint8Array {
  const parts = latin(bytes).match(/<[^>]*>|[^<]+/g) ?? [];
  if (parts.length === 0) return bytes;
  const at = random(parts.length);
  const to = random(parts.length);
  const way = random(4);
  if (way === 0) parts.splice(at, 1);
  else if (way === 1) parts.splice(to, 0, parts[at]);
  else if (way === 2) parts.splice(to, 0, ...parts.splice(at, 1 + random(3)));
  else
    parts[at] = parts[at].replace(
      /^<(\/?)([\w.:]+)/,
      (_, slash: string) =>
        `<${slash}${pick(['node', 'edge', 'graph', 'key', 'data', 'attvalue', 'nodes', 'x:y', 'hyperedge', 'default'], random)}`,
    );
  return latinBytes(parts.join(''));
}

const ATTRIBUTE = /([\w.:]+)="([^"]*)"/g;
const ATTRIBUTES = [
  'id',
  'source',
  'target',
  'directed',
  'type',
  'weight',
  'edgedefault',
  'defaultedgetype',
  'key',
  'for',
  'attr.name',
  'attr.type',
  'mode',
  'start',
  'value',
  'class',
];
const ATTRIBUTE_VALUES = [
  '',
  '0',
  '-1',
  '1e999',
  'true',
  'false',
  'directed',
  'mutual',
  'weight',
  'double',
  'string',
  'edge',
  'all',
  '&lt;',
  '&#0;',
  '&#xD800;',
  '&bad;',
  '__proto__',
  'a b',
];

/** An attribute of an XML file taken out, renamed, or given a value of another. */
function changedAttribute(bytes: Uint8Array, random: Random): Uint8Array {
  const text = latin(bytes);
  const all = [...text.matchAll(ATTRIBUTE)];
  if (all.length === 0) return bytes;
  const one = pick(all, random);
  const [whole, name, value] = one;
  const changed = [
    '',
    `${pick(ATTRIBUTES, random)}="${value}"`,
    `${name}="${pick(all, random)[2]}"`,
    `${name}="${pick(ATTRIBUTE_VALUES, random)}"`,
    `${whole} ${pick(ATTRIBUTES, random)}="${pick(ATTRIBUTE_VALUES, random)}"`,
  ];
  return latinBytes(
    text.slice(0, one.index) + pick(changed, random) + text.slice(one.index + whole.length),
  );
}

const WORDS = [
  0,
  1,
  2,
  3,
  4,
  5,
  8,
  14,
  15,
  127,
  255,
  256,
  32767,
  65535,
  65536,
  2 ** 24,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
];

/**
 * A number of 1, 2, 4 or 8 bytes at the start of a file or anywhere, set to one that is of
 * interest, or moved a little.
 */
function changedWord(bytes: Uint8Array, random: Random): Uint8Array {
  if (bytes.length < 8) return bytes;
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  const width = pick([1, 2, 4, 8], random);
  const at = Math.min(
    bytes.length - width,
    width *
      random(Math.ceil(Math.min(bytes.length, pick([64, 1024, bytes.length], random)) / width)),
  );
  const word = pick(WORDS, random);
  if (width === 1) copy[at] = random(2) === 0 ? word : copy[at] + 1;
  else if (width === 2)
    view.setUint16(
      at,
      random(2) === 0 ? word : view.getUint16(at, true) + random(3) - 1,
      random(4) > 0,
    );
  else if (width === 4)
    view.setUint32(
      at,
      random(2) === 0 ? word : view.getUint32(at, true) + random(3) - 1,
      random(4) > 0,
    );
  else if (random(2) === 0) view.setBigUint64(at, BigInt(word), random(4) > 0);
  else view.setFloat64(at, pick([NaN, Infinity, -1, 0.5, 1e300, word], random), random(4) > 0);
  return copy;
}

const TYPES = [
  '|b1',
  '|i1',
  '|u1',
  '<i2',
  '>u2',
  '<i4',
  '<u8',
  '>i8',
  '<f2',
  '<f4',
  '>f8',
  '<f16',
  '<c16',
  '|O',
  '|S3',
  '<U2',
  '<M8[ns]',
  '',
  'f8',
  '|u9',
];
const SHAPES = [
  '',
  '0,',
  '1,',
  '3,',
  '0, 0',
  '1, 1',
  '2, 8',
  '8, 8',
  '4, 16',
  '64,',
  '20001, 20001',
  '99999999999, 99999999999',
  '8, 8, 1',
  '08, 8',
  '-8, 8',
  '8L, 8L',
  '1e1, 8',
];

/**
 * Another type, shape or order in the header of a .npy file, of the same length where that is
 * possible.
 */
function changedHeader(bytes: Uint8Array, random: Random): Uint8Array {
  const text = latin(bytes);
  const end = text.indexOf('\n') + 1;
  if (end === 0) return bytes;
  const changes: readonly [RegExp, string][] = [
    [/'descr': '[^']*'/, `'descr': '${pick(TYPES, random)}'`],
    [/'shape': \([^)]*\)/, `'shape': (${pick(SHAPES, random)})`],
    [/'fortran_order': \w+/, `'fortran_order': ${pick(['True', 'False', 'None'], random)}`],
  ];
  const [pattern, by] = pick(changes, random);
  const header = text.slice(0, end).replace(pattern, by).trimEnd();
  return latinBytes(`${header.padEnd(end - 1)}\n${text.slice(end)}`);
}

/** The members of an archive, or null. */
function membersOf(bytes: Uint8Array): Record<string, Uint8Array> | null {
  try {
    return unzipSync(bytes);
  } catch {
    return null;
  }
}

const packed = (members: Record<string, Uint8Array>, random: Random): Uint8Array =>
  zipSync(members, { level: random(2) === 0 ? 0 : 6 });

/** A member of an archive damaged by itself, the archive sound. */
function changedMember(bytes: Uint8Array, random: Random): Uint8Array {
  const members = membersOf(bytes);
  const names = Object.keys(members ?? {});
  if (!members || names.length === 0) return bytes;
  const name = pick(names, random);
  const change = pick([changedHeader, changedWord, flippedEnd], random);
  return packed({ ...members, [name]: change(members[name], random) }, random);
}

/** One of the last bytes, which are an array's numbers, changed; or some taken off. */
function flippedEnd(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = bytes.slice(0, bytes.length - (random(4) === 0 ? random(9) : 0));
  if (copy.length > 0)
    copy[Math.max(0, copy.length - 1 - random(64))] = pick([0, 1, 2, 7, 127, 255], random);
  return copy;
}

/** Members taken out, renamed or exchanged. */
function changedMembers(bytes: Uint8Array, random: Random): Uint8Array {
  const members = membersOf(bytes);
  const names = Object.keys(members ?? {});
  if (!members || names.length === 0) return bytes;
  const { [pick(names, random)]: moved, ...rest } = members;
  const name = pick(
    [
      ...names,
      'format.npy',
      'shape.npy',
      'data.npy',
      'indices.npy',
      'row.npy',
      'x.npy',
      'readme.txt',
      '__proto__.npy',
      '.npy',
    ],
    random,
  );
  return packed(random(3) === 0 ? rest : { ...rest, [name]: moved }, random);
}

/**
 * What a compressed element of a MATLAB level 5 file holds, damaged and compressed again; of other
 * files a word.
 */
function changedCompressed(bytes: Uint8Array, random: Random): Uint8Array {
  const at = 128;
  if (bytes.length < at + 16) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(at, true) !== 15) return changedWord(bytes, random);
  try {
    const end = at + 8 + view.getUint32(at + 4, true);
    const stream = zlibSync(
      pick([changedWord, changedWord, flippedEnd], random)(
        unzlibSync(bytes.subarray(at + 8, end)),
        random,
      ),
    );
    const made = new Uint8Array(at + 8 + stream.length + bytes.length - end);
    made.set(bytes.subarray(0, at + 8));
    new DataView(made.buffer).setUint32(at + 4, stream.length, true);
    made.set(stream, at + 8);
    made.set(bytes.subarray(end), at + 8 + stream.length);
    return made;
  } catch {
    return changedWord(bytes, random);
  }
}

/** A character of the graph6 family turned into another of its alphabet. */
function changedSixBits(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = bytes.slice();
  const at = random(random(2) === 0 ? Math.min(8, bytes.length) : bytes.length);
  if (copy[at] >= 63) copy[at] = 63 + random(64);
  return copy;
}

const FIELDS = [
  '0',
  '1',
  '2',
  '-1',
  '0.5',
  '1e-3',
  '1e999',
  'nan',
  'NA',
  'True',
  'false',
  '',
  'a',
  '"a b"',
  '"a,b"',
  '"',
  '"a""b"',
  '\r',
  '0x1',
  '1_000',
  '٣',
  '1.',
  '.5',
  '+1',
  '{}',
  "{'weight': 2}",
  '#',
  'source',
  'weight',
  'Directed',
];

/** A field of a table replaced by another or by one that is odd. */
function changedField(bytes: Uint8Array, random: Random): Uint8Array {
  const parts = latin(bytes).split(/([,;\t\n ]+)/);
  parts[2 * random(Math.ceil(parts.length / 2))] =
    random(3) === 0 ? parts[2 * random(Math.ceil(parts.length / 2))] : pick(FIELDS, random);
  return latinBytes(parts.join(''));
}

/**
 * A column doubled or taken out in every line, with or without the row of the same number; or all
 * ends of lines changed.
 */
function changedTable(bytes: Uint8Array, random: Random): Uint8Array {
  const text = latin(bytes);
  const separator = [',', ';', '\t', ' '].find((candidate) => text.includes(candidate)) ?? ' ';
  const rows = text.split('\n').map((line) => line.split(separator));
  const column = random(rows[0].length);
  const way = random(4);
  if (way === 0) return latinBytes(text.replaceAll('\n', pick(['\r\n', '\r', '\n\n'], random)));
  for (const row of rows)
    row.splice(column, way === 1 ? 1 : 0, ...(way === 1 ? [] : [row[column] ?? '']));
  if (way !== 3) rows.splice(column, way === 1 ? 1 : 0, ...(way === 1 ? [] : [rows[column] ?? []]));
  return latinBytes(rows.map((row) => row.join(separator)).join('\n'));
}
