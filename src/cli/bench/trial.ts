import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { invariant, must } from '../../core/errors.js';
import { loadDataset } from '../../data-files/load.js';
import type { Dataset, DataSpec } from '../../data/types.js';
import type { KernelBackend } from '../../engine/backends/cpu/index.js';
import type { Backend, BackendInfo, Phase } from '../../engine/types.js';
import { runTrial } from '../../executors/trial.js';
import type { WorkerShared } from '../../executors/worker.js';
import { parseGraphSpec } from '../../graph/spec.js';
import { designNetwork } from '../../network/design.js';
import { compiledWorker } from '../../platform/pool.js';
import { CHECKPOINT_SECONDS } from '../../store/checkpoints.js';
import { trainSettingsFor } from '../../train/settings.js';
import type { SectionOptions } from './ops.js';
import { type StepShares, stepShares } from './shares.js';
import { loadedStep, startedStep } from './steps.js';
import { timeInTurn } from './timing.js';

/** What a trial's time is told in, in the order in which it first happens. */
export const trialPartNames = [
  'start of a worker',
  'data',
  'graph and network',
  'memory',
  'initial weights',
  'images',
  'training steps',
  'statistics of norms',
  'evaluation',
  'checkpoint',
  'rest',
] as const;
type TrialPartName = (typeof trialPartNames)[number];

/** Seconds of each part. */
type TrialParts = Readonly<Record<TrialPartName, number>>;

/** The trial to measure. */
export interface TrialCase {
  readonly arch: string;
  /** Spec line. */
  readonly graph: string;
  readonly epochs: number;
  /** Of the built-in data set `shapes`. */
  readonly trainImages: number;
  readonly testImages: number;
}

/** Where the time of one trial goes. */
export interface TrialTimes extends TrialCase {
  readonly backend: BackendInfo;
  /** Of the parts but worker, data and checkpoint. */
  readonly seconds: number;
  /**
   * Worker and data: once for all trials of a worker and of a study. `checkpoint`: a single one.
   */
  readonly parts: TrialParts;
  /** Least seconds from one checkpoint to the next in a study. */
  readonly checkpointEvery: number;
  /** Training steps, and where their time goes. */
  readonly steps: number;
  readonly shares: StepShares;
}

export interface TrialOptions {
  readonly signal?: AbortSignal;
  /** Seconds for the shares of a step. */
  readonly shareSeconds?: number;
}

/**
 * Trains one trial in this thread as a study does, and tells the seconds of its parts.
 *
 * @throws Interrupted when `signal` aborts
 */
export async function measureTrial(
  backend: KernelBackend,
  one: TrialCase,
  { signal, shareSeconds = 2 }: TrialOptions = {},
): Promise<TrialTimes> {
  const { arch, trainImages: train, testImages: test } = one;
  const data: DataSpec = { name: 'shapes', train, test };
  const [dataset, loading] = await timed(() => loadDataset(data));
  const [, starting] = await timed(() => startWorker(dataset));
  const checkpoints = mkdtempSync(join(tmpdir(), 'plexus-bench-'));
  const settings = trainSettingsFor(arch, { epochs: one.epochs });
  const watch = new Stopwatch();
  try {
    const record = await runTrial({
      trial: { index: 0, role: 'graph', graph: one.graph, seed: 1 },
      arch,
      dataset,
      settings,
      backend: watched(backend, watch),
      // After every epoch, to see what one takes.
      checkpoint: { file: join(checkpoints, 'trial.safetensors'), seconds: 0 },
      onEpoch: () => watch.epoch(),
      signal,
    });
    watch.between();
    invariant(record.status === 'complete', `the trial to measure ended as ${record.status}`);
  } finally {
    rmSync(checkpoints, { recursive: true });
  }
  const { spent, steps } = watch;
  const seconds = Object.values(spent).reduce((sum, part) => sum + part, 0) - spent.checkpoint;
  // After the last epoch nothing is kept.
  const checkpoint = spent.checkpoint / Math.max(1, one.epochs - 1);
  return {
    ...one,
    backend: backend.info,
    seconds,
    parts: { ...spent, 'start of a worker': starting, data: loading, checkpoint },
    checkpointEvery: CHECKPOINT_SECONDS,
    steps,
    shares: await sharesOf(backend, one, dataset, {
      seconds: shareSeconds,
      ...(signal && { signal }),
    }),
  };
}

