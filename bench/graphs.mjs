// Speeds of graphs: generated and measured by Plexus, beside networkx and python-igraph on the same
// graphs in one run.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../dist/cli/bench/timing.js';
import {
  buildGraph,
  candidateCount,
  expandGraphSpecs,
  graphMeasure,
  measure,
  parseGraphSpec,
  spaceGrid,
  sweepSpace,
} from '../dist/public/graph.js';
import { placer } from '../dist/graph/space/place.js';
import { contest, printHead, rounded } from './peers/graph-turns.mjs';
import { HOW_TO_GET_PEERS, startGraphPeers } from './peers/graphs.mjs';

const WORKERS = 2;
/** Candidates of the space that the short run measures: four chunks of the sweep. */
const SHARE = 4 * 16_384;

/**
 * From the sparsest graphs to half of all edges, where counting triangles takes longest; distances
 * take longest in rings of some 200 neighbours. `long`: the others take long, and are left out of
 * the short run; `alone`: of every run.
 */
const LARGE = [
  { name: 'ws-flex k=8 p=0', spec: 'ws-flex:n=2048,k=8,p=0' },
  { name: 'ws-flex k=8 p=0.1', spec: 'ws-flex:n=2048,k=8,p=0.1,seed=1' },
  { name: 'barabasi-albert m=4', spec: 'barabasi-albert:n=2048,m=4,seed=1' },
  { name: 'ws-flex k=64 p=0.1', spec: 'ws-flex:n=2048,k=64,p=0.1,seed=1' },
  { name: 'ws-flex k=200 p=0', spec: 'ws-flex:n=2048,k=200,p=0', long: true },
  { name: 'ws-flex k=512 p=0.1', spec: 'ws-flex:n=2048,k=512,p=0.1,seed=1', long: true },
  { name: 'ws-flex k=1024 p=0.3', spec: 'ws-flex:n=2048,k=1024,p=0.3,seed=1', long: true },
  // Just dense enough for triangles to be counted on the complement.
  { name: 'ws-flex k=1120 p=0.3', spec: 'ws-flex:n=2048,k=1120,p=0.3,seed=1', alone: true },
];
const MEDIUM = [
  { name: 'ws-flex k=8 p=0.1', spec: 'ws-flex:n=1000,k=8,p=0.1,seed=1' },
  { name: 'barabasi-albert m=4', spec: 'barabasi-albert:n=1000,m=4,seed=1' },
  { name: 'ws-flex k=32 p=0.1', spec: 'ws-flex:n=1000,k=32,p=0.1,seed=1' },
  { name: 'ws-flex k=32 p=1', spec: 'ws-flex:n=1000,k=32,p=1,seed=1' },
  { name: 'ws-flex k=100 p=0.1', spec: 'ws-flex:n=1000,k=100,p=0.1,seed=1' },
];

/** Other measures and the graphs that they are timed on. */
const OTHERS = [
  'transitivity',
  'diameter',
  'globalEfficiency',
  'localEfficiency',
  'spectralGap',
  'algebraicConnectivity',
  'modularity',
  'richClub',
  'corePeriphery',
  'formanCurvature',
  'ollivierCurvature',
  'omega',
  'sigma',
];
const SIZES = [
  { nodes: 64, k: 8 },
  { nodes: 256, k: 16 },
  { nodes: 1000, k: 32 },
];

/**
 * Microseconds of one graph of the published set, generated and measured, in both ways; and whether
 * both agree.
 */
function timeSmall(quick) {
  const specs = expandGraphSpecs('ws-flex:n=64,set=3942');
  const bySeed = specs.toSorted((a, b) => a.params.seed - b.params.seed);
  const ways = {
    swept: () => {
      const place = placer(64);
      return bySeed.map(({ params: { k, p, seed } }) => place(k, p, seed));
    },
    plain: () => specs.map((spec) => measure(buildGraph(spec))),
  };
  const times = { swept: [], plain: [] };
  // The first round warms up.
  for (let round = -1; round < (quick ? 5 : 15); round++) {
    for (const [way, run] of Object.entries(ways)) {
      const begun = performance.now();
      run();
      if (round >= 0) times[way].push((1000 * (performance.now() - begun)) / specs.length);
    }
  }
  const plain = new Map(ways.plain().map((found, at) => [specs[at], found]));
  const differ = ways
    .swept()
    .filter(
      (found, at) =>
        found.clustering !== plain.get(bySeed[at]).clustering ||
        found.pathLength !== plain.get(bySeed[at]).pathLength,
    ).length;
  console.log(
    '\none graph of 64 nodes of the published set of 3942, generated and measured (C and ' +
      'L), one core; target 60 microseconds:',
  );
  console.log(
    '  as a sweep of the space does it, one seed after another: ' +
      `${rounded(median(times.swept))} microseconds`,
  );
  console.log(
    '  measure(buildGraph(spec)), in published order:           ' +
      `${rounded(median(times.plain))} microseconds`,
  );
  if (differ === 0) return;
  process.exitCode = 1;
  console.log(`  !!! VALUES DIFFER: the two ways come to other C or L for ${differ} graphs !!!`);
}

/** One measure of several graphs, one row each; what the worst of them takes, beside the target. */
async function compare(peers, measureName, cases, { quick, rounds, seconds, target, extra }) {
  printHead(extra);
  let worst = { ms: 0, name: '' };
  for (const { name, spec, long, alone } of cases) {
    const graphs = [buildGraph(parseGraphSpec(spec))];
    const ms = await contest(
      alone || (long && quick) ? null : peers,
      measureName,
      { name, graphs },
      { rounds, seconds },
    );
    if (ms > worst.ms) worst = { ms, name };
  }
  console.log(`  worst: ${rounded(worst.ms)} ms, ${worst.name} (target ${target} ms)`);
}

