import { invariant, must } from '../../core/errors.js';
import type { BufferId } from '../base.js';
import type { BufferInfo, Program } from '../types.js';
import { readsOf, writesOf } from './access.js';
import { type Draft, timelines } from './draft.js';

/**
 * First and last call of one timeline during which a buffer's content matters; null where it is not
 * touched.
 */
interface Lifetime {
  readonly from: number;
  readonly to: number;
}

/** A buffer's lifetime in each timeline (training, evaluation). */
type Lifetimes = readonly (Lifetime | null)[];

/**
 * Gives every per-batch buffer a storage slot. Two buffers may share one when their lifetimes
 * overlap neither in a training step nor in an evaluation. Greedy, largest buffer first, into the
 * first slot that is free: never more slots than needed at once for the chains of layers that
 * networks mostly are. The input and the logits share with nobody: a batch stays loaded over
 * several phases, and logits are read after the last call.
 */
export function plan(draft: Draft): Program {
  const lifetimes = lifetimesOf(draft);
  const order = draft.buffers.flatMap((buffer, id) => (buffer.perBatch ? [id] : []));
  order.sort((a, b) => must(draft.buffers[b]).rows - must(draft.buffers[a]).rows || a - b);
  const tenants: BufferId[][] = [];
  for (const id of order) {
    const free = tenants.find((slot) =>
      slot.every((other) => !overlap(must(lifetimes[id]), must(lifetimes[other]))),
    );
    if (free === undefined) tenants.push([id]);
    else free.push(id);
  }
  const slotOf = new Map(tenants.flatMap((slot, index) => slot.map((id) => [id, index] as const)));
  const buffers = draft.buffers.map((buffer, id): BufferInfo => ({
    ...buffer,
    slot: slotOf.get(id) ?? -1,
  }));
  const slots = tenants.map((slot) => Math.max(...slot.map((id) => must(draft.buffers[id]).rows)));
  buffers.forEach((buffer) =>
    invariant(
      !buffer.perBatch || must(slots[buffer.slot]) >= buffer.rows,
      `plan: "${buffer.name}" exceeds its slot`,
    ),
  );
  return { ...draft, buffers, slots };
}

function lifetimesOf(draft: Draft): Lifetimes[] {
  const lines = timelines(draft).map((calls) => {
    const line = new Map<BufferId, Lifetime>();
    calls.forEach((call, index) => {
      for (const id of [...readsOf(call), ...writesOf(call)])
        line.set(id, { from: line.get(id)?.from ?? index, to: index });
    });
    for (const id of [draft.input, draft.logits]) line.set(id, { from: -1, to: calls.length });
    return line;
  });
  return draft.buffers.map((_, id) => lines.map((line) => line.get(id) ?? null));
}

function overlap(a: Lifetimes, b: Lifetimes): boolean {
  return a.some((x, line) => {
    const y = b[line] ?? null;
    return x !== null && y !== null && x.from <= y.to && y.from <= x.to;
  });
}
