// Builds native/build/plexus.node, one object per instruction set, with a plain C compiler ($CC,
// else cc). Without a compiler nothing is built and Plexus uses the committed WebAssembly kernels
// instead: a note, never an error. Where the addon is newer than what it is made of, it stays.
// `--emulated` builds native/build/emulated.node instead: vectors of AVX-512 and products of pairs of
// bf16 in plain C, for test/engine/pairs.test.ts on processors that have neither.
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const build = `${root}native/build`;
const compiler = process.env.CC ?? 'cc';
const common = [
  '-O3',
  '-fPIC',
  '-fno-math-errno',
  '-Wall',
  '-Wextra',
  ...(process.platform === 'win32' ? [] : ['-pthread']),
];

const base = { suffix: '_base', flags: ['-DPLEXUS_VL=4'] };
const x86 = [
  { suffix: '_avx2', flags: ['-DPLEXUS_VL=8', '-mavx2', '-mfma'] },
  {
    suffix: '_avx512',
    flags: [
      '-DPLEXUS_VL=16',
      '-mavx512f',
      '-mavx512vl',
      '-mavx512dq',
      '-mavx512bw',
      '-mfma',
      '-mprefer-vector-width=512',
    ],
  },
];
const emulated = process.argv.includes('--emulated');
const output = emulated ? 'emulated.node' : 'plexus.node';

function variantsOf() {
  if (emulated)
    return [{ ...base, flags: ['-DPLEXUS_VL=16', '-DPLEXUS_PAIRS=2', '-Wno-psabi', '-O1'] }];
  return process.arch === 'x64' ? [base, ...x86] : [base];
}

async function headers() {
  const { include_dir: directory } = createRequire(import.meta.url)('node-api-headers');
  return directory;
}

/** Whether the addon was built after the last change of its sources and of this script. */
function isCurrent() {
  const changed = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = readdirSync(`${root}native`)
    .filter((name) => /\.[ch]$/.test(name))
    .map((name) => `${root}native/${name}`);
  const built = changed(`${build}/${output}`);
  return [...sources, fileURLToPath(import.meta.url)].every((path) => changed(path) < built);
}

async function main() {
  // Another compiler is asked for to see what it makes.
  if (process.env.CC === undefined && isCurrent()) return;
  mkdirSync(build, { recursive: true });
  const include = await headers();
  const objects = await Promise.all(
    variantsOf().map(async ({ suffix, flags }) => {
      const object = `${build}/${output}${suffix}.o`;
      await run(compiler, [
        ...common,
        ...flags,
        `-DPLEXUS_SUFFIX=${suffix}`,
        '-c',
        `${root}native/kernels.c`,
        '-o',
        object,
      ]);
      return object;
    }),
  );
  const shared =
    process.platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared'];
  const defines = process.arch === 'x64' && !emulated ? ['-DPLEXUS_X86'] : [];
  const fresh = `${build}/${process.pid}.${output}`;
  await run(compiler, [
    ...common,
    ...shared,
    ...defines,
    `-I${include}`,
    `${root}native/addon.c`,
    ...objects,
    '-o',
    fresh,
  ]);
  // Renamed into place, so that a running process keeps the addon it has loaded.
  renameSync(fresh, `${build}/${output}`);
  for (const object of objects) rmSync(object);
}

try {
  await main();
} catch (error) {
  const why =
    error.code === 'ENOENT'
      ? `no C compiler "${compiler}"`
      : String(error.stderr || error.message).split('\n')[0];
  console.log(
    `plexus: native kernels not built (${why}); the slower WebAssembly kernels will be used`,
  );
}
