import { invariant, must, UserError } from '../core/errors.js';
import { foldBatchNorms, type Weighted } from '../engine/fold.js';
import type { ConvLayer, Layer, LinearLayer, Network } from '../network/types.js';
import type { Plane, Stage } from './types.js';

const ONE_PIXEL: Plane = { height: 1, width: 1 };
const ONE = { kernel: 1, stride: 1, padding: 0 };

/** What spikes cannot carry, in words, by the kind of layer. */
const REFUSED: Readonly<Partial<Record<Layer['kind'], string>>> = {
  attention: 'attention (a softmax of products of activations)',
  gate: 'squeeze-and-excitation (a product of activations)',
  layerNorm: 'layer normalisation (statistics of each sample)',
  position: 'position embeddings',
  maxPool: 'a max pool (the largest rate is no sum of spikes)',
  averagePool: 'an average pool inside the network',
  depthwise: 'depthwise convolutions',
  add: 'residual connections',
  batchNorm: 'a batch norm that cannot be folded into the layer before it',
};

/** Where a chain of layers has come to. */
interface Walk {
  readonly stages: Stage[];
  /** A linear layer or convolution whose activation has not come yet. */
  open: Omit<Stage, 'fires'> | null;
  pooled: Plane | null;
}

/**
 * The chain of linear layers and convolutions of a trained network, batch norms folded in.
 *
 * @throws UserError for layers that events cannot carry, all of them by name
 */
export function stagesOf(weighted: Weighted): Stage[] {
  checkCarried(weighted.network);
  const { network, weights } = foldBatchNorms(weighted);
  checkCarried(network, 'after folding');
  const walk: Walk = { stages: [], open: null, pooled: null };
  for (const layer of network.layers) {
    if (layer.kind === 'linear' || layer.kind === 'conv') {
      refuseWhen(walk.open !== null, layer, 'two linear layers without a ReLU between them');
      walk.open = openStage(layer, network, weights, walk.pooled);
      walk.pooled = null;
    } else if (layer.kind === 'activation') {
      refuseWhen(walk.open === null, layer, 'a ReLU behind no linear layer');
      walk.stages.push({ ...must(walk.open ?? undefined), fires: true });
      walk.open = null;
    } else if (layer.kind === 'globalPool') {
      refuseWhen(walk.open !== null, layer, 'a global pool of numbers before their ReLU');
      const before = must(network.layers.find(({ id }) => id === layer.inputs[0]));
      walk.pooled = { height: before.output.height, width: before.output.width };
    }
  }
  invariant(walk.open !== null, 'a network ends with a linear layer');
  return [...walk.stages, { ...walk.open, fires: false }];
}

function openStage(
  layer: LinearLayer | ConvLayer,
  { layers }: Network,
  weights: Weighted['weights'],
  pooled: Plane | null,
): Omit<Stage, 'fires'> {
  const { kind, output: from } = must(layers.find(({ id }) => id === layer.inputs[0]));
  const plane = layer.kind === 'conv';
  const flattens = !plane && kind !== 'input' && from.height * from.width > 1;
  refuseWhen(flattens, layer, 'a linear layer that reads each pixel of a plane of neurons');
  const input = plane ? from : { channels: layer.inFeatures, ...ONE_PIXEL };
  const bias = weights.get(`${layer.id}.bias`);
  return {
    id: layer.id,
    input,
    output: layer.output,
    window: plane ? layer.window : ONE,
    mask: layer.mask,
    weights: Float64Array.from(must(weights.get(`${layer.id}.weight`), layer.id).data),
    bias: bias ? Float64Array.from(bias.data) : new Float64Array(layer.output.channels),
    pooled: pooled ?? ONE_PIXEL,
  };
}

function checkCarried({ layers, arch }: Network, when = ''): void {
  const kinds = new Map<string, string>();
  for (const layer of layers) {
    const what =
      layer.kind === 'activation' && layer.function !== 'relu'
        ? `${layer.function} activations`
        : when === '' && layer.kind === 'batchNorm'
          ? undefined
          : REFUSED[layer.kind];
    if (what !== undefined && !kinds.has(what)) kinds.set(what, layer.id);
  }
  if (kinds.size === 0) return;
  const list = [...kinds].map(([what, id]) => `${what} (${id})`).join(', ');
  throw new UserError(
    `events cannot carry what ${arch} has: ${list}; what they carry are chains of linear layers ` +
      'and convolutions with batch norm and ReLU, and a global pool before the head: the ' +
      'architectures mlp and cnn (with its small stem)',
  );
}

function refuseWhen(refused: boolean, { id }: Layer, what: string): void {
  if (refused)
    throw new UserError(
      `events cannot carry ${what} (${id}); what they carry are chains of linear layers and ` +
        'convolutions, each with a ReLU behind it but the last: the architectures mlp and cnn',
    );
}
