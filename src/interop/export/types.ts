import type { Tensor } from '../../core/tensor.js';
import type { Normalisation } from '../../data/normalise.js';
import type { Stem } from '../../network/architectures/architecture.js';
import type { Network } from '../../network/types.js';
import type { StudySpec, TrialRecord } from '../../study/types.js';

/** Where a trained network is from; what is not known is null. */
export interface Origin {
  /** Version of Plexus that trained it. */
  readonly version: string | null;
  /** Identity of the data set that it was trained on. */
  readonly data: string | null;
  readonly seed: number | null;
  /** Epochs that it was trained for. */
  readonly epoch: number | null;
  /** On the test split after that epoch, %. */
  readonly testError: number | null;
  /** Images of the test split. */
  readonly testImages: number | null;
  readonly study: StudyOrigin | null;
}

/** The trial of a study that a network is of. */
export interface StudyOrigin {
  readonly name: string;
  /** SHA-256 of the study's spec. */
  readonly hash: string;
  readonly trial: number;
  /** Final test errors of the same graph over seeds of the study, %. */
  readonly errors: readonly number[];
  /** Whether the seeds are fresh ones, which had no part in the choice of the graph. */
  readonly fresh: boolean;
}

/** A trained network with all that other programs are told of it. */
export interface TrainedNetwork {
  /** What files are called where nobody says. */
  readonly name: string;
  readonly network: Network;
  readonly stem: Stem | null;
  /** Every parameter and running statistic by name, absent entries 0. */
  readonly weights: ReadonlyMap<string, Tensor>;
  /** As many as the network has classes; null: not known. */
  readonly classNames: readonly string[] | null;
  /** How images enter the network; null: not known. */
  readonly normalisation: Normalisation | null;
  readonly origin: Origin;
}

/** How a relational layer is written: as its blocks, or as a matrix with zeros. */
export const FORMS = ['gather', 'dense'] as const;
export type Form = (typeof FORMS)[number];

/** What a person may choose of an export; what a target does not know it refuses. */
export interface ExportOptions {
  readonly form?: Form | undefined;
  readonly foldBatchNorm?: boolean | undefined;
  readonly withNormalisation?: boolean | undefined;
  /** Format of a graph file. */
  readonly format?: string | undefined;
}

/** Names of files, relative to where the export goes, and what is in them. */
export type ExportedFiles = ReadonlyMap<string, string | Uint8Array>;

interface TargetFacts {
  readonly name: string;
  readonly meaning: string;
  /** Ending of the one file that is written, with its dot; null: a folder of files. */
  readonly ending: string | null;
  /** Options that it knows. */
  readonly options: readonly (keyof ExportOptions)[];
  /** What to do next, a line each; shown after the files are written. */
  next?(path: string): readonly string[];
}

/** Another program's form of a trained network. */
export interface NetworkTarget extends TargetFacts {
  readonly of: 'network';
  /**
   * What to write; a target of one file gives one, by any name. Nothing is written yet.
   *
   * @throws UserError for what the target cannot hold, by name
   */
  files(model: TrainedNetwork, options: ExportOptions): ExportedFiles;
}

/** A study as trackers take it. */
export interface StudyRecords {
  readonly name: string;
  readonly hash: string;
  readonly spec: StudySpec;
  /** Those that ended. */
  readonly records: readonly TrialRecord[];
}

/** Another program's form of all trials of a study. */
export interface StudyTarget extends TargetFacts {
  readonly of: 'study';
  /** Whether every trial has files of its own, so that a study can be followed while it runs. */
  readonly perTrial?: boolean;
  files(study: StudyRecords, options: ExportOptions): ExportedFiles;
}

/**
 * What can be exported to. One file each, and a line in `registry.ts`; command, help text and
 * messages follow from it.
 */
export type ExportTarget = NetworkTarget | StudyTarget;
