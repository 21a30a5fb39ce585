import type { Shape } from '../../core/shape.js';
import type { RelationalGraph } from '../relational.js';
import type { Network } from '../types.js';

/** What an architecture needs to lay out a network. Validated before it gets here. */
export interface BuildRequest {
  /** Shape of one sample. */
  readonly input: Shape;
  readonly classes: number;
  /** As many as the architecture's `baselineWidths`. */
  readonly widths: readonly number[];
  /** Null gives dense layers throughout: the baseline. */
  readonly relational: RelationalGraph | null;
}

/** A family of networks whose relational layers follow one graph. One file each in `architectures/`. */
export interface Architecture {
  readonly name: string;
  readonly meaning: string;
  /** Widths of the dense baseline; the budget matcher scales these. */
  readonly baselineWidths: readonly number[];
  /** Rescaling passes of the budget matcher before it steps by one (graph2nn: 15 for CIFAR nets, 9 for ImageNet's). */
  readonly budgetPasses: number;
  build(request: BuildRequest): Network;
}
