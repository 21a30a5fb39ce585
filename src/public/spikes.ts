/** Trained networks as events compute them, also by worker threads. */
export * from '../spikes/index.js';
export * from '../spike-threads/index.js';
