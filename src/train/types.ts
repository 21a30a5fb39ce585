import type { Precision } from '../engine/bf16.js';
import type { WeightStart } from '../engine/initialise.js';
import type { RewireSettings } from '../graph/rewire-settings.js';

/** How a network is trained. A value: validated once where it enters (study spec, command line). */
export interface TrainSettings {
  readonly epochs: number;
  /** Samples of one update. */
  readonly batch: number;
  /** Peak rate of the schedule. */
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
  /**
   * `cosine`: 0.5 rate (1 + cos(pi e / epochs)) in epoch e = 0, 1, ..., as published;
   * `cosine-steps`: the same curve update by update, e counting parts of epochs, so that short
   * trainings end near rate 0 as well; `constant`.
   */
  readonly schedule: 'cosine' | 'cosine-steps' | 'constant';
  /** How weights start. */
  readonly start: WeightStart;
  /** Epochs over which the rate rises linearly from 0, step by step; 0: none. */
  readonly warmupEpochs: number;
  /** Share of every label that training spreads evenly over all classes, 0 <= s < 1. */
  readonly labelSmoothing: number;
  readonly augment: boolean;
  /** Micro-batches that an update's batch is cut into; batch norm sees one of them at a time. */
  readonly accumulate: number;
  /**
   * Training samples that the statistics of batch norms are taken over before each evaluation; 0:
   * running statistics as training left them.
   */
  readonly preciseBatchNorm: number;
  /** Of the products of training; weights, sums, updates and evaluation are float32 in both. */
  readonly precision: Precision;
  /** A registered name, or `auto`: the fastest that runs here. */
  readonly backend: string;
  /** How graphs are rewired on the way; absent: they stay. Graphs that say so themselves go first. */
  readonly rewire?: RewireSettings | undefined;
  /** Threads inside the kernels of one model. The results do not depend on it. */
  readonly threads: number;
}

/** A graph's place in the plane. */
export interface GraphPlace {
  readonly clustering: number;
  /** Null where the graph is not (strongly) connected. */
  readonly pathLength: number | null;
}

/** What one epoch gave. Errors are percentages of misclassified samples. */
export interface EpochRecord {
  /** 1-based. */
  readonly epoch: number;
  /** Of the epoch's last update. */
  readonly learningRate: number;
  /**
   * Means over the epoch's training batches, taken as they were trained (weights still moving,
   * augmented).
   */
  readonly trainLoss: number;
  readonly trainError: number;
  /**
   * Samples whose class is not among the five largest logits; null in records of versions that did
   * not count them.
   */
  readonly trainError5: number | null;
  /** Over the held out training images after the epoch; absent where none are held out. */
  readonly validationLoss?: number | undefined;
  readonly validationError?: number | undefined;
  readonly validationError5?: number | undefined;
  /** Over the whole test split after the epoch, running statistics. */
  readonly testLoss: number;
  readonly testError: number;
  readonly testError5: number | null;
  /**
   * Where graphs that are rewired are after the epoch: that of each relational layer, or the one that
   * all share. Absent where graphs stay.
   */
  readonly graphs?: readonly GraphPlace[] | undefined;
}
