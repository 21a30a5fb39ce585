import { must, UserError } from '../core/errors.js';
import { edgesSpec } from '../graph/generators/edges.js';
import { sequenceOf } from '../graph/sequence.js';
import type { Graph, GraphSpec } from '../graph/types.js';
import { blockMask } from './mask.js';
import type { BlockMask, Layer, Network } from './types.js';

/** A layer over a graph. */
type MaskedLayer = Extract<Layer, { readonly mask: BlockMask | null }> & {
  readonly mask: BlockMask;
};

const isMasked = (layer: Layer): layer is MaskedLayer => 'mask' in layer && layer.mask !== null;

/**
 * The layers over a graph, for each of the architecture's relational layers.
 *
 * @throws UserError where no architecture made the network, or layers of one number have different
 * graphs, as those with fewer channels than the graph has nodes do
 */
export function relationalRounds({ layers, rounds }: Network): readonly (readonly MaskedLayer[])[] {
  const found: MaskedLayer[][] = [];
  for (const layer of layers.filter(isMasked)) {
    const round = rounds?.[layer.id];
    if (round === undefined)
      throw new UserError(
        'the graphs of a network can be changed where an architecture made it; build it by ' +
          'designNetwork or buildNetwork',
      );
    (found[round] ??= []).push(layer);
  }
  for (const round of found) {
    const [first, ...others] = round;
    const odd = others.find(({ mask }) => mask.graph.nodes !== must(first).mask.graph.nodes);
    if (odd !== undefined)
      throw new UserError(
        `layers that share a graph must have at least as many channels as it has nodes to be ` +
          `rewired, but ${odd.id} has fewer; take a graph of ${odd.mask.graph.nodes} nodes`,
      );
  }
  return found;
}

/** The graph of each relational layer. */
export function roundGraphs(network: Network): readonly Graph[] {
  return relationalRounds(network).map((layers) => must(layers[0]).mask.graph);
}

/**
 * The network with other graphs, one for each relational layer, and as wide as before. Its `graph`
 * stays what it began with; `finalGraph` tells the new ones.
 */
export function withRoundGraphs(network: Network, graphs: readonly Graph[]): Network {
  const made = new Map<string, BlockMask>();
  relationalRounds(network).forEach((layers, round) => {
    const graph = must(graphs[round]);
    for (const { id, mask } of layers)
      made.set(id, blockMask(graph, mask.input.channels, mask.output.channels));
  });
  return {
    ...network,
    layers: network.layers.map((layer) => {
      const mask = made.get(layer.id);
      return mask === undefined ? layer : ({ ...layer, mask } as Layer);
    }),
  };
}

/** The spec of the graphs that a network's layers have, whatever it began with. */
export function finalGraph(network: Network): GraphSpec {
  return sequenceOf(network.graph, roundGraphs(network).map(edgesSpec));
}
