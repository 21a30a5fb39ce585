import { InternalError, invariant } from '../../core/errors.js';
import type { BufferId, Call } from '../types.js';
import { gradientsOf, readsOf } from './access.js';
import type { Draft, DraftBuffer } from './draft.js';

/** What the pass knows while it walks the forward calls from the loss back to the input. */
interface Reverse {
  readonly buffers: DraftBuffer[];
  readonly backward: Call[];
  /** Gradient buffer of each activation whose gradient has been produced. */
  readonly gradients: Map<BufferId, BufferId>;
  /** Activations that depend on a learnable parameter: the only ones whose gradient anybody reads. */
  readonly wanted: ReadonlySet<BufferId>;
}

/**
 * Reverse-mode differentiation: the forward calls in reverse order, each with the gradient calls of its kind, then one
 * update per learnable parameter. A layer's input gradient comes before its weight gradient, so that a backend may
 * apply the weight's update as soon as its gradient exists.
 */
export function differentiate(draft: Draft): Draft {
  verifyReaders(draft);
  const reverse: Reverse = { buffers: [...draft.buffers], backward: [], gradients: new Map(), wanted: learnedBuffers(draft) };
  const forward = draft.forward.map((call) => {
    if (call.op !== 'softmaxLoss') return call;
    return { ...call, dlogits: addGradient(call.logits, reverse) };
  });
  for (const call of [...draft.forward].reverse()) differentiateCall(call, reverse);
  const learnable = draft.parameters.flatMap((parameter, id) => (parameter.learnable ? [id] : []));
  const update = learnable.map((param): Call => ({ op: 'update', param }));
  verifyGradients(draft, reverse.backward, learnable);
  return { ...draft, buffers: reverse.buffers, forward, backward: reverse.backward, update };
}

/** With two readers a gradient would be a sum, for which there is no kernel yet; with none it would not exist. */
function verifyReaders(draft: Draft): void {
  invariant(draft.backward.length === 0 && draft.update.length === 0, 'differentiate runs once');
  draft.buffers.forEach((buffer, id) => {
    if (!buffer.perBatch || id === draft.input) return;
    const readers = draft.forward.filter((call) => readsOf(call).includes(id)).length;
    invariant(readers === 1, `the output of "${buffer.name}" is read ${readers} times; the engine can differentiate only 1`);
  });
}

function learnedBuffers(draft: Draft): Set<BufferId> {
  const learned = new Set<BufferId>();
  for (const call of draft.forward) {
    switch (call.op) {
      case 'linear':
      case 'batchNormTrain':
        learned.add(call.y);
        break;
      case 'relu':
        if (learned.has(call.x)) learned.add(call.y);
        break;
      case 'softmaxLoss':
        invariant(learned.has(call.logits), 'the network has nothing to learn');
        break;
      default:
        throw new InternalError(`${call.op} in a forward pass`);
    }
  }
  return learned;
}

function differentiateCall(call: Call, reverse: Reverse): void {
  const { backward, gradients, wanted } = reverse;
  switch (call.op) {
    case 'softmaxLoss':
      return;
    case 'linear': {
      const { x, y, op: _, ...args } = call;
      const dy = gradients.get(y)!;
      if (wanted.has(x)) backward.push({ op: 'linearInputGrad', dy, dx: addGradient(x, reverse), ...args });
      backward.push({ op: 'linearWeightGrad', x, dy, ...args });
      return;
    }
    case 'batchNormTrain':
      // The kernel gives gamma's and beta's gradients together with dx, which nobody reads at the network's input.
      backward.push({ ...call, op: 'batchNormGrad', dy: gradients.get(call.y)!, dx: addGradient(call.x, reverse) });
      return;
    case 'relu':
      if (!wanted.has(call.x)) return;
      backward.push({ op: 'reluGrad', y: call.y, dy: gradients.get(call.y)!, dx: addGradient(call.x, reverse) });
      return;
    default:
      throw new InternalError(`${call.op} in a forward pass`);
  }
}

function addGradient(of: BufferId, reverse: Reverse): BufferId {
  const { name, rows } = reverse.buffers[of];
  const id = reverse.buffers.push({ name: `${name}.grad`, rows, perBatch: true }) - 1;
  reverse.gradients.set(of, id);
  return id;
}

function verifyGradients(draft: Draft, backward: readonly Call[], learnable: readonly number[]): void {
  const stored = backward.flatMap((call) => [...gradientsOf(call)]).sort((a, b) => a - b);
  const complete = stored.length === learnable.length && stored.every((id, i) => id === learnable[i]);
  invariant(complete, `differentiate gives ${stored.length} gradients for ${learnable.length} parameters of a ${draft.network.arch}`);
}
