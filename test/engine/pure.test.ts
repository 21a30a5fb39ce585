import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { wasmBackend } from '../../src/engine/index.js';
import type { Backend } from '../../src/engine/types.js';
import { createSession } from '../../src/engine/session.js';
import { chain, vector } from './networks.js';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));

/** All that a module imports when it is loaded: files of this package, and other packages' names. */
function closureOf(entry: string): { readonly files: Set<string>; readonly packages: Set<string> } {
  const [files, packages] = [new Set<string>(), new Set<string>()];
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    const text = readFileSync(file, 'utf8');
    for (const [, types, name] of text.matchAll(
      /^(?:import|export)( type)?\b[^;]*?from '([^']+)'/gm,
    )) {
      if (types !== undefined) continue;
      if (name.startsWith('.')) visit(join(dirname(file), name.replace(/\.js$/, '.ts')));
      else packages.add(name);
    }
    for (const [, name] of text.matchAll(/^import '(\.[^']+)'/gm))
      visit(join(dirname(file), name.replace(/\.js$/, '.ts')));
  };
  visit(join(SRC, entry));
  return { files, packages };
}

it('the engine imports nothing of Node, nor anything that does', () => {
  const { files, packages } = closureOf('engine/index.ts');
  expect(files.size).toBeGreaterThan(30);
  expect([...packages].filter((name) => name.startsWith('node:'))).toEqual([]);
  for (const file of files)
    expect(readFileSync(file, 'utf8'), file).not.toMatch(/\bBuffer\.(?:alloc|from|concat)/);
  // What Node adds is seen, so that the test could fail.
  expect(closureOf('public/engine.ts').packages).toContain('node:module');
});

async function losses(backend: Backend): Promise<number[]> {
  const network = chain(vector(3), [{ linear: 8 }, 'bn', 'relu', { linear: 2 }]);
  const session = await createSession(network, { backend, batch: 2 });
  session.initialise(1);
  const step = () => session.step(Float32Array.from([1, 2, 3, 3, 1, 0]), [0, 1], 0.1);
  return [(await step()).loss, (await step()).loss];
}

it('runs on kernels that it is handed as bytes', async () => {
  const bytes = readFileSync(new URL('../../native/plexus.wasm', import.meta.url));
  const shared = await losses(wasmBackend(bytes));
  const copied = await losses(
    wasmBackend(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)),
  );
  expect(copied).toEqual(shared);
  expect(shared.every(Number.isFinite)).toBe(true);
});
