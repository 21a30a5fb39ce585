import type { Graph } from '../../graph/types.js';
import { readError } from '../../graph-formats/collect.js';
import { looksLikeMat4, readMat4 } from './mat4.js';
import { readMat5 } from './mat5.js';
import { hdf5Start, readMat73 } from './mat73.js';
import {
  adjacencyBytes,
  type FileVariable,
  graphOfVariables,
} from '../../graph-formats/matrices.js';
import type { GraphFormat } from '../../graph-formats/types.js';

const HEADER = 128;

/** Whether the header's last bytes give a level and an order of bytes: `\0\1IM`, `\1\0MI`. */
function isLevel5(bytes: Uint8Array): boolean {
  const ending = String.fromCharCode(...bytes.subarray(124, 128));
  return ending === '\0\u0001IM' || ending === '\u0001\0MI';
}

/** Of HDF5 only what MATLAB wrote: others keep rows and columns the other way round. */
function looksLikeMat(bytes: Uint8Array): boolean {
  return (
    isLevel5(bytes) ||
    (hdf5Start(bytes) > 0 && String.fromCharCode(...bytes.subarray(0, 6)) === 'MATLAB')
  );
}

function readVariables(bytes: Uint8Array): readonly FileVariable[] {
  if (hdf5Start(bytes) >= 0) return readMat73(bytes);
  if (isLevel5(bytes)) return readMat5(bytes);
  if (looksLikeMat4(bytes)) return readMat4(bytes);
  throw readError(
    'byte 124',
    'the header of a MATLAB file ends with its level and the letters IM or MI; check the ' +
      'format, or save it with save -v7',
  );
}

/**
 * A level 5 file with one logical array called `adjacency`, as `save -v6` makes it: uncompressed,
 * so that every reader takes it.
 */
function matBytes(graph: Graph): Uint8Array {
  const n = graph.nodes;
  const padded = 8 * Math.ceil(n ** 2 / 8);
  const contents = 16 + 16 + 8 + 16 + 8 + padded;
  const bytes = new Uint8Array(HEADER + 8 + contents);
  const view = new DataView(bytes.buffer);
  const text = new TextEncoder();
  bytes.set(text.encode('MATLAB 5.0 MAT-file, Created by: Plexus'.padEnd(116)));
  bytes.set([0, 1, 0x49, 0x4d], 124);
  const words = [
    14,
    contents, // matrix
    6,
    8,
    0x200 | 9,
    0, // flags: logical, stored as uint8
    5,
    8,
    n,
    n, // dimensions
    1,
    9, // name, 9 characters in 16 bytes
  ];
  for (const [at, word] of words.entries()) view.setUint32(HEADER + 4 * at, word, true);
  const name = HEADER + 4 * words.length;
  bytes.set(text.encode('adjacency'), name);
  view.setUint32(name + 16, 2, true); // uint8
  view.setUint32(name + 20, n ** 2, true);
  bytes.set(adjacencyBytes(graph, 'by-column'), name + 24);
  return bytes;
}

export const matFormat: GraphFormat = {
  name: 'mat',
  extensions: ['.mat'],
  meaning:
    'MATLAB: a square full or sparse matrix (level 4, level 5, and 7.3 on HDF5); written ' +
    'as logical `adjacency`.',
  binary: true,
  looksLike: looksLikeMat,
  read: (bytes, options) => graphOfVariables(readVariables(bytes), options),
  write: matBytes,
};
