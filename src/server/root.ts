import { fileURLToPath } from 'node:url';

/**
 * The directory of the built studio. The path holds from the sources, from the modules and from the
 * bundled program: all lie two folders below the package's root.
 */
export const STUDIO_ROOT = fileURLToPath(new URL('../../dist/studio/', import.meta.url));

/** The words of a command line that call this very Plexus. */
export const PROGRAM: readonly string[] = [
  process.execPath,
  fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url)),
];
