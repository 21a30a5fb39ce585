import type { Call, CallOf } from '../../calls.js';
import type { Encoder } from './encode.js';
import { bits, command, NONE, OP } from './opcodes.js';

type PlaneOp =
  | 'maxPool'
  | 'maxPoolGrad'
  | 'averagePool'
  | 'averagePoolGrad'
  | 'globalPool'
  | 'globalPoolGrad'
  | 'add'
  | 'addGrad'
  | 'gate'
  | 'gateGrad'
  | 'position'
  | 'positionWeightGrad'
  | 'attention'
  | 'attentionGrad';

/** Calls on planes without products or norms. */
export function encodePlane(encoder: Encoder, call: CallOf<PlaneOp>): number[] {
  const at = (...ids: (number | null)[]): number[] => ids.map((id) => encoder.buffer(id));
  switch (call.op) {
    case 'maxPool':
      return command(OP.maxPool, ...at(call.x, call.y), call.channels, ...encoder.windows(call));
    case 'maxPoolGrad':
      return command(
        OP.maxPoolGrad,
        ...at(call.x, call.y, call.dy, call.dx),
        call.inHeight * call.inWidth,
        call.channels,
        ...encoder.windows(call),
      );
    case 'averagePool':
      return command(
        OP.windowSums,
        ...at(call.x, call.y),
        call.channels,
        meanOf(call),
        ...encoder.windows(call),
      );
    case 'averagePoolGrad':
      return command(
        OP.windowSums,
        ...at(call.dy, call.dx),
        call.channels,
        meanOf(call),
        ...encoder.windows(call),
      );
    case 'globalPool':
      return command(OP.globalPool, ...at(call.x, call.y), call.channels, call.plane);
    case 'globalPoolGrad':
      return command(OP.globalPoolGrad, ...at(call.dy, call.dx), call.channels, call.plane);
    case 'add':
      return command(OP.add, ...at(call.a, call.b, call.y), encoder.rows(call.y));
    case 'addGrad':
      return command(
        OP.add,
        ...at(call.dy),
        call.accumulate ? encoder.buffer(call.dx) : NONE,
        ...at(call.dx),
        encoder.rows(call.dx),
      );
    case 'gate':
      return command(OP.gate, ...at(call.x, call.s, call.y), call.channels, call.plane);
    case 'gateGrad':
      return command(
        OP.gateGrad,
        ...at(call.x, call.s, call.dy, call.dx, call.ds),
        call.channels,
        call.plane,
      );
    case 'position':
      return command(
        OP.position,
        encoder.buffer(call.x),
        encoder.value(call.weight),
        encoder.buffer(call.y),
        call.channels,
        call.plane,
      );
    case 'positionWeightGrad':
      return command(
        OP.positionWeightGrad,
        encoder.buffer(call.dy),
        encoder.gradient(call.weight),
        call.channels,
        call.plane,
      );
    case 'attention':
      return command(
        OP.attention,
        ...at(call.q, call.k, call.v, call.y),
        call.plane,
        call.channels,
        call.heads,
        encoder.arena.scratch,
      );
    case 'attentionGrad':
      return command(
        OP.attentionGrad,
        ...at(call.q, call.k, call.v, call.dy, call.dq, call.dk, call.dv),
        call.plane,
        call.channels,
        call.heads,
        encoder.arena.scratch,
      );
    default:
      return call satisfies never;
  }
}

const meanOf = (call: Extract<Call, { op: 'averagePool' | 'averagePoolGrad' }>): number =>
  bits(1 / call.window.kernel ** 2);
