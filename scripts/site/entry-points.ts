import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

type Target = string | Readonly<Record<string, string>>;

/** The library's entry points, by name, each with the source file that declares it. */
export function entryPoints(): ReadonlyMap<string, string> {
  const manifest = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as {
    exports: Readonly<Record<string, Target>>;
  };
  const modules = Object.entries(manifest.exports).flatMap(([name, target]) => {
    const types = typeof target === 'string' ? undefined : target['types'];
    if (types === undefined) return [];
    return [
      [name.slice('./'.length), types.replace('./dist/', 'src/').replace(/\.d\.ts$/, '.ts')],
    ] as const;
  });
  return new Map(modules);
}
