import type {
  BiologicalGraph,
  BiologicalPlace,
} from '../../../analysis/findings/biological-types.js';
import { cataloguedGraphs } from '../../../analysis/findings/facts/biological.js';
import { must, UserError } from '../../../core/errors.js';
import { mapTuple } from '../../../core/tuples.js';
import { findConnectome, readConnectomeFile } from '../../../graph-files/connectomes/places.js';
import { connectomeGraph } from '../../../graph-files/connectomes/read.js';
import { type Connectome, connectomes } from '../../../graph/connectomes.js';
import { nullEnsembleSteps } from '../../../graph/ensemble.js';
import { measure } from '../../../graph/measures/basic.js';
import type { Graph } from '../../../graph/types.js';
import { dataPlaces } from '../../../platform/places.js';
import type { CliContext } from '../../context.js';
import { drawNulls } from '../graph/draw-nulls.js';

/** Random graphs of the same degrees beside each network: enough for a p-value of 1 %. */
const NULLS = 200;

export interface BiologicalOptions {
  /** The directory of `--data-dir`. */
  readonly dataDir?: string;
  /** Random graphs of the same degrees; default 200. */
  readonly nulls?: number;
  /** Default 1. */
  readonly seed?: number;
}

/**
 * Every connectome of the catalogue: those whose file is in the data directory with and without
 * directions and with random graphs of the same degrees, the others as published. A damaged file is
 * named and counts as none.
 *
 * @throws Interrupted when a signal came
 */
export async function biologicalGraphs(
  context: CliContext,
  options: BiologicalOptions = {},
): Promise<BiologicalGraph[]> {
  const published = cataloguedGraphs();
  const found: BiologicalGraph[] = [];
  for (const [at, known] of connectomes.entries()) {
    const bytes = bytesOf(known, options, context);
    if (bytes === null) found.push(must(published[at]));
    else {
      const [undirected, directed] = mapTuple([false, true], (each) =>
        connectomeGraph(known, bytes, each),
      );
      const places = [
        await placeOf(undirected, known.name, options, context),
        await placeOf(directed, known.name, options, context),
      ];
      found.push({ name: known.name, atHand: true, places, graph: undirected });
    }
  }
  return found;
}

function bytesOf(
  known: Connectome,
  { dataDir }: BiologicalOptions,
  context: CliContext,
): Uint8Array | null {
  const places = dataPlaces({ env: context.env, ...(dataDir !== undefined && { dataDir }) });
  if (findConnectome(known, places) === null) return null;
  try {
    return readConnectomeFile(known, places);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    context.note(`left out: ${error.message}`);
    return null;
  }
}

async function placeOf(
  graph: Graph,
  name: string,
  { nulls: count = NULLS, seed = 1 }: BiologicalOptions,
  context: CliContext,
): Promise<BiologicalPlace> {
  const { nodes, edges, directed } = measure(graph);
  const steps = nullEnsembleSteps(graph, {
    null: 'degree',
    count,
    seed,
    measures: ['clustering', 'reachablePathLength'],
  });
  const title = `${name}, ${directed ? 'directed' : 'undirected'}`;
  const { measures } = await drawNulls(steps, count, title, context);
  const [clustering, pathLength] = [must(measures[0]), must(measures[1])];
  const nulls = Array.from(clustering.nulls, (value, at) => ({
    clustering: value,
    pathLength: must(pathLength.nulls[at]),
  })).filter((place) => !Number.isNaN(place.pathLength));
  return {
    directed,
    nodes,
    edges,
    density: graph.targets.length / nodes ** 2,
    clustering: clustering.value!,
    pathLength: pathLength.value!,
    nulls,
  };
}
