import type { ActivationFunction, BlockMask, Window } from '../network/types.js';

/** Index into `Program.buffers`. */
export type BufferId = number;
/** Index into `Program.parameters`. */
export type ParamId = number;

interface LinearArgs {
  readonly weight: ParamId;
  readonly bias: ParamId | null;
  readonly inFeatures: number;
  readonly outFeatures: number;
  /** null = dense. */
  readonly mask: BlockMask | null;
}

/** A window over planes, with the planes' sides. */
export interface Windowed {
  readonly window: Window;
  readonly inHeight: number;
  readonly inWidth: number;
  readonly outHeight: number;
  readonly outWidth: number;
}

interface ConvArgs extends Windowed {
  readonly weight: ParamId;
  readonly bias: ParamId | null;
  readonly inChannels: number;
  readonly outChannels: number;
  /** null = dense. */
  readonly mask: BlockMask | null;
}

interface DepthwiseArgs extends Windowed {
  readonly weight: ParamId;
  readonly channels: number;
}

interface PoolArgs extends Windowed {
  readonly channels: number;
}

/** `channels` planes of `plane` pixels. */
interface Planes {
  readonly channels: number;
  readonly plane: number;
}

interface BatchNormArgs extends Planes {
  readonly gamma: ParamId;
  readonly beta: ParamId;
  readonly runningMean: ParamId;
  readonly runningVar: ParamId;
  readonly eps: number;
  readonly momentum: number;
  /** A buffer added after scale and shift, folded in: a residual connection. */
  readonly residual: BufferId | null;
  /**
   * The activation that follows, folded in. With a residual: relu or none, whose gradient needs the
   * output only.
   */
  readonly activation: 'relu' | 'swish' | null;
  /**
   * `mean` and `1 / sqrt(var + eps)` of the batch, kept for the backward pass; `channels` numbers
   * each.
   */
  readonly savedMean: BufferId;
  readonly savedInvStd: BufferId;
}

interface LayerNormArgs extends Planes {
  readonly gamma: ParamId;
  readonly beta: ParamId;
  readonly eps: number;
}

interface AttentionArgs {
  /** Pixels of the plane, each a token. */
  readonly plane: number;
  readonly channels: number;
  readonly heads: number;
}

/**
 * Adds to what `dx` holds already instead of writing it: `dx` has several readers, and this is not
 * the last of them.
 */
interface Accumulates {
  readonly accumulate: boolean;
}

/**
 * One kernel call. Every backend implements every `op`. Below, `count` is the number of valid
 * samples in the batch; N is `count` times the pixels of the plane.
 */
