import { availableParallelism } from 'node:os';
import { InternalError, Interrupted, invariant } from '../core/errors.js';
import { nextTurn } from '../core/next-turn.js';
import { compiledWorker, runPool } from '../platform/pool.js';
import { createSimulator, joinRuns } from '../spikes/simulate.js';
import type { SpikeRun, SpikingNetwork } from '../spikes/types.js';

/** Samples of one batch; what a worker is posted. */
export interface SpikeJob {
  readonly index: number;
  readonly samples: Float64Array;
}

/** How a run over many samples is made. */
export interface SpikeRunOptions {
  /** Worker threads; default: one for each core. 1 runs in this thread. Counts do not depend on it. */
  readonly workers?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called after each batch with the samples done so far. */
  readonly onProgress?: ((samples: number) => void) | undefined;
}

/** Batches that wait for each worker. */
const WAITING = 4;

/**
 * Runs samples through a network of events, batch by batch, in worker threads.
 *
 * @throws UserError where a batch is of no whole samples
 * @throws Interrupted when `signal` aborts
 */
export async function runSpikes(
  network: SpikingNetwork,
  batches: AsyncIterable<Float64Array>,
  { workers = availableParallelism(), signal, onProgress }: SpikeRunOptions = {},
): Promise<SpikeRun> {
  const runs = new Map<number, SpikeRun>();
  let done = 0;
  const keep = (run: SpikeRun, { index }: Pick<SpikeJob, 'index'>): void => {
    runs.set(index, run);
    done += run.samples;
    onProgress?.(done);
  };
  if (workers === 1) {
    const simulator = createSimulator(network);
    let index = 0;
    for await (const samples of batches) {
      keep(simulator.run(samples), { index: index++ });
      await nextTurn();
      if (signal?.aborted) throw new Interrupted('the run was stopped');
    }
  } else if (!(await runThreads(network, batches, workers, keep, signal)))
    throw new Interrupted('the run was stopped');
  invariant(runs.size > 0, 'there is a batch to run');
  // By their number, not in the order in which they ended.
  return joinRuns([...runs].toSorted(([a], [b]) => a - b).map(([, run]) => run));
}

async function runThreads(
  network: SpikingNetwork,
  batches: AsyncIterable<Float64Array>,
  workers: number,
  onEnd: (run: SpikeRun, job: SpikeJob) => void,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const source = batches[Symbol.asyncIterator]();
  let index = 0;
  const more = async (): Promise<SpikeJob[]> => {
    const jobs: SpikeJob[] = [];
    while (jobs.length < workers * WAITING) {
      const next = await source.next();
      if (next.done === true) break;
      jobs.push({ index: index++, samples: next.value });
    }
    return jobs;
  };
  try {
    return await runPool<SpikeJob, never, SpikeRun>(await more(), {
      workers,
      worker: compiledWorker('spike-threads/worker.js'),
      shared: network,
      more,
      onEnd,
      onDeath: (_, reason) => {
        throw new InternalError(`a worker of the spiking network died: ${reason}`);
      },
      ...(signal && { signal }),
    });
  } finally {
    await source.return?.();
  }
}
