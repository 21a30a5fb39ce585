import { parentPort, workerData } from 'node:worker_threads';
import { invariant } from '../core/errors.js';
import type { PoolPost } from '../platform/pool.js';
import { createSimulator } from '../spikes/simulate.js';
import type { SpikeRun, SpikingNetwork } from '../spikes/types.js';
import type { SpikeJob } from './run.js';

// This module is the main one of a worker thread, which is posted one batch of samples after another.
const port = parentPort;
invariant(port !== null, 'the worker of a spiking network runs in a worker thread only');
const simulator = createSimulator(workerData as SpikingNetwork);
const post = (message: PoolPost<never, SpikeRun>): void => port.postMessage(message);
port.on('message', ({ samples }: SpikeJob) =>
  post({ kind: 'end', record: simulator.run(samples) }),
);
post({ kind: 'ready' });
