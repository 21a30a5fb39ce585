import type { Graph, GraphMeasure } from '../types.js';
import { connected } from './connected.js';
import { addScaled, dot, extremeEigenvalue, type LinearMap } from './lanczos.js';

/** Steps of the direct method, and of the inverse one, whose steps are dear but few. */
const DIRECT_STEPS = 300;
const INVERSE_STEPS = 200;

/**
 * Second-least eigenvalue of the Laplacian D - A; null for a directed graph or a single node, 0
 * where the graph is not connected. Accurate to 1e-8 and better.
 */
function algebraicConnectivity(graph: Graph): number | null {
  return secondLeast(
    graph,
    Float64Array.from({ length: graph.nodes }, () => 1),
  );
}

/**
 * Second-least eigenvalue of the normalised Laplacian I - D^-1/2 A D^-1/2, which is 1 minus the
 * second-greatest eigenvalue of the random walk D^-1 A; null for a directed graph or a single node,
 * 0 where the graph is not connected.
 */
function spectralGap(graph: Graph): number | null {
  return secondLeast(
    graph,
    Float64Array.from(
      { length: graph.nodes },
      (_, u) => 1 / Math.sqrt(Math.max(1, graph.offsets[u + 1] - graph.offsets[u])),
    ),
  );
}

/** Second-least eigenvalue of S (D - A) S, S the diagonal matrix of `scale`. */
function secondLeast(graph: Graph, scale: Float64Array): number | null {
  if (graph.directed || graph.nodes === 1) return null;
  if (!connected(graph)) return 0;
  const laplacian = scaledLaplacian(graph, scale);
  // The eigenvector of the eigenvalue 0.
  const zero = scale.map((s) => 1 / s);
  const length = Math.sqrt(dot(zero, zero));
  const constant = zero.map((x) => x / length);
  const direct = extremeEigenvalue(laplacian, constant, 'least', DIRECT_STEPS);
  if (direct.found) return direct.value;
  // Least eigenvalues that lie close together are far apart in the inverse.
  return (
    1 / extremeEigenvalue(inverseOf(laplacian, constant), constant, 'greatest', INVERSE_STEPS).value
  );
}

function scaledLaplacian({ nodes, offsets, targets }: Graph, scale: Float64Array): LinearMap {
  const scaled = new Float64Array(nodes);
  return (x, y) => {
    for (let u = 0; u < nodes; u++) scaled[u] = scale[u] * x[u];
    for (let u = 0; u < nodes; u++) {
      let sum = 0;
      for (let at = offsets[u]; at < offsets[u + 1]; at++) sum += scaled[targets[at]];
      y[u] = scale[u] * ((offsets[u + 1] - offsets[u]) * scaled[u] - sum);
    }
  };
}

/**
 * Solves map(y) = x orthogonal to `leftOut` by conjugate gradients (M. R. Hestenes, E. Stiefel
 * 1952).
 */
function inverseOf(map: LinearMap, leftOut: Float64Array): LinearMap {
  const n = leftOut.length;
  const product = new Float64Array(n);
  return (x, y) => {
    y.fill(0);
    const residual = x.slice();
    addScaled(residual, -dot(leftOut, residual), leftOut);
    const direction = residual.slice();
    let square = dot(residual, residual);
    const enough = square * 1e-26;
    for (let step = 0; step < 4 * n && square > enough; step++) {
      map(direction, product);
      const along = square / dot(direction, product);
      addScaled(y, along, direction);
      addScaled(residual, -along, product);
      // What rounding leaves of the eigenvalue 0 would never shrink.
      addScaled(residual, -dot(leftOut, residual), leftOut);
      const before = square;
      square = dot(residual, residual);
      for (let i = 0; i < n; i++) direction[i] = residual[i] + (square / before) * direction[i];
    }
    addScaled(y, -dot(leftOut, y), leftOut);
  };
}

export const spectrumMeasures: readonly GraphMeasure[] = [
  {
    name: 'spectralGap',
    title: 'spectral gap',
    cost: 'slow',
    reference: 'F. R. K. Chung: Spectral Graph Theory. American Mathematical Society 1997.',
    definition:
      'Second-least eigenvalue of the normalised Laplacian, which is 1 - the ' +
      'second-greatest eigenvalue of the random walk; 0 when not connected; null if ' +
      'directed or a single node.',
    description: `λ₂ of I - D^(-1/2) A D^(-1/2), D the diagonal matrix of degrees: from 0 to n/(n -
1), which the complete graph has. A random walk forgets where it began at the rate 1 - λ₂ for each
step (where no eigenvalue is near -1): a large gap means fast mixing and no bottleneck. Eigenvalues
are signed: this is not 1 - max |μ|, which bipartite graphs would have as 0.

The same as the second value of \`numpy.linalg.eigvalsh\` of networkx's
\`normalized_laplacian_matrix\`. Found by Lanczos's method with full reorthogonalisation, where that
is slow on the inverse matrix.`,
    compute: spectralGap,
  },
  {
    name: 'algebraicConnectivity',
    title: 'algebraic connectivity',
    cost: 'slow',
    reference:
      'M. Fiedler: Algebraic connectivity of graphs. Czechoslovak Mathematical Journal 23, 1973.',
    definition:
      'Second-least eigenvalue of the Laplacian D - A; 0 when not connected; null if ' +
      'directed or a single node.',
    description: `From 0 to n, which the complete graph has; never more than the least degree of a
graph that is not complete. It bounds how many nodes must be taken away to disconnect the graph, and
is small where the graph has a bottleneck.

The same as \`algebraic_connectivity\` of networkx and as the second value of
\`numpy.linalg.eigvalsh\` of its \`laplacian_matrix\`. Found like the spectral gap.`,
    compute: algebraicConnectivity,
  },
];
