import type { Metrics } from '../engine/types.js';

/** What a meter has counted so far: sums over samples. */
export interface MeterState {
  /** Sum of the samples' losses, nats. */
  readonly loss: number;
  readonly correct: number;
  readonly correct5: number;
  readonly samples: number;
}

/** Mean loss, and top-1 and top-5 errors in %, over samples. */
export interface Means {
  readonly loss: number;
  readonly error: number;
  readonly error5: number;
}

export const EMPTY_METER: MeterState = { loss: 0, correct: 0, correct5: 0, samples: 0 };

/** Adds up batches. Its sums can be stored and taken up again without a bit being lost. */
export interface Meter {
  /** Adds a batch of `count` samples. */
  add(metrics: Metrics, count: number): void;
  state(): MeterState;
  /** NaN before the first sample. */
  means(): Means;
}

/** @param from sums to go on with */
export function createMeter(from: MeterState = EMPTY_METER): Meter {
  let { loss, correct, correct5, samples } = from;
  const wrong = (right: number): number => (100 * (samples - right)) / samples;
  return {
    add(metrics, count) {
      loss += metrics.loss * count;
      correct += metrics.correct;
      correct5 += metrics.correct5;
      samples += count;
    },
    state: () => ({ loss, correct, correct5, samples }),
    means: () => ({ loss: loss / samples, error: wrong(correct), error5: wrong(correct5) }),
  };
}
