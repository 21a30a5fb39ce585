// Runs after `npm ci` (npm's `prepare`): compiles the native kernels and TypeScript, bundles the
// program and the studio, and links `plexus` where npx looks.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

function node(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

node(`${root}scripts/build-native.mjs`);
if (!existsSync(`${root}node_modules/typescript`)) {
  // Installed without development dependencies (a published package brings dist along).
  if (existsSync(`${root}dist/cli/main.js`)) process.exit(0);
  console.error('plexus: TypeScript is missing; run `npm ci` without --omit=dev');
  process.exit(1);
}
node(`${root}node_modules/typescript/bin/tsc`, '-p', 'tsconfig.json');
const { bundleProgram } = await import('./bundle.mjs');
await bundleProgram(root);
const studio = `${root}studio/vite.config.ts`;
node(`${root}node_modules/vite/bin/vite.js`, 'build', '--config', studio, '--logLevel', 'warn');
const main = `${root}dist/cli/main.js`;
if (existsSync(main) && process.platform !== 'win32') {
  chmodSync(main, 0o755);
  mkdirSync(`${root}node_modules/.bin`, { recursive: true });
  rmSync(`${root}node_modules/.bin/plexus`, { force: true });
  symlinkSync('../../dist/cli/main.js', `${root}node_modules/.bin/plexus`);
}
