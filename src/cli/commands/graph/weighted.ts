import { UserError } from '../../../core/errors.js';
import { foundInFile, weightedFromFile } from '../../../graph-files/file-family.js';
import { buildGraph, formatGraphSpec } from '../../../graph/spec.js';
import type { Graph, GraphSpec } from '../../../graph/types.js';
import {
  localBarratClustering,
  localWeightedClustering,
  strengths,
  weightedDefinitions,
  type WeightedGraph,
  weightedPathLength,
} from '../../../graph/weighted.js';
import { mean } from '../../../stats/descriptive.js';

/** How long an edge of some weight is. */
export const DISTANCES = ['inverse', 'given'] as const;
type Distances = (typeof DISTANCES)[number];

/** Options of a command that measures weights. */
export interface WeightedOptions {
  readonly weighted?: true;
  readonly distances?: Distances;
}

/** A graph, and where its weights are measured, these as well. */
export interface AskedGraph {
  readonly graph: Graph;
  readonly weighted: WeightedGraph | null;
}

/** The graph of a spec; with its weights where they are measured. */
export function graphOf(spec: GraphSpec, options: WeightedOptions): AskedGraph {
  if (options.weighted !== true) return { graph: buildGraph(spec), weighted: null };
  const weighted = weightedFromFile(spec);
  if (weighted === null)
    throw new UserError(
      `--weighted measures the weights of a graph file, got ${formatGraphSpec(spec)}; leave it out`,
    );
  return { graph: weighted.graph, weighted };
}

const TITLES = {
  weightedClustering: 'weighted C (Onnela)',
  weightedClusteringBarrat: 'weighted C (Barrat)',
  weightedPathLength: 'weighted L',
} as const;

/** The weighted measures as columns of a table: none where they were not asked for. */
export function weightedColumns({
  weighted,
}: WeightedOptions): readonly { readonly title: string; readonly definition: string }[] {
  if (weighted !== true) return [];
  return (['weightedClustering', 'weightedClusteringBarrat', 'weightedPathLength'] as const).map(
    (name) => ({ title: TITLES[name], definition: weightedDefinitions[name] }),
  );
}

/** The weighted measures of a graph, by name. */
export function weightedValues(
  { weighted }: AskedGraph,
  { distances = 'inverse' }: WeightedOptions,
): Readonly<Record<string, number | null>> {
  if (weighted === null) return {};
  return {
    weightedClustering: mean([...localWeightedClustering(weighted)]),
    weightedClusteringBarrat: mean([...localBarratClustering(weighted)]),
    weightedPathLength: weightedPathLength(weighted, distances),
  };
}

/** What every node has beside its unweighted values: its name in the file, its weights. */
export function nodesInFile({ graph, weighted }: AskedGraph): Record<string, unknown> {
  const found = foundInFile(graph);
  return {
    ...(found !== null && { label: found.labels }),
    ...(weighted !== null && {
      strength: [...strengths(weighted)],
      weightedClustering: [...localWeightedClustering(weighted)],
      weightedClusteringBarrat: [...localBarratClustering(weighted)],
    }),
  };
}
