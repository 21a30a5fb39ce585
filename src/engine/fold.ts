import { invariant, must } from '../core/errors.js';
import type { Tensor } from '../core/tensor.js';
import type { BatchNormLayer, Layer, Network } from '../network/types.js';

/** A network with its weights. */
export interface Weighted {
  readonly network: Network;
  readonly weights: ReadonlyMap<string, Tensor>;
}

/** Layers that a batch norm behind them can be folded into: all that are linear in each channel. */
type Foldable = Extract<Layer, { readonly kind: 'linear' | 'conv' | 'depthwise' }>;

/**
 * The same function in evaluation without batch norms: scale and shift of each go into weights and
 * bias of the linear layer or convolution before it; a depthwise one then has a bias among the
 * weights. One behind another kind of layer, or behind one that others read too, stays.
 */
export function foldBatchNorms({ network, weights }: Weighted): Weighted {
  const byId = new Map(network.layers.map((layer) => [layer.id, layer]));
  const readers = new Map<string, number>();
  for (const id of network.layers.flatMap(({ inputs }) => inputs))
    readers.set(id, (readers.get(id) ?? 0) + 1);
  const folded = new Map(weights);
  /** What others read instead of a folded batch norm. */
  const stands = new Map<string, string>();
  const layers = new Map<string, Layer>();
  for (const layer of network.layers) {
    const inputs = layer.inputs.map((id) => stands.get(id) ?? id);
    const before = layer.kind === 'batchNorm' ? byId.get(must(layer.inputs[0])) : undefined;
    if (
      layer.kind === 'batchNorm' &&
      before &&
      isFoldable(before) &&
      readers.get(before.id) === 1
    ) {
      foldInto(before, layer, folded);
      const linear = must(layers.get(before.id));
      if ('bias' in linear) layers.set(before.id, { ...linear, bias: true });
      stands.set(layer.id, before.id);
    } else layers.set(layer.id, { ...layer, inputs });
  }
  return { network: { ...network, layers: [...layers.values()] }, weights: folded };
}

const isFoldable = (layer: Layer): layer is Foldable =>
  layer.kind === 'linear' || layer.kind === 'conv' || layer.kind === 'depthwise';

/** w becomes w gamma / sqrt(var + eps), the bias (b - mean) gamma / sqrt(var + eps) + beta. */
function foldInto(layer: Foldable, norm: BatchNormLayer, weights: Map<string, Tensor>): void {
  const of = (name: string): Tensor => must(weights.get(name), name);
  const take = (name: string): Float64Array => {
    const values = Float64Array.from(of(`${norm.id}.${name}`).data);
    weights.delete(`${norm.id}.${name}`);
    return values;
  };
  const [gamma, beta] = [take('weight'), take('bias')];
  const [mean, variance] = [take('running_mean'), take('running_var')];
  const weight = of(`${layer.id}.weight`);
  const bias = 'bias' in layer && layer.bias ? of(`${layer.id}.bias`).data : null;
  const size = weight.data.length / gamma.length;
  invariant(Number.isInteger(size), `batch norm ${norm.id} does not fit ${layer.id}`);
  const scale = gamma.map((value, c) => value / Math.sqrt(must(variance[c]) + norm.eps));
  const data = Float64Array.from(weight.data);
  scale.forEach((factor, c) => {
    for (let at = c * size; at < (c + 1) * size; at++) data[at] = must(data[at]) * factor;
  });
  const shift = beta.map((value, c) => value + ((bias?.[c] ?? 0) - must(mean[c])) * must(scale[c]));
  weights.set(`${layer.id}.weight`, { shape: weight.shape, data });
  weights.set(`${layer.id}.bias`, { shape: [shift.length], data: shift });
}
