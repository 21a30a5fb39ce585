import { invariant, must } from '../../core/errors.js';
import type { BufferId, DraftBuffer } from '../base.js';
import type { Call } from '../calls.js';
import type { Program } from '../types.js';
import { mapBuffers, readsOf, writesOf } from './access.js';

/** A program under construction: what the passes hand to one another. Plain immutable data. */
export interface Draft extends Omit<Program, 'buffers' | 'slots'> {
  readonly buffers: readonly DraftBuffer[];
}

/**
 * The orders in which a program's calls touch the buffers: a training step, an evaluation, and a
 * pass that takes statistics.
 */
export function timelines(
  draft: Pick<Draft, 'forward' | 'backward' | 'evaluate' | 'statistics'>,
): readonly (readonly Call[])[] {
  return [[...draft.forward, ...draft.backward], draft.evaluate, draft.statistics];
}

/** Drops buffers that no call touches and renumbers the rest, keeping their order. */
export function dropUnusedBuffers(draft: Draft): Draft {
  const calls = timelines(draft).flat();
  const used = new Set([
    draft.input,
    draft.logits,
    ...calls.flatMap((call) => [...readsOf(call), ...writesOf(call)]),
  ]);
  const kept = draft.buffers.map((_, id) => id).filter((id) => used.has(id));
  const renumbered = new Map(kept.map((old, id) => [old, id]));
  const rename = (id: BufferId): BufferId => renumbered.get(id)!;
  const renameAll = (list: readonly Call[]): Call[] => list.map((call) => mapBuffers(call, rename));
  return {
    ...draft,
    buffers: kept.map((id) => must(draft.buffers[id])),
    input: rename(draft.input),
    logits: rename(draft.logits),
    forward: renameAll(draft.forward),
    evaluate: renameAll(draft.evaluate),
    statistics: renameAll(draft.statistics),
    backward: renameAll(draft.backward),
  };
}

/**
 * What holds after every pass: names are unique, every id exists, and in each order of execution a
 * buffer is written exactly once, before it is read; after that it may be added to. Throws an
 * `InternalError` naming the pass otherwise.
 */
export function verifyDraft(draft: Draft, pass: string): void {
  unique(
    draft.buffers.map((buffer) => buffer.name),
    `${pass}: buffer`,
  );
  unique(
    draft.parameters.map((parameter) => parameter.name),
    `${pass}: parameter`,
  );
  for (const calls of timelines(draft)) {
    const written = new Set([draft.input]);
    calls.forEach((call, index) => {
      const place = `${pass}: call ${index} (${call.op})`;
      const reads = readsOf(call);
      for (const id of reads)
        invariant(written.has(id), `${place} reads buffer ${id} before it is written`);
      for (const id of writesOf(call)) {
        invariant(
          draft.buffers[id] !== undefined,
          `${place} writes buffer ${id}, which does not exist`,
        );
        invariant(
          !written.has(id) || reads.includes(id),
          `${place} writes buffer ${id} a second time`,
        );
        written.add(id);
      }
    });
  }
}

function unique(names: readonly string[], what: string): void {
  const seen = new Set<string>();
  for (const name of names) {
    invariant(!seen.has(name), `${what} name "${name}" occurs twice`);
    seen.add(name);
  }
}
