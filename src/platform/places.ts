import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { DataPlace } from '../core/data-places.js';
import { UserError } from '../core/errors.js';

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where to look for data, besides the user cache. */
export interface DataOptions {
  /** The directory of `--data-dir`. */
  readonly dataDir?: string | undefined;
  /** Absent: the process's own. */
  readonly env?: Environment | undefined;
}

/**
 * The directory for data that can be fetched again: `$XDG_CACHE_HOME/plexus` where that is set,
 * else `plexus` in the platform's own place (`%LOCALAPPDATA%`, `~/Library/Caches`, `~/.cache`).
 */
export function userCache(env: Environment, platform: string = process.platform): string {
  const home = env['HOME'] || homedir();
  const xdg = env['XDG_CACHE_HOME'];
  // The XDG specification: a relative path is to be ignored.
  if (xdg && isAbsolute(xdg)) return join(xdg, 'plexus');
  if (platform === 'win32')
    return join(env['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), 'plexus');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'plexus');
  return join(home, '.cache', 'plexus');
}

/**
 * Directories that may hold data sets, in the order they are looked at; the first is where `data
 * get` writes.
 */
export function dataPlaces(options: DataOptions): readonly [DataPlace, ...DataPlace[]] {
  const env = options.env ?? process.env;
  const cache: DataPlace = { path: userCache(env), origin: 'user cache' };
  const named: DataPlace[] = [];
  if (options.dataDir) named.push({ path: resolve(options.dataDir), origin: '--data-dir' });
  const variable = env['PLEXUS_DATA'];
  if (variable) named.push({ path: resolve(variable), origin: 'PLEXUS_DATA' });
  const [first, ...others] = named;
  return first === undefined ? [cache] : [first, ...others, cache];
}

/**
 * Throws a `UserError` when a directory that the user named does not exist (the cache need not).
 */
export function requireNamedPlaces(places: readonly DataPlace[]): void {
  for (const { path, origin } of places) {
    if (origin === 'user cache' || existsSync(path)) continue;
    throw new UserError(
      `${origin} names the data directory ${path}, which does not exist; correct the ` +
        'path or make the directory',
    );
  }
}
