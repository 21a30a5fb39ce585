import { must } from '../core/errors.js';
import { booleanParam, textParam } from './generators/params.js';
import { sequence, sequenceLines, sequenceUnit, type SequenceUnit } from './generators/sequence.js';
import { wired } from './generators/wired.js';
import { formatGraphSpec, parseGraphSpec } from './spec.js';
import type { GraphMeasures, GraphSpec } from './types.js';

/** The graphs of a network, and what there is one of them for. */
export interface GraphMembers {
  /** `network`: one graph for every relational layer. */
  readonly per: 'network' | SequenceUnit;
  /** In order; one where `per` is `network`. */
  readonly members: readonly GraphSpec[];
  /** The members are gone through again and again where there are more layers or stages. */
  readonly cycle: boolean;
  /** Which layer reads which: a graph over the layers; without it each reads the one before it. */
  readonly over?: GraphSpec;
}

/**
 * The graphs that a spec stands for: those of a sequence, wired or not, or the one that any other
 * spec is.
 */
export function graphMembers(spec: GraphSpec): GraphMembers {
  if (spec.family === wired.name) {
    const within = graphMembers(parseGraphSpec(textParam(spec.params, 'within')));
    // One graph for all layers, as a list that begins anew: what is told of several is told of it.
    const several = within.per === 'network' ? { per: 'layer' as const, cycle: true } : {};
    return { ...within, ...several, over: parseGraphSpec(textParam(spec.params, 'over')) };
  }
  if (spec.family !== sequence.name) return { per: 'network', members: [spec], cycle: false };
  return {
    per: sequenceUnit(spec.params),
    members: sequenceLines(spec.params).map(parseGraphSpec),
    cycle: booleanParam(spec.params, 'cycle'),
  };
}

/**
 * The sequence of a graph for each relational layer, wired as the spec is that they come from.
 *
 * @param from null where that was no spec
 */
export function sequenceOf(from: GraphSpec | null, members: readonly GraphSpec[]): GraphSpec {
  const graphs = members.map((each) => `(${formatGraphSpec(each)})`).join('');
  const line = `${sequence.name}:per=layer,graphs=${graphs}`;
  return parseGraphSpec(
    from?.family === wired.name
      ? `${wired.name}:over=(${textParam(from.params, 'over')}),within=(${line})`
      : line,
  );
}

/**
 * What is told of several graphs, one for each relational layer of a network: means over the
 * layers; directed where any graph is, connected where all are, no path length where any has none.
 * Of equal graphs exactly what is told of one.
 */
export function meanMeasures(layers: readonly [GraphMeasures, ...GraphMeasures[]]): GraphMeasures {
  const mean = (what: 'nodes' | 'edges' | 'averageDegree' | 'density' | 'clustering'): number =>
    meanOf(layers.map((each) => each[what]));
  const lengths = layers.flatMap(({ pathLength }) => (pathLength === null ? [] : [pathLength]));
  return {
    nodes: mean('nodes'),
    edges: mean('edges'),
    directed: layers.some(({ directed }) => directed),
    connected: layers.every(({ connected }) => connected),
    averageDegree: mean('averageDegree'),
    density: mean('density'),
    clustering: mean('clustering'),
    pathLength: lengths.length === layers.length ? meanOf(lengths) : null,
  };
}

/** The mean; of equal numbers that number, which adding and dividing may miss by a bit. */
function meanOf(values: readonly number[]): number {
  return values.every((value) => value === values[0])
    ? must(values[0])
    : values.reduce((sum, value) => sum + value, 0) / values.length;
}
