import { must } from '../../core/errors.js';
import type { BufferId, ParamId } from '../base.js';
import type { Call } from '../calls.js';
import { opOf } from '../ops/registry.js';

type Fields = Readonly<Record<string, number | null>>;

/** The numbers in these fields; a field that is null names nothing. */
function idsOf(call: Call, fields: readonly string[]): readonly number[] {
  const values = call as unknown as Fields;
  return fields.map((field) => must(values[field])).filter((id) => id !== null);
}

/** Buffers a call reads. What it adds to is read as well. */
export function readsOf(call: Call): readonly BufferId[] {
  const { reads, unread } = opOf(call);
  const fields = reads.filter((field) => unread?.(call, field) !== true);
  return [...idsOf(call, fields), ...accumulatedOf(call)];
}

/** Buffers that a call adds to. */
function accumulatedOf(call: Call): readonly BufferId[] {
  return 'accumulate' in call && call.accumulate ? idsOf(call, [opOf(call).sum ?? 'dx']) : [];
}

/** Buffers a call writes, wholly or by adding to all of it. */
export function writesOf(call: Call): readonly BufferId[] {
  return idsOf(call, opOf(call).writes);
}

/** Parameters whose gradient a call stores. */
export function gradientsOf(call: Call): readonly ParamId[] {
  return idsOf(call, opOf(call).gradients ?? []);
}

/** The same call on other buffers: every buffer id goes through `map`. */
export function mapBuffers(call: Call, map: (id: BufferId) => BufferId): Call {
  const { reads, writes, idle = [] } = opOf(call);
  const values = call as unknown as Fields;
  const renamed = [...reads, ...writes, ...idle].map((field) => {
    const id = must(values[field]);
    return [field, id === null ? null : map(id)] as const;
  });
  return { ...call, ...Object.fromEntries(renamed) };
}
