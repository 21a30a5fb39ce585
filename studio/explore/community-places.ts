import { must } from '../../src/core/errors.js';
import { type CommunityTree, communityTree, levelsOf } from '../../src/graph/measures/hierarchy.js';
import type { Graph } from '../../src/graph/types.js';
import type { Layout } from '../../src/figures/graph-layout.js';

/** A graph's nodes by their communities: on a circle each, and these on circles. */
export interface CommunityPlaces {
  readonly places: Layout;
  /** Of each node: the community of the first level, and in how many there are. */
  readonly labels: Int32Array;
  /** Communities of each level, from the outermost. */
  readonly counts: readonly number[];
}

/** Those of the measure, where it is not told others. */
const OPTIONS = { seed: 1, references: 10 } as const;
/** Share of its place on the circle that a community's own circle takes. */
const FILLED = 0.82;

/** Places of the nodes by levels of communities; of a directed graph null, which has none. */
export function communityPlaces(graph: Graph): CommunityPlaces | null {
  if (graph.directed) return null;
  const tree = communityTree(graph, OPTIONS);
  const places = { x: new Float64Array(graph.nodes), y: new Float64Array(graph.nodes) };
  place(tree, { x: 0.5, y: 0.5, radius: 0.5 }, places);
  const labels = new Int32Array(graph.nodes);
  tree.parts.forEach(({ nodes }, label) => {
    for (const node of nodes) labels[node] = label;
  });
  const counts = Array.from({ length: levelsOf(tree) }, (_, level) => countAt(tree, level + 1));
  return { places, labels, counts };
}

interface Disc {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

function place({ nodes, parts }: CommunityTree, { x, y, radius }: Disc, places: Layout): void {
  if (parts.length === 0) {
    nodes.forEach((node, at) => {
      const angle = (2 * Math.PI * at) / nodes.length;
      const far = nodes.length === 1 ? 0 : radius;
      places.x[node] = x + far * Math.sin(angle);
      places.y[node] = y - far * Math.cos(angle);
    });
    return;
  }
  // Discs side by side on a circle, as wide as the root of what they hold.
  const widths = parts.map((part) => Math.sqrt(part.nodes.length));
  const total = widths.reduce((sum, width) => sum + width, 0);
  let before = 0;
  parts.forEach((part, at) => {
    const half = (Math.PI * must(widths[at])) / total;
    const middle = before + half;
    before += 2 * half;
    // The largest disc on a circle within its sector and within the disc around: r + far = radius.
    const sine = Math.min(1, Math.sin(Math.min(half, Math.PI / 2)));
    const own = (radius * sine) / (1 + sine);
    const far = parts.length === 1 ? 0 : radius - own;
    place(
      part,
      { x: x + far * Math.sin(middle), y: y - far * Math.cos(middle), radius: FILLED * own },
      places,
    );
  });
}

/** Communities of a level, the whole being level 0. */
function countAt({ parts }: CommunityTree, level: number): number {
  return level === 0 ? 1 : parts.reduce((sum, part) => sum + countAt(part, level - 1), 0);
}
