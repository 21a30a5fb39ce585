import { memorySource } from '../../src/data/memory-source.js';
import { shapeDefaults, shapesDataset } from '../../src/data/shapes.js';
import type { MemoryDataset } from '../../src/data/types.js';
import { initialise } from '../../src/engine/initialise.js';
import type { Backend, Executable } from '../../src/engine/types.js';
import { parseGraphSpec } from '../../src/graph/spec.js';
import { designNetwork } from '../../src/network/design.js';
import { checkTraining, programOf } from '../../src/train/begin.js';
import { trainEpochs } from '../../src/train/loop.js';
import { trainSettingsFor } from '../../src/train/settings.js';
import { FROM_THE_START } from '../../src/train/state.js';
import type { EpochRecord, TrainSettings } from '../../src/train/types.js';
import type { Hold } from './hold.js';
import type { Facts, Report, TrainJob } from './messages.js';

/** A training with its network ready, at its starting weights. */
export interface Training {
  readonly dataset: MemoryDataset;
  readonly executable: Executable;
  readonly facts: Facts;
  /** Trains it to the end, as far as `hold` lets it. */
  run(hold: Hold, tell: (report: Report) => void): Promise<readonly EpochRecord[]>;
}

/** The settings of a job: the architecture's own, but for what the page sets. */
export function settingsOf({ arch, epochs, batch, rate }: TrainJob): TrainSettings {
  return trainSettingsFor(arch, { epochs, batch, learningRate: rate, backend: 'wasm' });
}

/** The data set of a job; of `shapes` the one that the command draws. */
function datasetOf(data: TrainJob['data']): MemoryDataset {
  if ('train' in data) return data;
  const { images: train, tests: test, size } = data;
  const { seed } = shapeDefaults;
  return { ...shapesDataset({ train, test, size, seed }), name: 'shapes', identity: 'shapes' };
}

/**
 * Does what `plexus train` does before its first update.
 *
 * @throws UserError for a graph, data or settings that do not fit together
 */
export async function prepareTraining(job: TrainJob, backend: Backend): Promise<Training> {
  const settings = settingsOf(job);
  const dataset = datasetOf(job.data);
  const { network, cost, measures } = designNetwork({
    arch: job.arch,
    graph: job.graph ?? parseGraphSpec(job.line ?? ''),
    input: dataset.shape,
    classes: dataset.classes.length,
  });
  checkTraining({ network, dataset, settings });
  const executable = await backend.prepare(programOf(network, settings));
  initialise(executable, job.seed, settings.start);
  const { batch, augment } = settings;
  const source = memorySource(dataset, { batch, seed: job.seed, augment });
  return {
    dataset,
    executable,
    facts: {
      backend: backend.info.description,
      widths: network.widths,
      macs: cost.macs,
      params: cost.params,
      clustering: measures.clustering,
      pathLength: measures.pathLength,
      classes: dataset.classes,
      steps: source.perEpoch,
    },
    run: async (hold, tell) => {
      await hold.start();
      return trainEpochs({
        executable,
        source,
        settings,
        from: FROM_THE_START,
        writer: null,
        onStep: (step) => {
          tell({ kind: 'step', step });
          return hold.step(step.step + 1 === step.steps);
        },
        onEpoch: (record) => {
          tell({ kind: 'epoch', record });
          // After the last epoch there is nothing to wait for.
          return record.epoch === settings.epochs ? undefined : hold.epoch();
        },
      });
    },
  };
}
