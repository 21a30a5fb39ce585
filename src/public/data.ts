/** Data sets in Node: what a spec may say, loading, downloads, batches. */
export * from '../data/index.js';
export * from '../data-files/index.js';
