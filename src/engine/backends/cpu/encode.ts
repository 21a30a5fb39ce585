import { invariant } from '../../../core/errors.js';
import type { ParamId } from '../../base.js';
import type { Call, Windowed } from '../../calls.js';
import type { Encoder } from '../../ops/op.js';
import { opOf } from '../../ops/registry.js';
import type { Phase, Program } from '../../types.js';
import { storedRows, windowKey } from './arena.js';
import type { Arena, PlacedTable } from './places.js';
import { command, type GroupOf, NONE } from './commands.js';

/**
 * Turns calls into the words of native/run.h. `fused`: weight gradients of linear layers are
 * applied where they are made.
 */
class ProgramEncoder implements Encoder {
  constructor(
    readonly program: Program,
    readonly arena: Arena,
    readonly fused: boolean,
  ) {}

  value(param: ParamId | null): number {
    return param === null ? NONE : this.arena.values + this.arena.parameters[param].at;
  }

  gradient(param: ParamId): number {
    return this.arena.gradients + this.arena.parameters[param].at;
  }

  buffer(id: number | null): number {
    return id === null ? NONE : this.arena.buffers[id];
  }

  /** A product's table, which is there. */
  table(table: PlacedTable | null): PlacedTable {
    invariant(table !== null, 'a product without its table');
    return table;
  }

  /** Rows of a buffer in memory, those between pixels included. */
  rows(id: number): number {
    return storedRows(this.program.buffers[id]);
  }

  /** The operands that say where a call's windows fall. */
  windows(call: Extract<Call, Windowed>): GroupOf<'windows'> {
    const placed = this.arena.windows.get(windowKey(call, opOf(call).transposed === true));
    invariant(placed !== undefined, `${call.op} without its windows`);
    return placed;
  }
}

const updateSpan = (arena: Arena, size: number): number[] =>
  command('update', { w: arena.values, v: arena.momenta, g: arena.gradients, n: size });

/**
 * The command lists of a program; `step` applies linear weight gradients as they are made and
 * stores none of them.
 */
export function encodeProgram(
  program: Program,
  arena: Arena,
): Readonly<Record<Phase | 'images', Int32Array>> {
  const plain = new ProgramEncoder(program, arena, false);
  const fusing = new ProgramEncoder(program, arena, true);
  const list = (encoder: Encoder, ...phases: (readonly Call[])[]): number[] =>
    phases.flat().flatMap((call) => opOf(call).encode(call, encoder));
  const { input } = arena;
  const { channels, height, width } = program.network.input;
  return {
    forward: Int32Array.from(list(plain, program.forward)),
    backward: Int32Array.from(list(plain, program.backward)),
    update: Int32Array.from(program.inference ? [] : updateSpan(arena, arena.learnable)),
    step: Int32Array.from([
      ...list(fusing, program.forward, program.backward),
      ...(program.inference ? [] : updateSpan(arena, arena.vectors)),
    ]),
    evaluate: Int32Array.from(list(plain, program.evaluate)),
    statistics: Int32Array.from(list(plain, program.statistics)),
    images: Int32Array.from(
      command('images', {
        x: arena.buffers[program.input],
        staged: input.staged,
        transforms: input.transforms,
        scaling: input.scaling,
        lines: input.lines,
        channels,
        height,
        width,
      }),
    ),
  };
}
