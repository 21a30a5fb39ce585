import type { Call, Program } from '../../engine/index.js';
import type { BlockMask } from '../../network/index.js';

/** The operations of message exchange; `weightGradUpdate` applies the gradient where it is made and stores none. */
export const exchangeOps = ['forward', 'inputGrad', 'weightGrad', 'weightGradUpdate'] as const;
export type ExchangeOp = (typeof exchangeOps)[number];

const [X, Y, DX] = [0, 1, 2];

/**
 * A program whose training step is one operation of one relational layer and nothing else. `evaluate` is the layer's
 * product: run once, it fills y, which the gradients read as dy. Of a `forward` program the forward phase, of the others
 * the backward phase does the work; `weightGradUpdate` fuses in the phase `step`.
 *
 * @param mask square: as many inputs as outputs, so that one input buffer serves every operation
 */
export function opProgram(mask: BlockMask, op: ExchangeOp, batch: number): Program {
  const { channels } = mask.output;
  const features = { channels, height: 1, width: 1 };
  const linear = { weight: 0, bias: null, inFeatures: mask.input.channels, outFeatures: channels, mask };
  const product: Call = { op: 'linear', x: X, y: Y, ...linear };
  const gradient: Call = op === 'inputGrad' ? { op: 'linearInputGrad', dy: Y, dx: DX, ...linear } : { op: 'linearWeightGrad', x: X, dy: Y, ...linear };
  const buffers = ['x', 'y', 'dx'].map((name, slot) => ({ name, rows: channels, perBatch: true, slot }));
  return {
    network: { arch: 'bench', graph: null, input: features, classes: channels, widths: [channels], layers: [{ kind: 'input', id: 'x', inputs: [], output: features }] },
    batch,
    buffers,
    slots: buffers.map(({ rows }) => rows),
    parameters: [{ name: 'w', layer: 'y', role: 'weight', learnable: true, shape: [channels, mask.input.channels], init: { kind: 'normal', std: 0.01 }, mask }],
    input: X,
    // What the operation makes, for whoever reads it.
    logits: op === 'inputGrad' ? DX : Y,
    forward: op === 'forward' ? [product] : [],
    backward: op === 'forward' ? [] : [gradient],
    update: [{ op: 'update', param: 0 }],
    evaluate: [product],
  };
}
