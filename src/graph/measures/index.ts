export { basicMeasures, measure } from './basic.js';
export { clustering } from './clustering.js';
export { connected } from './connected.js';
export { averageDegree } from './degree.js';
export { density } from './density.js';
export { pathLength } from './path-length.js';
export { graphMeasure, graphMeasures, measureDefinitions } from './registry.js';
