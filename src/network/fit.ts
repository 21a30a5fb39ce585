import { must, UserError } from '../core/errors.js';
import { completeGraph } from '../graph/generators/complete.js';
import type { Architecture, BuildRequest } from './architectures/architecture.js';
import { architectures } from './architectures/registry.js';
import { blockMask } from './mask.js';
import type { RelationalGraph, RelationalLayers } from './relational.js';
import { layOut, stemOf } from './task.js';

/** One relational layer as the architecture lays it out. */
interface Place {
  readonly layer: string;
  readonly inChannels: number;
  readonly outChannels: number;
  /** Which graph it follows: its place in `RelationalLayers.layers`. */
  readonly graph: number;
}

/**
 * Refuses graphs that have more nodes than a layer has channels and cannot be regenerated smaller,
 * before any mask of the network is made or a width is searched.
 *
 * @throws UserError that names the layer, the most nodes that fit, and the architectures that have
 * enough channels
 */
export function checkGraphsFit(
  arch: Architecture,
  { layers }: RelationalLayers,
  request: Omit<BuildRequest, 'relational'>,
): void {
  const places = relationalPlaces(arch, request);
  for (const { layer, graph, inChannels, outChannels } of places) {
    const relational = must(layers[graph]);
    const { nodes } = relational.graph;
    if (nodes <= Math.min(inChannels, outChannels)) continue;
    try {
      relational.mask(inChannels, outChannels);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;

      const wider = architecturesFor(nodes, request).map(
        ({ name, most }) => `${name} (at most ${most})`,
      );
      const remedy =
        `take a graph of at most ${narrowest(places)} ` +
        'nodes' +
        (wider.length === 0
          ? ''
          : `, or an architecture that has channels for ${nodes} at its baseline width: ` +
            wider.join(', '));
      throw new UserError(
        `${layer} of ${arch.name} at width ${request.widths.join(',')}: ` +
          `${error.message}; ${remedy}`,
        { cause: error },
      );
    }
  }
}

/** Where an architecture has relational layers, found by laying it out on graphs of one node. */
function relationalPlaces(arch: Architecture, request: Omit<BuildRequest, 'relational'>): Place[] {
  const count = arch.relationalStages.reduce((sum, layers) => sum + layers, 0);
  const layers = Array.from({ length: count }, (): RelationalGraph => {
    const graph = completeGraph(1);
    return {
      graph,
      spec: null,
      mask: (inChannels, outChannels) => blockMask(graph, inChannels, outChannels),
    };
  });
  const network = layOut(arch, { ...request, relational: { spec: null, layers } });
  return network.layers.flatMap((layer) => {
    if ((layer.kind !== 'linear' && layer.kind !== 'conv') || layer.mask === null) return [];
    const { graph, input, output } = layer.mask;
    return [
      {
        layer: layer.id,
        inChannels: input.channels,
        outChannels: output.channels,
        graph: layers.findIndex((each) => each.graph === graph),
      },
    ];
  });
}

function narrowest(places: readonly Place[]): number {
  return Math.min(
    ...places.map(({ inChannels, outChannels }) => Math.min(inChannels, outChannels)),
  );
}

/**
 * The architectures whose narrowest relational layer has a channel for each of so many nodes at the
 * baseline width, on the same task.
 */
function architecturesFor(
  nodes: number,
  { input, classes }: Omit<BuildRequest, 'relational'>,
): { name: string; most: number }[] {
  return architectures.flatMap((arch) => {
    try {
      const most = narrowest(
        relationalPlaces(arch, {
          input,
          classes,
          stem: stemOf(arch, { input }),
          widths: arch.baselineWidths,
        }),
      );
      return most >= nodes ? [{ name: arch.name, most }] : [];
    } catch (error) {
      // It does not take such an input.
      if (error instanceof UserError) return [];
      throw error;
    }
  });
}
