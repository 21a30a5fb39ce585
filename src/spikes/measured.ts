import { ENERGY_TABLES, nanojoules } from './energy.js';
import type { Mesh } from './mesh.js';
import { type NeuroBenchFigures, spikingFigures } from './neurobench.js';
import { networkTraffic } from './traffic.js';
import type { SpikeCode, SpikeRun, SpikingNetwork } from './types.js';

/** A code with its steps, as `--code qcfs:16` says it. */
export interface CodeSetting {
  readonly code: SpikeCode;
  readonly steps: number;
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

/** What the events of an image take between cores on average, and where the nodes lie. */
export interface MeasuredTraffic {
  readonly events: number;
  readonly packets: number;
  readonly hops: number;
  readonly unicastHops: number;
  /** The core of each node. */
  readonly placement: readonly number[];
}

/** A layer as events: its neurons, and the events and operations of an image on average. */
export interface MeasuredLayer {
  readonly id: string;
  readonly neurons: number;
  readonly events: number;
  readonly operations: number;
}

/** Where nodes are placed. */
export interface PlaceSettings {
  readonly mesh: Mesh;
  /** Of the annealing. */
  readonly seed: number;
}

/** What a run of images is, in figures, energies and traffic; all per image. */
export function measuredRun(
  spiking: SpikingNetwork,
  run: SpikeRun,
  { wrong, ...place }: PlaceSettings & { readonly wrong: number },
): Measured {
  const figures = spikingFigures(spiking, run);
  return {
    code: spiking.code,
    steps: spiking.steps,
    images: run.samples,
    error: (100 * wrong) / run.samples,
    figures,
    energy: energiesOf(figures),
    traffic: trafficText(spiking, run, place),
    layers: run.counts.map(({ id, neurons, events, operations }) => ({
      id,
      neurons,
      events: events / run.samples,
      operations: operations / run.samples,
    })),
  };
}

/** Nanojoules by the name of the table: estimates, for comparison only. */
export const energiesOf = (figures: NeuroBenchFigures): Record<string, number> =>
  Object.fromEntries(ENERGY_TABLES.map((table) => [table.name, nanojoules(table, figures)]));

function trafficText(
  spiking: SpikingNetwork,
  run: SpikeRun,
  { mesh, seed }: PlaceSettings,
): MeasuredTraffic | null {
  const sizes = new Set(spiking.layers.flatMap(({ readBy }) => readBy?.graph.nodes ?? []));
  if (sizes.size !== 1) return null;
  const { placement, ...rest } = networkTraffic(spiking, run, mesh, { seed });
  return { ...rest, placement: [...placement] };
}
