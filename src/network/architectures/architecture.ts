import type { Shape } from '../../core/shape.js';
import type { RelationalLayers } from '../relational.js';
import type { Network } from '../types.js';

/**
 * The start of a network: `imagenet` shrinks large images at once, `small` keeps all pixels of
 * small ones.
 */
export const STEMS = ['imagenet', 'small'] as const;
/** The first layers of an architecture: for large images or for small ones. */
export type Stem = (typeof STEMS)[number];

/**
 * What an architecture needs to lay out a network. Validated before it gets here, but for the sides
 * of the plane (see `Draft`).
 */
export interface BuildRequest {
  /** Shape of one sample. */
  readonly input: Shape;
  readonly classes: number;
  /** One of the architecture's `stems`; null where it has none to choose from. */
  readonly stem: Stem | null;
  /** As many as the architecture's `baselineWidths`. */
  readonly widths: readonly number[];
  /**
   * The graph of each relational layer, in order; null gives dense layers throughout: the baseline.
   */
  readonly relational: RelationalLayers | null;
}

/**
 * How an architecture is trained unless said otherwise: SGD with Nesterov momentum, decay on every
 * parameter, no warm-up.
 */
export interface TrainingDefaults {
  /** Passes over the training samples. */
  readonly epochs: number;
  /** Samples in a batch. */
  readonly batch: number;
  /** In the first epoch. */
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
  readonly schedule: 'cosine';
}

/** The settings of the paper's ImageNet networks (configs of graph2nn), EfficientNet's excepted. */
export const IMAGENET_TRAINING: TrainingDefaults = {
  epochs: 100,
  batch: 256,
  learningRate: 0.1,
  momentum: 0.9,
  weightDecay: 1e-4,
  schedule: 'cosine',
};

/**
 * A family of networks whose relational layers follow one graph, or one for each layer or stage.
 * One file each in `architectures/`.
 */
export interface Architecture {
  readonly name: string;
  readonly meaning: string;
  /** Stems to choose from; empty where there is no choice. */
  readonly stems: readonly Stem[];
  /** Widths of the dense baseline; the budget matcher scales these. */
  readonly baselineWidths: readonly number[];
  /**
   * Relational layers in each stage that has any, in the network's order: what graph sequences are
   * counted against. Layers that read the same input side by side (a residual block's projection
   * and its first convolution; queries, keys and values) are one round of message exchange, share a
   * graph and count once.
   */
  readonly relationalStages: readonly number[];
  /** Its relational layers are of one width and may read one another as a graph over them says. */
  readonly wirable?: true;
  /** As published, on the data of the publication. */
  readonly training: TrainingDefaults;
  build(request: BuildRequest): Network;
}
