import { unknownName, UserError } from '../../core/errors.js';
import { PythonRandom } from '../../core/random/python-random.js';
import { edgeList, graphFromEdges, requireMemory } from '../build.js';
import type { Graph, GraphFamily, GraphParams } from '../types.js';
import { numberParam, requireParam, textParam, validateSeed } from './params.js';
import { requireNodes, resizeProduct } from './product.js';
import { integers } from './sizes.js';

/** A pair of nodes of two modules, by their numbers within these. */
type Pair = readonly [number, number];

/** How the bridges between two modules of `nodes` nodes are chosen. */
type BridgeRule = (inner: Graph, bridges: number, random: PythonRandom) => Pair[];

const RULES = {
  hub: hubBridges,
  random: (inner, bridges, random) => {
    const chosen = new Set<number>();
    while (chosen.size < bridges) chosen.add(random.randbelow(inner.nodes ** 2));
    return [...chosen].map((pair) => [Math.floor(pair / inner.nodes), pair % inner.nodes]);
  },
  all: ({ nodes }) => pairsBelow(nodes, nodes ** 2),
} as const satisfies Readonly<Record<Bridge, BridgeRule>>;

/** How the parts of a hierarchy are joined. */
export type Bridge = 'hub' | 'random' | 'all';
const bridgeNames = Object.keys(RULES);

const isBridge = (text: string): text is Bridge => Object.hasOwn(RULES, text);

/**
 * The first `bridges` pairs of nodes ranked by their degree in the module: hub with hub, then those
 * that the second hub takes part in, and so on.
 */
function hubBridges(inner: Graph, bridges: number): Pair[] {
  const degree = new Int32Array(inner.nodes);
  for (const [u, v] of edgeList(inner)) {
    degree[u]++;
    degree[v]++;
  }
  const ranked = integers(0, inner.nodes - 1).sort((a, b) => degree[b] - degree[a] || a - b);
  return pairsBelow(Math.ceil(Math.sqrt(bridges)), bridges).map(([i, j]): Pair => [
    ranked[i],
    ranked[j],
  ]);
}

/** The first `count` pairs of ranks below `side`: by the larger of both, then by the first. */
function pairsBelow(side: number, count: number): Pair[] {
  return integers(0, side - 1)
    .flatMap((most) => [
      ...integers(0, most - 1).map((i): Pair => [i, most]),
      ...integers(0, most).map((j): Pair => [most, j]),
    ])
    .slice(0, count);
}

/**
 * Modules joined by bridges: every node of `outer` becomes a copy of `inner`, and every edge of
 * `outer` becomes `bridges` edges between two copies (`all`: every pair). Node (a, b) has number a
 * inner.nodes + b. Nested, it makes modules of modules.
 *
 * @throws UserError where one graph is directed and the other is not, where modules have fewer pairs
 * than bridges, or where the graph would be too large
 */
export function hierarchicalGraph(
  outer: Graph,
  inner: Graph,
  bridge: Bridge,
  bridges: number,
  seed: number,
): Graph {
  requireNodes('a hierarchical graph', outer.nodes, inner.nodes);
  if (outer.directed !== inner.directed)
    throw new UserError(
      'the graphs of a hierarchy must be both undirected or both directed, got ' +
        `${outer.directed ? 'a directed outer' : 'an undirected outer'} and ` +
        `${inner.directed ? 'a directed inner' : 'an undirected inner'} one; choose two of one sort`,
    );
  const pairs = inner.nodes ** 2;
  if (bridge !== 'all' && bridges > pairs)
    throw new UserError(
      `modules of ${inner.nodes} nodes must have at most ${pairs} bridges between two of them, ` +
        `got bridges=${bridges}; lower bridges, or choose bridge=all`,
    );
  const across = bridge === 'all' ? pairs : bridges;
  requireMemory(
    outer.nodes * inner.nodes,
    outer.nodes * inner.targets.length + across * outer.targets.length,
  );
  return graphFromEdges(
    outer.nodes * inner.nodes,
    edgesOf(outer, inner, bridge, bridges, new PythonRandom(seed)),
    outer.directed,
  );
}

function* edgesOf(
  outer: Graph,
  inner: Graph,
  bridge: Bridge,
  bridges: number,
  random: PythonRandom,
): Generator<Pair> {
  const within = edgeList(inner);
  for (let a = 0; a < outer.nodes; a++)
    for (const [u, v] of within) yield [a * inner.nodes + u, a * inner.nodes + v];
  const rule: BridgeRule = RULES[bridge];
  for (const [a, other] of edgeList(outer))
    for (const [u, v] of rule(inner, bridges, random))
      yield [a * inner.nodes + u, other * inner.nodes + v];
}

function bridgeOf(params: GraphParams): Bridge {
  const bridge = textParam(params, 'bridge');
  if (!isBridge(bridge)) throw unknownName('kind of bridge', bridge, bridgeNames);
  return bridge;
}

/** The word of `bridges` and `seed` that are not given. */
const UNSET = 'auto';

