import { InternalError, must } from '../../../core/errors.js';
import type { ActivationFunction, Layer } from '../../../network/types.js';
import { isDense } from '../blocks.js';
import type { Form } from '../types.js';
import { attentionNodes } from './attention.js';
import type { GraphDraft } from './graph.js';
import { gatheredConv, gatheredLinear, windowAttributes } from './relational.js';

/** What of a value its readers must know: whether it is a vector, or has a plane. */
interface Value {
  readonly name: string;
  readonly flat: boolean;
}

type LayerOf<K extends Layer['kind']> = Extract<Layer, { readonly kind: K }>;

/**
 * Writes the layers of a network as operations, each called as the layer, and gives the name of the
 * logits.
 */
export function writeLayers(
  draft: GraphDraft,
  layers: readonly Layer[],
  images: string,
  form: Form,
): string {
  const values = new Map<string, Value>();
  let last = images;
  for (const layer of layers) {
    const inputs = layer.inputs.map((id) => must(values.get(id), id));
    const [first] = inputs;
    const flat = layer.kind === 'linear' || (first?.flat ?? false);
    last = layer.kind === 'input' ? images : write(draft, layer, inputs, form);
    values.set(layer.id, { name: last, flat });
  }
  return last;
}

function write(
  draft: GraphDraft,
  layer: Exclude<Layer, { readonly kind: 'input' }>,
  inputs: readonly Value[],
  form: Form,
): string {
  const names = inputs.map(({ name }) => name);
  const x = must(inputs[0]);
  const { id } = layer;
  switch (layer.kind) {
    case 'linear':
      return linear(draft, layer, x, form);
    case 'conv':
      return form === 'gather' && !isDense(layer.mask)
        ? gatheredConv(draft, { ...layer, mask: layer.mask }, x.name)
        : denseConv(draft, layer, x.name);
    case 'depthwise':
      return depthwise(draft, layer, x.name);
    case 'batchNorm':
      return draft.add(
        'BatchNormalization',
        id,
        [x.name, ...parameters(draft, id, ['weight', 'bias', 'running_mean', 'running_var'])],
        { epsilon: { float: layer.eps } },
      );
    case 'layerNorm':
      return layerNorm(draft, layer, x.name);
    case 'activation':
      return activation(draft, id, x.name, layer.function);
    case 'maxPool':
      return draft.add('MaxPool', id, names, windowAttributes(layer.window));
    case 'averagePool':
      return draft.add('AveragePool', id, names, {
        ...windowAttributes(layer.window),
        count_include_pad: { int: 1 },
      });
    case 'globalPool':
      return draft.add('GlobalAveragePool', id, names);
    case 'add':
      return draft.add('Add', id, names);
    case 'gate':
      return draft.add('Mul', id, names);
    case 'position':
      // The parameter itself is called as the layer.
      return draft.add('Add', `${id}.added`, [x.name, draft.parameter(id)]);
    case 'attention':
      return attentionNodes(draft, layer, names);
    default:
      throw new InternalError(`no operation of ONNX for ${String(layer satisfies never)}`);
  }
}

const parameters = (draft: GraphDraft, id: string, names: readonly string[]): string[] =>
  names.map((name) => draft.parameter(`${id}.${name}`));

function linear(draft: GraphDraft, layer: LayerOf<'linear'>, x: Value, form: Form): string {
  const { id, bias, mask } = layer;
  const vector = x.flat ? x.name : draft.add('Flatten', `${id}.vector`, [x.name]);
  if (form === 'gather' && !isDense(mask)) return gatheredLinear(draft, { id, bias, mask }, vector);
  const inputs = [vector, ...parameters(draft, id, bias ? ['weight', 'bias'] : ['weight'])];
  return draft.add('Gemm', id, inputs, { transB: { int: 1 } });
}

function denseConv(draft: GraphDraft, { id, bias, window }: LayerOf<'conv'>, x: string): string {
  const inputs = [x, ...parameters(draft, id, bias ? ['weight', 'bias'] : ['weight'])];
  return draft.add('Conv', id, inputs, windowAttributes(window));
}

/** With a bias where a batch norm was folded into it. */
function depthwise(
  draft: GraphDraft,
  { id, window, output }: LayerOf<'depthwise'>,
  x: string,
): string {
  const names = draft.weights.has(`${id}.bias`) ? ['weight', 'bias'] : ['weight'];
  return draft.add('Conv', id, [x, ...parameters(draft, id, names)], {
    ...windowAttributes(window),
    group: { int: output.channels },
  });
}

/** Channels go last for it, and back. */
function layerNorm(draft: GraphDraft, { id, eps }: LayerOf<'layerNorm'>, x: string): string {
  const last = draft.add('Transpose', `${id}.last`, [x], { perm: [0, 2, 3, 1] });
  const normed = draft.add(
    'LayerNormalization',
    `${id}.normed`,
    [last, ...parameters(draft, id, ['weight', 'bias'])],
    { axis: { int: -1 }, epsilon: { float: eps } },
  );
  return draft.add('Transpose', id, [normed], { perm: [0, 3, 1, 2] });
}

function activation(draft: GraphDraft, id: string, x: string, name: ActivationFunction): string {
  switch (name) {
    case 'relu':
      return draft.add('Relu', id, [x]);
    case 'sigmoid':
      return draft.add('Sigmoid', id, [x]);
    case 'swish':
      return draft.add('Mul', id, [x, draft.add('Sigmoid', `${id}.sigmoid`, [x])]);
    case 'gelu': {
      // x (1 + erf(x / sqrt 2)) / 2
      const scaled = draft.add('Mul', `${id}.scaled`, [x, draft.scalar('sqrt_half', Math.SQRT1_2)]);
      const erf = draft.add('Erf', `${id}.erf`, [scaled]);
      const twice = draft.add('Add', `${id}.twice`, [erf, draft.scalar('one', 1)]);
      const half = draft.add('Mul', `${id}.half`, [x, draft.scalar('half', 0.5)]);
      return draft.add('Mul', id, [half, twice]);
    }
    case 'stairs-2':
    case 'stairs-4':
    case 'stairs-8':
    case 'stairs-16':
      throw new InternalError('networks with stairs are trained and not kept, so never exported');
    default:
      throw new InternalError(`no operation of ONNX for ${String(name satisfies never)}`);
  }
}
