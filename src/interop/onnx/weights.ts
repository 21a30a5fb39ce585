import { must, UserError } from '../../core/errors.js';
import { elements, type Tensor } from '../../core/tensor.js';
import { type OnnxNode, type OnnxTensor, readOnnx } from './model.js';

/** Names that a message lists. */
const LISTED = 5;

/**
 * The weights of the linear layers and convolutions in a file of ONNX, in the order of its nodes, by the
 * names of its constants: `[out, in]`, of a convolution the window behind. Convolutions in groups,
 * whose outputs do not read all inputs, are left out.
 *
 * @param what the file's name, for messages
 * @throws UserError where it is no ONNX file, has no such weights, or their numbers are not in it
 */
export function onnxWeights(bytes: Uint8Array, what: string): Map<string, Tensor> {
  const model = readOnnx(bytes, what);
  const inside = new Map<string, OnnxTensor>(model.constants);
  for (const { op, outputs, tensors } of model.nodes) {
    const value = tensors.get('value');
    if (op === 'Constant' && value !== undefined && outputs[0] !== undefined)
      inside.set(outputs[0], value);
  }
  const weights = new Map<string, Tensor>();
  for (const node of model.nodes) {
    const name = node.inputs[1] ?? '';
    const constant = inside.get(name);
    const turned = constant === undefined ? null : orderOf(node, constant);
    if (constant === undefined || turned === null) continue;
    const data = constant.floats();
    if (data === null || data.length !== elements(constant.shape))
      throw new UserError(
        `weights are read as floats of 32 or 64 bits that lie in the file, but ${what} has ${name} ` +
          'otherwise; export it in one file, in float32',
      );
    weights.set(name, turned ? transposed(constant.shape, data) : { shape: constant.shape, data });
  }
  if (weights.size > 0) return weights;
  const ops = [...new Set(model.nodes.map(({ op }) => op))];
  throw new UserError(
    `${what} has no linear layer and no convolution whose weights are constants; its operators are ` +
      `${ops.slice(0, LISTED).join(', ')}${ops.length > LISTED ? ' and more' : ''}`,
  );
}

/** Whether a node's weights are turned, inputs first; null of other nodes. */
function orderOf({ op, ints }: OnnxNode, { shape }: OnnxTensor): boolean | null {
  if (op === 'Conv') return (ints.get('group')?.[0] ?? 1) === 1 && shape.length > 2 ? false : null;
  if (shape.length !== 2) return null;
  if (op === 'MatMul') return true;
  return op === 'Gemm' ? ints.get('transB')?.[0] !== 1 : null;
}

function transposed(shape: readonly number[], data: Float32Array | Float64Array): Tensor {
  const [rows = 1, columns = 1] = shape;
  const made = data.slice();
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      made[column * rows + row] = must(data[row * columns + column]);
  return { shape: [columns, rows], data: made };
}
