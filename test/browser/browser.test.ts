import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { build, type Rollup } from 'vite';
import { describe, expect, it } from 'vitest';
import { type Outcome, train } from './entry.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const kernels = readFileSync(new URL('../../native/plexus.wasm', import.meta.url));

/** The entry and all that it imports in one script for a page, as `plexus.train(bytes)`. */
async function bundled(): Promise<string> {
  const outputs = (await build({
    root: ROOT,
    configFile: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'no-node',
        enforce: 'pre',
        resolveId(source, importer) {
          if (source.startsWith('node:')) throw new Error(`${importer} imports ${source}`);
        },
      },
    ],
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      lib: { entry: `${ROOT}test/browser/entry.ts`, name: 'plexus', formats: ['iife'] },
    },
  })) as Rollup.RollupOutput[];
  return outputs[0].output[0].code;
}

describe('the rooms that run in a browser', () => {
  it('are bundled for a page and train to the same bits as in Node', async () => {
    const code = await bundled();
    // What a page has of what these rooms use, and nothing of Node's.
    const page = { WebAssembly, performance, setTimeout, TextEncoder, TextDecoder, console };
    const context: Record<string, unknown> = { ...page, bytes: new Uint8Array(kernels) };
    const promise = runInNewContext(`${code}; plexus.train(bytes).then(JSON.stringify)`, context);
    const there = JSON.parse((await promise) as string) as Outcome;
    const here = await train(kernels);
    expect(there).toEqual(JSON.parse(JSON.stringify(here)));
    expect(there.backend).toMatch(/^WebAssembly/);
    expect(there.losses.every((loss) => loss > 1 && loss < 5)).toBe(true);
    expect(Object.keys(there.weights).length).toBeGreaterThan(5);
    expect(there.next).toBeGreaterThan(3);
  });
});
