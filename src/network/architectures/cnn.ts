import type { Network } from '../types.js';
import { type Architecture, type BuildRequest, IMAGENET_TRAINING, STEMS } from './architecture.js';
import { Draft, type Source } from './draft.js';

const STEM_WIDTH = 64;
const BLOCKS = 2;

/**
 * The plain convolutional network of You et al. 2020, section 5.1: six 3x3 convolutions in three
 * stages.
 */
export const cnn: Architecture = {
  name: 'cnn',
  meaning:
    `Plain 8-layer convolutional network: dense 3x3 stem of ${STEM_WIDTH}, six relational ` +
    '3x3 convolutions in three stages, dense head.',
  stems: STEMS,
  baselineWidths: [64, 128, 256],
  relationalStages: [BLOCKS, BLOCKS, BLOCKS],
  training: IMAGENET_TRAINING,
  build: buildCnn,
};

/**
 * Layers are named as in the official checkpoints: `s1.conv`, `s1.bn`, `s2.b1.a`, `s2.b1.a_bn`,
 * ..., `head.fc`.
 */
function buildCnn(request: BuildRequest): Network {
  const draft = new Draft(request);
  let at = stem(draft, request.stem === 'imagenet');
  request.widths.forEach((channels, stage) => {
    for (let block = 1; block <= BLOCKS; block++) {
      const id = `s${stage + 2}.b${block}.a`;
      const conv = draft.conv(id, at, {
        channels,
        kernel: 3,
        stride: block === 1 ? 2 : 1,
        graph: draft.nextGraph(),
      });
      at = draft.activation(`${id}_relu`, draft.batchNorm(`${id}_bn`, conv), 'relu');
    }
  });
  draft.pooledHead(at);
  return draft.finish(cnn);
}

/**
 * A 3x3 convolution; on large images by steps of 2 and with a pool, which leave a quarter of the
 * side.
 */
function stem(draft: Draft, isLarge: boolean): Source {
  const conv = draft.conv('s1.conv', draft.input, {
    channels: STEM_WIDTH,
    kernel: 3,
    stride: isLarge ? 2 : 1,
  });
  const relu = draft.activation('s1.relu', draft.batchNorm('s1.bn', conv), 'relu');
  return isLarge ? draft.maxPool('s1.pool', relu, { kernel: 3, stride: 2, padding: 1 }) : relu;
}
