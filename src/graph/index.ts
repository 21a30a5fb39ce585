/** Relational graphs: specs, generators, measures. */
export type * from './types.js';
export { edgeList, graphFromEdges, graphFromRows, MAX_NODES } from './build.js';
export { graphFamilies, graphFamily } from './registry.js';
export { buildGraph, formatGraphSpec, graphSpec, graphSpecOfLine, parseGraphSpec, parseGraphSpecs, resizeGraphSpec } from './spec.js';
export { averageDegree, clustering, connected, density, graphMeasure, graphMeasures, measure, measureDefinitions, pathLength } from './measures/index.js';
export { completeGraph } from './generators/complete.js';
export { wsFlexGraph } from './generators/ws-flex.js';
export { latticeReference } from './generators/lattice-reference.js';
export { randomReference } from './generators/random-reference.js';
export { rewire, type RewireOptions } from './generators/rewired.js';
export { graphMembers, meanMeasures, type GraphMembers } from './sequence.js';
export { connectome, connectomes, type Connectome } from './connectomes/catalogue.js';
export { connectomeFolder, connectomeProblem, findConnectome } from './connectomes/places.js';
export { everyNinthCell, firstOfEveryCell, publishedCandidates, type PlacedGraph } from './sets/published.js';
