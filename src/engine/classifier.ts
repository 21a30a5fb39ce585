import { features } from '../core/shape.js';
import type { Network } from '../network/types.js';
import { countOf, createSession, type Samples, type SessionOptions } from './session.js';
import type { BackendInfo } from './types.js';
import type { Weights } from './weights.js';

/** What a network makes of one sample. */
export interface Classification {
  /** The class of the largest logit, the first of equals. */
  readonly label: number;
  /** Softmax of the logits, class after class, in float64. */
  readonly probabilities: Float64Array;
}

/** How a classifier runs its network: as a session, which sees at most `batch` samples at a time. */
export interface ClassifierOptions extends Pick<SessionOptions, 'backend' | 'note'> {
  /** 1 by default. Up to 8 take the kernels for few samples: see docs/engine.md. */
  readonly batch?: number;
}

/** A trained network that tells classes: no gradients, no memory for training. */
export interface Classifier {
  readonly network: Network;
  readonly backend: BackendInfo;
  /**
   * Classifies any number of samples, with running statistics.
   *
   * @param samples one after another, each in channel, row, column order, normalised as in training
   * @throws UserError where they are no whole samples
   */
  classify(samples: Samples): Promise<Classification[]>;
  /** Frees the backend's memory; the classifier cannot be used afterwards. */
  dispose(): void;
}

/**
 * Prepares a network with its weights for classification, one sample at a time unless told.
 *
 * @throws UserError for weights that do not fit, a bad batch, or a backend that does not run here
 */
export async function createClassifier(
  network: Network,
  weights: Weights,
  { batch = 1, ...options }: ClassifierOptions = {},
): Promise<Classifier> {
  const session = await createSession(network, { ...options, batch, inference: true });
  session.load(weights);
  const size = features(network.input);
  return {
    network,
    backend: session.backend,
    async classify(samples) {
      const count = countOf(samples, network);
      const found: Classification[] = [];
      for (let from = 0; from < count; from += batch) {
        const piece = samples.subarray(size * from, size * Math.min(count, from + batch));
        // Nobody asks for the loss.
        const { logits } = await session.evaluate(piece, new Uint8Array(piece.length / size));
        for (let at = 0; at < logits.length; at += network.classes)
          found.push(classificationOf(logits.subarray(at, at + network.classes)));
      }
      return found;
    },
    dispose: () => session.dispose(),
  };
}

function classificationOf(logits: Float32Array | Float64Array): Classification {
  const top = Math.max(...logits);
  const powers = Float64Array.from(logits, (logit) => Math.exp(logit - top));
  const sum = powers.reduce((total, power) => total + power, 0);
  return { label: logits.indexOf(top), probabilities: powers.map((power) => power / sum) };
}
