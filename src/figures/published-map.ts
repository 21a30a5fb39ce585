import { binEdges, binOf, binRange } from '../analysis/bins.js';
import type { Fidelity } from '../analysis/fidelity.js';
import { PUBLISHED } from '../analysis/findings/published.js';
import { PUBLISHED_MLP, PUBLISHED_MLP_BASELINE } from '../analysis/published-mlp.js';
import { CLUSTERING_RANGE, PATH_LENGTH_RANGE, PLANE_BINS } from '../analysis/settings.js';
import { fixed, plural, span } from '../analysis/text.js';
import type { StudySummary } from '../analysis/types.js';
import { must } from '../core/errors.js';
import { type MapCell, planeMap } from './plane-map.js';

interface Bin {
  readonly i: number;
  readonly j: number;
  readonly surface: number[];
  readonly graphs: string[];
}

/**
 * The published surface at the graphs that the study shares, in the cells of the study's own map.
 */
function cellsOf({ pairs }: Fidelity, c: readonly number[], l: readonly number[]): MapCell[] {
  const shared = new Set(pairs.map(({ graph }) => graph));
  const bins = new Map<string, Bin>();
  for (const [graph, clustering, pathLength, , surface] of PUBLISHED_MLP) {
    const [i, j] = [binOf(clustering, c), binOf(pathLength, l)];
    if (!shared.has(graph) || i === null || j === null) continue;
    const bin = bins.get(`${i} ${j}`) ?? { i, j, surface: [], graphs: [] };
    bin.surface.push(surface);
    bin.graphs.push(graph);
    bins.set(`${i} ${j}`, bin);
  }
  const drawn = [...bins.values()].map((bin) => ({
    ...bin,
    mean: bin.surface.reduce((sum, value) => sum + value, 0) / bin.surface.length,
  }));
  const lowest = Math.min(...drawn.map(({ mean }) => mean));
  return drawn.map(({ i, j, mean, graphs }) => ({
    i,
    j,
    mean,
    isBest: mean === lowest,
    sweet: false,
    title:
      `C ${span(binRange(c, i))}, L ${span(binRange(l, j))}\n${fixed(mean, 2)} % ` +
      `published\n${graphs.join('\n')}`,
  }));
}

/** `r 0.76 (95 % 0.61–0.86)`. */
function correlation(name: string, found: Fidelity['plain']): string {
  return (
    `${name} ` +
    `${fixed(found.r, 2)}${found.interval === null ? '' : ` (95\u00a0% ${span(found.interval)})`}`
  );
}

/**
 * The published errors of the graphs that a study shares with the published set of 52, over the
 * same cells as its own map, with the published sweet spot and how the two agree. A standalone SVG.
 */
export function publishedMap({ plane }: StudySummary, fidelity: Fidelity): string {
  const [c0, c1, l0, l1] = must(PUBLISHED['mlp']).sweetSpot;
  const c = binEdges(CLUSTERING_RANGE, PLANE_BINS);
  const l = binEdges(PATH_LENGTH_RANGE, PLANE_BINS);
  const given =
    fidelity.givenDensity === null
      ? ''
      : `; ${correlation('given density', fidelity.givenDensity)}`;
  return planeMap({
    title: `As published: ${correlation('r', fidelity.plain)}${given}`,
    subtitle:
      'mlp, CIFAR-10, 200 epochs, five seeds (You et al., ICML 2020): the published ' +
      `surface at ${plural(fidelity.graphs, 'graph')} of this study. ` +
      `Diamond: the dense baseline, ${fixed(PUBLISHED_MLP_BASELINE, 2)} %. Red: the ` +
      'published sweet spot.',
    plane,
    cells: cellsOf(fidelity, c, l),
    frame: { clustering: [c0, c1], pathLength: [l0, l1] },
    baseline: {
      clustering: 1,
      pathLength: 1,
      mean: PUBLISHED_MLP_BASELINE,
      title: `baseline\n${fixed(PUBLISHED_MLP_BASELINE, 2)} % published`,
    },
    notes: [
      'Surface: mean over the 40 nearest of 3942 published graphs. r: over graphs, with ' +
        'the mean errors of this study (Fisher’s interval).',
    ],
  });
}
