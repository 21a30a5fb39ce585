import type { Graph, GraphMeasure } from '../types.js';
import { transposedLists } from './transpose.js';

/** Every node's number of edges; in a directed graph in- and out-edges together. */
export function degrees(graph: Graph): Int32Array {
  const ends = Int32Array.from(
    { length: graph.nodes },
    (_, u) => graph.offsets[u + 1] - graph.offsets[u],
  );
  if (!graph.directed) return ends;
  const { offsets } = transposedLists(graph);
  return ends.map((out, u) => out + offsets[u + 1] - offsets[u]);
}

/** Population standard deviation of the degrees. */
function degreeStd(graph: Graph): number {
  const all = degrees(graph);
  const mean = all.reduce((sum, d) => sum + d, 0) / all.length;
  return Math.sqrt(all.reduce((sum, d) => sum + (d - mean) ** 2, 0) / all.length);
}

/** Shannon entropy in bits of the degree of a node drawn at random. */
function degreeEntropy(graph: Graph): number {
  const counts = new Map<number, number>();
  for (const degree of degrees(graph)) counts.set(degree, (counts.get(degree) ?? 0) + 1);
  let entropy = 0;
  for (const count of counts.values())
    entropy += (count / graph.nodes) * Math.log2(graph.nodes / count);
  return entropy;
}

/**
 * Pearson correlation over edges of the degrees at their two ends (directed: out-degree at the
 * start, in-degree at the end); null without edges or where all ends have the same degree.
 */
function assortativity(graph: Graph): number | null {
  const { nodes, offsets, targets } = graph;
  const back = transposedLists(graph).offsets;
  const arcs = targets.length;
  const mean = Math.round(arcs / nodes);
  let [x, y, xx, yy, xy] = [0, 0, 0, 0, 0];
  // Degrees are taken from their mean, so that the sums stay exact integers.
  for (let u = 0; u < nodes; u++) {
    const a = offsets[u + 1] - offsets[u] - mean;
    for (let at = offsets[u]; at < offsets[u + 1]; at++) {
      const b = back[targets[at] + 1] - back[targets[at]] - mean;
      x += a;
      y += b;
      xx += a * a;
      yy += b * b;
      xy += a * b;
    }
  }
  const variances = (arcs * xx - x * x) * (arcs * yy - y * y);
  return variances > 0 ? (arcs * xy - x * y) / Math.sqrt(variances) : null;
}

const HARARY = 'F. Harary: Graph Theory. Addison-Wesley 1969.';
const TOTAL = 'directed: in- and out-edges together';

export const degreeMeasures: readonly GraphMeasure[] = [
  {
    name: 'degreeMin',
    title: 'least degree',
    cost: 'quick',
    reference: HARARY,
    definition: `Least degree of a node (${TOTAL}).`,
    description: 'A node of degree 0 hears only itself. The least value of `degree` of networkx.',
    compute: (graph) => degrees(graph).reduce((least, degree) => Math.min(least, degree), Infinity),
  },
  {
    name: 'degreeMax',
    title: 'greatest degree',
    cost: 'quick',
    reference: HARARY,
    definition: `Greatest degree of a node (${TOTAL}).`,
    description: 'The size of the largest hub. The greatest value of `degree` of networkx.',
    compute: (graph) => degrees(graph).reduce((most, degree) => Math.max(most, degree), 0),
  },
  {
    name: 'degreeStd',
    title: 'degree std',
    cost: 'quick',
    reference: HARARY,
    definition: `Population standard deviation of the nodes' degrees (${TOTAL}).`,
    description:
      '0 for a regular graph. s = sqrt(Σ (dᵤ - mean)² / n): divided by n, since the ' +
      'nodes are all there are. The same as `numpy.std` of `degree` of networkx.',
    compute: degreeStd,
  },
  {
    name: 'degreeEntropy',
    title: 'degree entropy',
    cost: 'quick',
    reference:
      'R. V. Solé, S. Valverde: Information theory of complex networks. Lecture Notes in ' +
      'Physics 650, 2004.',
    definition: `Shannon entropy in bits of the distribution of degrees over nodes (${TOTAL}).`,
    description:
      'H = -Σ p(d) log₂ p(d), p(d) the share of nodes of degree d: 0 for a regular ' +
      'graph, at most log₂ n. The same as `scipy.stats.entropy` in base 2 of ' +
      '`degree_histogram` of networkx.',
    compute: degreeEntropy,
  },
  {
    name: 'assortativity',
    title: 'assortativity',
    cost: 'quick',
    reference: 'M. E. J. Newman: Mixing patterns in networks. Physical Review E 67, 2003.',
    definition:
      'Pearson correlation over edges of the degrees at their two ends, every edge taken ' +
      'both ways (directed: out-degree at the start, in-degree at the end); null without ' +
      'edges or where the degrees do not vary.',
    description: `From -1 to 1: positive where hubs are joined to hubs (social networks), negative
where they are joined to nodes of low degree (a star has -1), near 0 where ends are joined at
random.

The same as \`degree_assortativity_coefficient\` of networkx, which gives nan where Plexus gives
null.`,
    compute: assortativity,
  },
];
