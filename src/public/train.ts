/** Training in Node: the pure room, checkpoints, data sets from files. */
export * from '../train/index.js';
export * from '../train-files/index.js';
