import { invariant } from '../../../core/errors.js';
import type { Call, CallOf, ParamId, Windowed } from '../../calls.js';
import type { Phase, Program } from '../../types.js';
import { type Arena, isTransposed, type PlacedTable, storedRows, windowKey } from './arena.js';
import { encodePlane } from './encode-plane.js';
import { bits, command, doubleBits, NONE, OP } from './opcodes.js';

const ACTIVATIONS = { none: 0, relu: 1, swish: 2, sigmoid: 3, gelu: 4 } as const;

/**
 * Turns calls into the words of native/run.h. `fused`: weight gradients of linear layers are
 * applied where they are made.
 */
export class Encoder {
  constructor(
    readonly program: Program,
    readonly arena: Arena,
    private readonly fused: boolean,
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

  /** Rows of a buffer in memory, those between pixels included. */
  rows(id: number): number {
    return storedRows(this.program.buffers[id]);
  }

  /** The operands of WINDOWS in native/run.h. */
  windows(call: Windowed & { readonly op: Call['op'] }): number[] {
    const placed = this.arena.windows.get(windowKey(call, isTransposed(call.op)));
    invariant(placed !== undefined, `${call.op} without its windows`);
    return [
      placed.rows,
      placed.columns,
      placed.kernel,
      placed.outHeight,
      placed.outWidth,
      placed.inWidth,
    ];
  }

  private linear(x: number, y: number, call: CallOf<'linear' | 'linearInputGrad'>): number[] {
    const { forward, transposed } = this.arena.parameters[call.weight];
    const back = call.op === 'linearInputGrad';
    const table = placedTable(back ? transposed : forward);
    const bias = back ? NONE : this.value(call.bias);
    return command(
      OP.product,
      this.buffer(y),
      this.buffer(x),
      this.value(call.weight),
      bias,
      table.at,
      table.groups,
      Number(back),
      Number(back && call.accumulate),
      this.rows(y),
    );
  }

  private linearWeightGrad(call: CallOf<'linearWeightGrad'>): number[] {
    const { forward, at } = this.arena.parameters[call.weight];
    const table = placedTable(forward);
    const { values, gradients, momenta, scratch } = this.arena;
    const words = command(
      OP.weightGrad,
      this.buffer(call.x),
      this.buffer(call.dy),
      values + at,
      momenta + at,
      gradients + at,
      scratch,
      table.at,
      table.groups,
      call.outFeatures,
      Number(this.fused),
    );
    if (call.bias !== null)
      words.push(
        ...command(
          OP.planeSums,
          this.buffer(call.dy),
          this.gradient(call.bias),
          call.outFeatures,
          1,
        ),
      );
    return words;
  }

  private conv(call: CallOf<'conv'>): number[] {
    const { forward } = this.arena.parameters[call.weight];
    const table = placedTable(forward);
    return command(
      OP.conv,
      this.buffer(call.y),
      this.buffer(call.x),
      this.value(call.weight),
      this.value(call.bias),
      table.at,
      table.groups,
      0,
      this.arena.zeros,
      1,
      ...this.windows(call),
      call.inChannels,
      call.outChannels,
    );
  }

  /** Over weights that are transposed first; pixels that share taps lie `stride` apart. */
  private convInputGrad(call: CallOf<'convInputGrad'>): number[] {
    const { transposed, transposedWeights: copy, size } = this.arena.parameters[call.weight];
    const table = placedTable(transposed);
    invariant(copy !== null, 'an input gradient without transposed weights');
    const turn = command(OP.turn, this.value(call.weight), copy.at, copy.order, size);
    const conv = command(
      OP.conv,
      this.buffer(call.dx),
      this.buffer(call.dy),
      copy.at,
      NONE,
      table.at,
      table.groups,
      Number(call.accumulate),
      this.arena.zeros,
      call.window.stride,
      ...this.windows(call),
      call.outChannels,
      call.inChannels,
    );
    return [...turn, ...conv];
  }

  private convWeightGrad(call: CallOf<'convWeightGrad'>): number[] {
    const table = placedTable(this.arena.parameters[call.weight].forward);
    const words = command(
      OP.convWeightGrad,
      this.buffer(call.x),
      this.buffer(call.dy),
      this.gradient(call.weight),
      table.at,
      table.groups,
      ...shapeOf(call, call.inChannels, call.outChannels),
    );
    if (call.bias !== null)
      words.push(
        ...command(
          OP.planeSums,
          this.buffer(call.dy),
          this.gradient(call.bias),
          call.outChannels,
          call.outHeight * call.outWidth,
        ),
      );
    return words;
  }

  private depthwise(
    x: number,
    y: number,
    call: CallOf<'depthwise' | 'depthwiseInputGrad'>,
  ): number[] {
    const accumulate = Number(call.op === 'depthwiseInputGrad' && call.accumulate);
    return command(
      OP.depthwise,
      this.buffer(y),
      this.buffer(x),
      this.value(call.weight),
      call.channels,
      accumulate,
      ...this.windows(call),
    );
  }

  private batchNorm(
    call: CallOf<'batchNormTrain' | 'batchNormEval' | 'batchNormStatistics' | 'batchNormGrad'>,
  ): number[] {
    const act = ACTIVATIONS[call.activation ?? 'none'];
    const affine = [call.channels, call.plane, this.value(call.gamma), this.value(call.beta), act];
    const running = [this.value(call.runningMean), this.value(call.runningVar)];
    const saved = [this.buffer(call.savedMean), this.buffer(call.savedInvStd)];
    const xy = [this.buffer(call.x), this.buffer(call.y)];
    switch (call.op) {
      case 'batchNormTrain':
        return command(
          OP.normTrain,
          ...xy,
          this.buffer(call.residual),
          ...affine,
          ...running,
          ...saved,
          bits(call.eps),
          bits(call.momentum),
        );
      case 'batchNormStatistics':
        return command(
          OP.normStatistics,
          ...xy,
          this.buffer(call.residual),
          ...affine,
          ...running,
          ...saved,
          bits(call.eps),
          this.buffer(call.sums),
          bits(call.momentum),
          ...doubleBits(call.momentum),
        );
      case 'batchNormEval':
        return command(
          OP.normEval,
          ...xy,
          this.buffer(call.residual),
          ...affine,
          ...running,
          bits(call.eps),
        );
      case 'batchNormGrad':
        return command(
          OP.normGrad,
          ...xy,
          this.buffer(call.dy),
          this.buffer(call.dx),
          this.buffer(call.dresidual),
          Number(call.accumulate),
          ...affine,
          ...saved,
          this.gradient(call.gamma),
          this.gradient(call.beta),
        );
      default:
        return call satisfies never;
    }
  }

  encode(call: Call): number[] {
    switch (call.op) {
      case 'linear':
        return this.linear(call.x, call.y, call);
      case 'linearInputGrad':
        return this.linear(call.dy, call.dx, call);
      case 'linearWeightGrad':
        return this.linearWeightGrad(call);
      case 'conv':
        return this.conv(call);
      case 'convInputGrad':
        return this.convInputGrad(call);
      case 'convWeightGrad':
        return this.convWeightGrad(call);
      case 'depthwise':
        return this.depthwise(call.x, call.y, call);
      case 'depthwiseInputGrad':
        return this.depthwise(call.dy, call.dx, call);
      case 'depthwiseWeightGrad':
        return command(
          OP.depthwiseWeightGrad,
          this.buffer(call.x),
          this.buffer(call.dy),
          this.gradient(call.weight),
          ...shapeOf(call, call.channels, call.channels),
        );
      case 'batchNormTrain':
      case 'batchNormEval':
      case 'batchNormStatistics':
      case 'batchNormGrad':
        return this.batchNorm(call);
      case 'layerNorm':
        return command(
          OP.layerNorm,
          this.buffer(call.x),
          this.buffer(call.y),
          call.channels,
          call.plane,
          this.value(call.gamma),
          this.value(call.beta),
          bits(call.eps),
        );
      case 'layerNormGrad':
        return command(
          OP.layerNormGrad,
          this.buffer(call.x),
          this.buffer(call.dy),
          this.buffer(call.dx),
          call.channels,
          call.plane,
          this.value(call.gamma),
          bits(call.eps),
          this.gradient(call.gamma),
          this.gradient(call.beta),
        );
      case 'activation':
        return command(
          OP.activation,
          ACTIVATIONS[call.function],
          this.buffer(call.x),
          this.buffer(call.y),
          this.rows(call.x),
        );
      case 'activationGrad':
        return command(
          OP.activationGrad,
          ACTIVATIONS[call.function],
          this.buffer(call.x),
          this.buffer(call.y),
          this.buffer(call.dy),
          this.buffer(call.dx),
          this.rows(call.y),
        );
      case 'softmaxLoss':
        return command(
          OP.softmaxLoss,
          this.buffer(call.logits),
          this.buffer(call.dlogits),
          call.classes,
          this.arena.input.labels,
          this.arena.input.metrics,
          bits(call.smoothing),
        );
      case 'update':
        // One span covers all parameters: see `updateSpan`.
        return [];
      default:
        return encodePlane(this, call);
    }
  }
}

function placedTable(table: PlacedTable | null): PlacedTable {
  invariant(table !== null, 'a product without its table');
  return table;
}

/** The operands of CONV_SHAPE in native/run.h. */
function shapeOf(
  { window, inHeight, inWidth, outHeight, outWidth }: Windowed,
  inChannels: number,
  outChannels: number,
): number[] {
  return [
    window.kernel,
    window.stride,
    window.padding,
    inHeight,
    inWidth,
    outHeight,
    outWidth,
    inChannels,
    outChannels,
  ];
}

const updateSpan = (arena: Arena, size: number): number[] =>
  command(OP.update, arena.values, arena.momenta, arena.gradients, size);

/**
 * The command lists of a program; `step` applies linear weight gradients as they are made and
 * stores none of them.
 */
export function encodeProgram(
  program: Program,
  arena: Arena,
): Readonly<Record<Phase | 'images', Int32Array>> {
  const plain = new Encoder(program, arena, false);
  const fusing = new Encoder(program, arena, true);
  const list = (encoder: Encoder, ...phases: (readonly Call[])[]): number[] =>
    phases.flat().flatMap((call) => encoder.encode(call));
  const { input } = arena;
  const { channels, height, width } = program.network.input;
  return {
    forward: Int32Array.from(list(plain, program.forward)),
    backward: Int32Array.from(list(plain, program.backward)),
    update: Int32Array.from(updateSpan(arena, arena.learnable)),
    step: Int32Array.from([
      ...list(fusing, program.forward, program.backward),
      ...updateSpan(arena, arena.vectors),
    ]),
    evaluate: Int32Array.from(list(plain, program.evaluate)),
    statistics: Int32Array.from(list(plain, program.statistics)),
    images: Int32Array.from(
      command(
        OP.images,
        arena.buffers[program.input],
        input.staged,
        input.transforms,
        input.scaling,
        input.lines,
        channels,
        height,
        width,
      ),
    ),
  };
}
