import { EMPTY_METER, type MeterState } from './meter.js';
import type { EpochRecord } from './types.js';

/**
 * How far a training is. With the weights, statistics and momenta of then it goes on bit for bit.
 */
export interface TrainState {
  /** Epochs that are finished, evaluation included. */
  readonly epoch: number;
  /** Updates done of the epoch after these. */
  readonly step: number;
  /** Of these updates' batches. */
  readonly tally: MeterState;
  readonly records: readonly EpochRecord[];
  /** Wall time so far. */
  readonly seconds: number;
  /** Specs of the graphs as they are now, one for each relational layer; absent where they stay. */
  readonly graphs?: readonly string[] | undefined;
}

/** The state before the first update. */
export const FROM_THE_START: TrainState = {
  epoch: 0,
  step: 0,
  tally: EMPTY_METER,
  records: [],
  seconds: 0,
};

/** Writes the checkpoints of one training when they are due. */
export interface CheckpointWriter {
  /** After an update within an epoch; `state` is asked for only when one is due. */
  step(state: () => Promise<TrainState>): Promise<void>;
  /** After an epoch with its evaluation. */
  epoch(state: TrainState): Promise<void>;
  /** The training is left off for now. */
  leave(state: TrainState): Promise<void>;
  /**
   * Now: the training is being stopped. Gives the file; throws a `UserError` where that is
   * impossible.
   */
  stop(state: TrainState): Promise<string>;
  /** Why the last one is not the newest state that it was to hold; null where it is. */
  readonly problem: () => string | null;
}
