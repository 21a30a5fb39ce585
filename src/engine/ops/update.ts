import { invariant } from '../../core/errors.js';
import { update } from '../backends/reference/kernels/update.js';
import type { ParamId } from '../base.js';
import type { Op } from './op.js';

/**
 * SGD with Nesterov momentum: g = scale grad + decay w; v = momentum v + g; w -= rate (g + momentum
 * v). (PyTorch's `SGD(nesterov=True)`, dampening 0; Sutskever et al. 2013.)
 */
export interface UpdateCalls {
  readonly op: 'update';
  readonly param: ParamId;
}

const step: Op<UpdateCalls> = {
  reads: [],
  writes: [],
  run: ({ param }, at) => {
    invariant(at.settings !== undefined, 'an update without its settings');
    update(at.value(param), at.grad(param), at.momentum(param), at.settings);
  },
  // One span covers all parameters: see `updateSpan`.
  encode: () => [],
};

export const updateOps = { update: step };
