import { unzipSync, zipSync } from 'fflate';
import { messageOf, printable, UserError } from '../../core/errors.js';
import { readError } from './collect.js';
import { graphOfMatrix, graphOfVariables, MAX_UNFOLDED, type FileVariable } from './matrices.js';
import { describeNpy, npyBytes, npyMatrix, parseNpy, type NpyArray } from './npy.js';
import { sparseOfMembers } from './npz-sparse.js';
import type { GraphFormat } from './types.js';

/** Most members of an archive: numpy.savez makes one for each array. */
const MAX_MEMBERS = 1000;

/** The arrays of a .npz file, a ZIP archive of .npy files, by name without `.npy`. Other members are passed over. */
function readMembers(bytes: Uint8Array): Map<string, NpyArray> {
  const members = unzip(bytes);
  const arrays = new Map<string, NpyArray>();
  for (const [file, content] of Object.entries(members)) {
    const name = file.slice(0, -'.npy'.length);
    arrays.set(name, parseNpy(content, `${printable(file)}, `));
  }
  return arrays;
}

/** Unpacks what ends in .npy. The sizes that the archive states are added up before anything is unfolded. */
function unzip(bytes: Uint8Array): Record<string, Uint8Array> {
  const stated = new Map<string, number>();
  let count = 0;
  let total = 0;
  const filter = ({ name, originalSize }: { name: string; originalSize: number }): boolean => {
    if (++count > MAX_MEMBERS) throw readError('whole file', `an .npz file may hold at most ${MAX_MEMBERS} arrays; save fewer`);
    if (!name.endsWith('.npy')) return false;
    total += originalSize;
    if (total > MAX_UNFOLDED) throw readError('whole file', `the arrays may take at most ${MAX_UNFOLDED} bytes, but ${printable(name)} makes it ${total}; save fewer, or a sparse matrix with scipy.sparse.save_npz`);
    if (stated.has(name)) throw readError('whole file', `two members are called ${printable(name)}; save the file anew with numpy.savez`);
    stated.set(name, originalSize);
    return true;
  };
  const members = unzipWith(bytes, filter);
  for (const [name, size] of stated) {
    const got = members[name]?.length;
    if (got !== size) throw readError('whole file', `${printable(name)} should unfold to ${size} bytes, got ${got}; copy or save the file again`);
  }
  return members;
}

function unzipWith(bytes: Uint8Array, filter: (file: { name: string; originalSize: number }) => boolean): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes, { filter });
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw readError('whole file', `it is not a ZIP archive that can be unpacked (${printable(messageOf(error))}); copy or save the file again`);
  }
}

/** An archive whose first member is an array. */
function looksLikeNpz(bytes: Uint8Array): boolean {
  if (bytes.length < 30 || bytes[0] !== 0x50 || bytes[1] !== 0x4b || bytes[2] !== 3 || bytes[3] !== 4) return false;
  const nameLength = bytes[26] | (bytes[27] << 8);
  return new TextDecoder().decode(bytes.subarray(30, 30 + nameLength)).endsWith('.npy');
}

export const npzFormat: GraphFormat = {
  name: 'npz',
  extensions: ['.npz'],
  meaning: 'NumPy archive: a square matrix among its arrays, or a matrix of scipy.sparse.save_npz; written as `adjacency`.',
  binary: true,
  looksLike: looksLikeNpz,
  read: (bytes, options) => {
    const arrays = readMembers(bytes);
    const sparse = options.variable === null ? sparseOfMembers(arrays) : null;
    if (sparse) return graphOfMatrix(sparse, options);
    const variables = [...arrays].map(([name, array]): FileVariable => ({ name, what: describeNpy(array), matrix: npyMatrix(array) }));
    return graphOfVariables(variables, options);
  },
  // The date is part of the archive: always the same one, so that the same graph gives the same bytes.
  write: (graph) => zipSync({ 'adjacency.npy': npyBytes(graph) }, { mtime: new Date(1980, 0, 1) }),
};