export type Call =
  /** y = W x (+ b). */
  | ({ readonly op: 'linear'; readonly x: BufferId; readonly y: BufferId } & LinearArgs)
  /** dx = W^T dy. */
  | ({ readonly op: 'linearInputGrad'; readonly dy: BufferId; readonly dx: BufferId } & LinearArgs &
      Accumulates)
  /** grad(W) = dy x^T on existing blocks, grad(b) = row sums of dy. */
  | ({ readonly op: 'linearWeightGrad'; readonly x: BufferId; readonly dy: BufferId } & LinearArgs)
  /**
   * y[o, r, c] = sum over i, u, v of W[o, i, u, v] x[i, r stride + u - padding, c stride + v -
   * padding] (+ b[o]).
   */
  | ({ readonly op: 'conv'; readonly x: BufferId; readonly y: BufferId } & ConvArgs)
  /** dx: its transpose. */
  | ({ readonly op: 'convInputGrad'; readonly dy: BufferId; readonly dx: BufferId } & ConvArgs &
      Accumulates)
  /**
   * grad(W[o, i, u, v]) = sum over samples and pixels of dy[o] times the x[i] it met; grad(b) =
   * sums of dy.
   */
  | ({ readonly op: 'convWeightGrad'; readonly x: BufferId; readonly dy: BufferId } & ConvArgs)
  /** The same with one window for each channel: W[c, 0, u, v]. */
  | ({ readonly op: 'depthwise'; readonly x: BufferId; readonly y: BufferId } & DepthwiseArgs)
  | ({
      readonly op: 'depthwiseInputGrad';
      readonly dy: BufferId;
      readonly dx: BufferId;
    } & DepthwiseArgs &
      Accumulates)
  | ({
      readonly op: 'depthwiseWeightGrad';
      readonly x: BufferId;
      readonly dy: BufferId;
    } & DepthwiseArgs)
  /**
   * y = act(gamma (x - mean) / sqrt(var + eps) + beta + residual) over batch and plane; moves the
   * running statistics.
   */
  | ({ readonly op: 'batchNormTrain'; readonly x: BufferId; readonly y: BufferId } & BatchNormArgs)
  /** The same with running statistics, which stay as they are. */
  | ({ readonly op: 'batchNormEval'; readonly x: BufferId; readonly y: BufferId } & BatchNormArgs)
  /**
   * The training one, whose running statistics become those of the batches so far: the mean of the
   * means, the mean of (unbiased variance + mean squared) less that mean squared. Of each channel
   * `sums` holds the number of batches and the two sums.
   */
  | ({
      readonly op: 'batchNormStatistics';
      readonly x: BufferId;
      readonly y: BufferId;
      readonly sums: BufferId;
    } & BatchNormArgs)
  /**
   * From dy (gradient at the output y, whose sign decides the ReLU; the swish's input is made again
   * from x) to dx, grad(gamma), grad(beta) and, with a residual that learns, its gradient
   * `dresidual` (`accumulate` speaks of it alone).
   */
  | ({
      readonly op: 'batchNormGrad';
      readonly x: BufferId;
      readonly y: BufferId;
      readonly dy: BufferId;
      readonly dx: BufferId;
      readonly dresidual: BufferId | null;
    } & BatchNormArgs &
      Accumulates)
  /**
   * y = gamma (x - mean) / sqrt(var + eps) + beta, mean and biased variance over the channels of
   * each pixel.
   */
  | ({ readonly op: 'layerNorm'; readonly x: BufferId; readonly y: BufferId } & LayerNormArgs)
  | ({
      readonly op: 'layerNormGrad';
      readonly x: BufferId;
      readonly dy: BufferId;
      readonly dx: BufferId;
    } & LayerNormArgs)
  | {
      readonly op: 'activation';
      readonly function: ActivationFunction;
      readonly x: BufferId;
      readonly y: BufferId;
    }
  /** dx = f'(x) dy. relu and sigmoid read y only, swish and gelu x only. */
  | {
      readonly op: 'activationGrad';
      readonly function: ActivationFunction;
      readonly x: BufferId;
      readonly y: BufferId;
      readonly dy: BufferId;
      readonly dx: BufferId;
    }
  /** The largest value under each window; padding never wins. */
  | ({ readonly op: 'maxPool'; readonly x: BufferId; readonly y: BufferId } & PoolArgs)
  /** dy goes to the first pixel of the window, by rows, that equals the maximum. */
  | ({
      readonly op: 'maxPoolGrad';
      readonly x: BufferId;
      readonly y: BufferId;
      readonly dy: BufferId;
      readonly dx: BufferId;
    } & PoolArgs)
  /** Sum under each window / kernel^2. */
  | ({ readonly op: 'averagePool'; readonly x: BufferId; readonly y: BufferId } & PoolArgs)
  | ({ readonly op: 'averagePoolGrad'; readonly dy: BufferId; readonly dx: BufferId } & PoolArgs)
  /** y[c] = mean of x[c] over the plane. */
  | ({ readonly op: 'globalPool'; readonly x: BufferId; readonly y: BufferId } & Planes)
  | ({ readonly op: 'globalPoolGrad'; readonly dy: BufferId; readonly dx: BufferId } & Planes)
  /** y = a + b. */
  | { readonly op: 'add'; readonly a: BufferId; readonly b: BufferId; readonly y: BufferId }
  /**
   * dx = dy: the gradient of one input of a sum, and what adds up the gradients of a buffer with
   * several readers.
   */
  | ({ readonly op: 'addGrad'; readonly dy: BufferId; readonly dx: BufferId } & Accumulates)
  /** y[c, p] = x[c, p] s[c]. */
  | ({
      readonly op: 'gate';
      readonly x: BufferId;
      readonly s: BufferId;
      readonly y: BufferId;
    } & Planes)
  /** dx = dy s; ds[c] = sum over the plane of dy x. */
  | ({
      readonly op: 'gateGrad';
      readonly x: BufferId;
      readonly s: BufferId;
      readonly dy: BufferId;
      readonly dx: BufferId;
      readonly ds: BufferId;
    } & Planes)
  /** y[c, p] = x[c, p] + w[c, p], the same for every sample. */
  | ({
      readonly op: 'position';
      readonly x: BufferId;
      readonly y: BufferId;
      readonly weight: ParamId;
    } & Planes)
  /** grad(w[c, p]) = sum of dy[c, p] over samples. Its input gradient is an `addGrad`. */
  | ({
      readonly op: 'positionWeightGrad';
      readonly dy: BufferId;
      readonly weight: ParamId;
    } & Planes)
  /** Per head, o = softmax(q . k / sqrt(channels of the head)) v over the tokens. */
  | ({
      readonly op: 'attention';
      readonly q: BufferId;
      readonly k: BufferId;
      readonly v: BufferId;
      readonly y: BufferId;
    } & AttentionArgs)
  | ({
      readonly op: 'attentionGrad';
      readonly q: BufferId;
      readonly k: BufferId;
      readonly v: BufferId;
      readonly dy: BufferId;
      readonly dq: BufferId;
      readonly dk: BufferId;
      readonly dv: BufferId;
    } & AttentionArgs)
  /**
   * Mean cross-entropy over the valid samples against (1 - smoothing) onehot + smoothing / classes
   * (Szegedy et al. 2016); dlogits (null in evaluation, where smoothing is 0) = (softmax - target)
   * / count.
   */
  | {
      readonly op: 'softmaxLoss';
      readonly logits: BufferId;
      readonly dlogits: BufferId | null;
      readonly classes: number;
      readonly smoothing: number;
    }
  /**
   * SGD with Nesterov momentum: g = scale grad + decay w; v = momentum v + g; w -= rate (g +
   * momentum v). (PyTorch's `SGD(nesterov=True)`, dampening 0; Sutskever et al. 2013.)
   */
  | { readonly op: 'update'; readonly param: ParamId };

export type CallOf<Op extends Call['op']> = Extract<Call, { readonly op: Op }>;
