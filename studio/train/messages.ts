import type { Shape } from '../../src/core/shape.js';
import type { Tensor } from '../../src/core/tensor.js';
import type { MemoryDataset } from '../../src/data/types.js';
import type { Graph } from '../../src/graph/types.js';
import type { StepRecord } from '../../src/train/loop.js';
import type { TrialFacts } from '../../src/study/types.js';
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
  /** Null: it is in no link, and has not been dropped. */
  readonly data: ShapesChoice | MemoryDataset | null;
  readonly epochs: number;
  readonly batch: number;
  readonly rate: number;
  readonly seed: number;
  /** Whether steps and looks are told; else epochs alone, as fast as can be. */
  readonly watched: boolean;
}

/** How far a training that is held may go: one update, to the end of the epoch, or of all. */
export type Until = 'step' | 'epoch' | 'end';

/** What a worker is told. It trains one job after the other. */
export type Order =
  | { readonly kind: 'begin'; readonly job: TrainJob }
  | { readonly kind: 'go'; readonly until: Until }
  | { readonly kind: 'hold' };

/** What is known of a network before it is trained. */
export interface Facts {
  /** As studies name it. */
  readonly backend: string;
  /** As a study's record has it. */
  readonly trial: TrialFacts;
  readonly classes: readonly string[];
  /** Updates of an epoch. */
  readonly steps: number;
  /** Test pictures, as many as are worth showing. */
  readonly test: Pictures;
}

/** Pictures as bytes, each planar: channel, row, column. */
export interface Pictures {
  readonly shape: Shape;
  readonly count: number;
  readonly images: Uint8Array;
  readonly labels: Uint8Array | Uint16Array;
}

/** What a network is and does at a moment of its training. */
export interface Look {
  /** Epochs and updates done. */
  readonly epoch: number;
  readonly update: number;
  /** Test pictures by their class, then by the class that they are taken for. */
  readonly confusion: readonly (readonly number[])[];
  /** Of each test picture: the class that it is taken for, and the softmax of that class. */
  readonly predicted: Uint16Array;
  readonly sureness: Float32Array;
  /** Each round of message exchange, in order. */
  readonly rounds: readonly RoundLook[];
}

/** What nodes are and do in one round. */
export interface RoundLook {
  /** Its layer. */
  readonly id: string;
  /** Of each node: mean absolute value of its channels after the round, over all test pictures. */
  readonly activation: Float64Array;
  /** Of each node: root of the sum of squares of the weights that it listens with. */
  readonly norm: Float64Array;
}

/** The weights of a network as a graph, after an epoch: all relational layers over the same nodes. */
export interface Frame {
  /** 0: before training. */
  readonly epoch: number;
  readonly nodes: number;
  /** Sums of squares of the blocks, over all layers: node that listens x node that it hears. */
  readonly squares: Float64Array;
}

/** A trained network. */
export interface Trained {
  readonly job: TrainJob;
  readonly weights: ReadonlyMap<string, Tensor>;
  /** Specs of the graphs that training left, round by round; null where they stayed. */
  readonly graphs: readonly string[] | null;
  /** Test error after the last epoch, %. */
  readonly error: number;
}

/** What a worker tells. */
export type Report =
  | { readonly kind: 'ready'; readonly facts: Facts }
  | { readonly kind: 'step'; readonly step: StepRecord }
  | { readonly kind: 'epoch'; readonly record: EpochRecord }
  | { readonly kind: 'look'; readonly look: Look }
  | { readonly kind: 'frame'; readonly frame: Frame }
  /** Of a network that events can carry, at its end. */
  | { readonly kind: 'trained'; readonly trained: Omit<Trained, 'job'> }
  /** It waits for the next order. */
  | { readonly kind: 'held' }
  | { readonly kind: 'done'; readonly seconds: number }
  | { readonly kind: 'failed'; readonly message: string };
