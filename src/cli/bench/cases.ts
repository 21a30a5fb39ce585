import { parseGraphSpec, type GraphSpec } from '../../graph/index.js';

/** Samples in a batch. */
export const BATCH = 128;
/** Nodes of every graph measured. */
export const NODES = 64;
/** Channels of each node where single operations are measured. */
export const NODE_CHANNELS = 24;

/** A graph to measure, by its density k / n (k: average degree; 1 = complete). */
export interface DensityCase {
  readonly density: number;
  readonly label: string;
  readonly graph: GraphSpec;
}

/** WS-flex graphs of rising density, rewired with p = 0.2, up to the complete graph. */
export const densityCases: readonly DensityCase[] = [
  { density: 1 / 8, label: '1/8', graph: parseGraphSpec(`ws-flex:n=${NODES},k=${NODES / 8},p=0.2,seed=1`) },
  { density: 1 / 4, label: '1/4', graph: parseGraphSpec(`ws-flex:n=${NODES},k=${NODES / 4},p=0.2,seed=1`) },
  { density: 1 / 2, label: '1/2', graph: parseGraphSpec(`ws-flex:n=${NODES},k=${NODES / 2},p=0.2,seed=1`) },
  { density: 1, label: '1', graph: parseGraphSpec(`complete:n=${NODES}`) },
];
