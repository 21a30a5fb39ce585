/** Training in Node: with checkpoints, on data sets of any kind. */
export { isCheckpoint, readCheckpoint, type Checkpoint, type TrainIdentity } from './checkpoint.js';
export type { CheckpointOptions } from './checkpoint-writer.js';
export { train, type TrainOptions, type TrainOutcome } from './trainer.js';
