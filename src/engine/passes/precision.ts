import { invariant } from '../../core/errors.js';
import type { Precision } from '../bf16.js';
import type { Draft } from './draft.js';

/**
 * Products of the training's forward pass, and with them those of its backward pass, read rounded
 * numbers. Evaluation was derived before: it is that of the float32 weights, which files hold.
 */
export function precision(draft: Draft, wanted: Precision): Draft {
  invariant(draft.backward.length === 0, 'precision is settled before differentiation');
  if (wanted === 'float32') return draft;
  const forward = draft.forward.map((call) =>
    call.op === 'linear' || call.op === 'conv' ? { ...call, bf16: true as const } : call,
  );
  return { ...draft, forward };
}
