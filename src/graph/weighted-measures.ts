import { mean, sampleStd } from '../stats/descriptive.js';
import { weightedLouvain, weightedModularity } from './measures/louvain.js';
import { normalisedCut, spectralClusters } from './n-cut.js';
import {
  localBarratClustering,
  localWeightedClustering,
  strengths,
  weightedDefinitions,
  type WeightedGraph,
  weightedPathLength,
} from './weighted.js';

/** What a weighted graph is compared with random ones in, in the order of tables. */
export const WEIGHTED_MEASURES = [
  'weightedClustering',
  'weightedClusteringBarrat',
  'weightedPathLength',
  'weightedModularity',
  'nCut',
  'hubs',
] as const;
export type WeightedMeasure = (typeof WEIGHTED_MEASURES)[number];

/** Headings of tables. */
export const weightedTitles: Readonly<Record<WeightedMeasure, string>> = {
  weightedClustering: 'C (Onnela)',
  weightedClusteringBarrat: 'C (Barrat)',
  weightedPathLength: 'L (1 / weight)',
  weightedModularity: 'modularity',
  nCut: 'n-cut',
  hubs: 'hubs',
};

/** What each is. */
export const weightedMeasureDefinitions: Readonly<Record<WeightedMeasure, string>> = {
  ...weightedDefinitions,
  weightedModularity:
    "Weighted modularity Q of the communities that Louvain's method finds by the weights (Newman " +
    '2004): the share of the weight inside communities less the share expected at these strengths.',
  nCut:
    'N-cut (Shi and Malik 2000; Filan et al. 2021): over the groups of a normalised spectral ' +
    'clustering, the sum of the weight that leaves a group in parts of the strengths of its nodes; ' +
    'lower is more clustered.',
  hubs:
    'Hubs: standard deviation of the strengths of the nodes in parts of their mean; 0 where all ' +
    'nodes are equally strong.',
};

export interface WeightedMeasureOptions {
  /** Groups of the n-cut; at most the number of nodes. */
  readonly clusters: number;
  /** Of the random numbers that Louvain's method and k-means draw. */
  readonly seed: number;
}

/** All of them of one graph without directions; null where there is none, as the definitions say. */
export function weightedMeasures(
  weighted: WeightedGraph,
  { clusters, seed }: WeightedMeasureOptions,
): Readonly<Record<WeightedMeasure, number | null>> {
  const strong = [...strengths(weighted)];
  const most = Math.min(clusters, weighted.graph.nodes);
  return {
    weightedClustering: mean([...localWeightedClustering(weighted)]),
    weightedClusteringBarrat: mean([...localBarratClustering(weighted)]),
    weightedPathLength: weightedPathLength(weighted, 'inverse'),
    weightedModularity: weightedModularity(weighted, weightedLouvain(weighted, seed)),
    nCut: normalisedCut(weighted, spectralClusters(weighted, most, seed)),
    hubs: weighted.graph.edges === 0 ? null : (sampleStd(strong) ?? 0) / mean(strong),
  };
}
