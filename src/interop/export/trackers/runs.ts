import type { StudyRecords } from '../types.js';

/** A number that is known of an epoch. */
export interface Metric {
  readonly name: string;
  readonly value: number;
}

/** A trial as trackers see it: what it was run with, and numbers epoch by epoch. */
export interface Run {
  /** `trial-0012`. */
  readonly name: string;
  /** Of study and trial: the same whenever it is exported. */
  readonly id: string;
  readonly status: 'complete' | 'stopped' | 'failed';
  readonly seconds: number;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  readonly epochs: readonly { readonly epoch: number; readonly metrics: readonly Metric[] }[];
}

/** What of an epoch is told. */
const METRICS = [
  ['train/loss', 'trainLoss'],
  ['train/error', 'trainError'],
  ['validation/loss', 'validationLoss'],
  ['validation/error', 'validationError'],
  ['test/loss', 'testLoss'],
  ['test/error', 'testError'],
  ['learning_rate', 'learningRate'],
] as const;

/** The trials of a study that ended. */
export function runsOf({ hash, spec, records }: StudyRecords): Run[] {
  const settings = Object.entries(spec.train).flatMap(([key, value]) =>
    isPlain(value) ? [[`train.${key}`, value] as const] : [],
  );
  return records
    .toSorted((a, b) => a.index - b.index)
    .map(({ index, role, graph, seed, facts, status, seconds, epochs }) => ({
      name: `trial-${String(index).padStart(4, '0')}`,
      id: `${hash.slice(0, 12)}-${index}`,
      status,
      seconds,
      parameters: {
        arch: spec.arch,
        role,
        graph,
        seed,
        ...(facts && {
          nodes: facts.nodes,
          edges: facts.edges,
          clustering: facts.clustering,
          ...(facts.pathLength !== null && { path_length: facts.pathLength }),
          widths: facts.widths.join(','),
          macs: facts.macs,
          params: facts.params,
        }),
        ...Object.fromEntries(settings),
      },
      epochs: epochs.map((record) => ({
        epoch: record.epoch,
        metrics: METRICS.flatMap(([name, key]) => {
          const value = record[key];
          return typeof value === 'number' ? [{ name, value }] : [];
        }),
      })),
    }));
}

const isPlain = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value);
