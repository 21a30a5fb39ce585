import type { LoggedEpoch, TrialRecord } from './types.js';

/**
 * The error that choices go by: that of the held out training images where there are some, else
 * that of the test split, %.
 */
export function choiceError({
  validationError,
  testError,
}: Pick<LoggedEpoch, 'validationError' | 'testError'>): number {
  return validationError ?? testError;
}

/** The error that a complete training is chosen by: that after its last epoch, %. */
export function finalChoice(record: Extract<TrialRecord, { readonly status: 'complete' }>): number {
  return record.epochs.at(-1)?.validationError ?? record.error;
}
