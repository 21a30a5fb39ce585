export type * from './types.js';
export { partition } from './partition.js';
export { blockMask, denseMask } from './mask.js';
export { layerSpecs, relationalGraph, relationalLayers, type RelationalGraph, type RelationalLayers } from './relational.js';
export type { Architecture, BuildRequest } from './architectures/architecture.js';
export { architecture, architectures } from './architectures/registry.js';
export { parametersOf } from './parameters.js';
export { costOf } from './cost.js';
export { matchWidths, type MacsAt } from './budget.js';
export {
  baselineNetwork,
  buildNetwork,
  DEFAULT_CLASSES,
  DEFAULT_INPUT,
  designNetwork,
  matchBudget,
  type Design,
  type DesignRequest,
  type Task,
} from './design.js';
