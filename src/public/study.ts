/** Studies in Node: the pure room, directories on the disk, executors, runs. */
export * from '../study/index.js';
export * from '../store/index.js';
export * from '../executors/index.js';
export * from '../runner/index.js';
