import { RandomStream } from '../../core/random/index.js';
import { initialValues, type Backend, type Executable } from '../../engine/index.js';
import { buildGraph, formatGraphSpec } from '../../graph/index.js';
import { blockMask, type BlockMask } from '../../network/index.js';
import { BATCH, NODE_CHANNELS, NODES, type DensityCase } from './cases.js';
import { callFlops } from './flops.js';
import { exchangeOps, opProgram, type ExchangeOp } from './op-program.js';
import { median, timeInTurn, type Contestant } from './timing.js';

/** One operation of message exchange at one density. */
export interface OpResult {
  readonly op: ExchangeOp;
  readonly density: number;
  readonly graph: string;
  /** Share of the layer's weight matrix that exists, self-connections included: (k + 1) / n. */
  readonly maskDensity: number;
  /** Useful arithmetic, a multiply-add counted as 2. */
  readonly flops: number;
  readonly milliseconds: number;
  readonly gflops: number;
}

export interface SectionOptions {
  /** Time for the whole section, set-up not included. */
  readonly seconds: number;
  readonly signal?: AbortSignal;
}

// Small enough that weights stay what they are over any number of updates.
const HYPER = { learningRate: 1e-6, momentum: 0.9, weightDecay: 5e-4 };

/** Times the operations of one relational layer (64 nodes of 24 channels, batch 128), density after density. */
export async function measureOps(backend: Backend, cases: readonly DensityCase[], options: SectionOptions): Promise<OpResult[]> {
  const results: OpResult[] = [];
  for (const one of cases) results.push(...(await measureDensity(backend, one, { ...options, seconds: options.seconds / cases.length })));
  return results;
}

async function measureDensity(backend: Backend, { density, graph }: DensityCase, { seconds, signal }: SectionOptions): Promise<OpResult[]> {
  const channels = NODES * NODE_CHANNELS;
  const mask = blockMask(buildGraph(graph), channels, channels);
  const executables = prepareOps(backend, mask);
  try {
    const contestants = exchangeOps.map((op, i) => contestantOf(executables[i], op));
    const rounds = await timeInTurn(contestants, { seconds, repeats: 3, ...(signal && { signal }) });
    return exchangeOps.map((op, i) => {
      const { program } = executables[i];
      const flops = [...program.forward, ...program.backward].reduce((sum, call) => sum + callFlops(call, BATCH), 0);
      const milliseconds = median(rounds[i]);
      return { op, density, graph: formatGraphSpec(graph), maskDensity: mask.nonzeros / channels ** 2, flops, milliseconds, gflops: flops / milliseconds / 1e6 };
    });
  } finally {
    for (const executable of executables) executable.dispose();
  }
}

/** One executable for each operation, all with the same weights and batch, and y = W x filled in. */
function prepareOps(backend: Backend, mask: BlockMask): Executable[] {
  const random = new RandomStream('bench', 'exchange');
  const samples = Float32Array.from({ length: BATCH * mask.input.channels }, () => random.normal());
  const labels = new Uint8Array(BATCH);
  let weights: Float64Array | null = null;
  return exchangeOps.map((op) => {
    const executable = backend.prepare(opProgram({ kind: 'linear', mask }, op, BATCH));
    weights ??= initialValues(executable.program.parameters[0], 1);
    executable.upload('w', weights);
    executable.input(samples, labels, BATCH);
    executable.dispatch('evaluate');
    return executable;
  });
}

function contestantOf(executable: Executable, op: ExchangeOp): Contestant {
  const work: Readonly<Record<ExchangeOp, () => void>> = {
    forward: () => executable.dispatch('forward'),
    // The forward phase of these programs is empty, but has to come first.
    inputGrad: () => {
      executable.dispatch('forward');
      executable.dispatch('backward');
    },
    weightGrad: () => {
      executable.dispatch('forward');
      executable.dispatch('backward');
    },
    weightGradUpdate: () => executable.dispatch('step', HYPER),
  };
  return { settle: work[op], run: work[op] };
}
