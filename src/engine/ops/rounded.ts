import { roundBf16 } from '../bf16.js';
import { command } from '../backends/cpu/commands.js';
import type { BufferId, ParamId } from '../base.js';
import type { Encoder, ScratchSizes } from './op.js';

/** A product whose operands may be rounded to bf16. */
export interface Rounds {
  /** Whether it reads its operands rounded; default: as they are. */
  readonly bf16?: true;
}

/** The reference's operand of a product. */
export function operand(values: Float64Array, { bf16 }: Rounds): Float64Array {
  return bf16 === true ? values.map(roundBf16) : values;
}

/** How rows are rounded: `round_rows` of native/bf16.h. */
const HOW = { widened: 0, pairedRows: 1, pairedSamples: 2 } as const;

/** Where an operand lies, and the commands that put it there. */
interface Placed {
  readonly at: number;
  readonly words: readonly number[];
}

/**
 * Buffers as a product of a call reads them: where they are, or rounded, one after another, in the
 * scratch.
 */
export function operandRows(
  ids: readonly BufferId[],
  how: keyof typeof HOW,
  { bf16 }: Rounds,
  to: Encoder,
): readonly Placed[] {
  if (bf16 !== true) return ids.map((id) => ({ at: to.buffer(id), words: [] }));
  let next = to.arena.scratch;
  return ids.map((id) => {
    const at = next;
    const rows = to.rows(id);
    next += to.arena.ld * rows;
    return {
      at,
      words: command('roundRows', { from: to.buffer(id), to: at, rows, how: HOW[how] }),
    };
  });
}

/** Floats of scratch that `operandRows` takes. */
export function roundedFloats(
  ids: readonly BufferId[],
  { bf16 }: Rounds,
  { ld, rows }: Pick<ScratchSizes, 'ld' | 'rows'>,
): number {
  return bf16 === true ? ids.reduce((sum, id) => sum + ld * rows(id), 0) : 0;
}

/** Where the scratch goes on behind the rounded rows of these buffers. */
export function behindRounded(ids: readonly BufferId[], call: Rounds, to: Encoder): number {
  const { scratch, ld } = to.arena;
  return scratch + roundedFloats(ids, call, { ld, rows: (id) => to.rows(id) });
}

/** Numbers of a parameter rounded to `place`; it may be where they are. */
export function roundNumbers(from: number, place: number, param: ParamId, to: Encoder): number[] {
  return command('roundNumbers', { from, to: place, n: to.arena.parameters[param].size });
}
