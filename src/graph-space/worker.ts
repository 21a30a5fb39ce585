import { parentPort, workerData } from 'node:worker_threads';
import { invariant } from '../core/errors.js';
import type { SpaceGrid } from '../graph/space/grid.js';
import { placeCandidates } from '../graph/space/place.js';
import type { PoolPost } from '../platform/pool.js';

/** A stretch of the shuffled candidates. */
export interface SweepChunk {
  readonly index: number;
  /** Of the candidates, in the order in which their places are wanted. */
  readonly numbers: Int32Array;
}

// This module is the main one of a worker thread of a sweep, which posts it one chunk after
// another.
const port = parentPort;
invariant(port !== null, 'the worker of a sweep runs in a worker thread only');
const post = (message: PoolPost<never, Float64Array>): void =>
  port.postMessage(message, message.kind === 'end' ? [message.record.buffer as ArrayBuffer] : []);
port.on('message', ({ numbers }: SweepChunk) =>
  post({ kind: 'end', record: placeCandidates(workerData as SpaceGrid, numbers) }),
);
post({ kind: 'ready' });
