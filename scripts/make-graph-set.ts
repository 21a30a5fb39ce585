/**
 * Makes src/graph/sets/shipped.ts, the six published sets of graphs, from first principles: sweeps
 * the official grids of 64 and 16 nodes (2,700,000 and 1,800,000 candidates, some minutes) and
 * keeps what the rules in src/graph/space keep. The sweeps are kept in DIR, so that a second run
 * only reads them. Run `npm run build` before: workers run compiled code.
 *
 * Run: npx tsx scripts/make-graph-set.ts DIR
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  binSpace,
  candidates,
  formatGraphSpec,
  shortSpec,
  spaceBins,
  spaceGrid,
  sweepSpace,
} from '../src/public/graph.js';
import { encodeNumbers } from '../src/graph/sets/codec.js';
import { exactSpec } from '../src/graph/space/short-spec.js';

const FILE = new URL('../src/graph/sets/shipped.js', import.meta.url);
const WIDTH = 96;

const [directory] = process.argv.slice(2);
if (directory === undefined)
  throw new Error(
    'give the directory that keeps the sweeps: npx tsx scripts/make-graph-set.ts DIR',
  );

/** A long text as lines of source. */
const lines = (text: string): string =>
  (text.match(new RegExp(`.{1,${WIDTH - 10}}`, 'g')) ?? [''])
    .map((line) => `'${line}'`)
    .join(' +\n      ');

async function spaceOf(nodes: number, home: string): Promise<string> {
  const grid = spaceGrid(nodes);
  const { order, places } = await sweepSpace(grid, join(home, `n${nodes}`), {
    onProgress: ({ done, total }) =>
      process.stderr.write(`\r${nodes} nodes: ${done} of ${total} candidates`),
  });
  const { sets } = binSpace(places, spaceBins(grid));
  const every = sets[0].cells;
  const row = new Map(every.map((cell, at) => [cell, at]));
  const candidateOf = candidates(grid);
  const exact = every.flatMap((cell, at) => {
    const candidate = candidateOf(order[cell.first]);
    return formatGraphSpec(shortSpec(nodes, candidate)) ===
      formatGraphSpec(exactSpec(nodes, candidate))
      ? [at]
      : [];
  });
  const gaps = every.map((cell, at) => cell.first - (at === 0 ? 0 : every[at - 1].first));
  process.stderr.write(
    `\n${nodes} nodes: sets of ${sets.map(({ cells }) => cells.length).join(', ')}; with ` +
      `every digit: ${exact.join(', ') || 'none'}\n`,
  );
  return `  {
    nodes: ${nodes},
    count: ${every.length},
    exact: [${exact.join(', ')}],
    gaps:
      ${lines(encodeNumbers(gaps))},
    thinned: {
${sets
  .slice(1)
  .map(
    ({ cells }) =>
      `      ${cells.length}:\n      ` +
      `${lines(encodeNumbers(cells.map((cell) => row.get(cell) ?? -1)))},`,
  )
  .join('\n')}
    },
  },`;
}

const spaces = [await spaceOf(64, directory), await spaceOf(16, directory)];
writeFileSync(
  FILE,
  `// Made by scripts/make-graph-set.ts from all candidates. Do not edit.

/** The sets of one number of nodes; numbers as \`encodeNumbers\` in codec.ts writes them. */
export interface ShippedSpace {
  readonly nodes: number;
  /** Rows of the large set, which has a graph for every cell. */
  readonly count: number;
  /** Rows whose k and p cannot be rounded to 6 decimals without changing the graph. */
  readonly exact: readonly number[];
  /** Steps from row to row in the shuffled order of the candidates. */
  readonly gaps: string;
  /** The rows that make the smaller sets, by their size. */
  readonly thinned: Readonly<Record<number, string>>;
}

/**
 * The published sets (You, Leskovec, He, Xie: Graph Structure of Neural Networks, ICML 2020, arXiv
 * 2007.06559).
 */
export const shippedSpaces: readonly ShippedSpace[] = [
${spaces.join('\n')}
];
`,
);