/**
 * Median ms of a measure, run for about so many seconds, up to five times as long for three runs.
 * The first one counts only where it is the only one.
 */
function timeMeasure(name, graph, seconds) {
  const { compute } = graphMeasure(name);
  const times = [];
  const begun = performance.now();
  do {
    const from = performance.now();
    // A graph of its own: what was found of one is kept.
    compute({ ...graph }, { seed: 1, references: 10 });
    times.push(performance.now() - from);
    // A cold run alone may be several times too slow.
  } while (
    times.length < 50 &&
    performance.now() - begun < 1000 * seconds * (times.length < 3 ? 5 : 1)
  );
  return median(times.length > 1 ? times.slice(1) : times);
}

/**
 * A table of the other measures; none is run on a graph where it may be expected to take longer
 * than `longest` seconds.
 */
function timeOthers(seconds, longest) {
  console.log(
    '\nother measures, ms, Plexus alone, ws-flex p=0.1 (- where it would take longer than ' +
      `about ${longest} s):`,
  );
  const graphs = SIZES.map(({ nodes, k }) =>
    buildGraph(parseGraphSpec(`ws-flex:n=${nodes},k=${k},p=0.1,seed=1`)),
  );
  console.log(
    `  ${''.padEnd(24)}${SIZES.map(({ nodes, k }) => `n=${nodes} k=${k}`.padStart(15)).join('')}`,
  );
  for (const name of OTHERS) {
    let last = 0;
    const cells = graphs.map((graph, at) => {
      // What is slow grows with the edges, times the nodes or the degree.
      const expected =
        at === 0
          ? 0
          : last * (graph.edges / graphs[at - 1].edges) * (SIZES[at].k / SIZES[at - 1].k);
      last = expected > 1000 * longest ? Infinity : timeMeasure(name, graph, seconds);
      return Number.isFinite(last) ? rounded(last) : '-';
    });
    console.log(`  ${name.padEnd(24)}${cells.map((cell) => cell.padStart(15)).join('')}`);
  }
}

/**
 * Sweeps the space of 64 nodes into a directory that is removed; in the short run only a random
 * share of it.
 */
async function timeSpace(quick) {
  const grid = spaceGrid(64);
  const total = candidateCount(grid);
  console.log(
    `\nthe whole space of 64 nodes, ${total} graphs generated and measured by ${WORKERS} ` +
      `workers (cores here: ${availableParallelism()}); target 180 s on 2 cores:`,
  );
  const scratch = mkdtempSync(join(tmpdir(), 'plexus-bench-'));
  const stop = new AbortController();
  const begun = performance.now();
  let first = null;
  let share = null;
  const onProgress = ({ done }) => {
    first ??= performance.now();
    if (!quick || share !== null || done < SHARE) return;
    share = { done, seconds: (performance.now() - first) / 1000 };
    stop.abort();
  };
  try {
    await sweepSpace(grid, scratch, { workers: WORKERS, signal: stop.signal, onProgress });
    console.log(`  ${rounded((performance.now() - begun) / 1000)} s`);
  } catch (error) {
    if (share === null) throw error;
    // The candidates come shuffled: the first ones are a random sample.
    console.log(
      `  about ${rounded((share.seconds * total) / share.done)} s: not run in full, but ` +
        `${share.done} graphs drawn at random from them ` +
        `(${((100 * share.done) / total).toFixed(1)} %) took ${rounded(share.seconds)} s`,
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/**
 * The `graphs` part of the benchmark. Where other programs come to other values it says so and the
 * command fails in the end.
 */
export async function benchGraphs(quick) {
  const rounds = quick ? 2 : 5;
  const peers = await startGraphPeers();
  try {
    console.log(
      '\ngraphs; times are medians, Plexus and others in turn, one core each. ' +
        (peers
          ? `Others: ${peers.description}; ~ where networkx measured from a sample of the ` +
            'nodes and the time is scaled up, - where not run.'
          : `Not compared: no Python with networkx or python-igraph here. ${HOW_TO_GET_PEERS}`),
    );
    timeSmall(quick);
    const published = expandGraphSpecs(`ws-flex:n=64,set=${quick ? 52 : 449}`).map(buildGraph);
    console.log(
      '\nC and L alone of one graph of 64 nodes, ms, mean of the published set of ' +
        `${published.length}:`,
    );
    printHead();
    await contest(
      peers,
      'clusteringAndLength',
      { name: `set=${published.length}`, graphs: published, per: 1 },
      { rounds, seconds: 1 },
    );
    console.log('\nC and L of a graph of 2048 nodes, ms:');
    await compare(peers, 'clusteringAndLength', LARGE, {
      quick,
      rounds,
      seconds: quick ? 0.2 : 2,
      target: 100,
    });
    console.log('\nbetweenness of all of 1000 nodes, ms:');
    await compare(peers, 'betweenness', MEDIUM, {
      quick,
      rounds,
      seconds: quick ? 0.2 : 2,
      target: 200,
    });
    console.log("\nLouvain's communities of 1000 nodes, ms (Q: modularity found):");
    await compare(peers, 'louvain', MEDIUM, {
      quick,
      rounds,
      seconds: quick ? 0.2 : 2,
      target: 200,
    });
  } finally {
    peers?.stop();
  }
  timeOthers(quick ? 0.02 : 0.2, quick ? 0.5 : 5);
  await timeSpace(quick);
}
