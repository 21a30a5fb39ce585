import { resolve } from 'node:path';
import { printable, UserError } from '../core/errors.js';
import { requireParam, textParam } from '../graph/generators/params.js';
import type { Graph, GraphFamily, GraphParams, GraphSpec } from '../graph/types.js';
import type { WeightedGraph } from '../graph/weighted.js';
import { readBytes } from '../platform/fs.js';
import type { FileOptions } from '../graph-formats/parse.js';
import { canRead, graphFormats, readableFormat } from '../graph-formats/registry.js';
import type { FoundGraph } from '../graph-formats/types.js';
import { checksumOf, parseGraphFile } from './formats/read.js';

const AUTO = 'auto';
const NONE = 'none';

/** The options of `readGraphFile` that the parameters of a `file` spec mean. */
export function fileOptionsOf(params: GraphParams): FileOptions {
  const { threshold, density, directed } = params;
  const format = textParam(params, 'format');
  const named = (name: string): string | null => textParam(params, name) || null;
  return {
    ...(format === AUTO ? {} : { format }),
    threshold: typeof threshold === 'number' ? threshold : null,
    density: typeof density === 'number' ? density : null,
    absolute: params['absolute'] === true,
    directed: typeof directed === 'boolean' ? directed : null,
    variable: named('variable'),
    source: named('source'),
    target: named('target'),
    weight: named('weight'),
  };
}

function validate(params: GraphParams): void {
  const format = textParam(params, 'format');
  if (format !== AUTO) readableFormat(format);
  requireParam(
    textParam(params, 'path') !== '',
    'path',
    '',
    'the path of a file',
    'write file:PATH',
  );
  const { density, threshold } = params;
  if (typeof density === 'number') {
    requireParam(
      density > 0 && density <= 1,
      'density',
      density,
      'above 0 and at most 1',
      'density is a share of all pairs of nodes',
    );
    requireParam(
      typeof threshold !== 'number',
      'density',
      density,
      'left out beside threshold',
      'either says which edges are kept',
    );
  }
  const sum = textParam(params, 'sha256');
  requireParam(
    sum === '' || /^[0-9a-f]{16}$/.test(sum),
    'sha256',
    sum,
    'the first 16 hexadecimal digits of a checksum',
    'leave it out: it is filled in',
  );
}

/** What was read with the graphs that came from files, for those who tell it. */
const found = new WeakMap<Graph, FoundGraph>();

/** What the file held that a graph of this family came from; null for any other graph. */
export function foundInFile(graph: Graph): FoundGraph | null {
  return found.get(graph) ?? null;
}

/** The graph, from a file that is still the one that the spec was made from. */
function generate(params: GraphParams): Graph {
  const path = textParam(params, 'path');
  const bytes = readBytes(path);
  const [want, got] = [textParam(params, 'sha256'), checksumOf(bytes)];
  if (got !== want) {
    throw new UserError(
      `${printable(path)} must be the file that the spec was made from, whose SHA-256 ` +
        `begins with ${want}, but it begins with ${got}: the file has changed; restore it, ` +
        `or leave out sha256=${want} to use the file as it is now`,
    );
  }
  const read = parseGraphFile(path, bytes, fileOptionsOf(params));
  found.set(read.graph, read);
  return read.graph;
}

/** The graph of a spec of this family with the weights of its edges; null of any other family. */
export function weightedFromFile({ family, params }: GraphSpec): WeightedGraph | null {
  if (family !== 'file') return null;
  const path = textParam(params, 'path');
  const options = { ...fileOptionsOf(params), weights: true };
  const read = parseGraphFile(path, readBytes(path), options);
  found.set(read.graph, read);
  return read.weights === null ? null : { graph: read.graph, weights: read.weights };
}

const formats = graphFormats
  .filter(canRead)
  .map(({ name, meaning }) => `- \`${name}\`: ${meaning}`)
  .join('\n');

