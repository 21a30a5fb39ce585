import type { Shape } from '../../core/shape.js';
import type { KernelBackend } from '../../engine/backends/cpu/index.js';
import { costOf } from '../../network/cost.js';
import { CONV_BATCH, type DensityCase, THREADED } from './cases.js';
import { stepFlops } from './flops.js';
import { type SectionOptions, warmContestant } from './ops.js';
import { type StepShares, stepShares } from './shares.js';
import {
  loadedStep,
  startedStep,
  type StepCase,
  stepCases,
  stepTime,
  type StepTime,
  wholeStep,
} from './steps.js';
import { medianRatio, timeInTurn } from './timing.js';

/** Which convolutional network it is. */
interface ConvNetwork {
  readonly arch: string;
  /** Null: the dense baseline. */
  readonly graph: string | null;
  readonly density: number | null;
  /** Channels of each stage. */
  readonly widths: readonly number[];
}

/** One training step of a convolutional network, its batch lying ready. */
export interface ConvStepResult extends ConvNetwork, StepTime {
  /** Multiply-adds of a forward pass of one sample. */
  readonly macs: number;
  /** Useful arithmetic of the step, a multiply-add counted as 2. */
  readonly flops: number;
  readonly shares: StepShares;
}

/** The step of one network with several threads and with one. */
export interface ThreadResult extends ConvNetwork {
  readonly threads: number;
  /** Best of many of a step with one thread, and with `threads`. */
  readonly milliseconds: { readonly one: number; readonly several: number };
  /** The best with one thread divided by the best with several. */
  readonly speedup: number;
  /** Time with one thread divided by the time with several in the same round, median. */
  readonly medianSpeedup: number;
}

export interface ConvStepOptions extends SectionOptions {
  /** Shape of the images. */
  readonly input: Shape;
}

/** The dense baseline with the small stem, then one of the same budget for each graph. */
function convStepCases(arch: string, cases: readonly DensityCase[], input: Shape): StepCase[] {
  return stepCases(cases, arch, { input, stem: 'small' });
}

const describe = ({ graph, density, network: { arch, widths } }: StepCase): ConvNetwork => ({
  arch,
  graph,
  density,
  widths,
});

/**
 * Times training steps of each architecture: the dense baseline and a network of the same budget
 * for each graph, in turn.
 */
export async function measureConvSteps(
  backend: KernelBackend,
  cases: readonly DensityCase[],
  options: ConvStepOptions & { readonly archs: readonly string[] },
): Promise<ConvStepResult[]> {
  const results: ConvStepResult[] = [];
  const seconds = options.seconds / options.archs.length;
  for (const arch of options.archs)
    results.push(
      ...(await measureArch(backend, convStepCases(arch, cases, options.input), {
        ...options,
        seconds,
      })),
    );
  return results;
}

async function measureArch(
  backend: KernelBackend,
  cases: readonly StepCase[],
  { seconds, signal }: SectionOptions,
): Promise<ConvStepResult[]> {
  const executables = await Promise.all(
    cases.map(({ network }) => startedStep(backend, network, { batch: CONV_BATCH })),
  );
  try {
    const contestants = executables.map((executable) =>
      warmContestant(loadedStep(executable).parts),
    );
    const timings = await timeInTurn(contestants, {
      seconds,
      repeats: 1,
      ...(signal && { signal }),
    });
    return cases.map((one, i) => {
      const flops = stepFlops(executables[i].program);
      return {
        ...describe(one),
        macs: costOf(one.network).macs,
        flops,
        ...stepTime(timings[i], timings[0], flops),
        shares: stepShares(executables[i], timings[i]),
      };
    });
  } finally {
    for (const executable of executables) executable.dispose();
  }
}

/**
 * Times training steps of one architecture, dense and on each graph, with one thread and with
 * several in turn.
 */
export async function measureThreads(
  backend: KernelBackend,
  cases: readonly DensityCase[],
  { seconds, input, signal }: ConvStepOptions,
): Promise<ThreadResult[]> {
  const { arch, threads } = THREADED;
  const networks = convStepCases(arch, cases, input);
  const executables = await Promise.all(
    networks.flatMap(({ network }) =>
      [1, threads].map((count) =>
        startedStep(backend, network, { batch: CONV_BATCH, threads: count }),
      ),
    ),
  );
  try {
    const contestants = executables.map((executable) => warmContestant([wholeStep(executable)]));
    const timings = await timeInTurn(contestants, {
      seconds,
      repeats: 1,
      ...(signal && { signal }),
    });
    return networks.map((one, i) => {
      const [single, several] = [timings[2 * i], timings[2 * i + 1]];
      return {
        ...describe(one),
        threads,
        milliseconds: { one: single.best, several: several.best },
        speedup: single.best / several.best,
        medianSpeedup: medianRatio(single.rounds, several.rounds),
      };
    });
  } finally {
    for (const executable of executables) executable.dispose();
  }
}