function validate(params: GraphParams): void {
  const bridge = bridgeOf(params);
  const { bridges, seed } = params;
  if (bridges !== UNSET) {
    requireParam(
      bridge !== 'all',
      'bridges',
      bridges ?? UNSET,
      'left out with bridge=all, which joins every pair',
      'choose bridge=hub or bridge=random to have so many',
    );
    requireParam(
      numberParam(params, 'bridges') >= 1,
      'bridges',
      bridges ?? UNSET,
      '1 or more',
      'bridges counts edges between two joined modules',
    );
  }
  if (seed === UNSET) return;
  requireParam(
    bridge === 'random',
    'seed',
    seed ?? UNSET,
    `left out with bridge=${bridge}, which draws nothing`,
    'choose bridge=random, or give the seed to an inner graph',
  );
  validateSeed(params);
}

const givenOr = (params: GraphParams, name: string, preset: number): number =>
  params[name] === UNSET ? preset : numberParam(params, name);

/** Two levels and three, of each kind of bridge. */
function samples(nodes: number): GraphParams[] {
  const side = Math.max(2, Math.round(Math.sqrt(nodes)));
  const inside = Math.max(2, Math.round(nodes / side));
  const small = Math.max(2, Math.round(nodes / 16));
  const two = { outer: `complete:n=${side}`, inner: `complete:n=${inside}` };
  const nested = (bridge: string): GraphParams => ({
    outer: 'complete:n=4',
    inner: `hierarchical:outer=(complete:n=4),inner=(complete:n=${small}),bridge=${bridge}`,
  });
  const unset = { bridges: UNSET, seed: UNSET };
  return [
    { ...two, ...unset, bridge: 'hub' },
    { ...two, bridge: 'random', bridges: 1, seed: 1 },
    { ...two, bridge: 'random', bridges: 2, seed: 1 },
    { ...two, outer: `ring-lattice:n=${side},k=2`, bridge: 'random', bridges: 4, seed: 1 },
    { ...two, ...unset, outer: `ring-lattice:n=${side},k=2`, bridge: 'all' },
    { ...nested('hub'), ...unset, bridge: 'hub' },
    { ...nested('random'), bridge: 'random', bridges: 4, seed: 1 },
    { ...nested('all'), bridge: 'random', bridges: 4, seed: 1 },
  ];
}

export const hierarchical: GraphFamily = {
  name: 'hierarchical',
  meaning: 'Modules joined by bridges; a module may be hierarchical itself (modules of modules).',
  description: `Every node a of the outer graph becomes a module, a copy of the inner graph whose
node b has number a n_inner + b. For every edge of the outer graph, in ascending order, \`bridges\`
edges join its two modules (a directed edge: edges of its direction):

- \`hub\`: nodes of a module are ranked by their degree in the inner graph (directed: in and out
together), equal ones by number. Rank i of the one module and rank j of the other are joined in the
order of max(i, j), then (0, max), ..., (max-1, max), (max, 0), ..., (max, max): the two hubs first.
- \`random\`: different pairs of nodes, drawn by \`randrange(n_inner**2)\`, again where a pair has been
drawn; pair x is node x // n_inner of the first and x % n_inner of the second module.
- \`all\`: every pair. This is the lexicographic \`product\`.

The inner graph may be \`hierarchical\` itself, which makes three levels, and so on up to eight: the
spec of the inner graph says how its modules are joined, and the bridges of the outermost level end
anywhere in the module of modules. All modules of a level are the same graph.
Where the outer graph is not connected, neither is the whole. On another
number of nodes the outer graph is resized where the inner's nodes divide it, otherwise the inner.`,
  reference:
    'E. Ravasz, A.-L. Barabási: Hierarchical organization in complex networks. Physical Review E ' +
    '67, 2003. Modules of modules joined at random: D. Meunier, R. Lambiotte, E. T. Bullmore: ' +
    'Modular and hierarchically modular organization of brain networks. Frontiers in ' +
    'Neuroscience 4, 2010.',
  params: [
    {
      name: 'outer',
      type: 'spec',
      range: 'any graph spec in parentheses',
      meaning: 'the graph between the modules',
    },
    {
      name: 'inner',
      type: 'spec',
      range: 'any graph spec in parentheses',
      meaning: 'the graph within each module; another hierarchical one for one level more',
    },
    {
      name: 'bridge',
      type: 'text',
      default: 'random',
      range: bridgeNames.join(', '),
      meaning: 'which nodes of two joined modules meet',
    },
    {
      name: 'bridges',
      type: 'integer',
      default: UNSET,
      quiet: true,
      range: 'bridges >= 1, at most n_inner^2; not with bridge=all',
      meaning: 'edges between two joined modules; auto: 1',
    },
    {
      name: 'seed',
      type: 'integer',
      default: UNSET,
      quiet: true,
      range: 'seed >= 0; only with bridge=random',
      meaning: "seed of CPython's random.Random; auto: 1",
    },
  ],
  validate,
  generate: (params, tools) =>
    hierarchicalGraph(
      tools.build(textParam(params, 'outer')),
      tools.build(textParam(params, 'inner')),
      bridgeOf(params),
      givenOr(params, 'bridges', 1),
      givenOr(params, 'seed', 1),
    ),
  resize: (params, nodes, tools) => resizeProduct('a hierarchical graph', params, nodes, tools),
  samples,
  example: 'hierarchical:outer=(complete:n=8),inner=(complete:n=8),bridge=random,bridges=2,seed=1',
};
