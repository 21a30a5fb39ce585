/** Graphs in Node: the pure room, files of graphs, connectomes, sweeps in worker threads. */
export * from '../graph/index.js';
export * from '../graph-files/index.js';
export * from '../graph-space/index.js';
