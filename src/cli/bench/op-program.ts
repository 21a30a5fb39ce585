import type { Shape } from '../../core/shape.js';
import type { Call } from '../../engine/calls.js';
import type { BufferInfo, Program } from '../../engine/types.js';
import type { BlockMask, Window } from '../../network/types.js';

/**
 * The operations of message exchange; `weightGradUpdate` applies the gradient where it is made and
 * stores none.
 */
export const exchangeOps = ['forward', 'inputGrad', 'weightGrad', 'weightGradUpdate'] as const;
export type ExchangeOp = (typeof exchangeOps)[number];
/** Of convolutions, whose gradients are always stored. */
export const convOps = ['forward', 'inputGrad', 'weightGrad'] as const;

/**
 * One layer to measure: as many outputs as inputs, so that one buffer's shape serves every
 * operation.
 */
export type OpLayer =
  | { readonly kind: 'linear'; readonly mask: BlockMask }
  | {
      readonly kind: 'conv';
      readonly mask: BlockMask;
      readonly side: number;
      readonly window: Window;
    }
  | {
      readonly kind: 'depthwise';
      readonly channels: number;
      readonly side: number;
      readonly window: Window;
    };

const [X, Y, DX] = [0, 1, 2];

/**
 * The layer's forward call, its two gradients, the shape of its activations and that of its weight.
 */
interface OpCalls {
  readonly product: Call;
  readonly inputGrad: Call;
  readonly weightGrad: Call;
  readonly shape: Shape;
  readonly weight: readonly number[];
}

function callsOf(layer: OpLayer): OpCalls {
  if (layer.kind === 'linear') {
    const { mask } = layer;
    const { channels } = mask.output;
    const linear = {
      weight: 0,
      bias: null,
      inFeatures: mask.input.channels,
      outFeatures: channels,
      mask,
    };
    return {
      product: { op: 'linear', x: X, y: Y, ...linear },
      inputGrad: { op: 'linearInputGrad', dy: Y, dx: DX, accumulate: false, ...linear },
      weightGrad: { op: 'linearWeightGrad', x: X, dy: Y, ...linear },
      shape: { channels, height: 1, width: 1 },
      weight: [channels, mask.input.channels],
    };
  }
  const { side, window } = layer;
  const channels = layer.kind === 'conv' ? layer.mask.output.channels : layer.channels;
  const shape = { channels, height: side, width: side };
  const planes = {
    window,
    inHeight: side,
    inWidth: side,
    outHeight: side,
    outWidth: side,
    weight: 0,
  };
  if (layer.kind === 'conv') {
    const conv = {
      ...planes,
      bias: null,
      inChannels: layer.mask.input.channels,
      outChannels: channels,
      mask: layer.mask,
    };
    return {
      product: { op: 'conv', x: X, y: Y, ...conv },
      inputGrad: { op: 'convInputGrad', dy: Y, dx: DX, accumulate: false, ...conv },
      weightGrad: { op: 'convWeightGrad', x: X, dy: Y, ...conv },
      shape,
      weight: [channels, layer.mask.input.channels, window.kernel, window.kernel],
    };
  }
  return {
    product: { op: 'depthwise', x: X, y: Y, ...planes, channels },
    inputGrad: { op: 'depthwiseInputGrad', dy: Y, dx: DX, accumulate: false, ...planes, channels },
    weightGrad: { op: 'depthwiseWeightGrad', x: X, dy: Y, ...planes, channels },
    shape,
    weight: [channels, 1, window.kernel, window.kernel],
  };
}

/**
 * A program whose training step is one operation of one layer and nothing else. `evaluate` is the
 * layer's product: run once, it fills y, which the gradients read as dy. Of a `forward` program the
 * forward phase, of the others the backward phase does the work; `weightGradUpdate` fuses in the
 * phase `step`.
 */
export function opProgram(layer: OpLayer, op: ExchangeOp, batch: number): Program {
  const { product, inputGrad, weightGrad, shape, weight } = callsOf(layer);
  const rows = shape.channels * shape.height * shape.width;
  const buffers = ['x', 'y', 'dx'].map((name, slot): BufferInfo => ({
    name,
    rows,
    shape,
    perBatch: true,
    slot,
  }));
  const mask = layer.kind === 'depthwise' ? null : layer.mask;
  return {
    network: {
      arch: 'bench',
      graph: null,
      input: shape,
      classes: rows,
      widths: [shape.channels],
      layers: [{ kind: 'input', id: 'x', inputs: [], output: shape }],
    },
    batch,
    inference: false,
    buffers,
    slots: buffers.map(() => rows),
    parameters: [
      {
        name: 'w',
        layer: 'y',
        role: 'weight',
        learnable: true,
        shape: weight,
        init: { kind: 'normal', std: 0.01 },
        mask,
      },
    ],
    input: X,
    // What the operation makes, for whoever reads it.
    logits: op === 'inputGrad' ? DX : Y,
    forward: op === 'forward' ? [product] : [],
    backward: op === 'forward' ? [] : [op === 'inputGrad' ? inputGrad : weightGrad],
    update: [{ op: 'update', param: 0 }],
    statistics: [],
    evaluate: [product],
  };
}
