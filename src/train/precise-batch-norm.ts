import { invariant } from '../core/errors.js';
import { elements } from '../core/tensor.js';
import type { Executable, ImageBatch } from '../engine/types.js';
import type { Network, ParameterInfo } from '../network/types.js';

/** One batch norm's running statistics, by the names of the executable. */
interface NormStatistics {
  readonly mean: string;
  readonly variance: string;
  readonly channels: number;
  /** Weight of a batch in the running statistics. */
  readonly momentum: number;
}

/** What has been summed of one norm, in float64, channel by channel. */
interface Sums {
  readonly norm: NormStatistics;
  readonly mean: Float64Array;
  /** Of unbiased variance + mean squared. */
  readonly square: Float64Array;
}

/** Takes the statistics of batch norms over several batches, with the weights as they are. */
export interface PreciseBatchNorm {
  /**
   * Runs one training-mode forward pass over a batch and takes each norm's mean and variance of it.
   */
  add(batch: ImageBatch): void;
  /**
   * Writes what was taken as the running statistics, which stay so until the next training step
   * moves them.
   */
  finish(): void;
}

/**
 * Precise batch norm (Wu and Johnson 2021; the code of You et al. 2020): the running mean becomes
 * the mean of the batches' means, the running variance the mean of (variance + mean squared) less
 * that mean squared, with the unbiased variance of each batch. A running statistic that starts at 0
 * is, after one pass, the batch's own times the norm's momentum; so the engine needs no phase of
 * its own for this.
 */
export function preciseBatchNorm(executable: Executable): PreciseBatchNorm {
  const sums = normsOf(executable.program.network, executable.program.parameters).map(
    (norm): Sums => ({
      norm,
      mean: new Float64Array(norm.channels),
      square: new Float64Array(norm.channels),
    }),
  );
  let batches = 0;
  return {
    add(batch) {
      for (const { norm } of sums) clear(executable, norm);
      executable.inputImages(batch);
      executable.dispatch('forward');
      for (const each of sums) take(executable, each);
      batches++;
    },
    finish() {
      invariant(batches > 0, 'precise batch norm over no batch');
      for (const each of sums) write(executable, each, batches);
    },
  };
}

/** Whether a network has a batch norm at all. */
export function hasBatchNorm(network: Network): boolean {
  return network.layers.some(({ kind }) => kind === 'batchNorm');
}

function normsOf(network: Network, parameters: readonly ParameterInfo[]): NormStatistics[] {
  return network.layers.flatMap((layer) => {
    if (layer.kind !== 'batchNorm') return [];
    const of = (role: ParameterInfo['role']): ParameterInfo => {
      const found = parameters.find(
        (parameter) => parameter.layer === layer.id && parameter.role === role,
      );
      invariant(found !== undefined, `batch norm ${layer.id} without ${role}`);
      return found;
    };
    const mean = of('runningMean');
    return [
      {
        mean: mean.name,
        variance: of('runningVar').name,
        channels: elements(mean.shape),
        momentum: layer.momentum,
      },
    ];
  });
}

function clear(executable: Executable, { mean, variance, channels }: NormStatistics): void {
  const zeros = new Float32Array(channels);
  executable.upload(mean, zeros);
  executable.upload(variance, zeros);
}

function take(executable: Executable, { norm, mean, square }: Sums): void {
  const moved = executable.read(norm.mean);
  const spread = executable.read(norm.variance);
  for (let channel = 0; channel < norm.channels; channel++) {
    const centre = moved[channel] / norm.momentum;
    mean[channel] += centre;
    square[channel] += spread[channel] / norm.momentum + centre * centre;
  }
}

function write(executable: Executable, { norm, mean, square }: Sums, batches: number): void {
  const centre = mean.map((sum) => sum / batches);
  executable.upload(norm.mean, centre);
  executable.upload(
    norm.variance,
    square.map((sum, channel) => Math.max(0, sum / batches - centre[channel] * centre[channel])),
  );
}
