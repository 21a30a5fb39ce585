// Prints the graphs of docs/evidence/density: pairs that separate density from the place in the
// plane of C and L. What is drawn is fixed by the seeds below, so the choice is made before any
// training. npx tsx scripts/density-pairs.ts
import { must } from '../src/core/errors.js';
import { clustering } from '../src/graph/measures/clustering.js';
import { pathLength } from '../src/graph/measures/path-length.js';
import { publishedSet } from '../src/graph/sets/published.js';
import { buildGraph, formatGraphSpec, parseGraphSpec } from '../src/graph/spec.js';

interface Candidate {
  readonly spec: string;
  readonly edges: number;
  readonly C: number;
  readonly L: number;
}

/** Place and size of a graph of 64 nodes; undefined where it is not connected. */
function candidate(text: string): Candidate | undefined {
  const graph = buildGraph(parseGraphSpec(text));
  const L = pathLength(graph);
  if (graph.nodes !== 64 || L === null) return undefined;
  return {
    spec: formatGraphSpec(parseGraphSpec(text)),
    edges: graph.edges,
    C: clustering(graph),
    L,
  };
}

const measured = (texts: Iterable<string>): Candidate[] =>
  [...texts].map(candidate).filter((one) => one !== undefined);

const line = ({ spec, edges, C, L }: Candidate): string =>
  `  - ${spec} # ${edges} edges, C ${C.toFixed(3)}, L ${L.toFixed(3)}`;

/**
 * Ten degrees from 8 to 24; of each the chain (p = 0.002), the middle and the random graph (p = 1)
 * of one density. The middle has the p from 0.05 to 0.3 whose C lies nearest to halfway between.
 */
function sameDensity(): { chain: Candidate; middle: Candidate; random: Candidate }[] {
  return Array.from({ length: 10 }, (_, at) => {
    const k = (8 * 3 ** (at / 9)).toFixed(3);
    const one = (p: number): Candidate =>
      must(candidate(`ws-flex:n=64,k=${k},p=${p},seed=${at + 1}`));
    const [chain, random] = [one(0.002), one(1)];
    const half = (chain.C + random.C) / 2;
    const middles = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3].map(one);
    const middle = must(middles.toSorted((a, b) => Math.abs(a.C - half) - Math.abs(b.C - half))[0]);
    return { chain, middle, random };
  });
}

/** Graphs of families other than ws-flex, of many densities. */
function* others(): Generator<string> {
  for (let seed = 1; seed <= 3; seed++) {
    for (const sizes of [
      '32-32',
      '16-16-32',
      '16-16-16-16',
      '8-8-16-32',
      '8-8-8-8-8-8-8-8',
      '16-48',
      '8-56',
    ])
      for (const inside of [0.3, 0.45, 0.6, 0.75, 0.9, 1])
        for (const between of [0.01, 0.02, 0.04, 0.08, 0.15, 0.25])
          yield `stochastic-block:sizes=${sizes},inside=${inside},between=${between},seed=${seed}`;
    for (const m of [3, 4, 5, 6, 8, 10, 12])
      for (const p of [0, 0.3, 0.6, 0.9, 1])
        yield `power-law-cluster:n=64,m=${m},p=${p},seed=${seed}`;
    for (const core of [6, 10, 16, 24])
      for (const between of [0.2, 0.4, 0.6])
        for (const outside of [0.02, 0.06, 0.12])
          yield (
            `core-periphery:n=64,core=${core},inside=1,between=${between},outside=${outside}` +
            `,seed=${seed}`
          );
    for (const radius of [0.2, 0.25, 0.3, 0.35, 0.4, 0.5])
      yield `geometric:n=64,radius=${radius},seed=${seed}`;
  }
}

/**
 * Twenty pairs with |difference in C| <= 0.02 and in L <= 0.05 whose densities differ by a factor of
 * 1.25 at least, the most different first; no graph is in two pairs.
 */
function samePlace(): { sparse: Candidate; dense: Candidate }[] {
  const pool = [
    ...measured(others()),
    ...measured(publishedSet({ nodes: 64, count: 3942 }).map(formatGraphSpec)),
  ];
  const pairs: { sparse: Candidate; dense: Candidate }[] = [];
  for (const sparse of pool)
    for (const dense of pool)
      if (
        dense.edges >= 1.25 * sparse.edges &&
        Math.abs(dense.C - sparse.C) <= 0.02 &&
        Math.abs(dense.L - sparse.L) <= 0.05
      )
        pairs.push({ sparse, dense });
  const used = new Set<string>();
  const chosen: { sparse: Candidate; dense: Candidate }[] = [];
  for (const pair of pairs.toSorted(
    (a, b) => b.dense.edges / b.sparse.edges - a.dense.edges / a.sparse.edges,
  )) {
    if (used.has(pair.sparse.spec) || used.has(pair.dense.spec)) continue;
    used.add(pair.sparse.spec).add(pair.dense.spec);
    chosen.push(pair);
    if (chosen.length === 20) break;
  }
  return chosen;
}

process.stdout.write('# one density, three places\n');
for (const { chain, middle, random } of sameDensity())
  process.stdout.write(`${[chain, middle, random].map(line).join('\n')}\n`);
process.stdout.write('# one place, two densities\n');
for (const { sparse, dense } of samePlace())
  process.stdout.write(`${[sparse, dense].map(line).join('\n')}\n`);
