import type { Shape } from '../core/shape.js';
import type { BlockMask, Partition, Window } from '../network/types.js';

/**
 * How numbers travel. `rate`: integrate-and-fire neurons, at most one spike a step, thresholds by a
 * percentile of the activations. `qcfs`: the same neurons, begun at half a threshold and with
 * thresholds that fit quantised activations best (few steps). `delta`: graded events, each neuron
 * sends what its quantised activation changed by (sigma-delta).
 */
export const SPIKE_CODES = ['rate', 'qcfs', 'delta'] as const;
/** How samples become spikes. */
export type SpikeCode = (typeof SPIKE_CODES)[number];

/** Height and width in pixels; 1 x 1 of a layer without a plane. */
export interface Plane {
  readonly height: number;
  readonly width: number;
}

/**
 * A linear layer or a convolution of a trained network, batch norm folded in, with the ReLU behind
 * it; the last one has none.
 */
export interface Stage {
  /** Of the linear layer or convolution. */
  readonly id: string;
  readonly input: Shape;
  readonly output: Shape;
  /** A linear layer is a window of one pixel on a plane of one pixel. */
  readonly window: Window;
  /** Which pairs of channels exist; null: all. */
  readonly mask: BlockMask | null;
  /** `outChannels x inChannels x kernel x kernel`, row-major, absent entries 0. */
  readonly weights: Float64Array;
  /** One for each output channel. */
  readonly bias: Float64Array;
  /**
   * The plane whose mean this layer reads (a global pool before it), and 1 x 1 where there is none.
   */
  readonly pooled: Plane;
  /** False of the last one. */
  readonly fires: boolean;
}

/**
 * Integer weights by input channel: what one event of a channel adds where. Weights of channel c
 * begin at `starts[c]`: for each pixel of the window (by rows) the output channels of its runs, one
 * run after another. A window's pixel is that of the input under the output.
 */
export interface Synapses {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly input: Plane;
  readonly output: Plane;
  readonly window: Window;
  /** Events of every pixel of that plane act alike: a global pool before. */
  readonly pooled: Plane;
  /** Of each input channel, which list of runs is its; channels of one node share one. */
  readonly lists: Int32Array;
  /** Offsets of the lists into `runs`, and one past the last. */
  readonly runOffsets: Int32Array;
  /** First output channel of a run, and the one behind its last. */
  readonly runs: Int32Array;
  readonly starts: Int32Array;
  /** In units of 2^-bits thresholds. */
  readonly weights: Int32Array;
  /** Nonzero weights for each channel and each pixel of the window. */
  readonly fanOut: Int32Array;
}

/** What an event-driven network has behind its input: neurons that integrate events. */
export interface SpikingLayer {
  readonly id: string;
  readonly output: Shape;
  /** The threshold in activations of the float network; 1 of the last layer, which has none. */
  readonly threshold: number;
  /** A threshold is 2^bits units of weights and potentials: all sums are of whole numbers. */
  readonly bits: number;
  /** Null of the first layer, whose input is analogue. */
  readonly synapses: Synapses | null;
  /** Units added at every step (at the start, with `delta`), by output channel. */
  readonly bias: Int32Array;
  readonly fires: boolean;
  /** The nodes that hold its channels; null: none (a dense layer between dense ones). */
  readonly nodes: Partition | null;
  /** The mask through which the next layer reads it; null: densely, or nobody. */
  readonly readBy: BlockMask | null;
}

/** A trained network as events compute it: a value, a function of weights, images and settings. */
export interface SpikingNetwork {
  readonly code: SpikeCode;
  /** Steps of `rate` and `qcfs`; levels of a threshold with `delta`. */
  readonly steps: number;
  readonly classes: number;
  readonly input: Shape;
  /** The float layers that it was made from, in the same order. */
  readonly stages: readonly Stage[];
  readonly layers: readonly SpikingLayer[];
}

/** Events of one layer over all samples; all numbers are whole. */
export interface LayerCounts {
  readonly id: string;
  /** Neurons: channels x pixels. */
  readonly neurons: number;
  /** Spikes, or graded events. */
  readonly events: number;
  /** The same by node; null where no nodes hold the layer. */
  readonly eventsByNode: readonly number[] | null;
  /**
   * Nonzero weights that events (of the first layer: nonzero inputs) met on their way into this
   * layer.
   */
  readonly operations: number;
}

/** What came of a number of samples. */
export interface SpikeRun {
  readonly samples: number;
  /** The class of each sample. */
  readonly labels: Int32Array;
  readonly counts: readonly LayerCounts[];
}
