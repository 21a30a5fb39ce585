import { parseGraphSpec } from '../../graph/spec.js';
import type { GraphSpec } from '../../graph/types.js';
import type { Window } from '../../network/types.js';

/** Samples in a batch of the perceptron, and where linear layers are measured. */
export const BATCH = 128;
/** Samples in a batch of convolutional networks, and where convolutions are measured. */
export const CONV_BATCH = 32;
/** Nodes of every graph measured. */
export const NODES = 64;
/** Channels of each node where single linear layers are measured. */
export const NODE_CHANNELS = 24;
/**
 * Where single convolutions are measured. Matched sparse networks have some 2.6 to 10: their nodes
 * are small.
 */
export const CONV_NODE_CHANNELS: readonly number[] = [8, 3];
/** Channels of the depthwise convolution measured. */
export const DEPTHWISE_CHANNELS = 512;
/** Of every convolution measured; keeps the plane. */
export const CONV_WINDOW: Window = { kernel: 3, stride: 1, padding: 1 };
/** Convolutional networks whose training steps are measured, with the small stem. */
export const CONV_ARCHS: readonly string[] = ['cnn', 'resnet34'];
/** The one whose step is measured with several threads, and how many. */
export const THREADED = { arch: 'cnn', threads: 2 } as const;

/** A graph to measure, by its density k / n (k: average degree; 1 = complete). */
export interface DensityCase {
  readonly density: number;
  readonly label: string;
  readonly graph: GraphSpec;
}

/** WS-flex graphs of rising density, rewired with p = 0.2, up to the complete graph. */
export const densityCases: readonly DensityCase[] = [
  {
    density: 1 / 8,
    label: '1/8',
    graph: parseGraphSpec(`ws-flex:n=${NODES},k=${NODES / 8},p=0.2,seed=1`),
  },
  {
    density: 1 / 4,
    label: '1/4',
    graph: parseGraphSpec(`ws-flex:n=${NODES},k=${NODES / 4},p=0.2,seed=1`),
  },
  {
    density: 1 / 2,
    label: '1/2',
    graph: parseGraphSpec(`ws-flex:n=${NODES},k=${NODES / 2},p=0.2,seed=1`),
  },
  { density: 1, label: '1', graph: parseGraphSpec(`complete:n=${NODES}`) },
];
