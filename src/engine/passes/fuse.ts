import { invariant } from '../../core/errors.js';
import type { BufferId, Call } from '../types.js';
import { readsOf } from './access.js';
import { dropUnusedBuffers, type Draft } from './draft.js';

type Normalisation = Extract<Call, { op: 'batchNormTrain' }>;
type Relu = Extract<Call, { op: 'relu' }>;

/**
 * A batch norm whose only reader is a ReLU takes the ReLU in: one pass over the activations instead of two, and the
 * normalised values before the ReLU are never stored.
 */
export function fuse(draft: Draft): Draft {
  invariant(draft.backward.length === 0, 'fuse runs before differentiate');
  const pairs = fusable(draft);
  const absorbed = new Set<Call>(pairs.values());
  const forward = draft.forward
    .filter((call) => !absorbed.has(call))
    .map((call) => {
      const relu = call.op === 'batchNormTrain' ? pairs.get(call) : undefined;
      return call.op === 'batchNormTrain' && relu !== undefined ? { ...call, y: relu.y, relu: true } : call;
    });
  const fused = dropUnusedBuffers({ ...draft, forward });
  invariant(fusable(fused).size === 0, 'fuse left a batch norm and its ReLU apart');
  return fused;
}

function fusable(draft: Draft): Map<Normalisation, Relu> {
  const pairs = new Map<Normalisation, Relu>();
  for (const call of draft.forward) {
    if (call.op !== 'batchNormTrain' || call.relu || call.y === draft.logits) continue;
    const readers = readersOf(draft.forward, call.y);
    const reader = readers[0];
    if (readers.length === 1 && reader?.op === 'relu') pairs.set(call, reader);
  }
  return pairs;
}

function readersOf(calls: readonly Call[], buffer: BufferId): Call[] {
  return calls.filter((call) => readsOf(call).includes(buffer));
}
