import { invariant } from '../../../core/errors.js';
import type { Call, ParamId, Program } from '../../types.js';
import type { Arena, PlacedTable } from './arena.js';

/** Opcodes of native/run.h. */
const OP = {
  product: 1,
  weightGrad: 2,
  rowSums: 3,
  normTrain: 4,
  normEval: 5,
  normGrad: 6,
  relu: 7,
  reluGrad: 8,
  softmaxLoss: 9,
  update: 10,
  images: 11,
} as const;

const NONE = -1;
const asFloat = new Float32Array(1);
const asWord = new Int32Array(asFloat.buffer);

function bits(x: number): number {
  asFloat[0] = x;
  return asWord[0];
}

function command(op: number, ...operands: number[]): number[] {
  return [op, operands.length + 2, ...operands];
}

/** Turns calls into the words of native/run.h. `fused`: weight gradients are applied where they are made. */
class Encoder {
  constructor(
    private readonly program: Program,
    private readonly arena: Arena,
    private readonly fused: boolean,
  ) {}

  private value(param: ParamId | null): number {
    return param === null ? NONE : this.arena.values + this.arena.parameters[param].at;
  }

  private gradient(param: ParamId): number {
    return this.arena.gradients + this.arena.parameters[param].at;
  }

  private product(x: number, y: number, weight: ParamId, bias: ParamId | null, table: PlacedTable | null, transposed: 0 | 1): number[] {
    invariant(table !== null, 'a product without its table');
    return command(OP.product, this.arena.buffers[y], this.arena.buffers[x], this.value(weight), this.value(bias), table.at, table.groups, transposed);
  }

  private weightGrad(call: Extract<Call, { op: 'linearWeightGrad' }>): number[] {
    const { forward, at } = this.arena.parameters[call.weight];
    invariant(forward !== null, 'a linear weight without its table');
    const { buffers, values, gradients, momenta, scratch } = this.arena;
    const words = command(OP.weightGrad, buffers[call.x], buffers[call.dy], values + at, momenta + at, gradients + at, scratch, forward.at, forward.groups, this.fused ? 1 : 0);
    if (call.bias !== null) words.push(...command(OP.rowSums, buffers[call.dy], this.gradient(call.bias), call.outFeatures));
    return words;
  }

  private norm(call: Extract<Call, { op: 'batchNormTrain' | 'batchNormEval' | 'batchNormGrad' }>): number[] {
    const { buffers } = this.arena;
    const relu = call.relu ? 1 : 0;
    const affine = [call.channels, this.value(call.gamma), this.value(call.beta), this.value(call.runningMean), this.value(call.runningVar)];
    const saved = [buffers[call.savedMean], buffers[call.savedInvStd]];
    switch (call.op) {
      case 'batchNormTrain':
        return command(OP.normTrain, buffers[call.x], buffers[call.y], ...affine, ...saved, relu, bits(call.eps), bits(call.momentum));
      case 'batchNormEval':
        return command(OP.normEval, buffers[call.x], buffers[call.y], ...affine, relu, bits(call.eps));
      case 'batchNormGrad':
        return command(OP.normGrad, buffers[call.x], buffers[call.y], buffers[call.dy], buffers[call.dx], call.channels, this.value(call.gamma), ...saved, this.gradient(call.gamma), this.gradient(call.beta), relu);
      default:
        return call satisfies never;
    }
  }

  encode(call: Call): number[] {
    const { buffers, input, parameters } = this.arena;
    switch (call.op) {
      case 'linear':
        return this.product(call.x, call.y, call.weight, call.bias, parameters[call.weight].forward, 0);
      case 'linearInputGrad':
        return this.product(call.dy, call.dx, call.weight, null, parameters[call.weight].transposed, 1);
      case 'linearWeightGrad':
        return this.weightGrad(call);
      case 'batchNormTrain':
      case 'batchNormEval':
      case 'batchNormGrad':
        return this.norm(call);
      case 'relu':
        return command(OP.relu, buffers[call.x], buffers[call.y], this.program.buffers[call.x].rows);
      case 'reluGrad':
        return command(OP.reluGrad, buffers[call.y], buffers[call.dy], buffers[call.dx], this.program.buffers[call.y].rows);
      case 'softmaxLoss':
        return command(OP.softmaxLoss, buffers[call.logits], call.dlogits === null ? NONE : buffers[call.dlogits], call.classes, input.labels, input.metrics);
      case 'update':
        // One span covers all parameters: see `updateSpan`.
        return [];
      default:
        return call satisfies never;
    }
  }
}

const updateSpan = (arena: Arena, size: number): number[] => command(OP.update, arena.values, arena.momenta, arena.gradients, size);

/** The command lists of a program; `step` applies weight gradients as they are made and stores none of them. */
export function encodeProgram(program: Program, arena: Arena): Readonly<Record<'forward' | 'backward' | 'update' | 'step' | 'evaluate' | 'images', Int32Array>> {
  const plain = new Encoder(program, arena, false);
  const fusing = new Encoder(program, arena, true);
  const list = (encoder: Encoder, ...phases: (readonly Call[])[]): number[] => phases.flat().flatMap((call) => encoder.encode(call));
  const { input } = arena;
  const { channels, height, width } = program.network.input;
  return {
    forward: Int32Array.from(list(plain, program.forward)),
    backward: Int32Array.from(list(plain, program.backward)),
    update: Int32Array.from(updateSpan(arena, arena.learnable)),
    step: Int32Array.from([...list(fusing, program.forward, program.backward), ...updateSpan(arena, arena.vectors)]),
    evaluate: Int32Array.from(list(plain, program.evaluate)),
    images: Int32Array.from(command(OP.images, arena.buffers[program.input], input.staged, input.transforms, input.scaling, input.lines, channels, height, width)),
  };
}
