import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { manifest, pack, ROOT } from './packed.js';

describe('the package', () => {
  const { unpackedSize, files } = pack(null);
  const paths = files.map(({ path }) => path);

  it('unpacks to at most 15 MB, as much as the page says', () => {
    expect(unpackedSize).toBeLessThanOrEqual(15e6);
    const [, said] = /about (\d+) MB unpacked/.exec(
      readFileSync(`${ROOT}docs/library.md`, 'utf8'),
    )!;
    expect(Math.abs(Number(said) - unpackedSize / 1e6)).toBeLessThan(1.5);
  });

  it('holds every file that package.json names', () => {
    const named = [
      ...Object.values(manifest.bin),
      ...Object.values(manifest.exports).flatMap((target) =>
        typeof target === 'string' ? [target] : Object.values(target),
      ),
    ].map((path) => path.replace(/^\.\//, ''));
    expect(named.length).toBeGreaterThan(20);
    for (const path of named) {
      const [before = '', after] = path.split('*');
      const held = paths.filter((each) =>
        after === undefined ? each === path : each.startsWith(before) && each.endsWith(after),
      );
      expect(held, path).not.toEqual([]);
    }
    // What the command reads besides: kernels, workers, pages of the studio, an example, licences.
    for (const path of [
      'native/plexus.wasm',
      'native/plexus-relaxed.wasm',
      'dist/executors/worker.js',
      'dist/graph-space/worker.js',
      'dist/data-files/folder/feeder-thread.js',
      'dist/studio/index.html',
      'dist/THIRD-PARTY.txt',
      'examples/quick.yaml',
      'LICENSE',
    ])
      expect(paths).toContain(path);
  });

  it('holds nothing that only a clone needs', () => {
    const alien =
      /^(test|bench|studio|src|node_modules|studies|\.ci)\/|\.(map|tsbuildinfo|ndjson|tgz)$|(^|\/)\./;
    expect(paths.filter((path) => alien.test(path))).toEqual([]);
  });
});
