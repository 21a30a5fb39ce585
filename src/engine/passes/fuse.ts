import { invariant } from '../../core/errors.js';
import type { BufferId } from '../base.js';
import type { Call, CallOf } from '../calls.js';
import { readsOf } from './access.js';
import { type Draft, dropUnusedBuffers } from './draft.js';

type Normalisation = CallOf<'batchNormTrain'>;

/**
 * A batch norm takes in what alone reads it: the sum with a residual connection, and a ReLU or
 * (without a residual) a swish. One pass over the activations instead of two or three, and what
 * lies between is never stored. The fused call stands where the last of them stood, so that the
 * residual is there.
 */
export function fuse(draft: Draft): Draft {
  invariant(draft.backward.length === 0, 'fuse runs before differentiate');
  const fused = absorb(draft, 'add');
  return dropUnusedBuffers(absorb(fused, 'activation'));
}

function absorb(draft: Draft, op: 'add' | 'activation'): Draft {
  const taken = new Map<Call, Normalisation>();
  const absorbed = new Set<Normalisation>();
  for (const call of draft.forward) {
    if (call.op !== 'batchNormTrain' || call.activation !== null || call.y === draft.logits)
      continue;
    const reader = onlyReader(draft.forward, call.y);
    if (reader === undefined || reader.op !== op || taken.has(reader) || !canTake(call, reader))
      continue;
    taken.set(reader, joined(call, reader));
    absorbed.add(call);
  }
  const forward = draft.forward.flatMap((call) =>
    absorbed.has(call as Normalisation) ? [] : [taken.get(call) ?? call],
  );
  return { ...draft, forward };
}

/** The gradient of a swish needs its input, which with a residual is nowhere stored. */
function canTake(norm: Normalisation, reader: Call): boolean {
  if (reader.op === 'add') return norm.residual === null && reader.a !== reader.b;
  return (
    reader.op === 'activation' &&
    (reader.function === 'relu' || (reader.function === 'swish' && norm.residual === null))
  );
}

function joined(norm: Normalisation, reader: Call): Normalisation {
  if (reader.op === 'add')
    return { ...norm, y: reader.y, residual: reader.a === norm.y ? reader.b : reader.a };
  invariant(
    reader.op === 'activation' && (reader.function === 'relu' || reader.function === 'swish'),
    'fuse takes in what it can',
  );
  return { ...norm, y: reader.y, activation: reader.function };
}

function onlyReader(calls: readonly Call[], buffer: BufferId): Call | undefined {
  const readers = calls.filter((call) => readsOf(call).includes(buffer));
  return readers.length === 1 ? readers[0] : undefined;
}
