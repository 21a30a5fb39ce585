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

/** Outcome of a trial; one line of the study's append-only log. */
export type TrialRecord = Trial &
  (
    | { readonly status: 'complete'; readonly facts: TrialFacts; readonly epochs: readonly EpochRecord[]; /** Test error of the last epoch, %. */ readonly error: number; readonly seconds: number }
    | { readonly status: 'failed'; readonly reason: string; readonly facts: TrialFacts | null; readonly epochs: readonly EpochRecord[]; readonly seconds: number }
  );
