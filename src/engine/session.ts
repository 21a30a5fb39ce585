import { UserError } from '../core/errors.js';
import { features } from '../core/shape.js';
import type { Tensor } from '../core/tensor.js';
import type { Network } from '../network/types.js';
import { selectBackend } from './backends/registry.js';
import type { Precision } from './bf16.js';
import { compile } from './compile.js';
import { initialise } from './initialise.js';
import { inPrecision } from './precision.js';
import type { Backend, BackendInfo, Executable, Metrics, Program } from './types.js';
import { readGradients, readWeights, type Weights, writeWeights } from './weights.js';

/** How a session runs its network. */
export interface SessionOptions {
  /**
   * A backend, or a name. `auto` (the default): the fastest that runs here. `reference`: float64,
   * slow, right.
   */
  readonly backend?: Backend | string;
  /** The most samples given at a time. */
  readonly batch: number;
  /**
   * Only to evaluate (default: false): without the memory for training, and fast for batches of 1 to
   * 8; `step` and `gradients` are refused. `createClassifier` is the short way.
   */
  readonly inference?: boolean;
  /** Nesterov momentum of `step`; 0.9 by default. */
  readonly momentum?: number;
  /** Weight decay of `step`, on every learnable parameter; 5e-4 by default. */
  readonly weightDecay?: number;
  /** Of the products of training; float32 by default. Evaluation is in float32 always. */
  readonly precision?: Precision;
  /** Receives a line when `auto` has to make do with a slower backend. */
  readonly note?: (line: string) => void;
}

/**
 * Samples one after another (`count x features`, each in channel, row, column order), count from 1
 * to the batch size.
 */
export type Samples = Float32Array | Float64Array;

/** `Metrics` and the logits they come from, `count x classes`. */
export interface Evaluation extends Metrics {
  readonly logits: Float32Array | Float64Array;
}

/**
 * A network with weights on one backend: the engine for use from a program. Numbers are float32 on
 * the fast backends, float64 on the reference. Weights start at 0 until `initialise` or `load`.
 */
export interface Session {
  readonly network: Network;
  readonly program: Program;
  readonly executable: Executable;
  readonly backend: BackendInfo;
  /**
   * Random starting weights, a function of the seed only; running statistics and momenta start
   * afresh.
   */
  initialise(seed: number): void;
  /**
   * Loads weights and running statistics by name; see `parametersOf` for the names and shapes.
   * Everything is checked before anything changes. PyTorch's `num_batches_tracked` and entries of
   * absent blocks are ignored; momenta stay. `strict` (default true): every parameter must be given
   * and nothing else.
   */
  load(weights: Weights, strict?: boolean): void;
  /** Copies of all parameters and running statistics, absent entries 0. */
  weights(): Promise<Map<string, Tensor>>;
  /** One training step: forward, backward, update. The metrics are those before the update. */
  step(samples: Samples, labels: ArrayLike<number>, learningRate: number): Promise<Metrics>;
  /**
   * Gradients of the mean loss with respect to every learnable parameter, without an update. As any
   * training-mode pass, it moves the running statistics of batch norms.
   */
  gradients(samples: Samples, labels: ArrayLike<number>): Promise<Map<string, Tensor>>;
  /** Loss, correct answers and logits with running statistics; changes nothing. */
  evaluate(samples: Samples, labels: ArrayLike<number>): Promise<Evaluation>;
  /** Logits of the last batch, `count x classes`. */
  logits(): Promise<Float32Array | Float64Array>;
  /** Frees the backend's memory; the session cannot be used afterwards. */
  dispose(): void;
}

/**
 * Compiles `network` and prepares it on a backend.
 *
 * @throws UserError for a bad batch size or setting, or a backend that does not exist or run here
 */
export async function createSession(network: Network, options: SessionOptions): Promise<Session> {
  const {
    batch,
    inference = false,
    momentum = 0.9,
    weightDecay = 5e-4,
    precision = 'float32',
  } = options;
  const backend = selectBackend(options.backend ?? 'auto', options.note);
  const info = inPrecision(backend.info, precision);
  const program = compile(network, { batch, inference, precision });
  const executable = await backend.prepare(program);
  const load = (samples: Samples, labels: ArrayLike<number>): void => {
    executable.input(samples, labels, countOf(samples, network));
  };
  return {
    network,
    program,
    executable,
    backend: info,
    initialise: (seed) => initialise(executable, seed),
    load: (weights, strict = true) => writeWeights(executable, weights, strict),
    weights: () => readWeights(executable),
    async step(samples, labels, learningRate) {
      load(samples, labels);
      executable.dispatch('step', { learningRate, momentum, weightDecay });
      return executable.metrics();
    },
    async gradients(samples, labels) {
      load(samples, labels);
      executable.dispatch('forward');
      executable.dispatch('backward');
      return readGradients(executable);
    },
    async evaluate(samples, labels) {
      load(samples, labels);
      executable.dispatch('evaluate');
      const [metrics, logits] = await Promise.all([executable.metrics(), executable.logits()]);
      return { ...metrics, logits };
    },
    logits: () => executable.logits(),
    dispose: () => executable.dispose(),
  };
}

/**
 * How many samples of a network these numbers are.
 *
 * @throws UserError where they are no whole samples
 */
export function countOf(samples: Samples, network: Network): number {
  const size = features(network.input);
  if (samples.length % size !== 0) {
    throw new UserError(
      `samples of ${size} features come in multiples of ${size} numbers, got ${samples.length}`,
    );
  }
  return samples.length / size;
}
