import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LONG } from '../long.js';
import { entryPoints, manifest, pack, ROOT, run } from './packed.js';

/** Entry points that have files to read and write, and so need Node. */
const NODE_ONLY = new Set(['figures', 'interop']);

/** A training that takes a second. */
const TRAIN = (
  'train --graph ws-flex:n=8,k=4,p=0.2,seed=1 --data shapes --size 16 --train-images 128 ' +
  '--test-images 32 --epochs 1 --width 32'
).split(' ');

// Only in the long run: it packs, asks the registry for the dependencies, and installs them.
describe.skipIf(!LONG)('npm i FILE.tgz in an empty project', { tags: ['long'] }, () => {
  let home = '';
  let project = '';
  let library = '';

  beforeAll(() => {
    home = realpathSync(mkdtempSync(join(tmpdir(), 'plexus-packed-')));
    project = join(home, 'project');
    library = join(project, 'node_modules/plexus-nn');
    mkdirSync(project);
    const { filename } = pack(home);
    writeFileSync(join(project, 'package.json'), '{"private": true, "type": "module"}\n');
    const args = ['i', join(home, filename), '--prefer-offline', '--no-audit', '--no-fund'];
    run(project, 'npm', args);
  }, 300_000);

  afterAll(() => rmSync(home, { recursive: true, force: true }));

  const plexus = (...args: readonly string[]) =>
    run(project, 'npx', ['--no', '--', 'plexus', ...args]);

  it('gives the command, under both of its names', () => {
    expect(plexus('--version').stdout.trim()).toBe(manifest.version);
    const byPackage = run(project, 'npx', ['--no', '--', 'plexus-nn', '--version']);
    expect(byPackage.stdout.trim()).toBe(manifest.version);
    const { stdout } = plexus('graph', 'measure', 'ring-lattice:n=16,k=4', '--json');
    expect(stdout).toContain('"clustering"');
  });

  it('trains, saves, exports and predicts', () => {
    plexus(...TRAIN, '--save', 'net.safetensors');
    plexus('export', 'net.safetensors', '--to', 'onnx', '-o', 'net.onnx');
    expect(readFileSync(join(project, 'net.onnx')).length).toBeGreaterThan(1000);
    plexus(
      ...'data export shapes --size 16 --train-images 128 --test-images 32 -o s.npz'.split(' '),
    );
    const { stdout } = plexus('predict', 'net.safetensors', 's.npz', '--json');
    expect(stdout).toContain('"probabilit');
  });

  it('runs a study by its worker threads, with report', () => {
    const spec =
      'plexus: 1\nname: tiny\ndata: {name: shapes, train: 128, test: 32, size: 16}\nwidth: 32\n' +
      'baseline: complete:n=8\ngraphs: ["ring-lattice:n=8,k=4"]\nseeds: 2\ntrain: {epochs: 1}\n';
    writeFileSync(join(project, 'tiny.yaml'), spec);
    plexus('study', 'run', 'tiny.yaml', '--out', 'tiny', '--workers', '2');
    expect(readFileSync(join(project, 'tiny/report.html'), 'utf8')).toContain('</html>');
  });

  it('needs no compiler: without addon, or with one of another machine, WebAssembly computes', () => {
    const addon = join(library, 'native/build/plexus.node');
    const kept = existsSync(addon) ? readFileSync(addon) : null;
    rmSync(join(library, 'native/build'), { recursive: true, force: true });
    expect(plexus('doctor').stdout).toMatch(/studies use +wasm/);
    plexus(...TRAIN);
    mkdirSync(join(library, 'native/build'));
    writeFileSync(addon, 'the bytes of another platform');
    expect(plexus('doctor').stdout).toMatch(/studies use +wasm/);
    plexus(...TRAIN);
    // A machine with a compiler can have its own; one without is told so, and nothing fails.
    const rebuild = ['explore', 'plexus-nn', '--', 'npm', 'run', 'build'];
    expect(run(project, 'npm', rebuild, { CC: 'no-such-cc' }).stdout).toContain('WebAssembly');
    rmSync(addon);
    run(project, 'npm', rebuild);
    if (kept !== null) expect(plexus('doctor').stdout).toMatch(/studies use +cpu/);
  });

  it('is a library of ES modules', () => {
    const code = `
      import { buildGraph, measure, parseGraphSpec } from 'plexus-nn/graph';
      import { designNetwork } from 'plexus-nn/network';
      import { createSession } from 'plexus-nn/engine';
      const graph = parseGraphSpec('ws-flex:n=8,k=4,p=0.2,seed=1');
      const { network } = designNetwork({ arch: 'mlp', graph, classes: 10,
        input: { channels: 3, height: 4, width: 4 } });
      const session = await createSession(network, { batch: 4, backend: 'wasm' });
      session.initialise(1);
      const { loss } = await session.step(new Float32Array(4 * 48), [0, 1, 2, 3], 0.1);
      console.log(measure(buildGraph(graph)).edges, loss.toFixed(2));
      const rooms = await Promise.all(${JSON.stringify(entryPoints)}.map((name) => import('plexus-nn/' + name)));
      console.log(rooms.every((room) => Object.keys(room).length > 3));`;
    writeFileSync(join(project, 'use.js'), code);
    expect(run(project, process.execPath, ['use.js']).stdout).toBe('16 2.30\ntrue\n');
  });

  it.each(['nodenext', 'bundler'])('type-checks with moduleResolution %s', (resolution) => {
    const imports = entryPoints.map((name) => `import * as ${name}Room from 'plexus-nn/${name}';`);
    const code = `${imports.join('\n')}
      import { buildGraph, measure, parseGraphSpec } from 'plexus-nn/graph';
      export const rooms: readonly object[] = [${entryPoints.map((name) => `${name}Room`).join(', ')}];
      export const edges: number = measure(buildGraph(parseGraphSpec('complete:n=4'))).edges;
      // @ts-expect-error: types are told, and not any
      export const wrong: string = buildGraph(parseGraphSpec('complete:n=4')).nodes;\n`;
    writeFileSync(join(project, 'use.ts'), code);
    // A program for Node with Node's types; one for a page, with those of pages and none of Node's.
    const around =
      resolution === 'nodenext'
        ? { lib: ['es2023'], types: ['node'], typeRoots: [join(ROOT, 'node_modules/@types')] }
        : { lib: ['es2023', 'dom'], types: [], customConditions: ['browser'] };
    const options = {
      ...around,
      module: resolution === 'bundler' ? 'esnext' : resolution,
      moduleResolution: resolution,
      target: 'es2022',
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      // The declarations of all that is reached are checked too.
      skipLibCheck: false,
      noEmit: true,
    };
    const config = JSON.stringify({ compilerOptions: options, files: ['use.ts'] });
    writeFileSync(join(project, 'tsconfig.json'), config);
    run(project, process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', '.']);
  });

  /** What a bundler makes for a page of a module that imports the package. */
  async function bundled(code: string): Promise<string> {
    writeFileSync(join(project, 'page.js'), code);
    const complaints: string[] = [];
    const bundle = await rolldown({
      input: join(project, 'page.js'),
      cwd: project,
      platform: 'browser',
      onLog: (_level, { message }) => complaints.push(message),
    });
    const { output } = await bundle.generate({ format: 'iife', name: 'page' });
    expect(complaints).toEqual([]);
    expect(output).toHaveLength(1);
    return output[0].code;
  }

  it.each(entryPoints.filter((name) => !NODE_ONLY.has(name)))(
    '%s is bundled for a page without a module of Node, and loads there',
    async (name) => {
      const code = await bundled(`export * from 'plexus-nn/${name}';`);
      expect(code).not.toMatch(/["']node:\w/);
      const page = { WebAssembly, performance, setTimeout, TextEncoder, TextDecoder, console };
      const keys = runInNewContext(`${code}; Object.keys(page).length`, page) as number;
      expect(keys).toBeGreaterThan(3);
    },
  );

  it('trains in a page, on the kernels that the package brings', async () => {
    const code = await bundled(`
      import { createSession, wasmBackend } from 'plexus-nn/engine';
      import { parseGraphSpec } from 'plexus-nn/graph';
      import { buildNetwork } from 'plexus-nn/network';
      export async function loss(bytes) {
        const input = { channels: 3, height: 4, width: 4 };
        const graph = parseGraphSpec('ring-lattice:n=8,k=4');
        const network = buildNetwork('mlp', graph, [24], { input, classes: 10 });
        const session = await createSession(network, { backend: wasmBackend(bytes), batch: 4 });
        session.initialise(1);
        return (await session.step(new Float32Array(4 * 48), [0, 1, 2, 3], 0.1)).loss;
      }`);
    const wasm = "require.resolve('plexus-nn/native/plexus.wasm')";
    const where = run(project, process.execPath, ['-p', wasm]).stdout.trim();
    const page = { WebAssembly, performance, setTimeout, TextEncoder, TextDecoder, console };
    const context = { ...page, bytes: new Uint8Array(readFileSync(where)) };
    const loss = (await runInNewContext(`${code}; page.loss(bytes)`, context)) as number;
    expect(loss).toBeCloseTo(Math.log(10), 2);
  });
});
