import { must } from '../core/errors.js';
import type { Design } from '../network/design.js';
import type { EpochRecord } from '../train/types.js';
import type { Trial, TrialFacts, TrialRecord } from './types.js';

/** What a record says of its network. */
export function trialFacts({ network, cost, measures }: Design): TrialFacts {
  const { nodes, edges, clustering, pathLength } = measures;
  return {
    nodes,
    edges,
    clustering,
    pathLength,
    widths: network.widths,
    macs: cost.macs,
    params: cost.params,
  };
}

/** The record of a trial that was trained for all of its epochs, or left off before. */
export function endedRecord(
  trial: Trial,
  facts: TrialFacts,
  epochs: readonly EpochRecord[],
  all: number,
  seconds: number,
): TrialRecord {
  if (epochs.length < all) return { ...trial, status: 'stopped', facts, epochs, seconds };
  const error = must(epochs.at(-1)).testError;
  return { ...trial, status: 'complete', facts, epochs, error, seconds };
}
