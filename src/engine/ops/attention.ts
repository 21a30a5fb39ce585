import { invariant } from '../../core/errors.js';
import { command } from '../backends/cpu/commands.js';
import { attention, attentionGrad } from '../backends/reference/kernels/attention.js';
import type { BufferId, CallIn } from '../base.js';
import { planesOf, sameShape } from './lowering.js';
import type { LayerOf, LayerRule, Op } from './op.js';
import { writeAll } from './reverse.js';

interface AttentionArgs {
  /** Pixels of the plane, each a token. */
  readonly plane: number;
  readonly channels: number;
  readonly heads: number;
}

export type AttentionCalls =
  /** Per head, o = softmax(q . k / sqrt(channels of the head)) v over the tokens. */
  | ({
      readonly op: 'attention';
      readonly q: BufferId;
      readonly k: BufferId;
      readonly v: BufferId;
      readonly y: BufferId;
    } & AttentionArgs)
  | ({
      readonly op: 'attentionGrad';
      readonly q: BufferId;
      readonly k: BufferId;
      readonly v: BufferId;
      readonly dy: BufferId;
      readonly dq: BufferId;
      readonly dk: BufferId;
      readonly dv: BufferId;
    } & AttentionArgs);

/** The scores that each thread makes. */
const scratch = ({ plane }: AttentionArgs, { threads }: { readonly threads: number }): number =>
  2 * plane * 16 * threads;

const forward: Op<CallIn<AttentionCalls, 'attention'>> = {
  reads: ['q', 'k', 'v'],
  writes: ['y'],
  scratch,
  run: (call, at) =>
    attention(call, at.b(call.q), at.b(call.k), at.b(call.v), at.b(call.y), at.columns),
  encode: (call, to) =>
    command('attention', {
      q: to.buffer(call.q),
      k: to.buffer(call.k),
      v: to.buffer(call.v),
      y: to.buffer(call.y),
      plane: call.plane,
      channels: call.channels,
      heads: call.heads,
      scratch: to.arena.scratch,
    }),
  differentiate: (call, dy, reverse) =>
    writeAll<AttentionCalls>([call.q, call.k, call.v], reverse, ([dq, dk, dv]) => ({
      ...call,
      op: 'attentionGrad',
      dy,
      dq,
      dk,
      dv,
    })),
};

const gradient: Op<CallIn<AttentionCalls, 'attentionGrad'>> = {
  reads: ['q', 'k', 'v', 'dy'],
  writes: ['dq', 'dk', 'dv'],
  scratch,
  run: (call, at) => {
    const flow = {
      q: at.b(call.q),
      k: at.b(call.k),
      v: at.b(call.v),
      dy: at.b(call.dy),
      dq: at.b(call.dq),
      dk: at.b(call.dk),
      dv: at.b(call.dv),
    };
    attentionGrad(call, flow, at.columns);
  },
  encode: (call, to) => {
    const { plane, channels, heads } = call;
    return command('attentionGrad', {
      q: to.buffer(call.q),
      k: to.buffer(call.k),
      v: to.buffer(call.v),
      dy: to.buffer(call.dy),
      dq: to.buffer(call.dq),
      dk: to.buffer(call.dk),
      dv: to.buffer(call.dv),
      plane,
      channels,
      heads,
      scratch: to.arena.scratch,
    });
  },
};

export const attentionOps = { attention: forward, attentionGrad: gradient };

const layer: LayerRule<LayerOf<'attention'>, AttentionCalls> = {
  inputs: 3,
  lower(one, inputs, y, lowering) {
    for (const input of inputs) sameShape(one, input, lowering);
    const [q, k, v] = inputs;
    const { heads } = one;
    const planes = planesOf(one.output);
    invariant(
      heads >= 1 && heads <= planes.channels,
      `attention "${one.id}" has ${heads} heads for ${planes.channels} channels`,
    );
    return { op: 'attention', q, k, v, y, heads, ...planes };
  },
};
export const attentionLayers = { attention: layer };
