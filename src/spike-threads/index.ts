/** Networks of events run by worker threads. */
export { runSpikes, type SpikeRunOptions } from './run.js';
