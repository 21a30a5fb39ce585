import { must, UserError } from '../../core/errors.js';
import { mapTuple } from '../../core/tuples.js';
import type { Network } from '../types.js';
import { type Architecture, type BuildRequest, STEMS } from './architecture.js';
import { Draft, PlaneError, type Source } from './draft.js';

const DEPTH = 6;
const HEADS = 3;
/** Hidden channels of the feed-forward layers for each channel of the width. */
const RATIO = 4;
/** Pixels in a side of a patch. */
const PATCH = { imagenet: 16, small: 4 };

/**
 * A small vision transformer (Dosovitskiy et al. 2021); relational: everything in its blocks that
 * has weights over channels. Not in the paper.
 */
export const patchTransformer: Architecture = {
  name: 'patch-transformer',
  meaning:
    `Vision transformer of ${DEPTH} blocks: relational queries, keys, values, projections ` +
    'and feed-forward layers; dense patches and head.',
  stems: STEMS,
  baselineWidths: [192],
  // A stage is a block: queries, keys and values in one round, projection, feed-forward up and
  // down.
  relationalStages: Array.from({ length: DEPTH }, () => 4),
  training: {
    epochs: 200,
    batch: 128,
    learningRate: 0.02,
    momentum: 0.9,
    weightDecay: 1e-4,
    schedule: 'cosine',
  },
  build: buildPatchTransformer,
};

function buildPatchTransformer(request: BuildRequest): Network {
  const channels = must(request.widths[0]);
  if (channels < HEADS)
    throw new UserError(
      `every one of the ${HEADS} heads of ${patchTransformer.name} needs a channel; got ` +
        `width ${channels}; take at least ${HEADS}`,
    );
  const draft = new Draft(request);
  let at = patches(draft, PATCH[request.stem ?? 'small'], channels);
  for (let block = 1; block <= DEPTH; block++)
    at = addFeedForward(draft, `s${block + 1}`, addAttention(draft, `s${block + 1}`, at));
  draft.pooledHead(draft.layerNorm('head.norm', at));
  return draft.finish(patchTransformer);
}

/** Every patch becomes one pixel of `channels` channels, and gets its learned position added. */
function patches(draft: Draft, side: number, channels: number): Source {
  const { height, width } = draft.input.output;
  if (height % side !== 0 || width % side !== 0)
    throw new PlaneError(`patches of ${side} x ${side} pixels do not fill ${height} x ${width}`);
  return draft.position(
    's1.position',
    draft.conv('s1.conv', draft.input, { channels, kernel: side, stride: side, padding: 0 }),
  );
}

/**
 * x + projection(attention(queries, keys, values of the normed x)), all over the channels' graph.
 */
function addAttention(draft: Draft, stage: string, from: Source): Source {
  const { channels } = from.output;
  const normed = draft.layerNorm(`${stage}.a_norm`, from);
  const graph = draft.nextGraph();
  const [q, k, v] = mapTuple(['q', 'k', 'v'], (name) =>
    draft.conv(`${stage}.${name}`, normed, { channels, kernel: 1, graph }),
  );
  const attended = draft.attention(`${stage}.attention`, q, k, v, HEADS);
  return draft.add(
    `${stage}.a_add`,
    from,
    draft.conv(`${stage}.proj`, attended, { channels, kernel: 1, graph: draft.nextGraph() }),
  );
}

/** x + down(gelu(up(normed x))). */
function addFeedForward(draft: Draft, stage: string, from: Source): Source {
  const { channels } = from.output;
  const up = draft.conv(`${stage}.up`, draft.layerNorm(`${stage}.f_norm`, from), {
    channels: RATIO * channels,
    kernel: 1,
    graph: draft.nextGraph(),
  });
  const down = draft.conv(`${stage}.down`, draft.activation(`${stage}.gelu`, up, 'gelu'), {
    channels,
    kernel: 1,
    graph: draft.nextGraph(),
  });
  return draft.add(`${stage}.f_add`, from, down);
}
