import { command, NONE } from '../backends/cpu/commands.js';
import { addRows } from '../backends/reference/kernels/pool.js';
import type { BufferId, CallIn } from '../base.js';
import { sameShape } from './lowering.js';
import type { LayerOf, LayerRule, Op } from './op.js';
import { type AddGradCall, addTo, passOn, type Reverse } from './reverse.js';

export type AddCalls =
  /** y = a + b. */
  | { readonly op: 'add'; readonly a: BufferId; readonly b: BufferId; readonly y: BufferId }
  | AddGradCall;

const forward: Op<CallIn<AddCalls, 'add'>> = {
  reads: ['a', 'b'],
  writes: ['y'],
  run: (call, at) => addRows(at.b(call.a), at.b(call.b), at.b(call.y), at.rows(call.y), at.columns),
  encode: (call, to) =>
    command('add', {
      a: to.buffer(call.a),
      b: to.buffer(call.b),
      y: to.buffer(call.y),
      rows: to.rows(call.y),
    }),
  differentiate(call, dy, reverse: Reverse<AddCalls>) {
    const { wanted } = reverse;
    // A copy first: what is handed on as it is may be added to later.
    if (wanted.has(call.b)) reverse.emit({ op: 'addGrad', dy, ...addTo(call.b, reverse) });
    if (wanted.has(call.a)) passOn(dy, call.a, reverse);
  },
};

const gradient: Op<CallIn<AddCalls, 'addGrad'>> = {
  reads: ['dy'],
  writes: ['dx'],
  run: (call, at) =>
    addRows(
      at.b(call.dy),
      call.accumulate ? at.b(call.dx) : null,
      at.b(call.dx),
      at.rows(call.dx),
      at.columns,
    ),
  encode: (call, to) =>
    command('add', {
      a: to.buffer(call.dy),
      b: call.accumulate ? to.buffer(call.dx) : NONE,
      y: to.buffer(call.dx),
      rows: to.rows(call.dx),
    }),
};

export const addOps = { add: forward, addGrad: gradient };

const layer: LayerRule<LayerOf<'add'>, AddCalls> = {
  inputs: 2,
  lower(one, [a, b], y, lowering) {
    sameShape(one, a, lowering);
    sameShape(one, b, lowering);
    return { op: 'add', a, b, y };
  },
};
export const addLayers = { add: layer };
