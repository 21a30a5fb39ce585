import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { graphSpec } from '../../src/graph/index.js';
import { costOf, matchBudget } from '../../src/network/index.js';

const folder = new URL('../../../shared/data/graph2nn/analysis/', import.meta.url);
const files = {
  graphs: new URL('graphs_n64_3942.npy', folder),
  results: new URL('final_results/mlp_cifar10/results_mlp_cifar10_epoch200.npy', folder),
  names: new URL('final_results/mlp_cifar10/names_mlp_cifar10_epoch200.npy', folder),
};
const missing = Object.values(files).filter((file) => !existsSync(file));
if (missing.length > 0) console.warn(`SKIPPED: the published MLP widths are not compared; missing ${missing.map((file) => file.pathname).join(', ')}`);

/** A NumPy array file (format 1.0, C order) as its shape and raw bytes. */
function npy(file: URL): { shape: number[]; view: DataView } {
  const bytes = readFileSync(file);
  const start = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, start);
  expect(header).toContain("'fortran_order': False");
  const shape = /'shape': \(([^)]*)\)/.exec(header)![1].split(',').filter((side) => side.trim() !== '').map(Number);
  return { shape, view: new DataView(bytes.buffer, bytes.byteOffset + start, bytes.length - start) };
}

/** Item (row, column) of an array of UTF-32 strings of 10 characters, 15 a row. */
function nameAt(view: DataView, row: number, column: number): string {
  const start = (row * 15 + column) * 40;
  const codes = Array.from({ length: 10 }, (_, i) => view.getUint32(start + 4 * i, true));
  return String.fromCodePoint(...codes.filter((code) => code !== 0));
}

/** Full-precision density and p by their rounded values and the seed, which is what the result files name. */
function publishedGraphs(): Map<string, { n: number; density: number; p: number; seed: number }> {
  const { shape, view } = npy(files.graphs);
  const rows = Array.from({ length: shape[0] }, (_, r) => Array.from({ length: 6 }, (__, c) => view.getFloat64((r * 6 + c) * 8, true)));
  return new Map(rows.map(([n, density, p, seed]) => [keyOf(density, p, seed), { n: n, density: density, p: p, seed: seed }]));
}

function keyOf(density: number, p: number, seed: number): string {
  return `${density.toFixed(6)} ${p.toFixed(6)} ${seed}`;
}

describe('the published MLP results', () => {
  const compare = missing.length > 0 ? it.skip : it;
  compare('have our width, parameters and multiply-adds in every row', () => {
    const graphs = publishedGraphs();
    const names = npy(files.names).view;
    const { shape, view } = npy(files.results);
    const differing: string[] = [];
    let relational = 0;
    for (let row = 0; row < shape[0]; row++) {
      const isBaseline = nameAt(names, row, 0) === 'linear';
      if (!isBaseline) relational++;
      const key = keyOf(Number(nameAt(names, row, 4)), Number(nameAt(names, row, 5)), Number(nameAt(names, row, 7)));
      const graph = isBaseline ? { n: 64, density: 1, p: 0, seed: 1 } : graphs.get(key);
      expect(graph, key).toBeDefined();
      const { n, density, p, seed } = graph!;
      const network = matchBudget('mlp', graphSpec('ws-flex', { n, k: n * density, p, seed }));
      const { macs, params } = costOf(network);
      const ours = [Number((params / 1e6).toFixed(3)), Number((macs / 1e9).toFixed(3)), network.widths[0]];
      const theirs = [0, 1, 6].map((column) => view.getFloat64((row * shape[1] * 8 + column) * 8, true));
      const isEqual = ours.every((value, i) => value === theirs[i]);
      if (!isEqual) differing.push(`row ${row} (${key}): ours ${ours.join(' ')}, published ${theirs.join(' ')}`);
    }
    expect(differing).toEqual([]);
    expect([shape[0], relational]).toEqual([3943, 3942]);
  });
});
