import { edgeList } from '../graph/build.js';
import { connectomes } from '../graph/connectomes.js';
import { readConnectomeFile } from '../graph-files/connectomes/places.js';
import { connectomeGraph } from '../graph-files/connectomes/read.js';
import { dataPlaces, type Environment } from '../platform/places.js';
import { HttpError } from './answers.js';

/** A connectome as the API gives it: nodes are numbered from 0 in the order of its file. */
export interface ConnectomeAnswer {
  readonly nodes: number;
  readonly directed: boolean;
  /** Pairs of nodes; of a directed one from, to. */
  readonly edges: readonly (readonly [number, number])[];
}

/**
 * A connectome of the data directory.
 *
 * @throws HttpError where there is none of that name
 * @throws UserError where its file is not there, or not the published one
 */
export function connectomeAnswer(
  name: string,
  directed: string | null,
  env: Environment,
): ConnectomeAnswer {
  const known = connectomes.find((each) => each.name === name);
  if (known === undefined) throw new HttpError(404, 'there is no connectome of that name');
  if (directed !== null && directed !== 'true' && directed !== 'false')
    throw new HttpError(400, 'directed must be true or false');
  const bytes = readConnectomeFile(known, dataPlaces({ env }));
  const graph = connectomeGraph(known, bytes, directed === 'true');
  return { nodes: graph.nodes, directed: graph.directed, edges: edgeList(graph) };
}
