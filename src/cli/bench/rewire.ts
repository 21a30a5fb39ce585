import { setImmediate } from 'node:timers/promises';
import { Interrupted, UserError } from '../../core/errors.js';
import type { ImageBatch } from '../../core/image-batch.js';
import type { KernelBackend, KernelExecutable } from '../../engine/backends/cpu/index.js';
import { compile } from '../../engine/compile.js';
import { initialise } from '../../engine/initialise.js';
import { REWIRE_DEFAULTS, REWIRE_RULES, type RewireRule } from '../../graph/rewire-settings.js';
import { rewireProblem } from '../../network/rewire-pairs.js';
import { roundGraphs } from '../../network/rewired.js';
import type { Network } from '../../network/types.js';
import { checkRewirable, type GraphCourse, graphCourse } from '../../train/rewiring.js';
import { BATCH } from './cases.js';
import type { SectionOptions } from './ops.js';
import { imageBatches } from './steps.js';
import { median, medianRatio } from './timing.js';

/** Training with and without rewiring. */
export interface RewireResult {
  /** Null: the graph stays. */
  readonly rule: RewireRule | null;
  /** Steps a second, the median of the rounds. */
  readonly stepsPerSecond: number;
  /** Steps a second over those without rewiring in the same round, the median of the rounds. */
  readonly ofKept: number;
  /** The same without the rewirings themselves: what other graphs cost a step. */
  readonly stepsOfKept: number;
  /** Milliseconds of one rewiring, the median of the rounds; null where the graph stays. */
  readonly rewiring: number | null;
  readonly rounds: number;
}

export interface RewireBenchOptions extends SectionOptions {
  /** Updates between two rewirings. */
  readonly every: number;
}

const HYPER = { learningRate: 1e-3, momentum: 0.9, weightDecay: 5e-4 };
/** So long a training that every rewiring drops the share of the first. */
const ENDLESS = 1e9;

/** One network in training. */
interface Runner {
  readonly rule: RewireRule | null;
  readonly executable: KernelExecutable;
  readonly course: GraphCourse | null;
  updates: number;
  /** Of each round: all of it, and what went into rewiring. */
  readonly milliseconds: number[];
  readonly rewirings: number[];
}

/**
 * Trains the same network with its graph kept and rewired by every rule, in turn: images to batch,
 * step, and after `every` updates one rewiring. The last update of a turn is the one that is due.
 */
export async function measureRewiring(
  backend: KernelBackend,
  network: Network,
  { every, seconds, signal }: RewireBenchOptions,
): Promise<RewireResult[]> {
  checkRewirable(network, { rule: 'set', ...REWIRE_DEFAULTS });
  if (roundGraphs(network).every((graph) => rewireProblem(graph) === 'complete'))
    throw new UserError(
      'a graph is rewired by joining pairs of nodes that are not joined, but the complete graph has ' +
        'none; take a sparser graph',
    );
  const batches = imageBatches(network.input);
  const runners: Runner[] = [];
  try {
    for (const rule of [null, ...REWIRE_RULES])
      runners.push(await runnerOf(backend, network, { rule, every }));
    // Once untimed: memory is touched, code is compiled.
    for (const runner of runners) await turn(runner, batches, { every, timed: false });
    const begun = performance.now();
    let slowest = 0;
    for (let from = begun; from === begun || from + slowest < begun + 1000 * seconds;) {
      for (const runner of runners) {
        await turn(runner, batches, { every, timed: true });
        await setImmediate();
        if (signal?.aborted) throw new Interrupted('benchmark stopped');
      }
      const now = performance.now();
      slowest = Math.max(slowest, now - from);
      from = now;
    }
    const kept = runners[0].milliseconds;
    return runners.map(({ rule, milliseconds, rewirings }) => ({
      rule,
      stepsPerSecond: (1000 * every) / median(milliseconds),
      ofKept: medianRatio(kept, milliseconds),
      stepsOfKept: medianRatio(
        kept,
        milliseconds.map((each, at) => each - rewirings[at]),
      ),
      rewiring: rule === null ? null : median(rewirings),
      rounds: milliseconds.length,
    }));
  } finally {
    for (const { executable } of runners) executable.dispose();
  }
}

async function runnerOf(
  backend: KernelBackend,
  network: Network,
  { rule, every }: { readonly rule: RewireRule | null; readonly every: number },
): Promise<Runner> {
  const executable = await backend.prepare(compile(network, { batch: BATCH }));
  initialise(executable, 1);
  const course =
    rule === null
      ? null
      : graphCourse({
          executable,
          settings: { rule, ...REWIRE_DEFAULTS, every },
          programOf: (each, probe = false) => compile(each, { batch: BATCH, probe }),
          seed: 1,
          updates: ENDLESS,
        });
  return { rule, executable, course, updates: 0, milliseconds: [], rewirings: [] };
}

async function turn(
  runner: Runner,
  batches: Iterator<ImageBatch, never>,
  { every, timed }: { readonly every: number; readonly timed: boolean },
): Promise<void> {
  const from = performance.now();
  let rewiring = 0;
  for (let step = 0; step < every; step++) {
    const batch = batches.next().value;
    runner.executable.inputImages(batch);
    runner.executable.dispatch('step', HYPER);
    const metrics = await runner.executable.metrics();
    if (!Number.isFinite(metrics.loss))
      throw new UserError('the training that is timed diverged; choose another graph');
    const stepped = performance.now();
    await runner.course?.after(++runner.updates, batch);
    rewiring += performance.now() - stepped;
  }
  if (!timed) return;
  runner.milliseconds.push(performance.now() - from);
  runner.rewirings.push(rewiring);
}
