import { must, UserError } from '../core/errors.js';
import { edgeList } from '../graph/build.js';
import { graphMembers } from '../graph/sequence.js';
import { buildGraph, formatGraphSpec, resizeGraphSpec } from '../graph/spec.js';
import type { Graph, GraphSpec } from '../graph/types.js';
import { blockMask } from './mask.js';
import type { BlockMask } from './types.js';

/** A graph about to become layers. */
export interface RelationalGraph {
  readonly graph: Graph;
  /** Null when the graph was given without a spec. */
  readonly spec: GraphSpec | null;
  /**
   * The mask of a layer with that many input and output channels. With fewer channels than nodes
   * the graph is regenerated on min(inputs, outputs) nodes at the same density.
   *
   * @throws UserError when that is needed and the graph has no spec or its family one size only
   */
  mask(inChannels: number, outChannels: number): BlockMask;
}

/** A search for widths passes through many sizes and comes back to few. */
const KEPT_SIZES = 4;
/** More than the deepest network has different relational layers. */
const KEPT_MASKS = 64;

/** Prepares a graph, or the graph of a spec, for the layers of a network. */
export function relationalGraph(source: Graph | GraphSpec): RelationalGraph {
  const spec = 'family' in source ? source : null;
  const graph = 'family' in source ? buildGraph(source) : source;
  const own = masksOn(graph);
  // Masks go with their graph: thousands of sizes may pass by, and a graph may be large.
  const smaller = remembering(
    KEPT_SIZES,
    (nodes: number) => masksOn(regenerate(graph, spec, nodes)),
    String,
  );
  const mask = (inChannels: number, outChannels: number): BlockMask => {
    const channels = Math.min(inChannels, outChannels);
    return (channels < graph.nodes ? smaller(channels) : own)(inChannels, outChannels);
  };
  return { graph, spec, mask };
}

/** The masks of layers on that graph; layers of the same size share one. */
function masksOn(graph: Graph): (inChannels: number, outChannels: number) => BlockMask {
  return remembering(
    KEPT_MASKS,
    (inChannels: number, outChannels: number) => blockMask(graph, inChannels, outChannels),
    (inChannels, outChannels) => `${inChannels} ${outChannels}`,
  );
}

/** The function, with the last `most` of its different results kept. */
function remembering<A extends readonly number[], R>(
  most: number,
  compute: (...args: A) => R,
  keyOf: (...args: A) => string,
): (...args: A) => R {
  const kept = new Map<string, R>();
  return (...args) => {
    const key = keyOf(...args);
    const result = kept.get(key) ?? compute(...args);
    // Last used, last in order.
    kept.delete(key);
    kept.set(key, result);
    if (kept.size > most) kept.delete(must([...kept.keys()][0]));
    return result;
  };
}

/** The graphs of a network's relational layers. */
export interface RelationalLayers {
  /**
   * The spec that they are from, a sequence's where they differ; null when a graph was given
   * without one.
   */
  readonly spec: GraphSpec | null;
  /**
   * One for each relational layer, in the network's order; layers with the same graph share one.
   */
  readonly layers: readonly RelationalGraph[];
  /**
   * The relational layers that each one reads, by their places; none: it reads the stem. Without it
   * each reads the one before it.
   */
  readonly reads?: readonly (readonly number[])[];
}

/**
 * Of an architecture: its name, for messages, and the number of relational layers in each of its
 * stages.
 */
export interface Stages {
  readonly name: string;
  readonly relationalStages: readonly number[];
  /** Whether its layers may be wired otherwise than one after the other. */
  readonly wirable?: true;
}

/**
 * The spec of each relational layer of an architecture: the same one for all, or those of a
 * `sequence`, one for each layer or each stage.
 *
 * @throws UserError when a sequence has not as many graphs as the architecture has layers or stages
 */
export function layerSpecs(
  spec: GraphSpec,
  { name, relationalStages: stages }: Stages,
): readonly GraphSpec[] {
  const { per, members, cycle } = graphMembers(spec);
  const stageOf = stages.flatMap((layers, stage) => Array.from({ length: layers }, () => stage));
  const wanted = { network: 1, layer: stageOf.length, stage: stages.length }[per];
  if (cycle && members.length > wanted)
    throw new UserError(
      `a sequence that begins anew has at most as many graphs as the architecture has relational ` +
        `${per}s: ${name} has ${wanted}, got ${members.length} in ${formatGraphSpec(spec)}; list ` +
        'fewer',
    );
  if (!cycle && members.length !== wanted) {
    throw new UserError(
      `a sequence per ${per} has as many graphs as the architecture has relational ` +
        `${per}s: ${name} has ${wanted}, got ${members.length} in ` +
        `${formatGraphSpec(spec)}; list ${wanted}${members.length < wanted ? ', or add cycle=true' : ''}`,
    );
  }
  return stageOf.map((stage, layer) =>
    must(members[{ network: 0, layer, stage }[per] % members.length]),
  );
}

/**
 * Prepares the graphs of an architecture's relational layers.
 *
 * @throws UserError where `layerSpecs` does, or a graph cannot be generated
 */
export function relationalLayers(source: Graph | GraphSpec, arch: Stages): RelationalLayers {
  if (!('family' in source)) {
    const only = relationalGraph(source);
    return {
      spec: null,
      layers: arch.relationalStages.flatMap((layers) => Array.from({ length: layers }, () => only)),
    };
  }
  const prepared = new Map<string, RelationalGraph>();
  const layers = layerSpecs(source, arch).map((spec) => {
    const line = formatGraphSpec(spec);
    const known = prepared.get(line) ?? relationalGraph(spec);
    prepared.set(line, known);
    return known;
  });
  const { over } = graphMembers(source);
  return { spec: source, layers, ...(over && { reads: readsOf(over, layers.length, arch) }) };
}

/**
 * The layers that each layer reads by a graph over them.
 *
 * @throws UserError where the architecture cannot be wired, or the graph does not fit its layers
 */
function readsOf(over: GraphSpec, count: number, { name, wirable }: Stages): number[][] {
  const line = formatGraphSpec(over);
  if (!wirable)
    throw new UserError(
      `the layers of ${name} run one after the other and cannot be wired by ${line}; choose mlp, ` +
        'or leave wired out',
    );
  const graph = buildGraph(over);
  if (graph.nodes !== count)
    throw new UserError(
      `a graph over layers must have a node for each relational layer: ${name} has ${count}, got ` +
        `${graph.nodes} in ${line}; choose a graph of ${count} nodes`,
    );
  const reads = Array.from({ length: count }, (): number[] => []);
  for (const [from, to] of edgeList(graph)) {
    if (from > to)
      throw new UserError(
        `a layer must read layers before it, but an arc of ${line} leads from layer ${from} back to ` +
          `${to}; turn it round`,
      );
    reads[to]?.push(from);
  }
  return reads;
}

function regenerate(graph: Graph, spec: GraphSpec | null, nodes: number): Graph {
  const rule =
    `every node holds at least one channel, but a layer of ${nodes} channels has fewer ` +
    `than the graph's ${graph.nodes} nodes`;
  if (spec === null)
    throw new UserError(
      `${rule}; give a graph of at most ${nodes} nodes, or one by its spec so that it ` +
        'can be regenerated',
    );
  try {
    return buildGraph(resizeGraphSpec(spec, nodes));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(
      `${rule} and ${formatGraphSpec(spec)} cannot be regenerated on ${nodes}: ${error.message}`,
      { cause: error },
    );
  }
}
