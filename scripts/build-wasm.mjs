// Builds native/plexus.wasm from the same C as the addon, with clang 14 and its wasm-ld (Debian:
// clang-14, lld-14). `--check` builds to memory and fails unless the committed file is the very
// same, byte for byte.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const native = fileURLToPath(new URL('../native/', import.meta.url));
const committed = join(native, 'plexus.wasm');
const scratch = mkdtempSync(join(tmpdir(), 'plexus-wasm-'));
const output = join(scratch, 'plexus.wasm');
try {
  execFileSync(
    process.env.CLANG ?? 'clang-14',
    [
      '--target=wasm32',
      '-O3',
      '-msimd128',
      '-mbulk-memory',
      '-nostdlib',
      '-ffreestanding',
      '-Wall',
      '-Wextra',
      '-DPLEXUS_VL=4',
      '-DPLEXUS_SUFFIX=_wasm',
      'kernels.c',
      'wasm.c',
      '-Wl,--no-entry',
      '-Wl,-z,stack-size=65536',
      '-Wl,--strip-all',
      '-o',
      output,
    ],
    { cwd: native, stdio: 'inherit' },
  );
  const built = readFileSync(output);
  if (process.argv.includes('--check')) {
    if (!built.equals(readFileSync(committed))) {
      console.error(
        'native/plexus.wasm is not what native/*.c builds: run `npm run build:wasm` and commit it',
      );
      process.exitCode = 1;
    } else console.log(`native/plexus.wasm matches its sources (${built.length} bytes)`);
  } else {
    writeFileSync(committed, built);
    console.log(`native/plexus.wasm: ${built.length} bytes`);
  }
} finally {
  rmSync(scratch, { recursive: true });
}