export const file: GraphFamily = {
  name: 'file',
  meaning:
    'A graph of your own, from a file: edge list, matrix, GraphML, GEXF, GML, Pajek, graph6, ' +
    'JSON, Matrix Market, NumPy, MATLAB.',
  description: `The graph in a file. The format is told by the extension, then by the contents, or
named with \`format\`:

${formats}

Edges are kept where their weight is at least \`threshold\`. A file with weights other than 1 (in a
matrix other than 0 and 1) needs one: without it the file is refused, and the message tells the
range of the weights. Or \`density=0.1\` keeps the strongest edges, up to that share of all pairs of
nodes (a proportional threshold); of edges of one weight all are kept or none, and ties are told.
\`absolute=true\` takes weights without their sign first. Self loops are dropped, because a
node always listens to itself; an edge listed twice counts once.

A graph is directed where the file says so; a matrix is undirected exactly when it is symmetric; an
edge list is undirected. \`directed=true\` keeps or makes directions, \`directed=false\` joins two
nodes where either direction exists. Row u and column v of a matrix make u -> v.

In a table of edges \`source\`, \`target\` and \`weight\` name columns, by their name in the first
line or counted from 1; left out, the usual names are known. \`weight\` also names the attribute of
edges that holds the weights.

Nodes that are named 0 to n-1 keep their numbers; other nodes are numbered in the order in which
they appear in the file.

The canonical line holds \`sha256\`, the first 16 digits of the file's checksum. It is filled in
when the spec is read, and a file that has changed since is refused. In a study a relative path is
relative to the directory of the study's YAML. There are no other sizes: a network needs layers of
at least as many channels.`,
  reference: 'Each format is that of the program named with it.',
  params: [
    { name: 'path', type: 'text', positional: true, range: 'a path', meaning: 'the file' },
    {
      name: 'format',
      type: 'text',
      default: AUTO,
      quiet: true,
      range: `${AUTO} or the name of a format`,
      meaning: 'format of the file',
    },
    {
      name: 'threshold',
      type: 'real',
      default: NONE,
      quiet: true,
      range: `${NONE} or a number`,
      meaning: 'least weight of an edge that is kept',
    },
    {
      name: 'density',
      type: 'real',
      default: NONE,
      quiet: true,
      range: `${NONE} or 0 < density <= 1`,
      meaning: 'keep the strongest edges, up to this share of all pairs',
    },
    {
      name: 'absolute',
      type: 'boolean',
      default: false,
      quiet: true,
      range: 'true or false',
      meaning: 'weights count without their sign',
    },
    {
      name: 'directed',
      type: 'boolean',
      default: AUTO,
      quiet: true,
      range: `${AUTO}, true or false`,
      meaning: 'keep the direction of edges',
    },
    {
      name: 'variable',
      type: 'text',
      default: '',
      quiet: true,
      range: 'a name',
      meaning: 'which array of a .npz or .mat file',
    },
    {
      name: 'source',
      type: 'text',
      default: '',
      quiet: true,
      range: 'a name or a number',
      meaning: 'column of the first node of an edge in a table',
    },
    {
      name: 'target',
      type: 'text',
      default: '',
      quiet: true,
      range: 'a name or a number',
      meaning: 'column of the second node of an edge in a table',
    },
    {
      name: 'weight',
      type: 'text',
      default: '',
      quiet: true,
      range: 'a name or a number',
      meaning: 'column of the weights in a table, or their attribute',
    },
    {
      name: 'sha256',
      type: 'text',
      default: '',
      quiet: true,
      range: '16 hexadecimal digits',
      meaning: "beginning of the file's checksum; filled in",
    },
  ],
  validate,
  generate,
  locate: (params, directory) => ({
    ...params,
    path: resolve(directory, textParam(params, 'path')),
  }),
  pin: (params) =>
    textParam(params, 'sha256') === ''
      ? { ...params, sha256: checksumOf(readBytes(textParam(params, 'path'))) }
      : params,
  reads: true,
  samples: () => [],
  example: 'file:my.graphml',
};
