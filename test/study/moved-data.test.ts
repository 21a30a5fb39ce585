import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runStudy } from '../../src/runner/run.js';
import { parseStudySpec } from '../../src/store/spec-file.js';
import type { Executor } from '../../src/study/executor.js';
import { SMALL_STUDY } from './small-study.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'plexus-moved-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

/** Bytes as NumPy writes them. */
function npy(shape: readonly number[], value: (index: number) => number): Uint8Array {
  const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const header = `${text.padEnd(117)}\n`;
  const count = shape.reduce((product, size) => product * size, 1);
  return Buffer.concat([
    Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length, 0]),
    Buffer.from(header),
    Uint8Array.from({ length: count }, (_, index) => value(index)),
  ]);
}

function writeImages(path: string, first: number): void {
  const arrays = {
    'x_train.npy': npy([64, 8, 8], (index) => (index === 0 ? first : (index * 37) % 251)),
    'y_train.npy': npy([64], (index) => index % 4),
    'x_test.npy': npy([32, 8, 8], (index) => (index * 53) % 251),
    'y_test.npy': npy([32], (index) => index % 4),
  };
  writeFileSync(path, zipSync(arrays));
}

/** Begins, and leaves everything to be done. */
const idle: Executor = { workers: 1, run: () => Promise.resolve(false) };

describe('a study whose data were moved', () => {
  it('goes on with a data directory, or a spec, that says where they are, if they are the same', async () => {
    const [old, moved] = [join(directory, 'old.npz'), join(directory, 'elsewhere', 'old.npz')];
    const out = join(directory, 'study');
    const specWith = (path: string) =>
      parseStudySpec(
        SMALL_STUDY.replace(/data: .*/, `data: {name: npz, path: ${path}}`),
        join(directory, 'small.yaml'),
      );
    const notes: string[] = [];
    const go = (path: string | null, dataDir?: string): Promise<unknown> =>
      runStudy({
        directory: out,
        spec: path === null ? null : specWith(path),
        data: { env: {}, ...(dataDir !== undefined && { dataDir }) },
        executor: idle,
        note: (line) => notes.push(line),
      });
    writeImages(old, 1);
    await expect(go(old)).rejects.toThrow('stopped with 0 of 8 trials done');
    mkdirSync(join(directory, 'elsewhere'));
    renameSync(old, moved);
    await expect(go(null)).rejects.toThrow(/no such file/);
    // Where it is looked for, and as what.
    for (const dataDir of [join(directory, 'elsewhere'), moved])
      await expect(go(null, dataDir)).rejects.toThrow('stopped with 0 of 8 trials done');
    await expect(go(moved)).rejects.toThrow('stopped with 0 of 8 trials done');
    expect(notes).toEqual(Array(3).fill(`note: the data of ${old} are read from ${moved}`));
    // A new place is no new data.
    writeImages(moved, 2);
    await expect(go(moved)).rejects.toThrow(/the data set changed since/);
    await expect(go(null, join(directory, 'elsewhere'))).rejects.toThrow(
      /the data set changed since/,
    );
  });
});
