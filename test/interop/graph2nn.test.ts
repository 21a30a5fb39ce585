import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readGraph2nn } from '../../src/interop/index.js';
import { readStudy } from '../../src/public/study.js';
import { plexus } from '../cli/harness.js';

/** A .npy file of version 1. */
function npy(descr: string, shape: readonly number[], data: Uint8Array): Uint8Array {
  const header =
    `{'descr': '${descr}', 'fortran_order': False, 'shape': ` +
    `(${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  const padded = header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11) + '\n';
  const bytes = new Uint8Array(10 + padded.length + data.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length & 255, padded.length >> 8]);
  bytes.set(new TextEncoder().encode(padded), 10);
  bytes.set(data, 10 + padded.length);
  return bytes;
}
const numbers = (shape: readonly number[], values: readonly number[]): Uint8Array =>
  npy('<f8', shape, new Uint8Array(Float64Array.from(values).buffer));
function texts(rows: readonly (readonly string[])[], width = 10): Uint8Array {
  const codes = new Uint32Array(rows.length * rows[0].length * width);
  rows
    .flat()
    .forEach((text, i) =>
      Array.from(text).forEach(
        (character, j) => (codes[i * width + j] = character.codePointAt(0)!),
      ),
    );
  return npy(`<U${width}`, [rows.length, rows[0].length], new Uint8Array(codes.buffer));
}

const graphs = [
  [64, 0.125, 0.25, 3, 0.4, 2.1],
  [64, 0.5, 0.0123456789, 7, 0.6, 1.5],
  [64, 0.9, 0.5, 1, 0.9, 1.1],
];
const nameOf = ([n, density, p, seed]: readonly number[], transform = 'talk'): string[] => [
  transform,
  'dense',
  n.toFixed(1),
  'ws',
  String(Number(density.toFixed(6))),
  String(Number(p.toFixed(6))),
  'sum',
  seed.toFixed(1),
  '1.0',
  '2.0',
  'True',
  '0.0',
  'True',
  'True',
  '100.0',
];
const dense = nameOf([64, 1, 0, 1], 'convbasic');
const result = (error: number, seed: number): number[] => [
  1.5,
  0.16,
  0.12,
  error,
  error / 2,
  64,
  180,
  seed,
];

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'plexus-graph2nn-'));
  writeFileSync(join(root, 'graphs_n64_3.npy'), numbers([3, 6], graphs.flat()));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(
  folder: string,
  stem: string,
  names: readonly (readonly string[])[],
  results: readonly (readonly number[])[],
): void {
  mkdirSync(join(root, 'final_results', folder), { recursive: true });
  writeFileSync(join(root, 'final_results', folder, `names_${stem}.npy`), texts(names));
  writeFileSync(
    join(root, 'final_results', folder, `results_${stem}.npy`),
    numbers([names.length, results.length / names.length, 8], results.flat()),
  );
}
const file = (folder: string, name: string): string => join(root, 'final_results', folder, name);

describe("graph2nn's published results", () => {
  it('join seed folders and epochs, in any order of rows, and count what is missing', () => {
    put(
      'cnn_seed1',
      'cnn_seed1_epoch1',
      [nameOf(graphs[1]), dense, nameOf(graphs[0])],
      [result(60, 1), result(61, 1), result(62, 1)],
    );
    put(
      'cnn_seed1',
      'cnn_seed1_epoch100',
      [nameOf(graphs[0]), nameOf(graphs[1]), dense],
      [result(40, 1), result(41, 1), result(42, 1)],
    );
    put(
      'cnn_seed2',
      'cnn_seed2_epoch100',
      [dense, nameOf(graphs[1])],
      [result(44, 2), result(45, 2)],
    );
    const { tasks, problems, arrays } = readGraph2nn(root);
    expect(problems).toEqual([]);
    expect(arrays).toBe(7);
    expect(tasks).toHaveLength(1);
    expect(tasks[0]).toMatchObject({ name: 'cnn', arch: 'cnn', missing: 4 });
    expect(tasks[0].tables.map((table) => table.epoch)).toEqual([1, 100]);
    const table = tasks[0].tables[1];
    expect(table.seeds).toEqual([1, 2]);
    expect(table.baseline?.errors).toEqual([42, 44]);
    expect(table.graphs.map((row) => row.errors)).toEqual([
      [40, null],
      [41, 45],
    ]);
    expect(table.graphs[1]).toMatchObject({
      graph: 'ws-flex:n=64,k=32,p=0.0123456789,seed=7',
      density: 0.5,
      clustering: 0.6,
      pathLength: 1.5,
    });
    // Losslessly: all eight numbers.
    expect(table.graphs[1].results[1]).toEqual(result(45, 2));
  });

  it('several seeds in one array', () => {
    put(
      'mlp',
      'mlp_epoch200',
      [nameOf([64, 1, 0, 1], 'linear'), nameOf(graphs[2])],
      [result(33, 1), result(34, 2), result(31, 1), result(32, 2)],
    );
    const [task] = readGraph2nn(root).tasks;
    expect(task).toMatchObject({ arch: 'mlp', missing: 0 });
    expect(task.tables[0].graphs[0].errors).toEqual([31, 32]);
  });

  it('keeps what is sound and names what is not', async () => {
    put('cnn', 'cnn_epoch100', [dense, nameOf(graphs[0])], [result(42, 1), result(40, 1)]);
    put(
      'cnn',
      'cnn_epoch50',
      [dense, nameOf(graphs[0]), nameOf([64, 0.3, 0.3, 9])],
      [result(52, 1), result(140, 1), result(50, 1)],
    );
    put('cnn', 'resnet_epoch60', [dense], [result(1, 1)]);
    put('cnn', 'cnn_epoch70', [dense, nameOf(graphs[0])], [result(1, 1), result(1, 1)]);
    writeFileSync(file('cnn', 'results_cnn_epoch70.npy'), numbers([1, 1, 8], result(1, 1)));
    put('cnn', 'cnn_epoch80', [dense], [result(1, 1)]);
    writeFileSync(file('cnn', 'names_cnn_epoch80.npy'), texts([dense]).subarray(0, 300));
    put('cnn', 'cnn_epoch90', [dense], [result(1, 1)]);
    rmSync(file('cnn', 'results_cnn_epoch90.npy'));
    writeFileSync(join(root, 'graphs_n64_52.npy'), 'no array');
    const { tasks, problems } = readGraph2nn(root);
    expect(tasks[0].tables.map((table) => table.epoch)).toEqual([50, 100]);
    expect(tasks[0].tables[0].graphs[0].errors).toEqual([null]);
    for (const part of [
      'graphs_n64_52.npy: ',
      'results_cnn_epoch50.npy, row 1: a top-1 error lies from 0 to 100 %, got 140',
      'as its folder',
      'results_cnn_epoch70.npy: there must be as many results as names, got 1 and 2',
      'names_cnn_epoch80.npy: ',
      'results_cnn_epoch90.npy is missing',
      '64 0.300000 0.300000 9',
    ]) {
      expect(
        problems.some((problem) => problem.includes(part)),
        part,
      ).toBe(true);
    }
    expect(problems).toHaveLength(7);
    const run = await plexus(['reproduce', root, '--resamples', '100']);
    expect(run.status).toBe(1);
    expect(run.notes.match(/^left out: /gm)).toHaveLength(7);
  });

  it('become studies that hold all of it', async () => {
    put(
      'cnn_seed1',
      'cnn_seed1_epoch1',
      [nameOf(graphs[1]), dense, nameOf(graphs[0])],
      [result(60, 1), result(61, 1), result(62, 1)],
    );
    put(
      'cnn_seed1',
      'cnn_seed1_epoch100',
      [nameOf(graphs[0]), nameOf(graphs[1]), dense],
      [result(40, 1), result(41, 1), result(42, 1)],
    );
    put(
      'cnn_seed2',
      'cnn_seed2_epoch100',
      [dense, nameOf(graphs[1])],
      [result(44, 2), result(45, 2)],
    );
    const out = join(root, 'out');
    const first = await plexus(['import', 'graph2nn', root, '-o', out]);
    expect(first).toMatchObject({ status: 0, notes: '' });
    expect(first.out).toContain(
      'cnn, 2 graphs, 2 seeds, 5 trials, 2 epochs; 1 trial and 4 of the (graph, seed, ' +
        'epoch) results missing',
    );
    const study = readStudy(join(out, 'cnn'));
    expect(study.records).toHaveLength(5);
    expect(study.trials).toHaveLength(6);
    expect(study.records[1]).toMatchObject({
      role: 'graph',
      graph: 'ws-flex:n=64,k=8,p=0.25,seed=3',
      seed: 1,
      status: 'complete',
      error: 40,
      published: result(40, 1),
      facts: {
        nodes: 64,
        edges: 256,
        clustering: 0.4,
        pathLength: 2.1,
        widths: [180],
        macs: 160_000_000,
        params: 1_500_000,
      },
      epochs: [
        { epoch: 1, trainLoss: null, testError: 62, testError5: 31 },
        { epoch: 100, testError: 40, testError5: 20 },
      ],
    });
    expect((await plexus(['study', 'report', join(out, 'cnn')])).status).toBe(0);
    const compared = await plexus([
      'study',
      'compare',
      join(out, 'cnn'),
      join(out, 'cnn'),
      '--resamples',
      '100',
      '--json',
    ]);
    expect(compared.status).toBe(0);
    const { studies, sections } = JSON.parse(compared.out) as {
      studies: { name: string }[];
      sections: { title: string; columns: string[]; rows: string[][]; checked: number }[];
    };
    // Two studies of one name are told apart by their directories.
    expect(studies.map((each) => each.name)).toEqual([join(out, 'cnn'), join(out, 'cnn')]);
    expect(sections).toHaveLength(10);
    expect(
      sections.every(
        ({ columns, rows, checked }) =>
          checked === 0 &&
          !columns.includes('published') &&
          rows.every((row) => row.length === columns.length),
      ),
    ).toBe(true);
    expect(sections[0].rows[0].slice(1, 3)).toEqual(['43.00', '40.00']);
    expect((await plexus(['study', 'compare', join(root, 'nowhere')])).status).toBe(2);
    // A second import finds the study in its way and changes nothing.
    const before = readFileSync(join(out, 'cnn', 'trials.ndjson'));
    const again = await plexus(['import', 'graph2nn', root, '-o', out]);
    expect(again.status).toBe(2);
    expect(again.notes).toContain('is there already; choose another directory with --output');
    expect(readFileSync(join(out, 'cnn', 'trials.ndjson'))).toEqual(before);
    // An imported study is not gone on with by training here.
    expect((await plexus(['study', 'run', join(out, 'cnn')])).status).toBe(2);
  });

  it('refuses a folder that is none', () => {
    expect(() => readGraph2nn(join(root, 'nowhere'))).toThrow(
      /must be the analysis folder of graph2nn/,
    );
    mkdirSync(join(root, 'final_results'));
    expect(() => readGraph2nn(root)).toThrow(/found no sound pair/);
    rmSync(join(root, 'graphs_n64_3.npy'));
    expect(() => readGraph2nn(root)).toThrow(/must hold a set of graphs/);
  });
});
