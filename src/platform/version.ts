import { fileURLToPath } from 'node:url';
import { invariant } from '../core/errors.js';
import { readJson } from './fs.js';

/**
 * The package's version. The path holds from the sources and from the build, which lie equally
 * deep.
 */
export function packageVersion(): string {
  const manifest = readJson(fileURLToPath(new URL('../../package.json', import.meta.url)));
  invariant(
    typeof manifest === 'object' &&
      manifest !== null &&
      'version' in manifest &&
      typeof manifest.version === 'string',
    'package.json has no version',
  );
  return manifest.version;
}
