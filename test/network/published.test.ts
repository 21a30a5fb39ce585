import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { graphSpec } from '../../src/graph/index.js';
import { baselineNetwork, costOf, matchBudget, type Task } from '../../src/network/index.js';
import { LONG } from '../long.js';

const folder = new URL('../../../shared/data/graph2nn/analysis/', import.meta.url);
const graphsFile = new URL('graphs_n64_3942.npy', folder);
const filesOf = (directory: string, name: string) => ({
  results: new URL(`final_results/${directory}/results_${name}.npy`, folder),
  names: new URL(`final_results/${directory}/names_${name}.npy`, folder),
});

interface Published {
  readonly arch: string;
  readonly task: Task;
  readonly files: { readonly results: URL; readonly names: URL };
  /** What the result files call the dense baseline. */
  readonly baseline: string;
  readonly rows: number;
}

const IMAGENET: Task = { input: { channels: 3, height: 224, width: 224 }, classes: 1000 };
const published: Published[] = [
  {
    arch: 'mlp',
    task: {},
    files: filesOf('mlp_cifar10', 'mlp_cifar10_epoch200'),
    baseline: 'linear',
    rows: 3943,
  },
  // Only the files of the later seeds say so in their names.
  ...['resnet34_imagenet', 'resnet34_imagenet_seed2', 'resnet34_imagenet_seed3'].map(
    (name, i): Published => ({
      arch: 'resnet34',
      task: IMAGENET,
      files: filesOf(`resnet34_imagenet_seed${i + 1}`, `${name}_epoch100`),
      baseline: 'channelbasic',
      rows: 53,
    }),
  ),
];

/** A NumPy array file (format 1.0, C order) as its shape and raw bytes. */
function npy(file: URL): { shape: number[]; view: DataView; header: string } {
  const bytes = readFileSync(file);
  const start = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, start);
  expect(header).toContain("'fortran_order': False");
  const shape = /'shape': \(([^)]*)\)/
    .exec(header)![1]
    .split(',')
    .filter((side) => side.trim() !== '')
    .map(Number);
  return {
    shape,
    view: new DataView(bytes.buffer, bytes.byteOffset + start, bytes.length - start),
    header,
  };
}

/** Rows of an array of UTF-32 strings, without the padding. */
function strings(file: URL): string[][] {
  const {
    shape: [rows, columns],
    view,
    header,
  } = npy(file);
  const length = Number(/<U(\d+)/.exec(header)![1]);
  const item = (at: number): string =>
    String.fromCodePoint(
      ...Array.from({ length }, (_, i) => view.getUint32(4 * (at * length + i), true)).filter(
        (code) => code !== 0,
      ),
    );
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (__, column) => item(row * columns + column)),
  );
}

/**
 * Full-precision density and p by their rounded values and the seed, which is what the result files
 * name.
 */
function publishedGraphs(): Map<string, { n: number; density: number; p: number; seed: number }> {
  const { shape, view } = npy(graphsFile);
  const rows = Array.from({ length: shape[0] }, (_, r) =>
    Array.from({ length: 6 }, (__, c) => view.getFloat64((r * 6 + c) * 8, true)),
  );
  return new Map(
    rows.map(([n, density, p, seed]) => [
      keyOf(density, p, seed),
      { n: n, density: density, p: p, seed: seed },
    ]),
  );
}

function keyOf(density: number, p: number, seed: number): string {
  return `${density.toFixed(6)} ${p.toFixed(6)} ${seed}`;
}

describe.each(published)(
  'the published results of $arch in $files.results.pathname',
  ({ arch, task, files, baseline, rows }) => {
    const missing = [graphsFile, ...Object.values(files)].filter((file) => !existsSync(file));
    if (missing.length > 0)
      console.warn(
        `SKIPPED: the published widths of ${arch} are not compared; missing ` +
          missing.map((file) => file.pathname).join(', '),
      );
    it.skipIf(missing.length > 0)(
      `have our first width, parameters and multiply-adds in ${LONG ? 'every row' : 'every 16th row'}`,
      { tags: ['long'] },
      () => {
        const graphs = publishedGraphs();
        const { shape, view } = npy(files.results);
        const differing: string[] = [];
        let relational = 0;
        strings(files.names).forEach((name, row) => {
          const isBaseline = name[0] === baseline;
          if (!isBaseline) relational++;
          if (!LONG && !isBaseline && row % 16 !== 0) return;
          const key = keyOf(Number(name[4]), Number(name[5]), Number(name[7]));
          const graph = graphs.get(key);
          if (!isBaseline) expect(graph, key).toBeDefined();
          const network =
            graph && !isBaseline
              ? matchBudget(
                  arch,
                  graphSpec('ws-flex', {
                    n: graph.n,
                    k: graph.n * graph.density,
                    p: graph.p,
                    seed: graph.seed,
                  }),
                  task,
                )
              : baselineNetwork(arch, task);
          const { macs, params } = costOf(network);
          const ours = [
            Number((params / 1e6).toFixed(3)),
            Number((macs / 1e9).toFixed(3)),
            network.widths[0],
          ];
          // The files of the ImageNet networks have one run a row, those of the MLP five; the
          // numbers compared are alike in all.
          const theirs = [0, 1, 6].map((column) =>
            view.getFloat64((row * shape[1] * 8 + column) * 8, true),
          );
          if (!ours.every((value, i) => value === theirs[i]))
            differing.push(
              `row ${row} (${key}): ours ${ours.join(' ')}, published ${theirs.join(' ')}`,
            );
        });
        expect(differing).toEqual([]);
        expect([shape[0], relational]).toEqual([rows, rows - 1]);
      },
    );
  },
);
