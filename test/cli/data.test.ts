import { mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { progressLines, registerData } from '../../src/cli/commands/data.js';
import type { CliContext } from '../../src/cli/context.js';
import { cifar10Layout } from '../../src/data-files/cifar10.js';
import { writeBlackCifar } from '../data/fixtures.js';
import { makeFolder, put } from '../data/folder/fixtures.js';

let root: string;
let out: string[];
let notes: string[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'plexus-cli-data-'));
  out = [];
  notes = [];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function contextOf(interactive = false): CliContext {
  return {
    out: (line) => out.push(line),
    note: (line, over = 0) => notes.push(over > 0 ? `[over ${over}]${line}` : line),
    env: { XDG_CACHE_HOME: join(root, 'cache') },
    signal: new AbortController().signal,
    stdin: Readable.from([]),
    interactive,
  };
}

async function plexus(...argv: string[]): Promise<string> {
  const program = new Command().exitOverride();
  registerData(program, contextOf());
  await program.parseAsync(argv, { from: 'user' });
  return out.join('\n');
}

describe('plexus data list', () => {
  it('prints what is here, and how to get what is not', async () => {
    const text = await plexus('data', 'list');
    expect(text).toMatch(/^name +found +classes +train +test +shape +where$/m);
    expect(text).toMatch(/^cifar10 +no +10 +50,000 +10,000 +3x32x32 +-$/m);
    expect(text).toMatch(/^shapes +yes +10 +10,000 +2,000 +3x32x32 +built in$/m);
    expect(text).toContain('plexus data get cifar10');
  });

  it('finds CIFAR-10, and tells of a damaged copy', async () => {
    const folder = join(root, cifar10Layout.folder);
    writeBlackCifar(folder);
    expect(await plexus('data', 'list', '--data-dir', root)).toContain(`${folder} (--data-dir)`);
    expect(out.join('\n')).not.toMatch(/plexus data get cifar10\b/);
    truncateSync(join(folder, 'data_batch_1.bin'), 5);
    expect(await plexus('data', 'list', '--data-dir', root)).toMatch(/^cifar10 +damaged /m);
    expect(out.join('\n')).toContain('has 5 bytes, expected 30,730,000');
  });

  it('prints JSON', async () => {
    const value = JSON.parse(await plexus('data', 'list', '--json')) as unknown;
    expect(value).toMatchObject({
      dataSets: [
        { name: 'shapes', found: true },
        { name: 'cifar10', found: false, where: null, classes: cifar10Layout.classes },
        { name: 'cifar100', found: false, where: null, shape: { channels: 3 } },
        { name: 'fashion-mnist', found: false, where: null, shape: { channels: 1 } },
      ],
      formats: [{ name: 'folder' }, { name: 'idx' }, { name: 'npz' }],
      places: [{ path: join(root, 'cache', 'plexus'), origin: 'user cache' }],
    });
  });

  it('names the formats of other data sets', async () => {
    expect(await plexus('data', 'list')).toMatch(
      /^folder +pictures .* the directory that holds train\/CLASS/m,
    );
  });
});

describe('plexus data show', () => {
  it('loads a data set and prints what it is', async () => {
    const text = await plexus(
      'data',
      'show',
      'shapes',
      '--size',
      '16',
      '--train-images',
      '25',
      '--test-images',
      '10',
    );
    expect(text).toMatch(/^images +3x16x16$/m);
    expect(text).toMatch(/^train +25 images, 2 to 3 of each class$/m);
    expect(text).toMatch(/^test +10 images, 1 of each class$/m);
    expect(text).toMatch(/^classes +10: circle, square, /m);
    expect(text).toMatch(/^augmentation +shifted by up to 2 pixels, mirrored$/m);
    expect(text).toMatch(/^kept +in memory$/m);
    expect(text).toMatch(/^identity +shapes train=25 test=10 size=16 seed=1 sha256=[0-9a-f]{16}$/m);
  });

  it('shows pictures in folders, and warns of those that cannot be read', async () => {
    const folder = await makeFolder({ sides: () => [40, 30], train: 2, test: 1 });
    put(join(folder, 'train', 'cat', '0.png'), 'x');
    const text = await plexus('data', 'show', 'folder', '--path', folder);
    expect(text).toMatch(/^images +3x224x224$/m);
    expect(text).toMatch(/^augmentation +a random part, scaled, mirrored, lighting 0\.1$/m);
    expect(text).toMatch(/^kept +decoded in memory, cropped while training$/m);
    expect(notes.at(-1)).toBe(
      'warning: 1 image cannot be read; in place of each stands the next image of its class',
    );
    out = [];
    expect(
      JSON.parse(
        await plexus('data', 'show', 'folder', '--path', folder, '--size', '16', '--json'),
      ),
    ).toMatchObject({
      name: 'folder',
      classes: ['cat', 'dog', 'emu'],
      train: { images: 6, fewest: 2, most: 2 },
      warnings: { length: 2 },
    });
    rmSync(folder, { recursive: true });
  });

  it('refuses what is no data set', async () => {
    await expect(plexus('data', 'show', 'mnist')).rejects.toThrow(
      'unknown data set "mnist"; expected one of auto, shapes, cifar10, cifar100, fashion-mnist, folder, idx, npz',
    );
    await expect(plexus('data', 'show', 'folder')).rejects.toThrow('needs a path');
  });
});

describe('plexus data get', () => {
  it('leaves a complete copy alone', async () => {
    const folder = join(root, cifar10Layout.folder);
    writeBlackCifar(folder);
    expect(await plexus('data', 'get', 'cifar10', '--data-dir', root)).toBe(
      `CIFAR-10 is already complete in ${folder}`,
    );
    out = [];
    expect(
      JSON.parse(await plexus('data', 'get', 'cifar10', '--data-dir', root, '--json')),
    ).toEqual({ name: 'cifar10', folder, changed: false });
  });

  it('explains that shapes is built in', async () => {
    expect(await plexus('data', 'get', 'shapes')).toContain('built in');
    out = [];
    expect(JSON.parse(await plexus('data', 'get', 'shapes', '--json'))).toMatchObject({
      name: 'shapes',
      changed: false,
    });
  });

  it('lists the valid names for another', async () => {
    await expect(plexus('data', 'get', 'mnist')).rejects.toThrow(UserError);
    await expect(plexus('data', 'get', 'mnist')).rejects.toThrow(
      'expected one of shapes, cifar10, cifar100, fashion-mnist, connectomes',
    );
  });
});

describe('progressLines', () => {
  const progress = (done: number) => ({
    done,
    total: 1000e6,
    bytesPerSecond: 10e6,
    secondsLeft: (1000e6 - done) / 10e6,
  });

  it('prints a line for every tenth where there is no terminal', () => {
    const show = progressLines(contextOf(false));
    for (let done = 1; done <= 100; done++) show(progress(done * 10e6));
    expect(notes.length).toBe(11);
    expect(notes[5]).toBe('50 %: 500.0 of 1000.0 MB, 10.0 MB/s, 50.0 s left');
  });

  it('redraws one line twice a second on a terminal', () => {
    let now = 0;
    const show = progressLines(contextOf(true), () => now);
    for (let done = 1; done <= 20; done++) {
      show(progress(done * 10e6));
      now += 100;
    }
    expect(notes.length).toBe(4);
    expect(notes[0]).toMatch(/^1 %/);
    expect(notes.slice(1).every((line) => line.startsWith('[over 1]'))).toBe(true);
  });
});
