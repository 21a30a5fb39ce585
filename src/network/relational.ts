import { UserError } from '../core/errors.js';
import { buildGraph, formatGraphSpec, resizeGraphSpec } from '../graph/index.js';
import type { Graph, GraphSpec } from '../graph/types.js';
import { blockMask } from './mask.js';
import type { BlockMask } from './types.js';

/** A graph about to become layers: the same one for every relational layer of a network. */
export interface RelationalGraph {
  readonly graph: Graph;
  /** Null when the graph was given without a spec. */
  readonly spec: GraphSpec | null;
  /**
   * The mask of a layer with that many input and output channels. With fewer channels than nodes the graph is
   * regenerated on min(inputs, outputs) nodes at the same density.
   *
   * @throws UserError when that is needed and the graph has no spec or its family one size only
   */
  mask(inChannels: number, outChannels: number): BlockMask;
}

const KEPT_SIZES = 4;

/** Prepares a graph, or the graph of a spec, for the layers of a network. */
export function relationalGraph(source: Graph | GraphSpec): RelationalGraph {
  const spec = 'family' in source ? source : null;
  const graph = 'family' in source ? buildGraph(source) : source;
  const sizes = new Map<number, Graph>();
  const withNodes = (nodes: number): Graph => {
    if (nodes === graph.nodes) return graph;
    const resized = sizes.get(nodes) ?? regenerate(graph, spec, nodes);
    // Last used, last in order. A search for a width passes through many sizes and comes back to few.
    sizes.delete(nodes);
    sizes.set(nodes, resized);
    if (sizes.size > KEPT_SIZES) sizes.delete([...sizes.keys()][0]);
    return resized;
  };
  const mask = (inChannels: number, outChannels: number): BlockMask =>
    blockMask(withNodes(Math.min(graph.nodes, inChannels, outChannels)), inChannels, outChannels);
  return { graph, spec, mask };
}

function regenerate(graph: Graph, spec: GraphSpec | null, nodes: number): Graph {
  const rule = `every node holds at least one channel, but a layer of ${nodes} channels has fewer than the graph's ${graph.nodes} nodes`;
  if (spec === null) throw new UserError(`${rule}; give a graph of at most ${nodes} nodes, or one by its spec so that it can be regenerated`);
  try {
    return buildGraph(resizeGraphSpec(spec, nodes));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${rule} and ${formatGraphSpec(spec)} cannot be regenerated on ${nodes}: ${error.message}`, { cause: error });
  }
}
