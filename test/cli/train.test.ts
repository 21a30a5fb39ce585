import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSafetensorsFile, readSafetensorsMetadata } from '../../src/interop/index.js';
import type { EpochRecord } from '../../src/train/index.js';
import { readPicture } from '../figures/well-formed.js';
import { plexus } from './harness.js';

const SMALL = [
  'train',
  '--graph',
  'ws-flex:n=8,k=4,p=0.5,seed=1',
  '--data',
  'shapes',
  '--size',
  '16',
  '--train-images',
  '160',
  '--test-images',
  '50',
  '--batch',
  '32',
  '--rate',
  '0.05',
];

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'plexus-cli-train-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

interface Final {
  readonly error: number;
  readonly best: { readonly epoch: number; readonly error: number };
  readonly weights: string | null;
}

async function trainJson(
  ...more: readonly string[]
): Promise<{ epochs: EpochRecord[]; last: Final }> {
  const { status, out, notes } = await plexus([...SMALL, '--json', ...more]);
  expect(notes).not.toContain('error:');
  expect(status).toBe(0);
  const lines = out.split('\n').map((line) => JSON.parse(line) as unknown);
  return { epochs: lines.slice(0, -1) as EpochRecord[], last: lines.at(-1) as Final };
}

describe('plexus train', () => {
  it('prints a line for each epoch as it ends, and a table', async () => {
    const { status, out, notes } = await plexus([...SMALL, '--epochs', '2']);
    expect(status).toBe(0);
    expect(notes).toMatch(
      /^epoch 1\/2: rate 0\.0500, train loss \d.* error \d.* %, test loss \d.* error \d.* %, \d.* left$/m,
    );
    expect(notes).toMatch(/^epoch 2\/2: rate 0\.0250, .* %$/m);
    expect(out).toMatch(/^graph +ws-flex:n=8,k=4,p=0\.5,seed=1$/m);
    expect(out).toMatch(/^test error +\d+\.\d\d %$/m);
  });

  it('prints JSON: a line for each epoch and one at the end', async () => {
    const { epochs, last } = await trainJson('--epochs', '2', '--seed', '4');
    expect(epochs.map((record) => Object.keys(record))).toEqual(
      Array.from({ length: 2 }, () => [
        'epoch',
        'learningRate',
        'trainLoss',
        'trainError',
        'trainError5',
        'testLoss',
        'testError',
        'testError5',
      ]),
    );
    expect(last).toMatchObject({
      arch: 'mlp',
      graph: 'ws-flex:n=8,k=4,p=0.5,seed=1',
      nodes: 8,
      edges: 16,
      widths: [expect.any(Number)],
      macs: expect.any(Number),
      params: expect.any(Number),
      data: expect.stringMatching(/^shapes train=160 test=50 size=16/),
      seed: 4,
      epochs: 2,
      error: epochs[1].testError,
      error5: epochs[1].testError5,
      stem: null,
      weights: null,
      bestWeights: null,
      checkpoint: null,
      curves: null,
      train: {
        epochs: 2,
        batch: 32,
        learningRate: 0.05,
        momentum: 0.9,
        weightDecay: 5e-4,
        accumulate: 1,
        preciseBatchNorm: 0,
        threads: 1,
      },
    });
    const lowest = Math.min(...epochs.map((record) => record.testError));
    expect(last.best).toEqual({
      epoch: epochs.findIndex((record) => record.testError === lowest) + 1,
      error: lowest,
    });
  });

  it('repeats exactly, and differs by seed and by augmentation', async () => {
    const losses = async (...more: readonly string[]): Promise<number[]> =>
      (await trainJson('--epochs', '1', ...more)).epochs.map((record) => record.trainLoss);
    const [plain, again, seeded, still] = [
      await losses(),
      await losses('--seed', '1'),
      await losses('--seed', '2'),
      await losses('--no-augment'),
    ];
    expect(again).toEqual(plain);
    expect(seeded).not.toEqual(plain);
    expect(still).not.toEqual(plain);
  });

  it('saves weights that it can start from', async () => {
    const file = join(directory, 'w.safetensors');
    const { last } = await trainJson('--epochs', '1', '--save', file);
    expect(last.weights).toBe(file);
    expect(readSafetensorsFile(file).size).toBeGreaterThan(4);
    // A learning rate too small to move anything leaves the saved network as it was, but for
    // running statistics.
    const copy = join(directory, 'copy.safetensors');
    await trainJson('--epochs', '1', '--rate', '1e-30', '--load', file, '--save', copy);
    const [before, after] = [readSafetensorsFile(file), readSafetensorsFile(copy)];
    for (const [name, tensor] of before)
      if (!name.includes('running')) expect(after.get(name)).toEqual(tensor);
  });

  it.each([
    [['--data', 'shape'], 'unknown data set "shape"; expected one of auto, shapes, cifar10'],
    [
      ['--backend', 'cuda'],
      '--backend must be one of auto, reference, cpu, wasm-relaxed, wasm; got cuda',
    ],
    [['--arch', 'vgg'], 'unknown architecture "vgg"; expected one of mlp'],
    [['--epochs', '0'], '--epochs must be a whole number from 1 to 100000; got 0'],
    [['--rate', '-1'], '--rate must be a number above 0; got -1'],
    [['--rate', 'fast'], 'expected a number'],
    [['--seed', '1.5'], 'expected a whole number from 0 to 2^53 - 1'],
    [['--batch', '161'], 'at least one batch of 161 images, it has 160'],
    [
      ['--accumulate', '5'],
      '--accumulate must be a whole number that cuts the batch of 32 into equal parts of ' +
        'at least 2 images; got 5',
    ],
    [['--warmup', '2'], '--warmup must be at most the number of epochs, 1; got 2'],
    [['--label-smoothing', '1'], '--label-smoothing must be a number from 0 to below 1; got 1'],
    [['--precise-bn', '-1'], '--precise-bn must be a whole number from 0 to 10000000; got -1'],
    [['--momentum', '2'], '--momentum must be a number from 0 to 1; got 2'],
    [['--weight-decay', '-1'], '--weight-decay must be a number of at least 0; got -1'],
    [
      ['--schedule', 'steps'],
      '--schedule must be one of cosine, cosine-steps, constant; got steps',
    ],
    [['--start', 'he'], '--start must be one of published, fan-in; got he'],
    [['--threads', '0'], '--threads must be a whole number from 1 to 64; got 0'],
    [['--stem', 'large'], 'Allowed choices are auto, imagenet, small'],
    [
      ['--stem', 'small'],
      'mlp has one stem for all inputs, but stem small was asked for; leave the stem out',
    ],
    [
      ['--every', '2'],
      '--every is about the checkpoint, but there is none; name its file with --checkpoint',
    ],
    [
      ['--resume'],
      '--resume is about the checkpoint, but there is none; name its file with --checkpoint',
    ],
    [
      ['--checkpoint', '/nowhere/c.safetensors'],
      'cannot write /nowhere/c.safetensors: no such file or directory',
    ],
    [
      ['--save-best', '/nowhere/w.safetensors'],
      'cannot write /nowhere/w.safetensors: no such file or directory',
    ],
    [['--curves', '/nowhere/c.svg'], 'cannot write /nowhere/c.svg: no such file or directory'],
    [
      ['--save', '/nowhere/w.safetensors'],
      'cannot write /nowhere/w.safetensors: no such file or directory',
    ],
    [['--save', tmpdir()], `cannot write ${tmpdir()}: it is a directory where a file is expected`],
    [
      ['--load', '/nowhere/w.safetensors'],
      'cannot read /nowhere/w.safetensors: no such file or directory',
    ],
  ])('refuses %j', async (more, message) => {
    const { status, notes } = await plexus([...SMALL, '--epochs', '1', ...more]);
    expect(status).toBe(2);
    expect(notes).toContain(message);
    expect(notes).not.toContain('epoch 1/');
  });

  it('refuses a graph that does not fit before it looks for data', async () => {
    const elsewhere = ['--data', 'cifar10', '--data-dir', directory];
    const few = await plexus([
      'train',
      '--graph',
      'sequence:per=layer,graphs=(complete:n=8)(complete:n=4)',
      ...elsewhere,
    ]);
    expect([few.status, few.notes]).toEqual([
      2,
      expect.stringContaining('mlp has 3, got 2 in sequence:'),
    ]);
    const set = await plexus(['train', '--graph', 'ws-flex:n=16,set=48', ...elsewhere]);
    expect([set.status, set.notes]).toEqual([
      2,
      expect.stringContaining('a set is many graphs, but one graph is asked for here'),
    ]);
    const nested = `product:outer=(complete:n=3),inner=(file:${JSON.stringify(join(directory, 'net.edges'))},sha256=${'0'.repeat(16)})`;
    const gone = await plexus(['train', '--graph', nested, ...elsewhere]);
    expect([gone.status, gone.notes]).toEqual([
      2,
      expect.stringMatching(/^error: cannot read .*net\.edges/),
    ]);
  });

  it('fails with status 1 when the training diverges, and saves nothing', async () => {
    const file = join(directory, 'diverged.safetensors');
    const { status, notes } = await plexus([
      ...SMALL,
      '--epochs',
      '2',
      '--rate',
      '1e30',
      '--save',
      file,
    ]);
    expect(status).toBe(1);
    expect(notes).toMatch(
      /^error: diverged: the (training|test) loss is .* epoch 1.* \(learning rate 1e\+30\); lower --rate$/m,
    );
    expect(existsSync(file)).toBe(false);
  });

  it('stops with status 130 when it is interrupted', async () => {
    const controller = new AbortController();
    const note = (line: string): void => {
      if (line.startsWith('epoch 2/')) controller.abort();
    };
    const { status } = await plexus([...SMALL, '--epochs', '100000'], {
      signal: controller.signal,
      note,
    });
    expect(status).toBe(130);
  });

  it('trains any architecture with its own settings, and shows the top-5 error', async () => {
    const { status, out, notes } = await plexus([
      'train',
      '--graph',
      'ws-flex:n=8,k=4,p=0.5,seed=1',
      '--arch',
      'cnn',
      '--data',
      'shapes',
      '--size',
      '16',
      '--train-images',
      '16',
      '--test-images',
      '12',
      '--epochs',
      '1',
      '--batch',
      '16',
      '--accumulate',
      '2',
      '--warmup',
      '1',
      '--label-smoothing',
      '0.1',
      '--precise-bn',
      '16',
      '--threads',
      '2',
      '--stem',
      'small',
    ]);
    expect(notes).toMatch(/^cnn \(small stem\) on ws-flex:n=8/m);
    expect(notes).toMatch(/^epoch 1\/1: .* test loss \d.* error \d+\.\d\d % top-5 \d+\.\d\d %$/m);
    expect(out).toMatch(/^top-5 error +\d+\.\d\d %$/m);
    expect(out).toMatch(/^lowest +\d+\.\d\d % \(epoch 1, chosen on the test split\)$/m);
    expect(status).toBe(0);
  });

  it('does not depend on the number of threads', async () => {
    const [one, two] = [
      await trainJson('--epochs', '2'),
      await trainJson('--epochs', '2', '--threads', '2'),
    ];
    expect(two.epochs).toEqual(one.epochs);
  });

  it('goes on from its checkpoint to the very same epochs and weights', async () => {
    const [checkpoint, saved, whole] = ['c', 'saved', 'whole'].map((name) =>
      join(directory, `${name}.safetensors`),
    );
    const straight = await trainJson('--epochs', '6', '--save', whole);
    const kept = [...SMALL, '--json', '--epochs', '6', '--checkpoint', checkpoint];
    const controller = new AbortController();
    const note = (line: string): void => {
      if (line.startsWith('epoch 2/')) controller.abort();
    };
    const stopped = await plexus(kept, { signal: controller.signal, note });
    expect(stopped.status).toBe(130);
    const again = await plexus(kept);
    expect([again.status, again.notes]).toEqual([
      2,
      expect.stringContaining(
        `${checkpoint} exists already; add --resume to go on from it, remove it to train ` +
          'from the start, or name another file',
      ),
    ]);
    const other = await plexus([...kept, '--resume', '--seed', '2']);
    expect([other.status, other.notes]).toEqual([
      2,
      expect.stringContaining('is of another one: seed was 1, is 2; change that back'),
    ]);
    const { status, out, notes } = await plexus([...kept, '--resume', '--save', saved]);
    expect(status).toBe(0);
    expect(notes).toMatch(/^goes on after [23] epochs.* \(.*c\.safetensors\)$/m);
    const lines = out.split('\n').map((line) => JSON.parse(line) as EpochRecord);
    expect([
      ...stopped.out.split('\n').map((line) => JSON.parse(line) as EpochRecord),
      ...lines.slice(0, -1),
    ]).toEqual(straight.epochs);
    expect(lines.at(-1)).toMatchObject({
      epochs: 6,
      error: straight.last.error,
      best: straight.last.best,
      checkpoint,
    });
    expect(readSafetensorsFile(saved)).toEqual(readSafetensorsFile(whole));
    const loaded = await plexus([...SMALL, '--epochs', '1', '--load', checkpoint]);
    expect([loaded.status, loaded.notes]).toEqual([
      2,
      expect.stringContaining(
        `--load takes a file of weights, but ${checkpoint} is a checkpoint; go on from ` +
          'it with --checkpoint',
      ),
    ]);
  });

  it(
    'begins, with a note, where there is nothing to go on from, so that one command serves ' +
      'always',
    async () => {
      const checkpoint = join(directory, 'fresh.safetensors');
      const { status, notes } = await plexus([
        ...SMALL,
        '--epochs',
        '1',
        '--checkpoint',
        checkpoint,
        '--resume',
      ]);
      expect(status).toBe(0);
      expect(notes).toContain(`note: ${checkpoint} does not exist yet; the training begins`);
      expect(existsSync(checkpoint)).toBe(true);
    },
  );

  it('saves the weights of the best epoch, with what they are, and draws the curves', async () => {
    const [best, last, curves] = [
      join(directory, 'best.safetensors'),
      join(directory, 'last.safetensors'),
      join(directory, 'curves.svg'),
    ];
    // Errors go up and down at this rate.
    const { epochs, last: result } = await trainJson(
      '--epochs',
      '5',
      '--rate',
      '0.3',
      '--save',
      last,
      '--save-best',
      best,
      '--curves',
      curves,
    );
    const metadata = (path: string): unknown =>
      JSON.parse(readSafetensorsMetadata(readFileSync(path)).get('plexus')!);
    const lowest = epochs.find(
      (record) => record.testError === Math.min(...epochs.map(({ testError }) => testError)),
    )!;
    expect(metadata(best)).toMatchObject({
      arch: 'mlp',
      graph: 'ws-flex:n=8,k=4,p=0.5,seed=1',
      seed: 1,
      classes: 10,
      epoch: lowest.epoch,
      testError: lowest.testError,
      testError5: lowest.testError5,
    });
    expect(metadata(last)).toMatchObject({ epoch: 5, testError: epochs[4].testError });
    expect(result.best).toEqual({ epoch: lowest.epoch, error: lowest.testError });
    const part = await trainJson(
      '--epochs',
      '5',
      '--rate',
      '0.3',
      '--save',
      join(directory, 'same.safetensors'),
    );
    expect(part.epochs).toEqual(epochs);
    expect(readSafetensorsFile(join(directory, 'same.safetensors'))).toEqual(
      readSafetensorsFile(last),
    );
    if (lowest.epoch < 5) expect(readSafetensorsFile(best)).not.toEqual(readSafetensorsFile(last));
    const { texts } = readPicture(readFileSync(curves, 'utf8'));
    const ends = [
      `test ${epochs[4].testError.toFixed(2)}`,
      `training ${epochs[4].trainError.toFixed(2)}`,
      `test, top-5 ${epochs[4].testError5!.toFixed(2)}`,
    ];
    expect(texts).toEqual(expect.arrayContaining(['mlp on ws-flex:n=8,k=4,p=0.5,seed=1', ...ends]));
  });
});
