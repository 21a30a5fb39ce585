import { must } from '../../../core/errors.js';
import type { Tensor } from '../../../core/tensor.js';
import type { Dataset } from '../../../data/types.js';
import { formatGraphSpec } from '../../../graph/spec.js';
import type { Network } from '../../../network/types.js';
import { toSpiking } from '../../../spikes/convert.js';
import { ENERGY_TABLES, nanojoules } from '../../../spikes/energy.js';
import { checkMesh, type Mesh } from '../../../spikes/mesh.js';
import {
  floatFigures,
  type NeuroBenchFigures,
  spikingFigures,
} from '../../../spikes/neurobench.js';
import { networkTraffic } from '../../../spikes/traffic.js';
import type { SpikeCode, SpikeRun, SpikingNetwork } from '../../../spikes/types.js';
import { runSpikes } from '../../../spike-threads/run.js';
import { calibrationImages, testImages } from './images.js';

/** A code with its steps, as `--code qcfs:16` says it. */
export interface CodeSetting {
  readonly code: SpikeCode;
  readonly steps: number;
}

/** How trained networks are measured as events. */
export interface MeasureSettings {
  readonly codes: readonly CodeSetting[];
  readonly calibrate: number;
  readonly mesh: Mesh;
  /** Of the annealing. */
  readonly seed: number;
}

/** What one code made of the test images; operations, events, packets and hops are per image. */
export interface Measured extends CodeSetting {
  readonly images: number;
  /** %. */
  readonly error: number;
  readonly figures: NeuroBenchFigures;
  /** Nanojoules by the table's name: estimates, for comparison only. */
  readonly energy: Readonly<Record<string, number>>;
  /** Null of a network without relational layers, or with layers of different numbers of nodes. */
  readonly traffic: MeasuredTraffic | null;
  readonly layers: readonly MeasuredLayer[];
}

interface MeasuredTraffic {
  readonly events: number;
  readonly packets: number;
  readonly hops: number;
  readonly unicastHops: number;
  /** The core of each node. */
  readonly placement: readonly number[];
}

interface MeasuredLayer {
  readonly id: string;
  readonly neurons: number;
  readonly events: number;
  readonly operations: number;
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
  const calibration = await calibrationImages(dataset, settings.calibrate);
  const conversions = settings.codes.map((setting) => ({
    setting,
    spiking: toSpiking(network, weights, { ...setting, calibration }),
  }));
  for (const { readBy } of conversions.flatMap(({ spiking }) => spiking.layers))
    if (readBy !== null) checkMesh(settings.mesh, readBy.graph.nodes);
  const codes: Measured[] = [];
  for (const { setting, spiking } of conversions) {
    const { run, wrong } = await runAll(measuring, spiking, codes.length);
    const figures = spikingFigures(spiking, run);
    codes.push({
      ...setting,
      images: run.samples,
      error: (100 * wrong) / run.samples,
      figures,
      energy: energiesOf(figures),
      traffic: trafficText(spiking, run, settings),
      layers: run.counts.map(({ id, neurons, events, operations }) => ({
        id,
        neurons,
        events: events / run.samples,
        operations: operations / run.samples,
      })),
    });
  }
  const { stages } = must(conversions[0]).spiking;
  return { float: await floatOf(dataset, stages), codes };
}

async function runAll(
  { dataset, settings, workers, signal, onProgress }: Measuring,
  spiking: SpikingNetwork,
  before: number,
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
    onProgress: (done) => onProgress((before + done / dataset.test.count) / settings.codes.length),
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

const energiesOf = (figures: NeuroBenchFigures): Record<string, number> =>
  Object.fromEntries(ENERGY_TABLES.map((table) => [table.name, nanojoules(table, figures)]));

function trafficText(
  spiking: Parameters<typeof networkTraffic>[0],
  run: SpikeRun,
  { mesh, seed }: MeasureSettings,
): MeasuredTraffic | null {
  const sizes = new Set(spiking.layers.flatMap(({ readBy }) => readBy?.graph.nodes ?? []));
  if (sizes.size !== 1) return null;
  const { placement, ...rest } = networkTraffic(spiking, run, mesh, { seed });
  return { ...rest, placement: [...placement] };
}

/** The graph of a network in words. */
export const graphText = ({ graph }: Network): string =>
  graph === null ? 'none' : formatGraphSpec(graph);
