import { UserError } from '../core/errors.js';
import { buildGraph, formatGraphSpec, graphMembers, resizeGraphSpec } from '../graph/index.js';
import type { Graph, GraphSpec } from '../graph/types.js';
import { blockMask } from './mask.js';
import type { BlockMask } from './types.js';

/** A graph about to become layers. */
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
  let last: BlockMask | null = null;
  const mask = (inChannels: number, outChannels: number): BlockMask => {
    // Layers of the same size that follow each other share one mask.
    if (last?.input.channels !== inChannels || last.output.channels !== outChannels) {
      last = blockMask(withNodes(Math.min(graph.nodes, inChannels, outChannels)), inChannels, outChannels);
    }
    return last;
  };
  return { graph, spec, mask };
}

/** The graphs of a network's relational layers. */
export interface RelationalLayers {
  /** The spec that they are from, a sequence's where they differ; null when a graph was given without one. */
  readonly spec: GraphSpec | null;
  /** One for each relational layer, in the network's order; layers with the same graph share one. */
  readonly layers: readonly RelationalGraph[];
}

/** Of an architecture: its name, for messages, and the number of relational layers in each of its stages. */
interface Stages {
  readonly name: string;
  readonly relationalStages: readonly number[];
}

/**
 * The spec of each relational layer of an architecture: the same one for all, or those of a `sequence`, one for each layer or
 * each stage.
 *
 * @throws UserError when a sequence has not as many graphs as the architecture has layers or stages
 */
export function layerSpecs(spec: GraphSpec, { name, relationalStages: stages }: Stages): readonly GraphSpec[] {
  const { per, members } = graphMembers(spec);
  const stageOf = stages.flatMap((layers, stage) => Array.from({ length: layers }, () => stage));
  const wanted = { network: 1, layer: stageOf.length, stage: stages.length }[per];
  if (members.length !== wanted) {
    throw new UserError(`a sequence per ${per} has as many graphs as the architecture has relational ${per}s: ${name} has ${wanted}, got ${members.length} in ${formatGraphSpec(spec)}; list ${wanted}`);
  }
  return stageOf.map((stage, layer) => members[{ network: 0, layer, stage }[per]]);
}

/**
 * Prepares the graphs of an architecture's relational layers.
 *
 * @throws UserError where `layerSpecs` does, or a graph cannot be generated
 */
export function relationalLayers(source: Graph | GraphSpec, arch: Stages): RelationalLayers {
  if (!('family' in source)) {
    const only = relationalGraph(source);
    return { spec: null, layers: arch.relationalStages.flatMap((layers) => Array.from({ length: layers }, () => only)) };
  }
  const prepared = new Map<string, RelationalGraph>();
  const layers = layerSpecs(source, arch).map((spec) => {
    const line = formatGraphSpec(spec);
    const known = prepared.get(line) ?? relationalGraph(spec);
    prepared.set(line, known);
    return known;
  });
  return { spec: source, layers };
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
