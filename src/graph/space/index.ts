/**
 * The space of WS-flex graphs in the plane of C and L: its grid, cutting it into sets, finding a
 * graph in it.
 */
export { binEdges, spaceBins, type BinsOptions, type FillRule, type SpaceBins } from './bins.js';
export { familyPlaces, type FamilyPlaces } from './families.js';
export { planeDistance } from './distance.js';
export { findGraph, type FindOptions, type NearestGraph } from './find.js';
export {
  candidateCount,
  candidateOrder,
  candidates,
  spaceGrid,
  type Candidate,
  type GridOptions,
  type SpaceGrid,
} from './grid.js';
export {
  HELD_MEASURES,
  MATCH_TOLERANCES,
  matchGraph,
  type GraphMatch,
  type HeldMeasure,
  type MatchedPartner,
  type MatchOptions,
} from './match.js';
export { binSpace, type BinnedSpace, type SpaceCell, type SpaceSet } from './sets.js';
export { shortSpec } from './short-spec.js';
