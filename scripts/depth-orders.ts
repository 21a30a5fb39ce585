// Prints the graphs of docs/evidence/orders: the same three graphs in five orders over the MLP's
// three layers, and graphs of which every layer has the same, as they are and with their nodes
// permuted anew in every layer. npx tsx scripts/depth-orders.ts
import { measure } from '../src/graph/measures/basic.js';
import { buildGraph, formatGraphSpec, parseGraphSpec } from '../src/graph/spec.js';

/** A graph by its line, with its density, C and L. */
function told(line: string): string {
  const spec = parseGraphSpec(line);
  const { density, clustering, pathLength } = measure(buildGraph(spec));
  return (
    `#   ${formatGraphSpec(spec)}: density ${density.toFixed(4)}, C ${clustering.toFixed(3)}, ` +
    `L ${pathLength?.toFixed(3) ?? '–'}`
  );
}

const print = (name: string, graphs: readonly string[]): boolean =>
  process.stdout.write(
    `  - {name: ${name}, graph: "sequence:per=layer,graphs=${graphs
      .map((graph) => `(${formatGraphSpec(parseGraphSpec(graph))})`)
      .join('')}"}\n`,
  );

const number = (at: number): string => String(at + 1).padStart(2, '0');

/** Fine: neighbours only. Coarse: the whole network. All of a set have as many edges. */
const sets: readonly { fine: string; middle: string; coarse: string }[] = [
  ...[5, 6, 8, 10, 12, 16].map((k) => ({
    fine: `ws-flex:n=64,k=${k},p=0,seed=1`,
    middle: `ws-flex:n=64,k=${k},p=0.1,seed=1`,
    coarse: `ws-flex:n=64,k=${k},p=1,seed=1`,
  })),
  ...[
    'hierarchical:outer=(ring-lattice:n=8,k=2),inner=(complete:n=8),bridge=random,bridges=1',
    'hierarchical:outer=(ring-lattice:n=16,k=2),inner=(complete:n=4),bridge=random,bridges=2',
    'hierarchical:outer=(complete:n=4),inner=(complete:n=16),bridge=random,bridges=2',
    'hierarchical:outer=(complete:n=4),inner=(hierarchical:outer=(complete:n=4),' +
      'inner=(complete:n=4),bridge=random,bridges=2),bridge=random,bridges=4',
  ].map((fine) => ({
    fine,
    middle: `rewired:of=(${fine}),swaps=0.2,connected=true,seed=1`,
    coarse: `rewired:of=(${fine}),swaps=10,connected=true,seed=1`,
  })),
];

process.stdout.write('# ten sets of three graphs, five orders each\n');
for (const [at, { fine, middle, coarse }] of sets.entries()) {
  process.stdout.write(`${[fine, middle, coarse].map(told).join('\n')}\n`);
  const set = number(at);
  print(`coarse-to-fine-${set}`, [coarse, middle, fine]);
  print(`fine-to-coarse-${set}`, [fine, middle, coarse]);
  print(`coarse-first-${set}`, [coarse, fine, middle]);
  print(`fine-first-${set}`, [fine, coarse, middle]);
  print(`middle-first-${set}`, [middle, coarse, fine]);
}

/** The same graph in three layers, and with its nodes permuted in the second and the third. */
function constantAndTurned(kind: string, lines: readonly string[]): void {
  process.stdout.write(`# ${kind}: one graph throughout, and turned\n`);
  for (const [at, line] of lines.entries()) {
    process.stdout.write(`${told(line)}\n`);
    print(`${kind}-constant-${number(at)}`, [line, line, line]);
    print(`${kind}-turned-${number(at)}`, [
      line,
      ...[2, 3].map((seed) => `permuted:of=(${line}),order=random,seed=${seed}`),
    ]);
  }
}

constantAndTurned('long', [
  ...[4, 5, 6, 8].map((k) => `ws-flex:n=64,k=${k},p=0,seed=2`),
  'hierarchical:outer=(ring-lattice:n=8,k=2),inner=(complete:n=8),bridge=random,bridges=2,seed=2',
  'hierarchical:outer=(ring-lattice:n=16,k=2),inner=(complete:n=4),bridge=random,bridges=1,seed=2',
  'hierarchical:outer=(ring-lattice:n=16,k=2),inner=(complete:n=4),bridge=hub,bridges=2',
  'grid:shape=4x16',
]);
constantAndTurned(
  'short',
  [6, 7, 8, 10, 12, 14, 16, 20].map((k) => `ws-flex:n=64,k=${k},p=1,seed=2`),
);
