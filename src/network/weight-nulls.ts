import { must, UserError } from '../core/errors.js';
import { RandomStream } from '../core/random/stream.js';
import { compareWithDrawn, type NullMeasure } from '../graph/ensemble.js';
import { nullSampler, SWAP_ATTEMPTS } from '../graph/null-sampler.js';
import type { WeightedGraph } from '../graph/weighted.js';
import {
  WEIGHTED_MEASURES,
  weightedMeasures,
  type WeightedMeasureOptions,
} from '../graph/weighted-measures.js';
import { blockNorms, type BlockNorms, type WeightLayer } from './weight-graph.js';

/** What the graphs that a network's weights are compared with keep. */
export const WEIGHT_NULLS = [
  {
    name: 'weights',
    definition:
      'weights: the weights of each layer are shuffled among the places where it has any; which ' +
      'groups are joined stays (Filan et al. 2021, shuffle of the nonzero weights of a layer).',
  },
  {
    name: 'blocks',
    definition: 'blocks: which groups are joined stays, the weights of the edges are dealt anew.',
  },
  {
    name: 'degree',
    definition:
      'degree: every group keeps the number of its neighbours, who they are is random; the ' +
      'weights of the edges are dealt anew.',
  },
] as const;
export type WeightNull = (typeof WEIGHT_NULLS)[number]['name'];

/** Layers made into a graph: folded, unrolled, or one alone. */
export interface WeightView {
  /** `all`, `unrolled`, or the name of a layer. */
  readonly name: string;
  readonly layers: readonly WeightLayer[];
  readonly graphOf: (norms: readonly BlockNorms[]) => WeightedGraph;
}

/** The weights of a view as a graph. */
export function viewGraph({ layers, graphOf }: WeightView): WeightedGraph {
  return graphOf(layers.map((layer) => blockNorms(layer)));
}

export interface WeightNullOptions extends WeightedMeasureOptions {
  readonly null: WeightNull;
  readonly count: number;
}

/**
 * The weighted measures of a view beside those of random graphs; yields how many were drawn. The
 * same for the same weights and options on every machine.
 *
 * @throws UserError where no other graph has the degrees, as of the complete graph
 */
export function* weightNullSteps(
  view: WeightView,
  options: WeightNullOptions,
): Generator<number, readonly NullMeasure[]> {
  const weighted = viewGraph(view);
  const own = weightedMeasures(weighted, options);
  const draw = drawer(view, weighted, options);
  const nulls = WEIGHTED_MEASURES.map(() => new Float64Array(options.count));
  for (let index = 0; index < options.count; index++) {
    const drawn = weightedMeasures(draw(index), options);
    WEIGHTED_MEASURES.forEach(
      (name, which) => (must(nulls[which])[index] = drawn[name] ?? Number.NaN),
    );
    yield index + 1;
  }
  return WEIGHTED_MEASURES.map((name, which) =>
    compareWithDrawn(name, own[name], must(nulls[which])),
  );
}

function drawer(
  view: WeightView,
  weighted: WeightedGraph,
  { null: model, seed }: WeightNullOptions,
): (index: number) => WeightedGraph {
  if (model === 'weights') {
    const places = view.layers.map(({ tensor }) => placesOf(tensor.data));
    return (index) =>
      view.graphOf(
        view.layers.map((layer, at) =>
          blockNorms(
            layer,
            shuffled(
              layer.tensor.data,
              must(places[at]),
              new RandomStream('weight null', model, seed, index, at),
            ),
          ),
        ),
      );
  }
  const random = (index: number): RandomStream =>
    new RandomStream('weight null', model, seed, index);
  if (model === 'blocks') return (index) => dealt(weighted, weighted, random(index));
  if (view.name === 'unrolled')
    throw new UserError(
      'the null model degree is of folded graphs: swaps of edges would join groups of layers that ' +
        'do not follow one another; leave out degree or the unrolled view',
    );
  const sampler = nullSampler(weighted.graph, 'degree', seed, SWAP_ATTEMPTS);
  return (index) =>
    dealt({ graph: sampler.draw(index), weights: weighted.weights }, weighted, random(index));
}

function placesOf(data: ArrayLike<number>): Int32Array {
  return Int32Array.from(Array.from({ length: data.length }, (_, at) => at)).filter(
    (at) => data[at] !== 0,
  );
}

function shuffled(
  data: Float32Array | Float64Array,
  places: Int32Array,
  random: RandomStream,
): Float32Array | Float64Array {
  const order = places.slice();
  random.shuffle(order);
  const made = data.slice();
  places.forEach((to, at) => (made[to] = must(data[must(order[at])])));
  return made;
}

/** A graph with as many edges as another one, whose weights go to its edges at random. */
function dealt(
  { graph }: WeightedGraph,
  source: WeightedGraph,
  random: RandomStream,
): WeightedGraph {
  const given = source.weights.filter((_, at) => isForward(source, at));
  const order = Int32Array.from({ length: given.length }, (_, at) => at);
  random.shuffle(order);
  const weights = new Float64Array(graph.targets.length);
  let next = 0;
  for (let u = 0; u < graph.nodes; u++) {
    for (let at = must(graph.offsets[u]); at < must(graph.offsets[u + 1]); at++) {
      const v = must(graph.targets[at]);
      if (v < u) continue;
      const weight = must(given[must(order[next++])]);
      weights[at] = weight;
      weights[placeOf(graph, v, u)] = weight;
    }
  }
  return { graph, weights };
}

/** Whether the entry of `targets` is the edge seen from its lower node. */
function isForward({ graph }: WeightedGraph, at: number): boolean {
  let low = 0;
  for (let high = graph.nodes; high - low > 1;) {
    const middle = (low + high) >> 1;
    if (must(graph.offsets[middle]) <= at) low = middle;
    else high = middle;
  }
  return must(graph.targets[at]) > low;
}

/** Where v stands among the neighbours of u. */
function placeOf({ offsets, targets }: WeightedGraph['graph'], u: number, v: number): number {
  const own = targets.subarray(must(offsets[u]), must(offsets[u + 1]));
  return must(offsets[u]) + own.indexOf(v);
}
