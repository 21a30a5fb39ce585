/**
 * Makes examples/graphs-n64-52.txt, the 52 graphs of 64 nodes that the paper's studies share, from first principles: it
 * generates and measures all 2,700,000 candidates (several minutes on one core) and keeps what the rules in
 * src/graph/sets/published.ts keep. With `--all FILE` the 3942 graphs of every cell are written as well.
 *
 * Run: npx tsx scripts/make-graph-set.ts [--all FILE]
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  buildGraph,
  clustering,
  everyNinthCell,
  firstOfEveryCell,
  formatGraphSpec,
  graphSpec,
  pathLength,
  publishedCandidates,
  type GraphParam,
  type GraphSpec,
  type PlacedGraph,
} from '../src/graph/index.js';

const CANDIDATES = 2_700_000;
const FILE = new URL('../examples/graphs-n64-52.txt', import.meta.url);

const header = (count: number): string => `# ${count} WS-flex graphs of 64 nodes that cover the plane of clustering and path length.
# Source: You, Leskovec, He, Xie, "Graph Structure of Neural Networks", ICML 2020 (arXiv 2007.06559), whose published
# set this is, graph for graph, made anew by scripts/make-graph-set.ts. One spec a line; k is the average degree, p the
# probability of rewiring, both rounded to 6 decimals where clustering and path length stay exactly the same.
`;

function place(spec: GraphSpec): PlacedGraph {
  const graph = buildGraph(spec);
  const length = pathLength(graph);
  if (length === null) throw new Error(`${formatGraphSpec(spec)} is not connected`);
  return { spec, clustering: clustering(graph), pathLength: length };
}

function* placedCandidates(): Generator<PlacedGraph> {
  let done = 0;
  for (const spec of publishedCandidates()) {
    yield place(spec);
    if (++done % 100_000 === 0) process.stderr.write(`${done} of ${CANDIDATES} candidates\n`);
  }
}

const sixDecimals = (value: GraphParam | undefined): number => Number(Number(value).toFixed(6));

/** The spec with k and p at 6 decimals, where the graph's clustering and path length do not change. */
function rounded(graph: PlacedGraph): GraphSpec {
  const { n, k, p, seed } = graph.spec.params;
  const short = graphSpec('ws-flex', { n: Number(n), k: sixDecimals(k), p: sixDecimals(p), seed: Number(seed) });
  const again = place(short);
  return again.clustering === graph.clustering && again.pathLength === graph.pathLength ? short : graph.spec;
}

function writeSet(file: string | URL, graphs: readonly PlacedGraph[]): void {
  const lines = graphs.map((graph) => formatGraphSpec(rounded(graph)));
  writeFileSync(file, `${header(graphs.length)}${lines.join('\n')}\n`);
  process.stderr.write(`wrote ${graphs.length} graphs to ${String(file)}\n`);
}

const { values } = parseArgs({ options: { all: { type: 'string' } } });
const kept = firstOfEveryCell(placedCandidates());
writeSet(FILE, everyNinthCell(kept));
if (values.all !== undefined) writeSet(values.all, kept);
