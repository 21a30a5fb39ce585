import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { canonicalJson } from '../core/canonical-json.js';
import { InternalError, Interrupted, invariant, UserError } from '../core/errors.js';
import {
  candidateCount,
  candidateOrder,
  type GridOptions,
  spaceGrid,
  type SpaceGrid,
} from '../graph/space/grid.js';
import {
  isFile,
  makeDirectory,
  readBytes,
  readJson,
  writeFileAtomic,
  writeJsonAtomic,
} from '../platform/fs.js';
import { sha256Hex } from '../platform/hash.js';
import { compiledWorker, runPool } from '../platform/pool.js';
import type { SweepChunk } from './worker.js';

/** How far a sweep is, in candidates. */
export interface SweepProgress {
  readonly done: number;
  readonly total: number;
  /** Of those done, how many were there when the sweep began. */
  readonly before: number;
}

/** How `sweepSpace` works, and who is told. */
export interface SweepOptions {
  /** Worker threads; default: one for each core. The places do not depend on it. */
  readonly workers?: number;
  readonly signal?: AbortSignal;
  /** Called at the beginning and after every chunk. */
  readonly onProgress?: (progress: SweepProgress) => void;
}

/** Every candidate of a grid with its place in the plane. */
export interface Sweep {
  readonly grid: SpaceGrid;
  /** The candidates' numbers, shuffled. */
  readonly order: Int32Array;
  /** C and L in that order, in pairs: 2 i and 2 i + 1. NaN where no connected graph was found. */
  readonly places: Float64Array;
}

/**
 * Candidates in a chunk of a small graph: about a second of work. Larger graphs take longer: fewer
 * of them.
 */
const CHUNK = 16_384;
const LEAST_CHUNK = 256;

function chunkSize({ nodes }: SpaceGrid): number {
  return Math.max(LEAST_CHUNK, Math.min(CHUNK, Math.floor(CHUNK * (64 / nodes) ** 2)));
}

const sweepDirectory = (directory: string): string => join(directory, 'sweep');
const gridFile = (directory: string): string => join(sweepDirectory(directory), 'grid.json');
const chunkFile = (directory: string, index: number): string =>
  join(sweepDirectory(directory), `${String(index).padStart(5, '0')}.f64`);

/** The grid whose sweep, finished or not, lies in a directory; null where there is none. */
function sweptGrid(directory: string): SpaceGrid | null {
  if (!isFile(gridFile(directory))) return null;
  const damaged = `remove ${sweepDirectory(directory)} to sweep anew`;
  const stored = readJson(gridFile(directory), damaged) as SpaceGrid;
  try {
    const { degrees, probabilities, seeds, shuffleSeed } = stored;
    return spaceGrid(stored.nodes, {
      degrees: degrees.count,
      degreeRange: [degrees.from, degrees.to],
      probabilities,
      seeds,
      shuffleSeed,
    });
  } catch {
    throw new UserError(
      `${gridFile(directory)} must hold the grid of a sweep, but something else is in ` +
        `it; ${damaged}`,
    );
  }
}

/**
 * The grid to sweep in a directory: what is given, the rest as in the sweep that lies there, else
 * the defaults. Throws a `UserError` when the sweep that lies there is of another grid.
 */
export function gridFor(
  directory: string,
  nodes: number | undefined,
  options: GridOptions,
): SpaceGrid {
  const stored = sweptGrid(directory);
  if (!stored) return spaceGrid(nodes ?? 64, options);
  const { degrees } = stored;
  const [from, to] = options.degreeRange ?? [degrees.from, degrees.to];
  const wanted: SpaceGrid = {
    nodes: nodes ?? stored.nodes,
    degrees: { count: options.degrees ?? degrees.count, from, to },
    probabilities: options.probabilities ?? stored.probabilities,
    seeds: options.seeds ?? stored.seeds,
    shuffleSeed: options.shuffleSeed ?? stored.shuffleSeed,
  };
  requireSame(directory, stored, wanted);
  return stored;
}

