// A measure of some graphs by Plexus and by other programs in turn, their values compared, printed
// as a table.
import { median } from '../../dist/cli/bench/timing.js';
import {
  betweenness,
  distances,
  localClustering,
  louvain,
  measure,
  modularity,
} from '../../dist/public/graph.js';

/** What other programs may differ by in C, L and betweenness. */
const TOLERANCE = 1e-9;
/** Timed runs of Plexus in its turn. */
const REPEATS = 3;
const WIDTHS = [24, 9, 9, 9];

const sum = (values) => values.reduce((total, value) => total + value, 0);
const mean = (values) => sum(values) / values.length;

/** Three digits are what such times are good for. */
export const rounded = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

/** The mean distance from some nodes to all others. */
const lengthFrom = (graph, sources) =>
  mean(sources.map((u) => sum([...distances(graph, u)]) / (graph.nodes - 1)));

/**
 * `run` is timed; `values` are what it found, named as in graph_measures.py; `sample` finds the
 * same from some nodes only. Distances of a graph are kept once they are found, so every run gets a
 * graph of its own with the same edges.
 */
const MEASURES = {
  clusteringAndLength: {
    run: (graph) => measure({ ...graph }),
    values: ({ clustering, pathLength }) => ({ clustering, length: pathLength }),
    sample: (graph, sources) => {
      const local = localClustering(graph);
      return { clustering: mean(sources.map((u) => local[u])), length: lengthFrom(graph, sources) };
    },
  },
  betweenness: {
    run: (graph) => betweenness({ ...graph }),
    values: (found) => ({ betweenness: [...found] }),
    // networkx chooses its sample itself.
    sample: () => ({}),
  },
  louvain: {
    run: (graph) => louvain({ ...graph }, 1),
    values: (labels, graph) => ({ louvain: modularity(graph, labels) }),
  },
};

/** The greatest difference of two numbers or of two lists of them. */
function difference(mine, theirs) {
  const [a, b] = [[mine].flat(), [theirs].flat()];
  return a.length === b.length
    ? a.reduce((most, value, at) => Math.max(most, Math.abs(value - b[at])), 0)
    : Infinity;
}

/** Says so, and fails the command in the end, where another program comes to other values. */
function compareValues(name, measureName, graphs, results, [library, { values, nodes }]) {
  const { values: valuesOf, sample } = MEASURES[measureName];
  // Groups found in another order are other groups.
  if (measureName === 'louvain') return;
  graphs.forEach((graph, at) => {
    const sources =
      nodes === null
        ? null
        : Array.from({ length: nodes }, (_, i) => Math.floor((i * graph.nodes) / nodes));
    for (const [part, own] of Object.entries(
      sources ? sample(graph, sources) : valuesOf(results[at], graph),
    )) {
      const apart = difference(own, values[at][part]);
      if (apart <= TOLERANCE) continue;
      process.exitCode = 1;
      console.log(
        `  !!! VALUES DIFFER: ${part} of ${name} (graph ${at}) by Plexus and by ` +
          `${library} are ${apart} apart !!!`,
      );
    }
  });
}

/** One turn of Plexus: the graphs one after another, ms of the median run; and what it found. */
function ownTurn(run, graphs) {
  let results = [];
  const times = Array.from({ length: REPEATS }, () => {
    const begun = performance.now();
    results = graphs.map(run);
    return performance.now() - begun;
  });
  return { ms: median(times), results };
}

/**
 * Times a measure of graphs, all of them together: Plexus and the other programs in turn. A program
 * that is so slow that all rounds would take longer than `seconds` has one only, and is given that
 * time as `peers.measure` says.
 */
async function inTurn(peers, measureName, graphs, { rounds, seconds }) {
  const { run } = MEASURES[measureName];
  const times = { plexus: [] };
  const answers = {};
  // Warms up.
  let results = graphs.map(run);
  for (let round = 0; round < rounds; round++) {
    const own = ownTurn(run, graphs);
    times.plexus.push(own.ms);
    results = own.results;
    for (const library of peers?.libraries ?? []) {
      if (answers[library] && (!times[library] || times[library][0] * rounds > 1000 * seconds))
        continue;
      const answer = (answers[library] = await peers.measure(library, measureName, seconds));
      if (!answer.missing) (times[library] ??= []).push(sum(Object.values(answer.ms)));
    }
  }
  const found = Object.entries(answers).filter(([, { missing }]) => !missing);
  return {
    medians: Object.fromEntries(Object.entries(times).map(([who, list]) => [who, median(list)])),
    answers: found,
    results,
  };
}

function printRow(cells) {
  console.log(
    (
      '  ' +
      cells
        .map((text, at) => (at === 0 ? text.padEnd(WIDTHS[0]) : text.padStart(WIDTHS[at] ?? 0)))
        .join('  ')
    ).trimEnd(),
  );
}

/** The heading of the rows that `contest` prints. */
export function printHead(extra = '') {
  printRow([
    '',
    'Plexus',
    'igraph',
    'networkx',
    `Plexus is N times as fast as igraph, networkx${extra}`,
  ]);
}

/**
 * Times a measure of graphs (see `inTurn`), prints a row, and compares the values.
 *
 * @param per graphs that a time in the row is for
 * @returns ms of Plexus
 */
export async function contest(peers, measureName, { name, graphs, per = graphs.length }, options) {
  await peers?.load(graphs);
  const { medians, answers, results } = await inTurn(peers, measureName, graphs, options);
  const scale = per / graphs.length;
  const others = ['igraph', 'networkx'].map((library) => {
    const sampled = answers.some(([who, { nodes }]) => who === library && nodes !== null);
    return medians[library] === undefined
      ? { time: '-', ratio: '-' }
      : {
          time: `${sampled ? '~' : ''}${rounded(scale * medians[library])}`,
          ratio: rounded(medians[library] / medians.plexus),
        };
  });
  const modularities =
    measureName === 'louvain'
      ? [
          ['Plexus', MEASURES.louvain.values(results[0], graphs[0])],
          ...answers.map(([library, { values }]) => [library, values[0]]),
        ]
      : [];
  const told = modularities.map(([who, { louvain: q }]) => `${who} ${q.toFixed(4)}`).join(', ');
  printRow([
    name,
    rounded(scale * medians.plexus),
    ...others.map(({ time }) => time),
    others.map(({ ratio }) => ratio.padStart(5)).join('  ') + (told && `   Q: ${told}`),
  ]);
  for (const answer of answers) compareValues(name, measureName, graphs, results, answer);
  return scale * medians.plexus;
}
