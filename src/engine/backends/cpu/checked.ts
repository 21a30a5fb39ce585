import { invariant } from '../../../core/errors.js';
import { commandsIn, type MemoryOperand, memoryOperands, NONE } from './commands.js';
import type { Memory, RunRequest } from './kernels.js';
import type { Arena } from './places.js';

/** Floats between the places of a checked memory: more than any vector reads at once. */
export const GUARD = 64;

/** A NaN that no arithmetic makes, so that what was read outside a place shows in the results. */
const GUARD_WORD = 0x7fc0_dead;

/**
 * A memory whose kernels are watched: commands run one at a time, each after its operands were
 * compared with the arena, and afterwards what lies between the places must be as it was.
 *
 * @param arena planned with `GUARD`
 * @throws InternalError for an operand that names no place, or a write outside of all
 */
export function checkedMemory(memory: Memory, arena: Arena): Memory {
  const words = new Int32Array(memory.buffer, memory.base);
  for (const { from, to } of arena.guards) words.fill(GUARD_WORD, from, to);
  return { ...memory, run: (request) => runChecked(memory, words, arena, request) };
}

function runChecked(memory: Memory, words: Int32Array, arena: Arena, request: RunRequest): void {
  const list = words.subarray(request.commands, request.commands + request.words);
  for (const { from, length } of commandsIn(list)) {
    const one = list.subarray(from, from + length);
    for (const operand of memoryOperands(one)) checkOperand(operand, arena);
    memory.run({ ...request, commands: request.commands + from, words: length });
    const touched = arena.guards.some((guard) => isTouched(words, guard.from, guard.to));
    invariant(
      !touched,
      `${memoryOperands(one)[0]?.name} and what was run with it wrote outside of all places`,
    );
  }
}

/** A plain loop: it runs over every guard after every command. */
function isTouched(words: Int32Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (words[at] !== GUARD_WORD) return true;
  return false;
}

function checkOperand({ name, kind, at }: MemoryOperand, arena: Arena): void {
  if (kind === 'memory or none' && at === NONE) return;
  const isPlace =
    at >= 0 && at < arena.end && !arena.guards.some(({ from, to }) => at >= from && at < to);
  invariant(isPlace, `${name} is ${at}, which is no place of the memory`);
  const isTable = arena.tables.some(
    (table) => at >= table.at && at < table.at + Math.max(1, table.words.length),
  );
  const { labels, transforms } = arena.input;
  invariant(
    kind === 'table' ? isTable || at === labels || at === transforms : !isTable,
    `${name} is ${at}, which holds ${isTable ? 'a table' : 'numbers'}`,
  );
}
