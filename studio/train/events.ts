import { must } from '../../src/core/errors.js';
import { memorySource } from '../../src/data/memory-source.js';
import { firstTrainingNumbers, labelledNumbers } from '../../src/data/numbers.js';
import type { MemoryDataset } from '../../src/data/types.js';
import { parseGraphSpec } from '../../src/graph/spec.js';
import { designNetwork } from '../../src/network/design.js';
import { calibrate } from '../../src/spikes/calibrate.js';
import { toSpiking } from '../../src/spikes/convert.js';
import { type CodeSetting, type Measured, measuredRun } from '../../src/spikes/measured.js';
import { createSimulator, joinRuns } from '../../src/spikes/simulate.js';
import type { Mesh } from '../../src/spikes/mesh.js';
import type { SpikeRun, SpikingNetwork } from '../../src/spikes/types.js';
import { networkWith } from '../../src/train/rewiring.js';
import { datasetOf } from './dataset.js';
import type { Trained } from './messages.js';

/** A trained network that is to run event by event, code by code. */
export interface EventsAsked {
  readonly trained: Trained;
  readonly codes: readonly CodeSetting[];
  readonly mesh: Mesh;
}

/** What one code came to, and how often each node fired what relational layers read, an image. */
export interface EventsPart {
  readonly measured: Measured;
  readonly byNode: readonly number[];
  /** Training images that thresholds were chosen by. */
  readonly calibrated: number;
}

/** As `plexus spike run` has them where nothing else is asked for. */
const CALIBRATE = 256;
const BATCH = 64;
const PLACE_SEED = 1;

/**
 * Does what `plexus spike run` does, in one thread; tells each code when it is done.
 *
 * @throws UserError for layers that events cannot carry
 */
export async function runEvents(
  { trained, codes, mesh }: EventsAsked,
  tell: (part: EventsPart) => void,
): Promise<number> {
  const { job, weights, graphs } = trained;
  const dataset = datasetOf(job.data);
  const { network } = designNetwork({
    arch: job.arch,
    graph: job.graph ?? parseGraphSpec(job.line ?? ''),
    input: dataset.shape,
    classes: dataset.classes.length,
  });
  const left = graphs === null ? network : networkWith(network, graphs);
  const calibrated = Math.min(CALIBRATE, dataset.train.count);
  const order = { batch: Math.min(BATCH, calibrated), seed: 0, augment: false };
  const images = await firstTrainingNumbers(memorySource(dataset, order), calibrated);
  const calibration = calibrate({ network: left, weights }, images);
  for (const setting of codes) {
    const spiking = toSpiking(left, weights, { ...setting, calibration });
    const { run, wrong } = await runAll(spiking, dataset);
    const measured = measuredRun(spiking, run, { mesh, seed: PLACE_SEED, wrong });
    tell({ measured, byNode: firedOf(spiking, run), calibrated });
  }
  return codes.length;
}

async function runAll(
  spiking: SpikingNetwork,
  dataset: MemoryDataset,
): Promise<{ readonly run: SpikeRun; readonly wrong: number }> {
  const simulator = createSimulator(spiking);
  const batch = Math.min(BATCH, dataset.train.count);
  const source = memorySource(dataset, { batch, seed: 0, augment: false });
  const runs: SpikeRun[] = [];
  let wrong = 0;
  for await (const loaded of source.test()) {
    const { samples, labels } = labelledNumbers(loaded);
    const run = simulator.run(samples);
    wrong += labels.filter((label, at) => label !== run.labels[at]).length;
    runs.push(run);
  }
  return { run: joinRuns(runs), wrong };
}

/** Events of each node that relational layers read, an image. */
function firedOf({ layers }: SpikingNetwork, { counts, samples }: SpikeRun): number[] {
  const read = layers.flatMap(({ readBy }, at) =>
    readBy === null ? [] : [must(counts[at]).eventsByNode ?? []],
  );
  const nodes = Math.max(0, ...read.map(({ length }) => length));
  return Array.from({ length: nodes }, (_, node) =>
    read.reduce((sum, events) => sum + (events[node] ?? 0) / samples, 0),
  );
}
