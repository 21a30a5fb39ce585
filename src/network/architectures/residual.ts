import { must } from '../../core/errors.js';
import { roundHalfEven } from '../../core/rounding.js';
import type { Network } from '../types.js';
import { type Architecture, type BuildRequest, IMAGENET_TRAINING, STEMS } from './architecture.js';
import { Draft, type Source } from './draft.js';

const STEM_WIDTH = 64;
/** Blocks of the four stages, of He et al. 2016 (table 1) for both 34 and 50 layers. */
const BLOCKS = [3, 4, 6, 3];

/** Adds the residual branch of one block and returns its last batch norm. */
type Branch = (draft: Draft, id: string, from: Source, channels: number, stride: number) => Source;

interface ResidualFamily {
  readonly name: string;
  readonly meaning: string;
  readonly baselineWidths: readonly number[];
  /** Relational layers of one branch. */
  readonly rounds: number;
  readonly branch: Branch;
  /**
   * Whether the projection of a block that changes the shape follows the graph of the branch's
   * first relational layer.
   */
  readonly relationalProjection: boolean;
}

/** A residual network: stem, four stages of blocks, pooled head. */
export function residualNetwork(family: ResidualFamily): Architecture {
  const { name, meaning, baselineWidths, rounds } = family;
  const arch: Architecture = {
    name,
    meaning,
    stems: STEMS,
    baselineWidths,
    relationalStages: BLOCKS.map((blocks) => blocks * rounds),
    training: IMAGENET_TRAINING,
    build: (request) => buildResidual(arch, family, request),
  };
  return arch;
}

/**
 * Layers are named as in the official checkpoints: `s1.conv`, `s1.bn`, then stages s2 to s5 with
 * blocks such as `s2.b1.proj`, `s2.b1.bn` (its norm), `s2.b1.f.a`, `s2.b1.f.a_bn`, ..., `head.fc`.
 */
function buildResidual(arch: Architecture, family: ResidualFamily, request: BuildRequest): Network {
  const draft = new Draft(request);
  let at = stem(draft, request.stem === 'imagenet');
  BLOCKS.forEach((blocks, stage) => {
    for (let block = 1; block <= blocks; block++) {
      // The first stage keeps the plane, the others halve it.
      const stride = stage > 0 && block === 1 ? 2 : 1;
      at = addBlock(
        draft,
        family,
        `s${stage + 2}.b${block}`,
        at,
        must(request.widths[stage]),
        stride,
      );
    }
  });
  draft.pooledHead(at);
  return draft.finish(arch);
}

/**
 * A 7x7 convolution by steps of 2 and a pool; on small images the usual 3x3 convolution that keeps
 * the plane, no pool.
 */
function stem(draft: Draft, isLarge: boolean): Source {
  const conv = draft.conv('s1.conv', draft.input, {
    channels: STEM_WIDTH,
    ...(isLarge ? { kernel: 7, stride: 2 } : { kernel: 3 }),
  });
  const relu = draft.activation('s1.relu', draft.batchNorm('s1.bn', conv), 'relu');
  return isLarge ? draft.maxPool('s1.pool', relu, { kernel: 3, stride: 2, padding: 1 }) : relu;
}

/** ReLU of the branch plus the input, which is projected where the shape changes. */
function addBlock(
  draft: Draft,
  family: ResidualFamily,
  id: string,
  from: Source,
  channels: number,
  stride: number,
): Source {
  const skip =
    from.output.channels === channels && stride === 1
      ? from
      : projection(draft, family, id, from, channels, stride);
  const branch = family.branch(draft, `${id}.f`, from, channels, stride);
  return draft.activation(`${id}.act`, draft.add(`${id}.add`, skip, branch), 'relu');
}

function projection(
  draft: Draft,
  family: ResidualFamily,
  id: string,
  from: Source,
  channels: number,
  stride: number,
): Source {
  const graph = family.relationalProjection ? draft.upcomingGraph() : null;
  return draft.batchNorm(
    `${id}.bn`,
    draft.conv(`${id}.proj`, from, { channels, kernel: 1, stride, graph }),
  );
}

/** Two 3x3 convolutions. */
export const basicBranch: Branch = (draft, id, from, channels, stride) => {
  const a = draft.conv(`${id}.a`, from, { channels, kernel: 3, stride, graph: draft.nextGraph() });
  const relu = draft.activation(`${id}.a_relu`, draft.batchNorm(`${id}.a_bn`, a), 'relu');
  const b = draft.conv(`${id}.b`, relu, { channels, kernel: 3, graph: draft.nextGraph() });
  return draft.batchNorm(`${id}.b_bn`, b, 0);
};

/** Two separable convolutions: 3x3 depthwise, then 1x1, with no norm between them. */
export const separableBranch: Branch = (draft, id, from, channels, stride) => {
  const a = draft.conv(`${id}.a_1x1`, draft.depthwise(`${id}.a_3x3`, from, 3, stride), {
    channels,
    kernel: 1,
    graph: draft.nextGraph(),
  });
  const relu = draft.activation(`${id}.a_relu`, draft.batchNorm(`${id}.a_1x1_bn`, a), 'relu');
  const b = draft.conv(`${id}.b_1x1`, draft.depthwise(`${id}.b_3x3`, relu, 3, 1), {
    channels,
    kernel: 1,
    graph: draft.nextGraph(),
  });
  return draft.batchNorm(`${id}.b_1x1_bn`, b, 0);
};

/** 1x1 to a quarter of the channels, 3x3, which has the stride, and 1x1 back. */
export const bottleneckBranch: Branch = (draft, id, from, channels, stride) => {
  // At least one, where a search for a tiny budget passes by.
  const inner = Math.max(1, roundHalfEven(channels / 4));
  const a = draft.conv(`${id}.a`, from, { channels: inner, kernel: 1, graph: draft.nextGraph() });
  const aRelu = draft.activation(`${id}.a_relu`, draft.batchNorm(`${id}.a_bn`, a), 'relu');
  const b = draft.conv(`${id}.b`, aRelu, {
    channels: inner,
    kernel: 3,
    stride,
    graph: draft.nextGraph(),
  });
  const bRelu = draft.activation(`${id}.b_relu`, draft.batchNorm(`${id}.b_bn`, b), 'relu');
  const c = draft.conv(`${id}.c`, bRelu, { channels, kernel: 1, graph: draft.nextGraph() });
  return draft.batchNorm(`${id}.c_bn`, c, 0);
};
