export type * from './types.js';
export { partition } from './partition.js';
export { blockMask, denseMask } from './mask.js';
export {
  layerSpecs,
  relationalGraph,
  relationalLayers,
  type RelationalGraph,
  type RelationalLayers,
  type Stages,
} from './relational.js';
export {
  STEMS,
  type Architecture,
  type BuildRequest,
  type Stem,
  type TrainingDefaults,
} from './architectures/architecture.js';
export { architecture, architectures } from './architectures/registry.js';
export { parametersOf } from './parameters.js';
export { costOf } from './cost.js';
export { budgetPasses, matchWidths, type MacsAt } from './budget.js';
export { DEFAULT_CLASSES, DEFAULT_INPUT, stemOf, type Task } from './task.js';
export {
  baselineNetwork,
  buildNetwork,
  designNetwork,
  graphMeasuresFor,
  matchBudget,
  type Design,
  type DesignRequest,
} from './design.js';
