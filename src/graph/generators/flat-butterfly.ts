import { printable, UserError } from '../../core/errors.js';
import { graphFromEdges } from '../build.js';
import type { Graph, GraphFamily, GraphParams } from '../types.js';
import { numberParam, requireParam, textParam } from './params.js';
import { integers, type Sizes, valueNearSize, valueOfSize } from './sizes.js';

/** 2^14 = 16384 nodes. */
const MOST = 14;
/** Most nodes that meet all others. */
const MOST_HUBS = 1024;

const sizes: Sizes = {
  family: 'flat-butterfly',
  rule: '2^d nodes',
  values: integers(1, MOST),
  nodesOf: (d) => 2 ** d,
};

const ALL = 'all';

/** The levels of the butterfly: bits of a node's number that its partners flip. */
function levelsOf(params: GraphParams): number[] {
  const text = textParam(params, 'levels');
  return text === ALL ? integers(0, numberParam(params, 'd') - 1) : text.split('-').map(Number);
}

function flatButterfly(d: number, levels: readonly number[], hubs: number): Graph {
  const nodes = 2 ** d;
  return graphFromEdges(
    nodes,
    integers(0, nodes - 1).flatMap((u): [number, number][] => [
      ...levels.map((level): [number, number] => [u, u ^ (1 << level)]),
      ...integers(0, hubs - 1)
        .filter((hub) => hub !== u)
        .map((hub): [number, number] => [hub, u]),
    ]),
  );
}

function validate(params: GraphParams): void {
  const d = numberParam(params, 'd');
  requireParam(d >= 1 && d <= MOST, 'd', d, `from 1 to ${MOST}`, 'd=6 has 64 nodes');
  const text = textParam(params, 'levels');
  if (text !== ALL && !/^\d{1,2}(-\d{1,2})*$/.test(text))
    throw new UserError(
      'graph parameter levels must be all, or whole numbers from 0 up joined by "-", got ' +
        `levels=${printable(text)}; for example levels=0-1-2`,
    );
  const levels = levelsOf(params);
  requireParam(
    levels.every((level) => level < d) && new Set(levels).size === levels.length,
    'levels',
    text,
    `different numbers below d, from 0 to ${d - 1}`,
    'level j joins the nodes whose numbers differ in bit j',
  );
  const hubs = numberParam(params, 'hubs');
  requireParam(
    hubs >= 0 && hubs <= Math.min(2 ** d, MOST_HUBS),
    'hubs',
    hubs,
    `from 0 to ${Math.min(2 ** d, MOST_HUBS)}`,
    'hubs meet all nodes; few do',
  );
}

/** The first so many levels, in proportion; single levels by name stay as they are. */
function resize(params: GraphParams, nodes: number): GraphParams {
  const d = valueOfSize(sizes, nodes);
  const levels = levelsOf(params).filter((level) => level < d);
  requireParam(
    levels.length > 0,
    'levels',
    textParam(params, 'levels'),
    `below ${d} for ${nodes} nodes`,
    'choose lower levels',
  );
  const hubs = Math.round((numberParam(params, 'hubs') * nodes) / 2 ** numberParam(params, 'd'));
  return { d, levels: textParam(params, 'levels') === ALL ? ALL : levels.join('-'), hubs };
}

export const flatButterflyFamily: GraphFamily = {
  name: 'flat-butterfly',
  meaning: 'All stages of a butterfly in one layer, with hubs beside it: the pattern of Pixelfly.',
  description: `There are 2^d nodes. For every level j, u is joined to u with bit j flipped (bit 0 the
lowest). With \`levels=all\` that is the hypercube, the flat block butterfly of the largest stride; with
\`levels=0-1\` groups of four, and so on. A single level is one factor of a butterfly matrix, a perfect
matching of blocks: a \`sequence\` of \`levels=0\`, \`levels=1\`, ... is the butterfly itself, one stage a
layer. Nodes 0 to \`hubs\` - 1 are joined to all others: the rows and columns of Pixelfly's low-rank
term.

A union of networkx's \`hypercube_graph(d)\`, its nodes read as binary numbers and edges of other levels
left out, and the edges of the hubs.`,
  reference:
    'T. Dao and others: Pixelated butterfly: simple and efficient sparse training for neural ' +
    'network models. ICLR 2022, arXiv 2112.00029.',
  params: [
    {
      name: 'd',
      type: 'integer',
      range: `1 <= d <= ${MOST}`,
      meaning: 'bits of a node: there are 2^d nodes',
    },
    {
      name: 'levels',
      type: 'text',
      default: ALL,
      range: 'all, or numbers from 0 to d - 1 joined by "-"',
      meaning: 'bits that neighbours differ in, such as 0-1-2',
    },
    {
      name: 'hubs',
      type: 'integer',
      default: 0,
      range: `0 <= hubs <= 2^d, at most ${MOST_HUBS}`,
      meaning: 'nodes, from 0 on, that meet all others',
    },
  ],
  validate,
  generate: (params) =>
    flatButterfly(numberParam(params, 'd'), levelsOf(params), numberParam(params, 'hubs')),
  resize,
  samples: (nodes) => {
    const d = valueNearSize(sizes, nodes);
    return [0, 1, 4].map((hubs) => ({ d, levels: ALL, hubs: Math.min(hubs, 2 ** d) }));
  },
};
