import type { MemoryDataset } from '../../src/data/types.js';
import type { Graph } from '../../src/graph/types.js';
import type { StepRecord } from '../../src/train/loop.js';
import type { EpochRecord } from '../../src/train/types.js';
import type { ArchitectureName } from '../state/types.js';

/** Pictures to draw: of the data set `shapes`. */
export interface ShapesChoice {
  readonly images: number;
  readonly tests: number;
  readonly size: number;
}

/** What a worker trains: a network on a graph, as `plexus train` would. */
export interface TrainJob {
  /** The graph's spec, or a graph that has none. */
  readonly line: string | null;
  readonly graph: Graph | null;
  readonly arch: ArchitectureName;
  readonly data: ShapesChoice | MemoryDataset;
  readonly epochs: number;
  readonly batch: number;
  readonly rate: number;
  readonly seed: number;
}

/** How far a training that is held may go: one update, to the end of the epoch, or of all. */
export type Until = 'step' | 'epoch' | 'end';

/** What a worker is told. The first order is `begin`, and there is one. */
export type Order =
  | { readonly kind: 'begin'; readonly job: TrainJob }
  | { readonly kind: 'go'; readonly until: Until }
  | { readonly kind: 'hold' };

/** What is known of a network before it is trained. */
export interface Facts {
  readonly backend: string;
  readonly widths: readonly number[];
  readonly macs: number;
  readonly params: number;
  readonly clustering: number;
  readonly pathLength: number | null;
  readonly classes: readonly string[];
  /** Updates of an epoch. */
  readonly steps: number;
}

/** What a worker tells. */
export type Report =
  | { readonly kind: 'ready'; readonly facts: Facts }
  | { readonly kind: 'step'; readonly step: StepRecord }
  | { readonly kind: 'epoch'; readonly record: EpochRecord }
  /** It waits for the next order. */
  | { readonly kind: 'held' }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly message: string };
