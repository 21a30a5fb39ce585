import { UserError } from '../core/errors.js';
import { type Mesh, type Placement, type Traffic, trafficOf } from './mesh.js';
import { type AnnealOptions, type Flow, placeNodes } from './placement.js';
import type { SpikeRun, SpikingNetwork } from './types.js';

/** What the events of a network cost on a mesh, a mean per sample. */
export interface NetworkTraffic extends Traffic {
  /** The core of each node. */
  readonly placement: Placement;
  /** Events that relational layers read, wherever. */
  readonly events: number;
}

/**
 * Places the nodes of a network for the events that a run counted, and sums what they cost. Counted
 * is what relational layers read, stem included; what goes to the head, and the analogue input, go
 * in and out of the mesh and are the same whatever the graph.
 *
 * @throws UserError for a network without relational layers, or a mesh that is too small
 */
export function networkTraffic(
  { layers }: SpikingNetwork,
  run: SpikeRun,
  mesh: Mesh,
  options: AnnealOptions,
): NetworkTraffic {
  const flows = layers.flatMap(({ readBy }, at): Flow[] => {
    const loads = run.counts[at]?.eventsByNode ?? null;
    return readBy === null || loads === null ? [] : [{ graph: readBy.graph, loads }];
  });
  if (flows.length === 0)
    throw new UserError(
      'a network is placed node by node, but this one has no relational layers; give a graph, ' +
        'complete:n=64 for a dense one',
    );
  return { ...costOf(flows, mesh, run.samples, placeNodes(flows, mesh, options)) };
}

/** What flows cost with a placement, divided by the samples that they are of. */
function costOf(
  flows: readonly Flow[],
  mesh: Mesh,
  samples: number,
  placement: Placement,
): NetworkTraffic {
  const all = flows.map(({ graph, loads }) => trafficOf(graph, loads, mesh, placement));
  const mean = (of: (traffic: Traffic) => number): number =>
    all.reduce((sum, traffic) => sum + of(traffic), 0) / samples;
  const events = flows.flatMap(({ loads }) => loads).reduce((sum, load) => sum + load, 0);
  return {
    placement,
    events: events / samples,
    packets: mean(({ packets }) => packets),
    hops: mean(({ hops }) => hops),
    unicastHops: mean(({ unicastHops }) => unicastHops),
  };
}
