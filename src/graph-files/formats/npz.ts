import { zipSync } from 'fflate';
import { printable } from '../../core/errors.js';
import { readError } from '../../graph-formats/collect.js';
import {
  type FileMatrix,
  type FileVariable,
  graphOfMatrix,
  graphOfVariables,
  mostUnfolded,
} from '../../graph-formats/matrices.js';
import {
  describeNpy,
  isNpyMatrix,
  type NpyArray,
  npyBytes,
  npyHead,
  npyMatrix,
  parseNpy,
} from '../../graph-formats/npy.js';
import { sparseOfMembers } from './npz-sparse.js';
import type { GraphFormat } from '../../graph-formats/types.js';
import { type ZipMember, zipMembers } from '../../graph-formats/zip.js';
import { beginningOfMember, unzipped } from './zip.js';

/** Most members of an archive: numpy.savez makes one for each array. */
const MAX_MEMBERS = 1000;

/** Members that every archive of scipy.sparse.save_npz has. */
const SPARSE = ['format', 'shape', 'data'];

/** The members of a .npz file that are arrays, by name without `.npy`; none is unpacked yet. */
function arrayMembers(bytes: Uint8Array): Map<string, ZipMember> {
  const members = new Map<string, ZipMember>();
  for (const member of zipMembers(bytes, MAX_MEMBERS)) {
    const { name, at } = member;
    if (!name.endsWith('.npy')) continue;
    const key = name.slice(0, -'.npy'.length);
    if (members.has(key))
      throw readError(
        `byte ${at}`,
        `two members are called ${printable(name)}; save the file anew with numpy.savez`,
      );
    members.set(key, member);
  }
  return members;
}

/** Members are unpacked one by one, as they are needed, up to what a file of its size may hold. */
class Unpacker {
  readonly #bytes: Uint8Array;
  #total = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  array(member: ZipMember): NpyArray {
    const { name, at, size } = member;
    const most = mostUnfolded(this.#bytes.length);
    this.#total += size;
    if (this.#total > most)
      throw readError(
        `byte ${at}`,
        `the arrays of an archive of ${this.#bytes.length} bytes may take at most ${most} bytes, ` +
          `but ${printable(name)} makes it ${this.#total}; save a sparse matrix with ` +
          'scipy.sparse.save_npz',
      );
    return parseNpy(unzipped(this.#bytes, member), `${printable(name)}, `);
  }

  /** What a member is, from its beginning; its numbers are unpacked when they are read. */
  variable(key: string, member: ZipMember): FileVariable {
    const beginning = beginningOfMember(this.#bytes, member);
    const head = npyHead(beginning, `${printable(member.name)}, `);
    const what = describeNpy(head);
    const [rows, columns] = head.shape;
    if (!isNpyMatrix(head) || rows === undefined || columns === undefined)
      return { name: key, what, matrix: null };
    const entries: FileMatrix['entries'] = (use) => npyMatrix(this.array(member))!.entries(use);
    return { name: key, what, matrix: { rows, columns, place: head.place, entries } };
  }
}

/** An archive whose first member is an array. */
function looksLikeNpz(bytes: Uint8Array): boolean {
  if (
    bytes.length < 30 ||
    bytes[0] !== 0x50 ||
    bytes[1] !== 0x4b ||
    bytes[2] !== 3 ||
    bytes[3] !== 4
  )
    return false;
  const [low = 0, high = 0] = bytes.subarray(26, 28);
  const nameLength = low | (high << 8);
  return new TextDecoder().decode(bytes.subarray(30, 30 + nameLength)).endsWith('.npy');
}

export const npzFormat: GraphFormat = {
  name: 'npz',
  extensions: ['.npz'],
  meaning:
    'NumPy archive: a square matrix among its arrays, or a matrix of ' +
    'scipy.sparse.save_npz; written as `adjacency`.',
  binary: true,
  looksLike: looksLikeNpz,
  read: (bytes, options) => {
    const members = arrayMembers(bytes);
    const unpacker = new Unpacker(bytes);
    if (options.variable === null && SPARSE.every((name) => members.has(name))) {
      const arrays = [...members].map(([name, member]) => [name, unpacker.array(member)] as const);
      const sparse = sparseOfMembers(new Map(arrays));
      if (sparse) return graphOfMatrix(sparse, options);
    }
    const variables = [...members].map(([name, member]) => unpacker.variable(name, member));
    return graphOfVariables(variables, options);
  },
  // The date is part of the archive: always the same one, so that the same graph gives the same
  // bytes.
  write: (graph) => zipSync({ 'adjacency.npy': npyBytes(graph) }, { mtime: new Date(1980, 0, 1) }),
};
