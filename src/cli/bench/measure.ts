import type { BackendInfo } from '../../engine/index.js';
import { corePeak, peakGauge, type FastBackend } from './backend.js';
import { densityCases } from './cases.js';
import { measureOps, type OpResult } from './ops.js';
import { measureSteps, stepCases, type StepResult } from './steps.js';

/** What `plexus bench` finds out. Rates are GFLOP/s of one core. */
export interface BenchResult {
  readonly backend: BackendInfo;
  /** Peaks: of the backend's own build, and of the core (null where the native kernels were not built). */
  readonly peak: { readonly backend: number; readonly core: number | null };
  readonly exchange: readonly OpResult[];
  readonly steps: readonly StepResult[];
}

export interface BenchOptions {
  /** Time for each section, set-up not included. */
  readonly exchangeSeconds: number;
  readonly stepSeconds: number;
  readonly signal?: AbortSignal;
  /** Takes a line when a section begins. */
  readonly note: (line: string) => void;
}

/** Measures one backend: its peak, message exchange, the training step. The peak is taken between the sections as well. */
export async function measureBench(backend: FastBackend, options: BenchOptions): Promise<BenchResult> {
  const { note, signal, exchangeSeconds, stepSeconds } = options;
  const gauge = peakGauge(() => backend.kernels.peak());
  const native = backend.info.name === 'cpu';
  const core = native ? null : corePeak();
  gauge();
  note(`message exchange, about ${exchangeSeconds} s ...`);
  const exchange = await measureOps(backend, densityCases, { seconds: exchangeSeconds, ...(signal && { signal }) });
  gauge();
  note(`training steps, about ${stepSeconds} s ...`);
  const steps = await measureSteps(backend, stepCases(densityCases), { seconds: stepSeconds, ...(signal && { signal }) });
  const peak = gauge();
  return { backend: backend.info, peak: { backend: peak, core: native ? peak : core }, exchange, steps };
}
