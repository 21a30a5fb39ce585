import { extname } from 'node:path';
import { UserError, visible } from '../core/errors.js';

/** The ending of a path in lower case, `.svg`; empty where it has none, as `/dev/stdout`. */
export function endingOf(path: string): string {
  return extname(path).toLowerCase();
}

/**
 * Throws a `UserError` where a file's ending tells of a format that is not written there. A path
 * without an ending is taken as it is.
 *
 * @param what the option, and what it writes
 * @param endings those that are written
 */
export function checkEnding(what: string, path: string, endings: readonly string[]): void {
  const ending = endingOf(path);
  if (ending === '' || endings.includes(ending)) return;
  throw new UserError(
    `${what} as ${endings.join(', ')}, not as ${visible(ending)}; name a file that ends in ` +
      `${endings.length === 1 ? endings[0] : 'one of these'} instead of ${visible(path)}`,
  );
}
