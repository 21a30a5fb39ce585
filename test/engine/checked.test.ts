import { describe, expect, it } from 'vitest';
import { compile } from '../../src/engine/compile.js';
import { checkedMemory, GUARD } from '../../src/engine/backends/cpu/checked.js';
import { planArena } from '../../src/engine/backends/cpu/arena.js';
import { command } from '../../src/engine/backends/cpu/commands.js';
import type { Memory } from '../../src/engine/backends/cpu/kernels.js';
import { chain, vector } from './networks.js';

const program = compile(chain(vector(3), [{ linear: 2 }]), { batch: 4 });
const arena = planArena(program, 1, GUARD);
const [buffer] = arena.buffers;
const request = {
  commands: arena.end,
  count: 4,
  ld: arena.ld,
  settings: { learningRate: 0, momentum: 0, weightDecay: 0 },
  accumulate: false,
  threads: 1,
};

/** Runs one command over a memory whose kernels do as `kernel` does with its floats. */
function watch(words: number[], kernel: (floats: Float32Array) => void = () => undefined): void {
  const memory: Memory = {
    buffer: new ArrayBuffer(4 * (arena.end + words.length)),
    base: 0,
    run: () => kernel(new Float32Array(memory.buffer)),
  };
  const watched = checkedMemory(memory, arena);
  new Int32Array(memory.buffer).set(words, arena.end);
  watched.run({ ...request, words: words.length });
}

const add = (places: { a?: number; b?: number; y?: number } = {}): number[] =>
  command('add', { a: buffer, b: -1, y: buffer, rows: 3, ...places });

describe('a checked memory', () => {
  it('lets a command pass that keeps to its places', () => {
    let runs = 0;
    watch([...add(), ...add()], (floats) => {
      runs += 1;
      floats.fill(1, buffer, buffer + 3 * arena.ld);
    });
    expect(runs).toBe(2);
  });

  it('refuses an operand outside of all places', () => {
    expect(() => watch(add({ y: arena.guards[1].from }))).toThrow(/add\.y is .*no place/);
    expect(() => watch(add({ a: arena.end }))).toThrow(/add\.a is .*no place/);
    expect(() => watch(add({ a: -1 }))).toThrow(/add\.a is -1/);
  });

  it('tells tables from numbers', () => {
    expect(() => watch(add({ a: arena.tables[0].at }))).toThrow(/add\.a is .*holds a table/);
  });

  it('finds what was written before and behind a place', () => {
    const behind = buffer + 3 * arena.ld;
    for (const at of [buffer - 1, behind, behind + GUARD - 1])
      expect(() => watch(add(), (floats) => floats.fill(1, at, at + 1))).toThrow(
        /add\.a and what was run with it wrote outside/,
      );
  });
});
