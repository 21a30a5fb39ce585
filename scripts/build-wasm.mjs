// Builds native/plexus.wasm and native/plexus-relaxed.wasm from the same C as the addon, with clang 14 and
// its wasm-ld (Debian: clang-14, lld-14). `--check` builds to memory and fails unless the committed files
// are the very same, byte for byte.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const native = fileURLToPath(new URL('../native/', import.meta.url));
const clang = process.env.CLANG ?? 'clang-14';
const scratch = mkdtempSync(join(tmpdir(), 'plexus-wasm-'));
const COMPILE = [
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
];
const LINK = ['-Wl,--no-entry', '-Wl,-z,stack-size=65536', '-Wl,--strip-all'];
const FILES = ['kernels.c', 'wasm.c'];

function build(more) {
  const output = join(scratch, 'built.wasm');
  const flags = [...COMPILE, ...more, ...FILES, ...LINK, '-o', output];
  execFileSync(clang, flags, { cwd: native, stdio: 'inherit' });
  return readFileSync(output);
}

/**
 * clang 14 writes the fused multiply-add of a draft of the relaxed instructions, opcode 0xaf with the sum as
 * the first operand; `f32x4.relaxed_madd`, as engines have it, is 0x105 with the sum as the last. The C gives
 * the operands in that order; here the opcodes are changed, both of two bytes. Other bytes that merely look
 * like one would show: there would be more of them than instructions in the compiler's listing.
 */
function buildRelaxed() {
  const flag = '-mrelaxed-simd';
  const bytes = build([flag]);
  const listing = FILES.map((file) =>
    execFileSync(clang, [...COMPILE, flag, '-S', file, '-o', '-'], {
      cwd: native,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    }),
  ).join('');
  const wanted = listing.match(/^\s+f32x4\.fma$/gm)?.length ?? 0;
  const draft = Buffer.from([0xfd, 0xaf, 0x01]);
  let changed = 0;
  for (let at = bytes.indexOf(draft); at >= 0; at = bytes.indexOf(draft, at + 1), changed++)
    bytes.set([0xfd, 0x85, 0x02], at);
  if (wanted === 0 || changed !== wanted)
    throw new Error(`${changed} fused multiply-adds in the module, ${wanted} in the listing`);
  return bytes;
}

try {
  for (const { name, make } of [
    { name: 'plexus.wasm', make: () => build([]) },
    { name: 'plexus-relaxed.wasm', make: buildRelaxed },
  ]) {
    const built = make();
    const committed = join(native, name);
    if (!process.argv.includes('--check')) {
      writeFileSync(committed, built);
      console.log(`native/${name}: ${built.length} bytes`);
    } else if (built.equals(readFileSync(committed)))
      console.log(`native/${name} matches its sources (${built.length} bytes)`);
    else {
      console.error(
        `native/${name} is not what native/*.c builds: run \`npm run build:wasm\` and commit it`,
      );
      process.exitCode = 1;
    }
  }
} finally {
  rmSync(scratch, { recursive: true });
}
