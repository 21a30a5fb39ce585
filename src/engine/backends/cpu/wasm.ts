import { InternalError, UserError } from '../../../core/errors.js';
import { sizesApart } from '../../../core/sizes.js';
import { KERNEL_VERSION, type Kernels, type Memory } from './kernels.js';

interface Exports {
  readonly memory: WebAssembly.Memory;
  base(): number;
  run(
    mem: number,
    commands: number,
    words: number,
    count: number,
    ld: number,
    rate: number,
    momentum: number,
    decay: number,
    scale: number,
    accumulate: number,
  ): number;
  peak(rounds: number): number;
}

const PAGE = 65536;

type Instantiate = () => Exports;

function allocate(instantiate: Instantiate, bytes: number): Memory {
  const kernels = instantiate();
  const base = kernels.base();
  const missing = base + bytes - kernels.memory.buffer.byteLength;
  try {
    if (missing > 0) kernels.memory.grow(Math.ceil(missing / PAGE));
  } catch {
    throw new UserError(
      'a network in the WebAssembly backend may take 4 GiB; this one needs ' +
        `${sizesApart(2 ** 32, bytes)[1]}: use a smaller batch or the native backend (a ` +
        'C compiler at install)',
    );
  }
  return {
    buffer: kernels.memory.buffer,
    base,
    run({ commands, words, count, ld, settings, accumulate }) {
      const { learningRate, momentum, weightDecay, gradientScale = 1 } = settings;
      const unknown = kernels.run(
        base,
        commands,
        words,
        count,
        ld,
        learningRate,
        momentum,
        weightDecay,
        gradientScale,
        Number(accumulate),
      );
      if (unknown !== 0)
        throw new InternalError(
          `the WebAssembly kernels do not know opcode ${unknown}; run npm run build:wasm`,
        );
    },
  };
}

function peak(instantiate: Instantiate): number {
  const kernels = instantiate();
  kernels.peak(100_000);
  let best = 0;
  for (let i = 0; i < 5; i++) {
    const from = performance.now();
    const flops = kernels.peak(10_000_000);
    best = Math.max(best, flops / (performance.now() - from) / 1e6);
  }
  return best;
}

/** A module whose `f` is a relaxed multiply-add: (a, b, c) -> a b + c. */
const PROBE = Uint8Array.from([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 8, 1, 0x60, 3, 0x7d, 0x7d, 0x7d, 1, 0x7d, 3, 2, 1, 0, 7, 5, 1,
  1, 0x66, 0, 0, 0x0a, 0x16, 1, 0x14, 0, 0x20, 0, 0xfd, 0x13, 0x20, 1, 0xfd, 0x13, 0x20, 2, 0xfd,
  0x13, 0xfd, 0x85, 2, 0xfd, 0x1f, 0, 0x0b,
]);

/**
 * Whether this machine runs the relaxed module: its engine has the instructions, and its processor fuses
 * them. An engine may round twice instead, to other bits and without a gain.
 */
export function hasRelaxedSimd(): boolean {
  if (!WebAssembly.validate(PROBE)) return false;
  const { f } = new WebAssembly.Instance(new WebAssembly.Module(PROBE)).exports as {
    readonly f: (a: number, b: number, c: number) => number;
  };
  return f(1 + 2 ** -12, 1 + 2 ** -12, -1 - 2 ** -11) === 2 ** -24;
}

/** The kernels as WebAssembly SIMD: the same C, wherever that runs. */
export function wasmKernels(bytes: ArrayBuffer | ArrayBufferView): Kernels {
  return kernelsOf(bytes, 'wasm', 'WebAssembly simd128');
}

/**
 * The module with fused multiply-adds: a build of its own, faster, with other bits.
 *
 * @throws UserError where the engine or the processor does not have them
 */
export function relaxedKernels(bytes: ArrayBuffer | ArrayBufferView): Kernels {
  if (!hasRelaxedSimd())
    throw new UserError(
      'the relaxed WebAssembly kernels need an engine with relaxed SIMD (Node 22 or newer) and a ' +
        'processor with fused multiply-adds; use the backend wasm',
    );
  return kernelsOf(bytes, 'wasm-relaxed', 'WebAssembly relaxed simd');
}

function kernelsOf(
  bytes: ArrayBuffer | ArrayBufferView,
  name: string,
  description: string,
): Kernels {
  let compiled: WebAssembly.Module | undefined;
  const instantiate: Instantiate = () => {
    // Browsers’ own types want bytes that no other thread writes.
    compiled ??= new WebAssembly.Module(bytes as ArrayBuffer);
    return new WebAssembly.Instance(compiled).exports as unknown as Exports;
  };
  return {
    info: {
      name,
      version: KERNEL_VERSION,
      description,
      precision: 'float32',
      threads: 1,
      columns: 16,
      transposedWeights: true,
      bf16: 'widened',
    },
    allocate: (size) => allocate(instantiate, size),
    peak: () => peak(instantiate),
  };
}
