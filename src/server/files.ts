import { createHash } from 'node:crypto';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { extname, join, sep } from 'node:path';

/** A file as it is sent. */
export interface ServedFile {
  readonly bytes: Buffer;
  readonly type: string;
  /** Named after its contents by the build: may be kept for ever. */
  readonly immutable: boolean;
  /** Of its contents, for browsers that have it already. */
  readonly tag: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
};

/** Names that the build makes: a folder or two, no dots but in the ending. */
const NAME = /^(\/[\w-]+)*\/[\w-]+\.\w+$/;

/**
 * The file of a path below a directory. Null where there is none, and for everything that could lead
 * out of it: dots, escapes, links, folders, other kinds of files.
 */
export function servedFile(root: string, path: string): ServedFile | null {
  const name = path === '/' ? '/index.html' : path;
  const type = TYPES[extname(name)];
  if (!NAME.test(name) || type === undefined) return null;
  try {
    const base = realpathSync(root);
    const file = realpathSync(join(base, name));
    if (!file.startsWith(base + sep) || !statSync(file).isFile()) return null;
    const bytes = readFileSync(file);
    const tag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
    return { bytes, type, immutable: name.startsWith('/assets/'), tag };
  } catch {
    // Missing, or not to be read: the same to whoever asks.
    return null;
  }
}
