import { RandomStream } from '../../core/random/stream.js';
import { features } from '../../core/shape.js';
import { initialValues } from '../../engine/initialise.js';
import type { KernelBackend, KernelExecutable } from '../../engine/backends/cpu/index.js';
import type { Executable } from '../../engine/types.js';
import { buildGraph, formatGraphSpec } from '../../graph/spec.js';
import { blockMask } from '../../network/mask.js';
import type { BlockMask } from '../../network/types.js';
import {
  BATCH,
  CONV_BATCH,
  CONV_NODE_CHANNELS,
  CONV_WINDOW,
  type DensityCase,
  NODE_CHANNELS,
  NODES,
} from './cases.js';
import { callFlops } from './flops.js';
import { convOps, type ExchangeOp, exchangeOps, type OpLayer, opProgram } from './op-program.js';
import { type Contestant, timeInTurn, type Timing } from './timing.js';

/** One operation of message exchange at one density. */
export interface OpResult {
  readonly op: ExchangeOp;
  readonly density: number;
  readonly graph: string;
  /** Share of the layer's weight matrix that exists, self-connections included: (k + 1) / n. */
  readonly maskDensity: number;
  /** Useful arithmetic, a multiply-add counted as 2. */
  readonly flops: number;
  /** Best of many, and the median of the rounds. */
  readonly milliseconds: number;
  readonly median: number;
  /** Of the best. */
  readonly gflops: number;
}

/** The same of a convolution, over planes of `side` x `side` pixels. */
export interface ConvOpResult extends OpResult {
  readonly nodeChannels: number;
  readonly side: number;
}

export interface SectionOptions {
  /** Time for the whole section, set-up not included. */
  readonly seconds: number;
  readonly signal?: AbortSignal;
}

export interface PlaneOptions extends SectionOptions {
  /** Pixels in a side of the planes. */
  readonly side: number;
}

// Small enough that weights stay what they are over any number of updates.
const HYPER = { learningRate: 1e-6, momentum: 0.9, weightDecay: 5e-4 };
/** Numbers that are drawn; larger batches repeat them. */
const DRAWN = 2 ** 18;

/**
 * Times the operations of one relational layer (64 nodes of 24 channels, batch 128), density after
 * density.
 */
export async function measureOps(
  backend: KernelBackend,
  cases: readonly DensityCase[],
  options: SectionOptions,
): Promise<OpResult[]> {
  const results: OpResult[] = [];
  for (const one of cases)
    results.push(
      ...(await measureLinear(backend, one, {
        ...options,
        seconds: options.seconds / cases.length,
      })),
    );
  return results;
}

async function measureLinear(
  backend: KernelBackend,
  one: DensityCase,
  { seconds, signal }: SectionOptions,
): Promise<OpResult[]> {
  const channels = NODES * NODE_CHANNELS;
  const mask = blockMask(buildGraph(one.graph), channels, channels);
  const executables = await prepareOps(backend, { kind: 'linear', mask }, exchangeOps, BATCH);
  try {
    const contestants = exchangeOps.map((op, i): Contestant => {
      const parts = opWork(executables[i], op);
      return { settle: () => runAll(parts), parts };
    });
    const timings = await timeInTurn(contestants, {
      seconds,
      repeats: 3,
      ...(signal && { signal }),
    });
    return exchangeOps.map((op, i) => opResult(one, mask, op, executables[i], timings[i]));
  } finally {
    for (const executable of executables) executable.dispose();
  }
}

/**
 * Times the operations of one relational 3x3 convolution (64 nodes, batch 32) for each size of
 * nodes, density after density.
 */
export async function measureConvs(
  backend: KernelBackend,
  cases: readonly DensityCase[],
  options: PlaneOptions,
): Promise<ConvOpResult[]> {
  const results: ConvOpResult[] = [];
  const seconds = options.seconds / cases.length / CONV_NODE_CHANNELS.length;
  for (const nodeChannels of CONV_NODE_CHANNELS) {
    for (const one of cases)
      results.push(...(await measureConv(backend, one, nodeChannels, { ...options, seconds })));
  }
  return results;
}

async function measureConv(
  backend: KernelBackend,
  one: DensityCase,
  nodeChannels: number,
  { seconds, side, signal }: PlaneOptions,
): Promise<ConvOpResult[]> {
  const channels = NODES * nodeChannels;
  const mask = blockMask(buildGraph(one.graph), channels, channels);
  const executables = await prepareOps(
    backend,
    { kind: 'conv', mask, side, window: CONV_WINDOW },
    convOps,
    CONV_BATCH,
  );
  try {
    const contestants = convOps.map((op, i) => warmContestant(opWork(executables[i], op)));
    const timings = await timeInTurn(contestants, {
      seconds,
      repeats: 1,
      ...(signal && { signal }),
    });
    return convOps.map((op, i) => ({
      ...opResult(one, mask, op, executables[i], timings[i]),
      nodeChannels,
      side,
    }));
  } finally {
    for (const executable of executables) executable.dispose();
  }
}

function opResult(
  { density, graph }: DensityCase,
  mask: BlockMask,
  op: ExchangeOp,
  { program }: Executable,
  timing: Timing,
): OpResult {
  const flops = [...program.forward, ...program.backward].reduce(
    (sum, call) => sum + callFlops(call, program.batch),
    0,
  );
  const maskDensity = mask.nonzeros / mask.input.channels / mask.output.channels;
  return {
    op,
    density,
    graph: formatGraphSpec(graph),
    maskDensity,
    flops,
    milliseconds: timing.best,
    median: timing.median,
    gflops: flops / timing.best / 1e6,
  };
}

/**
 * One executable for each operation, all with the same weights and batch, and y = the layer's
 * product filled in.
 */
export async function prepareOps(
  backend: KernelBackend,
  layer: OpLayer,
  ops: readonly ExchangeOp[],
  batch: number,
): Promise<KernelExecutable[]> {
  const executables = await Promise.all(
    ops.map((op) => backend.prepare(opProgram(layer, op, batch))),
  );
  const { network, parameters } = executables[0].program;
  const samples = noise(batch * features(network.input));
  const labels = new Uint8Array(batch);
  const weights = initialValues(parameters[0], 1);
  for (const executable of executables) {
    executable.upload('w', weights);
    executable.input(samples, labels, batch);
    executable.dispatch('evaluate');
  }
  return executables;
}

function noise(length: number): Float32Array {
  const random = new RandomStream('bench', 'exchange');
  const numbers = new Float32Array(length);
  for (let i = 0; i < Math.min(length, DRAWN); i++) numbers[i] = random.normal();
  for (let filled = DRAWN; filled < length; filled *= 2) numbers.copyWithin(filled, 0, filled);
  return numbers;
}

/** What the program's operation is made of. */
export function opWork(executable: KernelExecutable, op: ExchangeOp): (() => void)[] {
  if (op === 'weightGradUpdate') return executable.parts('step', HYPER).map(({ run }) => run);
  const forward = executable.parts('forward').map(({ run }) => run);
  if (op === 'forward') return forward;
  // The forward phase of these programs is empty, but has to come first.
  executable.dispatch('forward');
  return executable.parts('backward').map(({ run }) => run);
}

/**
 * Work over more memory than the caches hold, run once at the start: there is nothing to settle
 * before a turn.
 */
export function warmContestant(parts: readonly (() => void)[]): Contestant {
  runAll(parts);
  return { settle: () => {}, parts };
}

export function runAll(parts: readonly (() => void)[]): void {
  for (const part of parts) part();
}