function requireSame(directory: string, stored: SpaceGrid, wanted: SpaceGrid): void {
  if (canonicalJson(stored) === canonicalJson(wanted)) return;
  throw new UserError(
    `a directory holds the sweep of one grid; ${directory} has ${describeGrid(stored)}, ` +
      `but ${describeGrid(wanted)} were asked for; choose another directory`,
  );
}

/** A grid in a few words. */
export function describeGrid({
  nodes,
  degrees,
  probabilities,
  seeds,
  shuffleSeed,
}: SpaceGrid): string {
  const shuffle = shuffleSeed === 1 ? '' : `, shuffled with ${shuffleSeed}`;
  return (
    `n=${nodes}: ${degrees.count} degrees from ${degrees.from} to ${degrees.to} x ` +
    `${probabilities} probabilities x ${seeds} seeds${shuffle}`
  );
}

/**
 * Generates and measures every candidate of a grid, in worker threads. What is done is kept in
 * `directory`/sweep, chunk by chunk; a sweep that was stopped goes on from there, and one that is
 * finished is only read.
 *
 * @throws UserError when the directory holds the sweep of another grid or cannot be written
 * @throws Interrupted when `signal` aborts; finished chunks are kept
 */
export async function sweepSpace(
  grid: SpaceGrid,
  directory: string,
  options: SweepOptions = {},
): Promise<Sweep> {
  begin(grid, directory);
  const order = candidateOrder(grid);
  const places = new Float64Array(2 * order.length);
  const size = chunkSize(grid);
  const pending: SweepChunk[] = [];
  for (let index = 0; index * size < order.length; index++) {
    const numbers = order.slice(index * size, (index + 1) * size);
    if (
      !readChunk(
        directory,
        index,
        places.subarray(2 * index * size, 2 * (index * size + numbers.length)),
      )
    )
      pending.push({ index, numbers });
  }
  const total = candidateCount(grid);
  const before = total - pending.reduce((sum, { numbers }) => sum + numbers.length, 0);
  let done = before;
  options.onProgress?.({ done, total, before });
  const finished = await runPool<SweepChunk, never, Float64Array>(pending, {
    workers: Math.min(options.workers ?? availableParallelism(), pending.length),
    worker: compiledWorker('graph-space/worker.js'),
    shared: grid,
    onEnd: (found, { index, numbers }) => {
      invariant(
        found.length === 2 * numbers.length,
        `a chunk of ${numbers.length} candidates came back with ${found.length} numbers`,
      );
      writeChunk(directory, index, found);
      places.set(found, 2 * index * size);
      done += numbers.length;
      options.onProgress?.({ done, total, before });
    },
    onDeath: (_, reason) => {
      throw new InternalError(`a worker of the sweep died: ${reason}`);
    },
    ...(options.signal && { signal: options.signal }),
  });
  if (!finished)
    throw new Interrupted(
      `stopped with ${done} of ${total} candidates done, all kept in ${directory}; the ` +
        'same command goes on from there',
    );
  return { grid, order, places };
}

function begin(grid: SpaceGrid, directory: string): void {
  const stored = sweptGrid(directory);
  if (stored) requireSame(directory, stored, grid);
  else {
    makeDirectory(sweepDirectory(directory));
    writeJsonAtomic(gridFile(directory), grid);
  }
}

/** A finished chunk's file: its numbers, then their SHA-256. */
function writeChunk(
  directory: string,
  index: number,
  { buffer, byteOffset, byteLength }: Float64Array,
): void {
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  writeFileAtomic(
    chunkFile(directory, index),
    Buffer.concat([bytes, Buffer.from(sha256Hex(bytes), 'hex')]),
  );
}

/** Reads a finished chunk; false where there is none, or where its file is damaged. */
function readChunk(directory: string, index: number, into: Float64Array): boolean {
  const file = chunkFile(directory, index);
  if (!isFile(file)) return false;
  const stored = Buffer.from(readBytes(file));
  const bytes = stored.subarray(0, into.byteLength);
  if (stored.toString('hex', into.byteLength) !== sha256Hex(bytes)) return false;
  new Uint8Array(into.buffer, into.byteOffset, into.byteLength).set(bytes);
  return true;
}
