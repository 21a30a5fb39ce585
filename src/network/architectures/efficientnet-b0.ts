import { must } from '../../core/errors.js';
import type { Network } from '../types.js';
import { type Architecture, type BuildRequest, STEMS } from './architecture.js';
import { Draft, type Source } from './draft.js';

const STEM_WIDTH = 32;
const HEAD_WIDTH = 1280;

/**
 * Table 1 of Tan & Le 2019: output channels, blocks, expansion ratio, window and stride of each
 * stage.
 */
const STAGES = [
  { channels: 16, blocks: 1, ratio: 1, kernel: 3, stride: 1 },
  { channels: 24, blocks: 2, ratio: 6, kernel: 3, stride: 2 },
  { channels: 40, blocks: 2, ratio: 6, kernel: 5, stride: 2 },
  { channels: 80, blocks: 3, ratio: 6, kernel: 3, stride: 2 },
  { channels: 112, blocks: 3, ratio: 6, kernel: 5, stride: 1 },
  { channels: 192, blocks: 4, ratio: 6, kernel: 5, stride: 2 },
  { channels: 320, blocks: 1, ratio: 6, kernel: 3, stride: 1 },
] as const;

interface BlockPlan {
  readonly channels: number;
  /** Channels that the block expands its input to; null: it does not. */
  readonly expansion: number | null;
  readonly kernel: number;
  readonly stride: number;
}

/** EfficientNet-B0 of Tan & Le 2019; relational: expansions and projections (You et al. 2020). */
export const efficientnetB0: Architecture = {
  name: 'efficientnet-b0',
  meaning:
    'EfficientNet-B0: relational 1x1 expansions and projections; dense stem, depthwise, ' +
    'squeeze-and-excitation and head.',
  stems: STEMS,
  baselineWidths: STAGES.map(({ channels }) => channels),
  relationalStages: STAGES.map(({ blocks, ratio }) => blocks * (ratio === 1 ? 1 : 2)),
  training: {
    epochs: 100,
    batch: 512,
    learningRate: 0.2,
    momentum: 0.9,
    weightDecay: 5e-5,
    schedule: 'cosine',
  },
  build: buildEfficientNet,
};

/**
 * Layers are named as in the official checkpoints: `stem.conv`, `stem.bn`, `s1.b1.dwise`,
 * `s1.b1.se.f_ex.0`, ..., `head.conv`, `head.fc`.
 */
function buildEfficientNet(request: BuildRequest): Network {
  const draft = new Draft(request);
  let at = swishConv(draft, 'stem', draft.input, {
    channels: STEM_WIDTH,
    kernel: 3,
    stride: request.stem === 'imagenet' ? 2 : 1,
  });
  STAGES.forEach(({ channels: base, blocks, ratio, kernel, stride }, stage) => {
    for (let block = 1; block <= blocks; block++) {
      // As in graph2nn: relational blocks expand to a fixed width, the stage's base width times the
      // ratio; dense ones to their input times the ratio.
      const expansion =
        ratio === 1 ? null : (request.relational === null ? at.output.channels : base) * ratio;
      at = addBlock(draft, `s${stage + 1}.b${block}`, at, {
        channels: must(request.widths[stage]),
        expansion,
        kernel,
        stride: block === 1 ? stride : 1,
      });
    }
  });
  const conv = draft.batchNorm(
    'head.conv_bn',
    draft.conv('head.conv', at, { channels: HEAD_WIDTH, kernel: 1 }),
  );
  draft.pooledHead(draft.activation('head.conv_swish', conv, 'swish'));
  return draft.finish(efficientnetB0);
}

/** The stem: convolution, batch norm, swish. */
function swishConv(
  draft: Draft,
  id: string,
  from: Source,
  options: { channels: number; kernel: number; stride: number },
): Source {
  return draft.activation(
    `${id}.swish`,
    draft.batchNorm(`${id}.bn`, draft.conv(`${id}.conv`, from, options)),
    'swish',
  );
}

/**
 * Inverted bottleneck: expansion, depthwise, squeeze-and-excitation, projection without an
 * activation; plus the input where the shape is the same.
 */
function addBlock(draft: Draft, id: string, from: Source, plan: BlockPlan): Source {
  const { channels, expansion, kernel, stride } = plan;
  const normed = (name: string, conv: Source): Source =>
    draft.activation(`${id}.${name}_swish`, draft.batchNorm(`${id}.${name}_bn`, conv), 'swish');
  const expanded =
    expansion === null
      ? from
      : normed(
          'expand',
          draft.conv(`${id}.expand`, from, {
            channels: expansion,
            kernel: 1,
            graph: draft.nextGraph(),
          }),
        );
  const filtered = normed('dwise', draft.depthwise(`${id}.dwise`, expanded, kernel, stride));
  const excited = squeezeAndExcite(
    draft,
    `${id}.se`,
    filtered,
    Math.max(1, Math.floor(from.output.channels / 4)),
  );
  const projected = draft.batchNorm(
    `${id}.lin_proj_bn`,
    draft.conv(`${id}.lin_proj`, excited, { channels, kernel: 1, graph: draft.nextGraph() }),
  );
  return stride === 1 && channels === from.output.channels
    ? draft.add(`${id}.add`, from, projected)
    : projected;
}

/**
 * Every channel times a number in 0..1 that two small dense layers make of all channels' means (Hu
 * et al. 2018).
 */
function squeezeAndExcite(draft: Draft, id: string, from: Source, squeezed: number): Source {
  const squeeze = draft.conv(`${id}.f_ex.0`, draft.globalPool(`${id}.avg_pool`, from), {
    channels: squeezed,
    kernel: 1,
    bias: true,
  });
  const excite = draft.conv(`${id}.f_ex.2`, draft.activation(`${id}.f_ex.1`, squeeze, 'swish'), {
    channels: from.output.channels,
    kernel: 1,
    bias: true,
  });
  return draft.gate(`${id}.gate`, from, draft.activation(`${id}.f_ex.3`, excite, 'sigmoid'));
}
