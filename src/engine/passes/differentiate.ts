import { invariant } from '../../core/errors.js';
import type { BufferId } from '../base.js';
import type { Call } from '../calls.js';
import { opOf } from '../ops/registry.js';
import { type Reverse, writeGradient } from '../ops/reverse.js';
import { gradientsOf, readsOf, writesOf } from './access.js';
import type { Draft } from './draft.js';

/**
 * Reverse-mode differentiation: the forward calls in reverse order, each with the gradient calls of
 * its kind, then one update per learnable parameter. An activation with several readers gets the
 * sum of their gradients: the first one (in reverse order) writes it, the others add to it. A
 * layer's input gradient comes before its weight gradient, so that a backend may apply the weight's
 * update as soon as its gradient exists.
 */
export function differentiate(draft: Draft): Draft {
  verifyReaders(draft);
  const backward: Call[] = [];
  const reverse: Reverse = {
    buffers: [...draft.buffers],
    // What ops emit is one of all calls.
    emit: (call) => backward.push(call as Call),
    gradients: new Map(),
    wanted: learnedBuffers(draft),
  };
  const forward = draft.forward.map((call) => {
    if (call.op !== 'softmaxLoss') return call;
    return { ...call, dlogits: writeGradient(call.logits, reverse) };
  });
  for (const call of [...draft.forward].reverse()) differentiateCall(call, reverse);
  const learnable = draft.parameters.flatMap((parameter, id) => (parameter.learnable ? [id] : []));
  const update = learnable.map((param): Call => ({ op: 'update', param }));
  verifyGradients(draft, backward, learnable);
  return { ...draft, buffers: reverse.buffers, forward, backward, update };
}

/** Nobody's input has no gradient. */
function verifyReaders(draft: Draft): void {
  invariant(draft.backward.length === 0 && draft.update.length === 0, 'differentiate runs once');
  const read = new Set(draft.forward.flatMap((call) => [...readsOf(call)]));
  draft.buffers.forEach((buffer, id) => {
    invariant(
      !buffer.perBatch || id === draft.input || read.has(id),
      `the output of "${buffer.name}" is read by nobody`,
    );
  });
}

function learnedBuffers(draft: Draft): Set<BufferId> {
  const learned = new Set<BufferId>();
  for (const call of draft.forward) {
    const learns =
      'weight' in call || 'gamma' in call || readsOf(call).some((id) => learned.has(id));
    if (learns) for (const id of writesOf(call)) learned.add(id);
    invariant(
      call.op !== 'softmaxLoss' || learned.has(call.logits),
      'the network has nothing to learn',
    );
  }
  return learned;
}

function differentiateCall(call: Call, reverse: Reverse): void {
  const { gradients, wanted } = reverse;
  const dy = 'y' in call ? gradients.get(call.y) : undefined;
  if (call.op === 'softmaxLoss' || !writesOf(call).some((id) => wanted.has(id))) return;
  invariant(dy !== undefined, `${call.op} has an output without a gradient`);
  const { differentiate: emit } = opOf(call);
  invariant(emit !== undefined, `${call.op} in a forward pass`);
  emit(call, dy, reverse);
}

function verifyGradients(
  draft: Draft,
  backward: readonly Call[],
  learnable: readonly number[],
): void {
  const stored = backward.flatMap((call) => [...gradientsOf(call)]).sort((a, b) => a - b);
  const complete =
    stored.length === learnable.length && stored.every((id, i) => id === learnable[i]);
  invariant(
    complete,
    `differentiate gives ${stored.length} gradients for ${learnable.length} parameters ` +
      `of a ${draft.network.arch}`,
  );
}
