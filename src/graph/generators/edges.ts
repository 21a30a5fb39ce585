import { UserError } from '../../core/errors.js';
import { hasBit, setBit, wordsFor } from '../bits.js';
import { graphFromRows } from '../build.js';
import type { Graph, GraphFamily, GraphParams, GraphSpec } from '../types.js';
import {
  booleanParam,
  nodesParam,
  numberParam,
  requireParam,
  textParam,
  validateNodes,
} from './params.js';

/** base64url: six bits a sign, none of which specs, shells or YAML take for something else. */
const SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const BITS = 6;

/** The pairs of nodes in the order of their bits. */
function* pairsOf(n: number, directed: boolean): Generator<readonly [number, number]> {
  for (let u = 0; u < n; u++)
    for (let v = directed ? 0 : u + 1; v < n; v++) if (u !== v) yield [u, v];
}

const pairCount = (n: number, directed: boolean): number => (n * (n - 1)) / (directed ? 1 : 2);

/** The spec that holds a graph's edges itself, whatever made them. */
export function edgesSpec({ nodes, directed, rows, words }: Graph): GraphSpec {
  const signs: string[] = [];
  let [value, filled] = [0, 0];
  for (const [u, v] of pairsOf(nodes, directed)) {
    value = 2 * value + Number(hasBit(rows, words, u, v));
    if (++filled < BITS) continue;
    signs.push(SIGNS[value]);
    [value, filled] = [0, 0];
  }
  if (filled > 0) signs.push(SIGNS[value << (BITS - filled)]);
  return { family: edges.name, params: { n: nodes, directed, bits: signs.join('') } };
}

function generate(params: GraphParams): Graph {
  const n = numberParam(params, 'n');
  const directed = booleanParam(params, 'directed');
  const text = textParam(params, 'bits');
  const words = wordsFor(n);
  const rows = new Uint32Array(n * words);
  let at = 0;
  for (const [u, v] of pairsOf(n, directed)) {
    const bit = (SIGNS.indexOf(text[Math.floor(at / BITS)]) >> (BITS - 1 - (at % BITS))) & 1;
    at++;
    if (bit === 0) continue;
    setBit(rows, words, u, v);
    if (!directed) setBit(rows, words, v, u);
  }
  return graphFromRows(n, directed, rows);
}

export const edges: GraphFamily = {
  name: 'edges',
  meaning: 'The edges themselves: a graph that no family makes, such as one that training left.',
  description: `Every pair of nodes is a bit, 1 where it is joined: 0-1, 0-2, ..., 1-2, ...; of a
directed graph all ordered pairs 0→1, 0→2, ..., 1→0, .... Six bits a sign, the first the highest, by
the alphabet of base64url (\`A\` to \`Z\`, \`a\` to \`z\`, \`0\` to \`9\`, \`-\`, \`_\`); the last sign is
filled up with zeros.

Weights of a network that was rewired while it was trained name their graphs so, one for each layer in
a \`sequence\`. \`plexus graph make file:MY.graphml\` and the other formats are for people.`,
  reference: 'S. Josefsson: The Base16, Base32, and Base64 Data Encodings. RFC 4648, 2006.',
  params: [
    nodesParam,
    {
      name: 'directed',
      type: 'boolean',
      default: false,
      quiet: true,
      range: 'true or false',
      meaning: 'whether edges have a direction',
    },
    {
      name: 'bits',
      type: 'text',
      range: 'base64url, six pairs a sign',
      meaning: 'which pairs of nodes are joined',
    },
  ],
  validate: (params) => {
    validateNodes(params);
    const text = textParam(params, 'bits');
    const pairs = pairCount(numberParam(params, 'n'), booleanParam(params, 'directed'));
    const length = Math.ceil(pairs / BITS);
    const shown = text.length > 20 ? `${text.slice(0, 20)}...` : text;
    requireParam(
      text.length === length && /^[\w-]*$/.test(text),
      'bits',
      shown,
      `${length} signs of base64url, six of the ${pairs} pairs of nodes each`,
      'copy the whole spec',
    );
    const spare = length * BITS - pairs;
    if ((SIGNS.indexOf(text.at(-1) ?? 'A') & ((1 << spare) - 1)) !== 0)
      throw new UserError(
        `the last sign of graph parameter bits has ${spare} bits to spare, which must be 0, got ` +
          `${text.at(-1)}; copy the whole spec`,
      );
  },
  generate,
  samples: () => [],
  example: 'edges:n=4,bits=t',
};
