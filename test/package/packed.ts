import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The clone's folder, with a slash at its end. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What package.json says of what is published. */
export const manifest = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as {
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
};

/** The names of the library's entry points: `graph`, `engine`, ... */
export const entryPoints = Object.keys(manifest.exports)
  .filter((name) => !name.includes('*'))
  .map((name) => name.slice('./'.length));

/** What `npm pack --json` says of the package. */
export interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

/** The environment without what npm and vitest tell their own scripts. */
function plainEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_OPTIONS|VITEST|CC$)/.test(name)),
  );
}

/** Runs a program; throws what it said where it fails. Both of its outputs, as text. */
export function run(
  cwd: string,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { readonly stdout: string; readonly stderr: string } {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    env: { ...plainEnvironment(), ...env },
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')}: ${error ?? `${stdout}\n${stderr}`}`);
  return { stdout, stderr };
}

/** Packs the clone as it is built, into a folder or (null) without writing anything. */
export function pack(folder: string | null): Packed {
  const where = folder === null ? ['--dry-run'] : ['--pack-destination', folder];
  const { stdout } = run(ROOT, 'npm', ['pack', '--json', '--ignore-scripts', ...where]);
  return (JSON.parse(stdout) as [Packed])[0];
}
