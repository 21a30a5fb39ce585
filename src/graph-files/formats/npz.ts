import { zipSync } from 'fflate';
import { printable } from '../../core/errors.js';
import { readError } from './collect.js';
import { type FileVariable, graphOfMatrix, graphOfVariables, MAX_UNFOLDED } from './matrices.js';
import { describeNpy, type NpyArray, npyBytes, npyMatrix, parseNpy } from './npy.js';
import { sparseOfMembers } from './npz-sparse.js';
import type { GraphFormat } from './types.js';
import { unzipped, zipMembers } from './zip.js';

/** Most members of an archive: numpy.savez makes one for each array. */
const MAX_MEMBERS = 1000;

/**
 * The arrays of a .npz file, a ZIP archive of .npy files, by name without `.npy`. Other members are
 * passed over.
 */
function readMembers(bytes: Uint8Array): Map<string, NpyArray> {
  const arrays = new Map<string, NpyArray>();
  let total = 0;
  for (const member of zipMembers(bytes, MAX_MEMBERS)) {
    const { name, at, size } = member;
    if (!name.endsWith('.npy')) continue;
    const key = name.slice(0, -'.npy'.length);
    total += size;
    if (total > MAX_UNFOLDED)
      throw readError(
        `byte ${at}`,
        `the arrays may take at most ${MAX_UNFOLDED} bytes, but ${printable(name)} makes ` +
          `it ${total}; save fewer, or a sparse matrix with scipy.sparse.save_npz`,
      );
    if (arrays.has(key))
      throw readError(
        `byte ${at}`,
        `two members are called ${printable(name)}; save the file anew with numpy.savez`,
      );
    arrays.set(key, parseNpy(unzipped(bytes, member), `${printable(name)}, `));
  }
  return arrays;
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
  const nameLength = bytes[26] | (bytes[27] << 8);
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
    const arrays = readMembers(bytes);
    const sparse = options.variable === null ? sparseOfMembers(arrays) : null;
    if (sparse) return graphOfMatrix(sparse, options);
    const variables = [...arrays].map(([name, array]): FileVariable => ({
      name,
      what: describeNpy(array),
      matrix: npyMatrix(array),
    }));
    return graphOfVariables(variables, options);
  },
  // The date is part of the archive: always the same one, so that the same graph gives the same
  // bytes.
  write: (graph) => zipSync({ 'adjacency.npy': npyBytes(graph) }, { mtime: new Date(1980, 0, 1) }),
};