/** What comes of it, and the seconds until then. */
async function timed<T>(work: () => Promise<T>): Promise<readonly [T, number]> {
  const begun = performance.now();
  const made = await work();
  return [made, (performance.now() - begun) / 1000];
}

/** A worker of a study until it is ready for its first job. */
async function startWorker(dataset: Dataset): Promise<void> {
  const shared: WorkerShared = { dataset };
  const worker = new Worker(compiledWorker('executors/worker.js'), { workerData: shared });
  await once(worker, 'message');
  await worker.terminate();
}

const PHASE_PARTS: Partial<Readonly<Record<Phase, TrialPartName>>> = {
  statistics: 'statistics of norms',
  evaluate: 'evaluation',
};

/** Sees what a training does with its backend; every moment belongs to one part. */
class Stopwatch {
  readonly spent = Object.fromEntries(trialPartNames.map((name) => [name, 0])) as Record<
    TrialPartName,
    number
  >;
  steps = 0;
  /** What the time between two calls of the backend is for. */
  private current: TrialPartName = 'graph and network';
  private last = performance.now();
  /** Seconds of images that were loaded, until a phase shows what for. */
  private loading = 0;

  private lap(): number {
    const now = performance.now();
    const seconds = (now - this.last) / 1000;
    this.last = now;
    return seconds;
  }

  /** A call of the backend begins, or the trial has ended. */
  between(): void {
    this.spent[this.current] += this.lap();
    this.current = 'rest';
  }

  /** The program was given its memory. */
  prepared(): void {
    this.spent.memory += this.lap();
    this.current = 'initial weights';
  }

  loaded(): void {
    this.loading += this.lap();
  }

  ran(phase: Phase): void {
    const part = PHASE_PARTS[phase] ?? 'training steps';
    this.spent[part] += this.lap();
    this.spent[part === 'training steps' ? 'images' : part] += this.loading;
    this.loading = 0;
    if (phase === 'step' || phase === 'update') this.steps++;
  }

  /** An epoch is done, the checkpoint follows. */
  epoch(): void {
    this.between();
    this.current = 'checkpoint';
  }
}

/** The backend, its calls told to a watch. */
function watched(backend: KernelBackend, watch: Stopwatch): Backend {
  return {
    info: backend.info,
    async prepare(program, options) {
      watch.between();
      const executable = await backend.prepare(program, options);
      watch.prepared();
      return {
        ...executable,
        inputImages(batch) {
          watch.between();
          executable.inputImages(batch);
          watch.loaded();
        },
        dispatch(phase, settings, how) {
          watch.between();
          executable.dispatch(phase, settings, how);
          watch.ran(phase);
        },
      };
    },
  };
}

/** Where the time of the trial's steps goes, of a step by itself. */
async function sharesOf(
  backend: KernelBackend,
  { arch, graph }: TrialCase,
  { shape, classes }: Dataset,
  options: SectionOptions,
): Promise<StepShares> {
  const { network } = designNetwork({
    arch,
    graph: parseGraphSpec(graph),
    input: shape,
    classes: classes.length,
  });
  const { batch } = trainSettingsFor(arch);
  const executable = await startedStep(backend, network, { batch });
  try {
    const [timing] = await timeInTurn([loadedStep(executable)], { ...options, repeats: 1 });
    return stepShares(executable, must(timing));
  } finally {
    executable.dispose();
  }
}
