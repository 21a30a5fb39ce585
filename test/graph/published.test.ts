import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  binSpace,
  buildGraph,
  clustering,
  formatGraphSpec,
  pathLength,
  publishedCandidates,
  publishedSet,
  spaceBins,
  spaceGrid,
  wsFlexGraph,
  type GraphSpec,
} from '../../src/graph/index.js';

const SHARED = new URL('../../../shared/data/graph2nn/analysis/', import.meta.url);
const present = existsSync(new URL('graphs_n64_3942.npy', SHARED));
if (!present)
  process.stderr.write(
    'SKIPPED: the published graph arrays (../shared/data/graph2nn/analysis) are not here\n',
  );

interface Row {
  readonly density: number;
  readonly p: number;
  readonly seed: number;
  readonly place: readonly [number, number];
}

/** Rows of a two-dimensional float64 .npy file: n, k/n, p, seed, C, L. */
function readRows(name: string): Row[] {
  const bytes = readFileSync(new URL(name, SHARED));
  const from = 10 + bytes.readUInt16LE(8);
  return Array.from({ length: (bytes.length - from) / 48 }, (_, row) => {
    const [n, density, p, seed, c, l] = Array.from({ length: 6 }, (__, column) =>
      bytes.readDoubleLE(from + 48 * row + 8 * column),
    );
    expect(n).toBe(64);
    return { density, p, seed, place: [c, l] };
  });
}

type Place = readonly [number, number | null];

const placeOf = (n: number, k: number, p: number, seed: number): Place => {
  const graph = wsFlexGraph(n, k, p, seed);
  return [clustering(graph), pathLength(graph)];
};

function placeOfSpec(spec: GraphSpec): Place {
  const graph = buildGraph(spec);
  return [clustering(graph), pathLength(graph)];
}

describe.skipIf(!present)('the published arrays', () => {
  let rows: Row[] = [];
  let few: Row[] = [];
  let specs: GraphSpec[] = [];
  beforeAll(() => {
    rows = readRows('graphs_n64_3942.npy');
    few = readRows('graphs_n64_52.npy');
    specs = publishedSet({ nodes: 64, count: 3942 });
  });

  /** The stored rows as the only candidates, binned by the rules for 64 nodes. */
  const binnedRows = (): ReturnType<typeof binSpace> =>
    binSpace(Float64Array.from(rows.flatMap(({ place }) => place)), spaceBins(spaceGrid(64)));

  it('regenerate from their own numbers: all 3942, C and L to the last bit', () => {
    expect(rows.length).toBe(3942);
    expect(
      rows.filter(
        ({ density, p, seed, place }) => placeOf(64, 64 * density, p, seed).join() !== place.join(),
      ),
    ).toEqual([]);
  });

  it('are the shipped set of 3942 in order: C and L to the last bit, k and p to 6 decimals', () => {
    expect(specs.length).toBe(3942);
    const wrong = specs.filter((spec, row) => {
      const { density, p, seed, place } = rows[row];
      const near = (value: unknown, exact: number): boolean =>
        Math.abs(Number(value) - exact) <= 0.500001e-6;
      return !(
        spec.params.n === 64 &&
        spec.params.seed === seed &&
        near(spec.params.k, 64 * density) &&
        near(spec.params.p, p) &&
        placeOfSpec(spec).join() === place.join()
      );
    });
    expect(wrong.map(formatGraphSpec)).toEqual([]);
  });

  it('are the shipped set of 52 in order', () => {
    const set = publishedSet({ nodes: 64, count: 52 });
    expect(set.map(placeOfSpec)).toEqual(few.map(({ place }) => place));
    expect(set.map((spec) => spec.params.seed)).toEqual(few.map(({ seed }) => seed));
  });

  it('are one to a cell, and give the smaller sets when binned alone', () => {
    const { cells, sets, outside, unconnected } = binnedRows();
    expect([cells.length, outside, unconnected]).toEqual([3942, 0, 0]);
    expect(cells.map(({ first }) => first)).toEqual([...rows.keys()]);
    const [all, third, ninth] = sets.map((set) => set.cells.map(({ first }) => first));
    expect(all).toEqual([...rows.keys()]);
    expect(ninth.map((row) => rows[row])).toEqual(few);
    expect(third).toHaveLength(449);
    const lines = publishedSet({ nodes: 64, count: 449 }).map(formatGraphSpec);
    expect(third.map((row) => formatGraphSpec(specs[row]))).toEqual(lines);
  });

  it('come in the order in which their cells are first met among the candidates', () => {
    const places: number[] = [];
    const seen: (string | number)[] = [];
    for (const spec of publishedCandidates()) {
      const [c, l] = placeOfSpec(spec);
      places.push(c, l ?? NaN);
      seen.push(Number(spec.params.seed));
      if (seen.length === 1200) break;
    }
    const { cells } = binSpace(Float64Array.from(places), spaceBins(spaceGrid(64)));
    expect(cells.length).toBeGreaterThan(600);
    expect(
      cells.map(({ first }) => [seen[first], places[2 * first], places[2 * first + 1]]),
    ).toEqual(rows.slice(0, cells.length).map(({ seed, place }) => [seed, ...place]));
  });
});

// Rows 1 and 2 of the published array, so that a clone without it still checks exactness.
describe('two published rows that are written here', () => {
  const written: Place[] = [
    [0.5742539064117294, 1.6408730158730158],
    [0.13802534271284275, 2.164186507936508],
  ];
  it('regenerate', () => {
    expect(placeOf(64, 64 * 0.36550103277902246, 0.09883558349459179, 6)).toEqual(written[0]);
    expect(placeOf(64, 64 * 0.1295146653200091, 0.6990973255332714, 23)).toEqual(written[1]);
  });

  it('open the shipped set', () => {
    expect(publishedSet({ nodes: 64, count: 3942 }).slice(0, 2).map(placeOfSpec)).toEqual(written);
  });
});
