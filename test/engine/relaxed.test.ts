import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { afterAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { relaxedWasmBackend, wasmBackend } from '../../src/engine/backends/cpu/index.js';
import { hasRelaxedSimd } from '../../src/engine/backends/cpu/wasm.js';
import { compile } from '../../src/engine/compile.js';
import { RandomStream } from '../../src/core/random/index.js';
import { backendSuite } from './backend-suite.js';
import { HYPER } from './backend-pair.js';
import { chain, loadBatch, randomBatch, randomise, vector } from './networks.js';

const bytes = (name: string): Uint8Array =>
  readFileSync(new URL(`../../native/${name}`, import.meta.url));

// Node 20 has the instructions behind a flag; newer ones run them as the backend wasm-relaxed.
const hidden = !hasRelaxedSimd();
const FLAG = 'experimental-wasm-relaxed-simd';
if (hidden) setFlagsFromString(`--${FLAG}`);
const runs = hasRelaxedSimd();

describe('the relaxed WebAssembly kernels', () => {
  it.runIf(hidden)('are refused where the engine lacks their instructions', () => {
    setFlagsFromString(`--no-${FLAG}`);
    expect(() => relaxedWasmBackend(bytes('plexus-relaxed.wasm'))).toThrow(UserError);
    setFlagsFromString(`--${FLAG}`);
  });

  it.runIf(runs)('are a build of their own: other names, other bits', async () => {
    const all = [
      relaxedWasmBackend(bytes('plexus-relaxed.wasm')),
      wasmBackend(bytes('plexus.wasm')),
    ];
    expect(all.map(({ info }) => info.name)).toEqual(['wasm-relaxed', 'wasm']);
    const program = compile(chain(vector(300), [{ linear: 40 }, 'relu', { linear: 9 }]), {
      batch: 32,
    });
    const random = new RandomStream('relaxed');
    const both = await Promise.all(all.map((backend) => backend.prepare(program)));
    randomise(both, random);
    loadBatch(both, randomBatch(program, 32, random));
    for (const one of both) one.dispatch('step', HYPER);
    const [relaxed, plain] = await Promise.all(both.map((one) => one.read('linear0.weight')));
    expect(relaxed).not.toEqual(plain);
  });
});

afterAll(() => {
  if (hidden) setFlagsFromString(`--no-${FLAG}`);
});

// Where they are not hidden, test/engine/backends.test.ts has the suite.
if (hidden && runs) backendSuite('wasm-relaxed', relaxedWasmBackend(bytes('plexus-relaxed.wasm')));
