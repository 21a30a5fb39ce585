import { must } from '../../../core/errors.js';
import type { Tensor } from '../../../core/tensor.js';
import type { Dataset } from '../../../data/types.js';
import { formatGraphSpec } from '../../../graph/spec.js';
import type { Network } from '../../../network/types.js';
import { calibrate } from '../../../spikes/calibrate.js';
import { toSpiking } from '../../../spikes/convert.js';
import {
  type CodeSetting,
  energiesOf,
  type Measured,
  measuredRun,
  type PlaceSettings,
} from '../../../spikes/measured.js';
import { checkMesh } from '../../../spikes/mesh.js';
import { floatFigures, type NeuroBenchFigures } from '../../../spikes/neurobench.js';
import type { SpikeRun, SpikingNetwork } from '../../../spikes/types.js';
import { runSpikes } from '../../../spike-threads/run.js';
import { calibrationImages, testImages } from './images.js';

/** How trained networks are measured as events. */
export interface MeasureSettings extends PlaceSettings {
  readonly codes: readonly CodeSetting[];
  readonly calibrate: number;
  /** The weights were tuned for spikes. */
  readonly tuned: boolean;
}

/** The float network that events were made of, on the first test images. */
export interface MeasuredFloat {
  readonly images: number;
  readonly figures: NeuroBenchFigures;
  readonly energy: Readonly<Record<string, number>>;
}

export interface Measuring {
  readonly network: Network;
  readonly weights: ReadonlyMap<string, Tensor>;
  readonly dataset: Dataset;
  readonly settings: MeasureSettings;
  /** Threads; undefined: one for each core. */
  readonly workers: number | undefined;
  readonly signal: AbortSignal;
  /** Part of all done, 0..1; called often. */
  readonly onProgress: (part: number) => void;
}

/**
 * Runs the test images through a trained network as events, code by code.
 *
 * @throws UserError for layers that events cannot carry, a bad number of steps, a mesh that is too
 *   small
 */
export async function measureSpikes(
  measuring: Measuring,
): Promise<{ readonly float: MeasuredFloat; readonly codes: readonly Measured[] }> {
  const { network, weights, dataset, settings } = measuring;
  const images = await calibrationImages(dataset, settings.calibrate);
  const calibration = calibrate({ network, weights }, images);
  const conversions = settings.codes.map((setting) =>
    toSpiking(network, weights, { ...setting, calibration, tuned: settings.tuned }),
  );
  for (const { readBy } of conversions.flatMap(({ layers }) => layers))
    if (readBy !== null) checkMesh(settings.mesh, readBy.graph.nodes);
  const codes: Measured[] = [];
  for (const spiking of conversions) {
    const onProgress = (part: number): void =>
      measuring.onProgress((codes.length + part) / settings.codes.length);
    const { run, wrong } = await runAll({ ...measuring, onProgress }, spiking);
    codes.push(measuredRun(spiking, run, { ...settings, wrong }));
  }
  const { stages } = must(conversions[0]);
  return { float: await floatOf(dataset, stages), codes };
}

/**
 * Test error in % of a trained network by one code, without figures or placement.
 *
 * @param calibrate training images that thresholds are chosen by
 */
export async function spikeError(
  running: Running & Pick<Measuring, 'network' | 'weights'>,
  { calibrate: count, ...setting }: CodeSetting & Pick<MeasureSettings, 'calibrate' | 'tuned'>,
): Promise<number> {
  const { network, weights, dataset } = running;
  const calibration = await calibrationImages(dataset, count);
  const { wrong } = await runAll(running, toSpiking(network, weights, { ...setting, calibration }));
  return (100 * wrong) / dataset.test.count;
}

type Running = Pick<Measuring, 'dataset' | 'workers' | 'signal' | 'onProgress'>;

async function runAll(
  { dataset, workers, signal, onProgress }: Running,
  spiking: SpikingNetwork,
): Promise<{ readonly run: SpikeRun; readonly wrong: number }> {
  const classes: number[] = [];
  const batches = async function* (): AsyncGenerator<Float64Array, void> {
    for await (const { samples, labels } of testImages(dataset)) {
      classes.push(...labels);
      yield samples;
    }
  };
  const run = await runSpikes(spiking, batches(), {
    workers,
    signal,
    onProgress: (done) => onProgress(done / dataset.test.count),
  });
  return { run, wrong: classes.filter((label, at) => label !== run.labels[at]).length };
}

async function floatOf(
  dataset: Dataset,
  stages: Parameters<typeof floatFigures>[0],
): Promise<MeasuredFloat> {
  for await (const { samples, labels } of testImages(dataset)) {
    const figures = floatFigures(stages, samples);
    return { images: labels.length, figures, energy: energiesOf(figures) };
  }
  throw new Error('internal: a data set has test images');
}

/** The graph of a network in words. */
export const graphText = ({ graph }: Network): string =>
  graph === null ? 'none' : formatGraphSpec(graph);
