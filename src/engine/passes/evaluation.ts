import { invariant } from '../../core/errors.js';
import type { Call } from '../calls.js';
import type { Draft } from './draft.js';

/**
 * The forward pass for evaluation: batch norms use their running statistics, the loss is plain and
 * takes no gradient.
 */
export function evaluation(draft: Draft): Draft {
  invariant(draft.evaluate.length === 0, 'evaluation is derived once');
  return { ...draft, evaluate: draft.forward.map(inEvaluation) };
}

function inEvaluation(call: Call): Call {
  if (call.op === 'batchNormTrain') return { ...call, op: 'batchNormEval' };
  return call.op === 'softmaxLoss' ? { ...call, dlogits: null, smoothing: 0 } : call;
}
