import type { ExportColumn, LoggedEpoch } from './types.js';

/** Names of the columns that only studies have that hold images out. */
export const validationNames: readonly string[] = ['validationError', 'validationLoss'];

/**
 * The columns of the training images that are held out.
 *
 * @param when ends the sentences: after which epoch
 * @param which of the log's epochs, for the source
 */
export function validationColumns<Row>(
  when: string,
  which: string,
  epochOf: (row: Row) => LoggedEpoch | null,
): readonly ExportColumn<Row>[] {
  const source = (field: string): string => `trials.ndjson: epochs, ${which}${field}`;
  return [
    {
      name: 'validationError',
      type: 'real',
      unit: '%',
      definition:
        'Share of the training images held out for validation that the network misclassifies ' +
        `(top-1) after the ${when}.`,
      source: source('validationError'),
      value: (row) => epochOf(row)?.validationError ?? null,
    },
    {
      name: 'validationLoss',
      type: 'real',
      unit: 'nats',
      definition: `Mean cross-entropy over the training images held out for validation after the ${when}.`,
      source: source('validationLoss'),
      value: (row) => epochOf(row)?.validationLoss ?? null,
    },
  ];
}
