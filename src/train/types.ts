import type { BackendName } from '../engine/types.js';

/** How a network is trained. A value: validated once where it enters (study spec, command line). */
export interface TrainSettings {
  readonly epochs: number;
  readonly batch: number;
  /** Peak rate of the schedule. */
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
  /** `cosine`: 0.5 rate (1 + cos(pi e / epochs)) in epoch e = 0, 1, ...; `constant`. */
  readonly schedule: 'cosine' | 'constant';
  readonly augment: boolean;
  readonly backend: BackendName | 'auto';
}

/** What one epoch gave. Errors are percentages of misclassified samples. */
export interface EpochRecord {
  /** 1-based. */
  readonly epoch: number;
  readonly learningRate: number;
  /** Means over the epoch's training batches, taken as they were trained (weights still moving, augmented). */
  readonly trainLoss: number;
  readonly trainError: number;
  /** Over the whole test split after the epoch, running statistics. */
  readonly testLoss: number;
  readonly testError: number;
}
