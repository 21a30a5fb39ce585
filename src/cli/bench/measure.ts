import type { KernelBackend } from '../../engine/backends/cpu/index.js';
import type { BackendInfo } from '../../engine/types.js';
import { corePeak, peakGauge } from './backend.js';
import { CONV_ARCHS, densityCases } from './cases.js';
import {
  type ConvStepResult,
  measureConvSteps,
  measureThreads,
  type ThreadResult,
} from './conv-steps.js';
import { type DepthwiseResult, measureDepthwise } from './depthwise.js';
import { type ConvOpResult, measureConvs, measureOps, type OpResult } from './ops.js';
import { measureSteps, stepCases, type StepResult } from './steps.js';

/** What `plexus bench` finds out. Rates are GFLOP/s of one core. */
export interface BenchResult {
  readonly backend: BackendInfo;
  /**
   * Peaks: of the backend's own build, and of the core (null where the native kernels were not
   * built).
   */
  readonly peak: { readonly backend: number; readonly core: number | null };
  readonly exchange: readonly OpResult[];
  readonly convolution: readonly ConvOpResult[];
  readonly depthwise: DepthwiseResult;
  readonly steps: readonly StepResult[];
  readonly convSteps: readonly ConvStepResult[];
  /** Null where the backend has no threads. */
  readonly threads: readonly ThreadResult[] | null;
}

/** How much is measured. */
export interface BenchScale {
  /**
   * Time for each section, set-up not included; where one round of all that is measured takes
   * longer, it is one round.
   */
  readonly seconds: Readonly<Record<Exclude<keyof BenchResult, 'backend' | 'peak'>, number>>;
  /** Pixels in a side of the planes of single convolutions. */
  readonly planeSide: number;
  /** Pixels in a side of the images of convolutional networks. */
  readonly imageSide: number;
  /** The convolutional networks whose steps are measured with one thread. */
  readonly archs: readonly string[];
}

/** Some four minutes on an idle machine. */
export const FULL: BenchScale = {
  seconds: { exchange: 15, convolution: 80, depthwise: 8, steps: 30, convSteps: 50, threads: 15 },
  planeSide: 32,
  imageSide: 32,
  archs: CONV_ARCHS,
};
/** About a minute. */
export const QUICK: BenchScale = {
  seconds: { exchange: 2, convolution: 6, depthwise: 1, steps: 4, convSteps: 6, threads: 2 },
  planeSide: 16,
  imageSide: 32,
  archs: CONV_ARCHS,
};

export interface BenchOptions {
  readonly scale: BenchScale;
  readonly signal?: AbortSignal;
  /** Takes a line when a section begins. */
  readonly note: (line: string) => void;
}

/**
 * Measures one backend: its peak, single operations, training steps. The peak is taken between the
 * sections as well.
 */
export async function measureBench(
  backend: KernelBackend,
  { scale, note, signal }: BenchOptions,
): Promise<BenchResult> {
  const gauge = peakGauge(() => backend.kernels.peak());
  const native = backend.info.name === 'cpu';
  const core = native ? null : corePeak();
  const begin = (what: string, section: keyof BenchScale['seconds']) => {
    gauge();
    const seconds = scale.seconds[section];
    note(`${what}, about ${seconds} s ...`);
    return { seconds, ...(signal && { signal }) };
  };
  const planes = { side: scale.planeSide };
  const images = { input: { channels: 3, height: scale.imageSide, width: scale.imageSide } };
  const sparse = densityCases.slice(0, 1);
  const exchange = await measureOps(backend, densityCases, begin('message exchange', 'exchange'));
  const convolution = await measureConvs(backend, densityCases, {
    ...planes,
    ...begin('convolutions', 'convolution'),
  });
  const depthwise = await measureDepthwise(backend, {
    ...planes,
    ...begin('depthwise convolution', 'depthwise'),
  });
  const steps = await measureSteps(
    backend,
    stepCases(densityCases),
    begin('training steps', 'steps'),
  );
  const convSteps = await measureConvSteps(backend, sparse, {
    archs: scale.archs,
    ...images,
    ...begin('training steps of convolutional networks', 'convSteps'),
  });
  const threads =
    backend.info.threads > 1
      ? await measureThreads(backend, sparse, { ...images, ...begin('threads', 'threads') })
      : null;
  const peak = gauge();
  return {
    backend: backend.info,
    peak: { backend: peak, core: native ? peak : core },
    exchange,
    convolution,
    depthwise,
    steps,
    convSteps,
    threads,
  };
}
