import { clustering } from '../measures/clustering.js';
import { pathLength } from '../measures/path-length.js';
import { graphFamilies } from '../registry.js';
import { buildGraph, formatGraphSpec, graphSpec } from '../spec.js';
import type { GraphFamily, GraphLandmark } from '../types.js';

/** The sample graphs of one family. */
export interface FamilyPlaces {
  readonly family: string;
  /** The connected ones. */
  readonly graphs: readonly GraphLandmark[];
  /** Graphs without a path length. */
  readonly unconnected: number;
}

/**
 * The samples of every family but ws-flex, made and measured, and the landmarks (see
 * `GraphFamily`): where other families lie in the plane. Families without either are left out. Path
 * lengths of directed graphs follow directions.
 */
export function familyPlaces(nodes: number): FamilyPlaces[] {
  return graphFamilies
    .filter(({ name }) => name !== 'ws-flex')
    .map((family) => placesOf(family, nodes))
    .filter(({ graphs, unconnected }) => graphs.length + unconnected > 0);
}

function placesOf(family: GraphFamily, nodes: number): FamilyPlaces {
  const graphs: GraphLandmark[] = [...(family.landmarks ?? [])];
  let unconnected = 0;
  for (const params of family.samples(nodes)) {
    const spec = graphSpec(family.name, params);
    const graph = buildGraph(spec);
    const length = pathLength(graph);
    if (length === null) unconnected++;
    else
      graphs.push({
        spec: formatGraphSpec(spec),
        nodes: graph.nodes,
        edges: graph.edges,
        clustering: clustering(graph),
        pathLength: length,
      });
  }
  return { family: family.name, graphs, unconnected };
}
