import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';
import { type Addon, kernelsOf } from '../../src/engine-native/addon.js';
import { cpuBackend } from '../../src/engine-native/index.js';
import { kernelBackend } from '../../src/engine/backends/cpu/index.js';
import { backends } from '../../src/engine/backends/registry.js';
import { LONG } from '../long.js';
import { backendBf16 } from './backend-bf16.js';

// Where the processor has AVX512-BF16 the suite of the cpu backend runs its products of pairs. Elsewhere
// the long form builds them with vectors of 512 bits and that one instruction in plain C.
const compiled = backends().some(({ name, backend }) => name === 'cpu' && backend !== null);
const own = compiled && cpuBackend().info.bf16 === 'pairs';

function emulated(): Addon {
  const path = (file: string): string => fileURLToPath(new URL(`../../${file}`, import.meta.url));
  execFileSync(process.execPath, [path('scripts/build-native.mjs'), '--emulated']);
  return createRequire(import.meta.url)(path('native/build/emulated.node')) as Addon;
}

if (LONG && compiled && !own)
  describe('products of pairs of bf16, emulated, watched', { tags: ['long'] }, () =>
    backendBf16(kernelBackend(kernelsOf(emulated()), { checked: true })),
  );
else it.skip('products of pairs of bf16', () => {});
