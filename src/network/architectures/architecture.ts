import type { Shape } from '../../core/shape.js';
import type { RelationalLayers } from '../relational.js';
import type { Network } from '../types.js';

/** What an architecture needs to lay out a network. Validated before it gets here. */
export interface BuildRequest {
  /** Shape of one sample. */
  readonly input: Shape;
  readonly classes: number;
  /** As many as the architecture's `baselineWidths`. */
  readonly widths: readonly number[];
  /** The graph of each relational layer, in order; null gives dense layers throughout: the baseline. */
  readonly relational: RelationalLayers | null;
}

/** A family of networks whose relational layers follow one graph, or one for each layer or stage. One file each in `architectures/`. */
export interface Architecture {
  readonly name: string;
  readonly meaning: string;
  /** Widths of the dense baseline; the budget matcher scales these. */
  readonly baselineWidths: readonly number[];
  /** Relational layers in each stage that has any, in the network's order: what graph sequences are counted against. */
  readonly relationalStages: readonly number[];
  /** Rescaling passes of the budget matcher before it steps by one (graph2nn: 15 for CIFAR nets, 9 for ImageNet's). */
  readonly budgetPasses: number;
  build(request: BuildRequest): Network;
}
