import { must } from '../../src/core/errors.js';
import type { BufferId, Call, ParamId, Program } from '../../src/engine/types.js';
import type { BlockMask } from '../../src/network/types.js';

/** A round of message exchange in a program: a product whose weight has the graph's blocks. */
export interface ProgramRound {
  /** Its layer. */
  readonly id: string;
  readonly mask: BlockMask;
  readonly weight: ParamId;
  /** What nodes hold after it: normalised and past the non-linearity, where the two follow it. */
  readonly output: BufferId;
}

type Product = Extract<Call, { readonly op: 'linear' | 'conv' }>;

/** The rounds of a program whose output is still there when an evaluation has ended. */
export function roundsOf(program: Program): ProgramRound[] {
  const calls = program.evaluate;
  return calls.flatMap((call, at) => {
    if (!isProduct(call) || call.mask === null) return [];
    const norm = calls.find((next) => next.op === 'batchNormEval' && next.x === call.y);
    const output = norm !== undefined && 'y' in norm ? norm.y : call.y;
    const { slot } = must(program.buffers[output]);
    const lost = calls
      .slice(at + 1)
      .some((next) => 'y' in next && next.y !== output && slotOf(program, next.y) === slot);
    const id = must(program.parameters[call.weight]).name.replace(/\.weight$/, '');
    return lost ? [] : [{ id, mask: call.mask, weight: call.weight, output }];
  });
}

function isProduct(call: Call): call is Product {
  return call.op === 'linear' || call.op === 'conv';
}

function slotOf(program: Program, buffer: BufferId): number {
  return must(program.buffers[buffer]).slot;
}

/**
 * Adds the absolute values of a batch to sums over channels.
 *
 * @param values `channels x rest`, as a buffer is read
 * @param sums one number for each channel
 */
export function addChannels(values: Float32Array, sums: Float64Array): void {
  const each = values.length / sums.length;
  for (let c = 0; c < sums.length; c++) {
    let sum = 0;
    for (let i = c * each; i < (c + 1) * each; i++) sum += Math.abs(must(values[i]));
    sums[c] = must(sums[c]) + sum;
  }
}

/** Means over the channels of each node, of sums over `count` numbers for each channel. */
export function nodeMeans({ output }: BlockMask, sums: Float64Array, count: number): Float64Array {
  return Float64Array.from({ length: output.nodes }, (_, node) => {
    const own = sums.subarray(output.starts[node], output.starts[node + 1]);
    return own.reduce((total, sum) => total + sum, 0) / (own.length * count);
  });
}

/**
 * Of each node the root of the sum of squares of the weights that it listens with.
 *
 * @param weight row-major, `out x in` or `out x in x window`; absent entries are 0
 */
export function nodeNorms({ output }: BlockMask, weight: ArrayLike<number>): Float64Array {
  const row = weight.length / output.channels;
  return Float64Array.from({ length: output.nodes }, (_, node) => {
    let sum = 0;
    const last = must(output.starts[node + 1]) * row;
    for (let i = must(output.starts[node]) * row; i < last; i++) sum += must(weight[i]) ** 2;
    return Math.sqrt(sum);
  });
}
