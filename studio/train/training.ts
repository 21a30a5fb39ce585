import { features } from '../../src/core/shape.js';
import type { BatchSource } from '../../src/data/batch-source.js';
import { memorySource } from '../../src/data/memory-source.js';
import type { MemoryDataset } from '../../src/data/types.js';
import { backendWords } from '../../src/engine/precision.js';
import { initialise } from '../../src/engine/initialise.js';
import { readWeights } from '../../src/engine/weights.js';
import type { KernelBackend, KernelExecutable } from '../../src/engine/backends/cpu/index.js';
import { parseGraphSpec } from '../../src/graph/spec.js';
import { designNetwork } from '../../src/network/design.js';
import { trialFacts } from '../../src/study/record.js';
import { checkTraining, programOf } from '../../src/train/begin.js';
import { type LoopOptions, trainEpochs } from '../../src/train/loop.js';
import { trainSettingsFor } from '../../src/train/settings.js';
import { checkRewirable, courseOf, rewireOf } from '../../src/train/rewiring.js';
import { FROM_THE_START } from '../../src/train/state.js';
import type { TrainSettings } from '../../src/train/types.js';
import { datasetOf } from './dataset.js';
import { frameOf, isFilmed } from './film.js';
import type { Hold } from './hold.js';
import { lookAt } from './look.js';
import type { Facts, Pictures, Report, TrainJob } from './messages.js';

/** Milliseconds from one look at a network that trains to the next. */
const LOOK_MS = 1500;
/** Bytes of test pictures that a page keeps to show. */
const SHOWN_BYTES = 8 * 2 ** 20;

/** Architectures that events may carry; src/spikes says of each network whether they can. */
const SPIKING: readonly TrainJob['arch'][] = ['mlp', 'cnn'];

/** A training with its network ready, at its starting weights. */
export interface Training {
  readonly facts: Facts;
  /** Trains it to the end, as far as `hold` lets it. */
  run(hold: Hold): Promise<void>;
  /** Gives its memory back. */
  end(): void;
  /** Tells what the network is and does now. Nothing may be trained meanwhile. */
  look(): Promise<void>;
}

/** The settings of a job: the architecture's own, but for what the page sets. */
function settingsOf({ arch, epochs, batch, rate }: TrainJob): TrainSettings {
  return trainSettingsFor(arch, { epochs, batch, learningRate: rate, backend: 'wasm' });
}

/**
 * Does what `plexus train` does before its first update.
 *
 * @throws UserError for a graph, data or settings that do not fit together
 */
export async function prepareTraining(
  job: TrainJob,
  backend: KernelBackend,
  tell: (report: Report) => void,
): Promise<Training> {
  const settings = settingsOf(job);
  const dataset = datasetOf(job.data);
  const design = designNetwork({
    arch: job.arch,
    graph: job.graph ?? parseGraphSpec(job.line ?? ''),
    input: dataset.shape,
    classes: dataset.classes.length,
  });
  const { network } = design;
  checkTraining({ network, dataset, settings });
  const rewire = rewireOf(network, settings);
  if (rewire !== null) checkRewirable(network, rewire);
  const executable = await backend.prepare(programOf(network, settings));
  initialise(executable, job.seed, settings.start);
  const course = courseOf(executable, { network, dataset, settings, seed: job.seed });
  const { batch, augment } = settings;
  const source = memorySource(dataset, { batch, seed: job.seed, augment });
  const watch = createWatch(executable, source, settings.epochs, tell);
  return {
    facts: {
      backend: backendWords(backend.info, settings.precision),
      trial: trialFacts(design),
      classes: dataset.classes,
      steps: source.perEpoch,
      test: shownPictures(dataset, job.watched ? SHOWN_BYTES : 0),
    },
    look: () => watch.look(),
    end: () => executable.dispose(),
    run: async (hold) => {
      if (job.watched) await watch.film(0);
      await hold.start();
      const records = await trainEpochs({
        executable,
        source,
        settings,
        from: FROM_THE_START,
        writer: null,
        course,
        ...(job.watched
          ? watch.by(hold)
          : { onEpoch: (record) => tell({ kind: 'epoch', record }) }),
      });
      const last = records.at(-1);
      if (job.watched && last !== undefined && SPIKING.includes(job.arch)) {
        const weights = await readWeights(executable);
        const graphs = course?.state() ?? null;
        tell({ kind: 'trained', trained: { weights, graphs, error: last.testError } });
      }
    },
  };
}

/** What is told of a training that somebody watches. */
interface Watch {
  look(): Promise<void>;
  /** Tells of the weights as a graph, where that is one worth telling. */
  film(epoch: number): Promise<void>;
  /** Tells of steps, epochs and looks, and waits where it is held. */
  by(hold: Hold): Pick<LoopOptions, 'onStep' | 'onEpoch'>;
}

function createWatch(
  executable: KernelExecutable,
  source: BatchSource,
  epochs: number,
  tell: (report: Report) => void,
): Watch {
  const at = { epoch: 0, update: 0 };
  let looked = 0;
  const look = async (): Promise<void> => {
    tell({ kind: 'look', look: await lookAt(executable, source, at) });
    looked = performance.now();
  };
  const film = async (epoch: number): Promise<void> => {
    if (!isFilmed(epoch, epochs)) return;
    const frame = await frameOf(executable, epoch);
    if (frame !== null) tell({ kind: 'frame', frame });
  };
  return {
    look,
    film,
    by: (hold) => ({
      onStep: (step) => {
        at.update++;
        tell({ kind: 'step', step });
        return hold.step(step.step + 1 === step.steps);
      },
      onEpoch: async (record) => {
        at.epoch = record.epoch;
        tell({ kind: 'epoch', record });
        await film(record.epoch);
        const isLast = record.epoch === epochs;
        // Where it waits, it is looked at anyway.
        if (isLast || (!hold.waits() && performance.now() - looked >= LOOK_MS)) await look();
        // After the last epoch there is nothing to wait for.
        if (!isLast) await hold.epoch();
      },
    }),
  };
}

/** The first test pictures, in memory of their own. */
function shownPictures({ shape, test }: MemoryDataset, most: number): Pictures {
  const size = features(shape);
  const count = Math.min(test.count, Math.floor(most / size));
  const images = test.images.slice(0, count * size);
  return { shape, count, images, labels: test.labels.slice(0, count) };
}
