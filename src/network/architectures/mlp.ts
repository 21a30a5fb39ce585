import { must } from '../../core/errors.js';
import type { RelationalGraph } from '../relational.js';
import type { Network } from '../types.js';
import type { Architecture, BuildRequest } from './architecture.js';
import { Draft, type Source } from './draft.js';

const STEM_WIDTH = 512;
const ROUNDS = 3;

/** The five-layer perceptron of You et al. 2020, section 5.1. */
export const mlp: Architecture = {
  name: 'mlp',
  meaning:
    `Five-layer perceptron: dense stem of ${STEM_WIDTH}, ${ROUNDS} relational layers, ` +
    'dense head.',
  stems: [],
  baselineWidths: [512],
  // Stage s2 of the official checkpoints; s1 is the stem.
  relationalStages: [ROUNDS],
  wirable: true,
  training: {
    epochs: 200,
    batch: 128,
    learningRate: 0.1,
    momentum: 0.9,
    weightDecay: 5e-4,
    schedule: 'cosine',
  },
  build: buildMlp,
};

/**
 * Layers are named as in the official checkpoints: `s1.linear`, `s1.bn`, `s2.b1.a`, `s2.b1.a_bn`,
 * ..., `head.fc`.
 */
function buildMlp(request: BuildRequest): Network {
  const draft = new Draft(request);
  const stem = addRound(
    draft,
    draft.input,
    { linear: 's1.linear', norm: 's1.bn', relu: 's1.relu' },
    STEM_WIDTH,
    null,
  );
  const { reads = CHAIN } = draft;
  const rounds: Source[] = [];
  for (const [round, read] of reads.entries()) {
    const block = `s2.b${round + 1}`;
    rounds.push(
      addRound(
        draft,
        read.length === 0
          ? stem
          : sumOf(
              draft,
              `${block}.sum`,
              read.map((at) => must(rounds[at])),
            ),
        { linear: `${block}.a`, norm: `${block}.a_bn`, relu: `${block}.relu` },
        must(request.widths[0]),
        draft.nextGraph(),
      ),
    );
  }
  const unread = rounds.filter((_, at) => !reads.some((read) => read.includes(at)));
  draft.linear('head.fc', sumOf(draft, 'head.sum', unread), request.classes, { bias: true });
  return draft.finish(mlp);
}

/** Each round reads the one before it, the first the stem. */
const CHAIN = Array.from({ length: ROUNDS }, (_, round) => (round === 0 ? [] : [round - 1]));

/** The sum of sources of one shape, two at a time: `ID.1`, `ID.2`, ...; the only one as it is. */
function sumOf(draft: Draft, id: string, sources: readonly Source[]): Source {
  return sources.reduce((sum, source, at) => draft.add(`${id}.${at}`, sum, source));
}

/** Linear (no bias, since the norm shifts), batch norm, ReLU. */
function addRound(
  draft: Draft,
  from: Source,
  ids: { linear: string; norm: string; relu: string },
  width: number,
  graph: RelationalGraph | null,
): Source {
  return draft.activation(
    ids.relu,
    draft.batchNorm(ids.norm, draft.linear(ids.linear, from, width, { graph })),
    'relu',
  );
}
