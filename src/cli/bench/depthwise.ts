import { features } from '../../core/shape.js';
import type { KernelBackend } from '../../engine/backends/cpu/index.js';
import { CONV_BATCH, CONV_WINDOW, DEPTHWISE_CHANNELS } from './cases.js';
import { convOps, type ExchangeOp } from './op-program.js';
import { opWork, type PlaneOptions, prepareOps, warmContestant } from './ops.js';
import { medianRatio, timeInTurn } from './timing.js';

/** The depthwise 3x3 convolution beside a plain copy of the same memory. */
export interface DepthwiseResult {
  readonly channels: number;
  /** Pixels in a side of the planes. */
  readonly side: number;
  /**
   * What an operation must read and write once: two buffers of float32, x and y, dy and dx, or x
   * and dy.
   */
  readonly bytes: number;
  /** Of the copy, read and written bytes together, GB/s (10^9). */
  readonly bandwidth: number;
  /** The limit: `bytes` / `bandwidth`, which is the time of the copy. */
  readonly limitMilliseconds: number;
  readonly ops: readonly DepthwiseOpResult[];
}

interface DepthwiseOpResult {
  readonly op: ExchangeOp;
  /** Best of many. */
  readonly milliseconds: number;
  /** That divided by the copy's best. */
  readonly timesLimit: number;
  /** Time divided by the copy's in the same round, median. */
  readonly medianTimesLimit: number;
}

/**
 * Times the operations of one depthwise 3x3 convolution (512 channels, batch 32) and the copy in
 * turn.
 */
export async function measureDepthwise(
  backend: KernelBackend,
  { seconds, side, signal }: PlaneOptions,
): Promise<DepthwiseResult> {
  const executables = await prepareOps(
    backend,
    { kind: 'depthwise', channels: DEPTHWISE_CHANNELS, side, window: CONV_WINDOW },
    convOps,
    CONV_BATCH,
  );
  try {
    const floats = CONV_BATCH * features(executables[0].program.network.input);
    const [from, to] = [new Float32Array(floats).fill(1), new Float32Array(floats)];
    const works = [[() => to.set(from)], ...convOps.map((op, i) => opWork(executables[i], op))];
    const [copy, ...timings] = await timeInTurn(works.map(warmContestant), {
      seconds,
      repeats: 3,
      ...(signal && { signal }),
    });
    const bytes = from.byteLength + to.byteLength;
    const limitMilliseconds = copy.best;
    return {
      channels: DEPTHWISE_CHANNELS,
      side,
      bytes,
      bandwidth: bytes / limitMilliseconds / 1e6,
      limitMilliseconds,
      ops: convOps.map((op, i) => ({
        op,
        milliseconds: timings[i].best,
        timesLimit: timings[i].best / copy.best,
        medianTimesLimit: medianRatio(timings[i].rounds, copy.rounds),
      })),
    };
  } finally {
    for (const executable of executables) executable.dispose();
  }
}
