import type { DataSpec } from '../data/types.js';
import type { Stem } from '../network/index.js';
import type { EpochRecord, TrainSettings } from '../train/types.js';

/** A study as its author writes it, validated, defaults filled in. */
export interface StudySpec {
  /** Format version of the spec: 1. */
  readonly plexus: 1;
  readonly name: string;
  readonly arch: string;
  /** `auto`: by the size of the images, and for architectures that have one stem only. */
  readonly stem: 'auto' | Stem;
  readonly data: DataSpec;
  /** Spec line of the graph every other one is compared with and whose cost is the budget's yardstick. */
  readonly baseline: string;
  /** Spec lines, canonical. */
  readonly graphs: readonly string[];
  /** Training seeds; every graph is trained once with each. */
  readonly seeds: readonly number[];
  /** Resolved: the architecture's own settings are filled in. */
  readonly train: TrainSettings;
}

/** One (network, data, training settings, seed) to run. The study's trials are numbered in a fixed order. */
export interface Trial {
  readonly index: number;
  readonly role: 'baseline' | 'graph';
  readonly graph: string;
  readonly seed: number;
}

/** What is known of a trial's network before training. Of a sequence of graphs, `nodes` to `pathLength` are means over the relational layers. */
export interface TrialFacts {
  readonly nodes: number;
  readonly edges: number;
  readonly clustering: number;
  readonly pathLength: number | null;
  readonly widths: readonly number[];
  readonly macs: number;
  readonly params: number;
}

type Unknowable = 'learningRate' | 'trainLoss' | 'trainError' | 'testLoss';

/** An epoch in a study's log: as training gave it, or imported from results that did not keep all of it (null). Imported epochs may begin at 0. */
export type LoggedEpoch = Omit<EpochRecord, Unknowable> & { readonly [Name in Unknowable]: number | null };

/** Outcome of a trial; one line of the study's append-only log. */
export type TrialRecord = Trial & {
  readonly facts: TrialFacts | null;
  readonly epochs: readonly LoggedEpoch[];
  /** What the trial took; 0 of an imported one, where it is not known. */
  readonly seconds: number;
  /** Of an imported trial: the numbers of its last epoch as they were published (docs/findings.md). */
  readonly published?: readonly number[] | undefined;
} & (
    | { readonly status: 'complete'; readonly facts: TrialFacts; /** Test error of the last epoch, %. */ readonly error: number }
    | { readonly status: 'failed'; readonly reason: string }
  );
