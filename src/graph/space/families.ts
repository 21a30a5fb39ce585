import { UserError } from '../../core/errors.js';
import { clustering } from '../measures/clustering.js';
import { pathLength } from '../measures/path-length.js';
import { graphFamilies } from '../registry.js';
import { buildGraph, formatGraphSpec, graphSpec } from '../spec.js';
import type { GraphFamily } from '../types.js';

/** A graph's place in the plane. */
export interface FamilyGraph {
  readonly spec: string;
  readonly nodes: number;
  readonly clustering: number;
  readonly pathLength: number;
}

/** The sample graphs of one family. */
export interface FamilyPlaces {
  readonly family: string;
  /** The connected ones. */
  readonly graphs: readonly FamilyGraph[];
  /** Graphs without a path length. */
  readonly unconnected: number;
  /** Samples that could not be made, such as connectomes that are not on this machine. */
  readonly missing: number;
}

/**
 * The samples of every family but ws-flex (see `GraphFamily.samples`), made and measured: where other families lie in the
 * plane. Families without samples are left out. Path lengths of directed graphs follow directions.
 */
export function familyPlaces(nodes: number): FamilyPlaces[] {
  return graphFamilies.filter(({ name }) => name !== 'ws-flex').map((family) => placesOf(family, nodes)).filter(({ graphs, unconnected, missing }) => graphs.length + unconnected + missing > 0);
}

function placesOf(family: GraphFamily, nodes: number): FamilyPlaces {
  const graphs: FamilyGraph[] = [];
  let unconnected = 0;
  let missing = 0;
  for (const params of family.samples(nodes)) {
    try {
      const spec = graphSpec(family.name, params);
      const graph = buildGraph(spec);
      const length = pathLength(graph);
      if (length === null) unconnected++;
      else graphs.push({ spec: formatGraphSpec(spec), nodes: graph.nodes, clustering: clustering(graph), pathLength: length });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      missing++;
    }
  }
  return { family: family.name, graphs, unconnected, missing };
}
