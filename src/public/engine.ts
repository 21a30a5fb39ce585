/** The engine in Node: the pure room, and the kernels that Node can load. */
export * from '../engine/index.js';
export * from '../engine-native/index.js';
