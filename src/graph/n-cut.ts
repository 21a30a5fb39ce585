import { RandomStream } from '../core/random/stream.js';
import { symmetricEigen } from '../stats/symmetric-eigen.js';
import { strengths, type WeightedGraph } from './weighted.js';

/**
 * The normalised cut of a partition (Shi and Malik 2000): the sum over its parts of the weight of the
 * edges that leave the part, in parts of the strengths of its nodes. From 0 to one less than the
 * number of parts; lower is more clustered. Parts without strength count as 0. For two parts
 * networkx's `normalized_cut_size(G, S, weight="weight")`.
 *
 * @param labels the part of every node, 0, 1, ...
 */
export function normalisedCut(weighted: WeightedGraph, labels: Int32Array): number {
  const { graph, weights } = weighted;
  const parts = labels.reduce((most, label) => Math.max(most, label + 1), 0);
  const [cut, volume] = [new Float64Array(parts), new Float64Array(parts)];
  for (let u = 0; u < graph.nodes; u++) {
    for (let at = graph.offsets[u]; at < graph.offsets[u + 1]; at++) {
      volume[labels[u]] += weights[at];
      if (labels[graph.targets[at]] !== labels[u]) cut[labels[u]] += weights[at];
    }
  }
  return cut.reduce((sum, each, part) => sum + (volume[part] === 0 ? 0 : each / volume[part]), 0);
}

/** Starts of k-means, of which the tightest counts; scikit-learn's number. */
const STARTS = 10;
const MOST_ROUNDS = 300;

/**
 * Normalised spectral clustering (Shi and Malik 2000, as in Filan et al. 2021): the eigenvectors of
 * the `clusters` least eigenvalues of I - D^-1/2 W D^-1/2, divided by the roots of the strengths,
 * give every node a point; k-means puts the points into groups. scikit-learn:
 * `SpectralClustering(affinity="precomputed")`, but for the random numbers of k-means.
 *
 * @param clusters at most the number of nodes
 * @returns the group of every node
 */
export function spectralClusters(
  weighted: WeightedGraph,
  clusters: number,
  seed: number,
): Int32Array {
  const { graph, weights } = weighted;
  const n = graph.nodes;
  const roots = strengths(weighted).map((strength) => (strength > 0 ? Math.sqrt(strength) : 1));
  const laplacian = new Float64Array(n * n);
  for (let u = 0; u < n; u++) {
    laplacian[u * n + u] = 1;
    for (let at = graph.offsets[u]; at < graph.offsets[u + 1]; at++) {
      const v = graph.targets[at];
      laplacian[u * n + v] -= weights[at] / (roots[u] * roots[v]);
    }
  }
  const { vectors } = symmetricEigen(laplacian, n);
  const points = Array.from({ length: n }, (_, u) =>
    Float64Array.from({ length: clusters }, (__, axis) => vectors[axis][u] / roots[u]),
  );
  return kMeans(points, clusters, seed);
}

interface Grouped {
  readonly labels: Int32Array;
  /** Sum of the squared distances to the centres. */
  readonly spread: number;
}

/** Lloyd's algorithm from centres by k-means++, the tightest of ten starts. */
function kMeans(points: readonly Float64Array[], k: number, seed: number): Int32Array {
  let best: Grouped | null = null;
  for (let start = 0; start < STARTS; start++) {
    const found = settle(points, firstCentres(points, k, new RandomStream('k-means', seed, start)));
    if (best === null || found.spread < best.spread) best = found;
  }
  return best!.labels;
}

function squaredDistance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return sum;
}

/** Points that are chosen with a chance that grows with the squared distance to those before. */
function firstCentres(
  points: readonly Float64Array[],
  k: number,
  random: RandomStream,
): Float64Array[] {
  const centres = [points[random.below(points.length)]];
  const far = points.map((point) => squaredDistance(point, centres[0]));
  while (centres.length < k) {
    const total = far.reduce((sum, each) => sum + each, 0);
    let left = random.uniform() * total;
    const found = far.findIndex((each) => (left -= each) < 0);
    const centre = points[found < 0 ? points.length - 1 : found];
    centres.push(centre);
    points.forEach((point, i) => (far[i] = Math.min(far[i], squaredDistance(point, centre))));
  }
  return centres;
}

function settle(points: readonly Float64Array[], first: Float64Array[]): Grouped {
  let centres = first;
  const labels = new Int32Array(points.length);
  for (let round = 0; ; round++) {
    let [spread, moved] = [0, false];
    points.forEach((point, i) => {
      const distances = centres.map((centre) => squaredDistance(point, centre));
      const nearest = distances.reduce((at, each, j) => (each < distances[at] ? j : at), 0);
      moved ||= labels[i] !== nearest;
      labels[i] = nearest;
      spread += distances[nearest];
    });
    if ((!moved && round > 0) || round === MOST_ROUNDS) return { labels, spread };
    centres = centres.map((centre, j) => meanOf(points, labels, j) ?? centre);
  }
}

function meanOf(
  points: readonly Float64Array[],
  labels: Int32Array,
  label: number,
): Float64Array | null {
  const own = points.filter((_, i) => labels[i] === label);
  if (own.length === 0) return null;
  return own[0].map((_, axis) => own.reduce((sum, point) => sum + point[axis], 0) / own.length);
}
