/** Relational graphs: specs, generators, measures, the space of C and L. Pure: runs anywhere. */
export type * from './types.js';
export { edgeList, graphFromEdges, graphFromRows, MAX_NODES } from './build.js';
export { graphFamilies, graphFamily, registerFamily } from './registry.js';
export {
  buildGraph,
  exampleSpec,
  formatGraphSpec,
  graphSpec,
  parseGraphSpec,
  parseGraphSpecIn,
  resizeGraphSpec,
} from './spec.js';
export {
  averageDegree,
  betweenness,
  clustering,
  connected,
  coreNumbers,
  degrees,
  density,
  distances,
  graphMeasure,
  graphMeasures,
  localClustering,
  measure,
  measureDefinitions,
  pathLength,
} from './measures/index.js';
export { completeGraph } from './generators/complete.js';
export { wsFlexGraph } from './generators/ws-flex.js';
export { latticeReference } from './generators/lattice-reference.js';
export { randomReference } from './generators/random-reference.js';
export { hierarchicalGraph, type Bridge } from './generators/hierarchical.js';
export { permutedGraph, type NodeOrder } from './generators/permuted.js';
export { steer, type SteerOptions } from './generators/steered.js';
export { rewire, type RewireOptions } from './generators/rewired.js';
export {
  ENSEMBLE_MEASURES,
  nullEnsemble,
  nullEnsembleSteps,
  type EnsembleOptions,
  type NullEnsemble,
  type NullMeasure,
} from './ensemble.js';
export {
  keptBy,
  nullModels,
  nullSampler,
  sharedEdges,
  SWAP_ATTEMPTS,
  type NullModel,
  type NullSampler,
} from './null-sampler.js';
export { corePeriphery, type CorePeriphery } from './measures/core-periphery.js';
export { louvain, modularity } from './measures/louvain.js';
export { wiringCost, type Positions } from './measures/wiring-cost.js';
export { temporalPaths, type TemporalPaths } from './temporal.js';
export { richClubCurve } from './measures/rich-club.js';
export { graphMembers, meanMeasures, type GraphMembers } from './sequence.js';
export {
  publishedCandidates,
  publishedSet,
  publishedSets,
  type PublishedSet,
} from './sets/published.js';
export { expandGraphSpecs, graphSpecsOfLine, parseGraphSpecs } from './sets/reference.js';
export * from './space/index.js';
export { connectome, connectomes, type Connectome, type ConnectomeFormat } from './connectomes.js';
export { type SeedOrRandom } from './generators/swap-graph.js';
