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

/** The kernels as WebAssembly SIMD: the same C, wherever that runs. */
export function wasmKernels(bytes: ArrayBuffer | ArrayBufferView): Kernels {
  let compiled: WebAssembly.Module | undefined;
  const instantiate: Instantiate = () => {
    compiled ??= new WebAssembly.Module(bytes);
    return new WebAssembly.Instance(compiled).exports as unknown as Exports;
  };
  return {
    info: {
      name: 'wasm',
      version: KERNEL_VERSION,
      description: 'WebAssembly simd128',
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
