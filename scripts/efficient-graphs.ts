// Prints the graphs of docs/evidence/efficient: families that are fast, or said to be, each beside a
// WS-flex graph of as many edges, and each with its nodes permuted anew in every layer. npx tsx
// scripts/efficient-graphs.ts
import { measure } from '../src/graph/measures/basic.js';
import { buildGraph, formatGraphSpec, parseGraphSpec } from '../src/graph/spec.js';

const blocks = 'product:kind=cartesian,outer=(empty:n=8),inner=(complete:n=8)';
const monarch = `permuted:of=(${blocks}),order=transpose,rows=8`;

/** One graph for all layers, each with as many edges as its partner. */
const families: readonly (readonly [name: string, graph: string])[] = [
  ['ring', 'circulant:n=64,jumps=1-2-3-4'],
  ['diagonals', 'circulant:n=64,jumps=1-6-16-28'],
  ['butterfly', 'flat-butterfly:d=6'],
  ['pixelfly', 'flat-butterfly:d=6,hubs=1'],
  ['margulis', 'margulis:m=8'],
  ['regular', 'random-regular:n=64,d=8,seed=1'],
  ['paley', 'paley:n=61'],
  ['torus', 'grid:shape=8x8,periodic=true'],
];

const print = (name: string, line: string): boolean =>
  process.stdout.write(`  - {name: ${name}, graph: "${formatGraphSpec(parseGraphSpec(line))}"}\n`);

const layers = (graphs: readonly string[]): string =>
  `sequence:per=layer,graphs=${graphs.map((graph) => `(${graph})`).join('')}`;

for (const [at, [name, line]] of families.entries()) {
  const { nodes, edges, clustering, pathLength } = measure(buildGraph(parseGraphSpec(line)));
  process.stdout.write(
    `  # ${edges} edges, C ${clustering.toFixed(3)}, L ${pathLength?.toFixed(3) ?? '–'}\n`,
  );
  print(`${name}-plain`, line);
  print(`${name}-ws`, `ws-flex:n=${nodes},k=${(2 * edges) / nodes},p=1,seed=${at + 1}`);
  print(
    `${name}-permuted`,
    layers([line, ...[2, 3].map((seed) => `permuted:of=(${line}),order=random,seed=${seed}`)]),
  );
}
process.stdout.write('  # factors over depth: each layer alone is not connected\n');
print('blocks', blocks);
print('monarch', layers([blocks, monarch, blocks]));
print('monarch-ws', 'ws-flex:n=64,k=7,p=1,seed=9');
print(
  'butterfly-stages',
  layers([0, 2, 4].map((level) => `flat-butterfly:d=6,levels=${level}-${level + 1}`)),
);
