import { join } from 'node:path';
import { must } from '../../../core/errors.js';
import { type TableColumn, writeCsv, writeParquet } from '../../../core/table-files.js';
import { mapTuple } from '../../../core/tuples.js';
import { familiesFigure } from '../../../figures/families.js';
import { spaceFigure } from '../../../figures/space.js';
import type { Sweep } from '../../../graph-space/sweep.js';
import { measureDefinitions } from '../../../graph/measures/registry.js';
import type { SpaceBins } from '../../../graph/space/bins.js';
import { familyPlaces } from '../../../graph/space/families.js';
import { type Candidate, candidates, type SpaceGrid } from '../../../graph/space/grid.js';
import { type BinnedSpace, binSpace, type SpaceCell } from '../../../graph/space/sets.js';
import { shortSpec } from '../../../graph/space/short-spec.js';
import { formatGraphSpec } from '../../../graph/spec.js';
import { writeFileAtomic, writeJsonAtomic } from '../../../platform/fs.js';

export type TableFormat = 'csv' | 'parquet';

/** What `space.json` holds. */
export interface SpaceSummary {
  readonly grid: SpaceGrid;
  readonly bins: SpaceBins;
  readonly candidates: number;
  /** Cells that hold candidates. */
  readonly cells: number;
  readonly outside: number;
  readonly unconnected: number;
  readonly sets: readonly {
    readonly stride: number;
    readonly count: number;
    readonly files: readonly string[];
  }[];
  readonly definitions: Readonly<Record<string, string>>;
}

/** One graph of a set. */
interface Member extends Candidate {
  readonly spec: string;
  readonly clustering: number;
  readonly pathLength: number;
  readonly cell: SpaceCell;
}

/** Bins a sweep and writes its sets, tables and figures; returns the names of the files. */
export function writeSpace(
  directory: string,
  sweep: Sweep,
  bins: SpaceBins,
  formats: readonly TableFormat[],
): { readonly summary: SpaceSummary; readonly files: readonly string[] } {
  const binned = binSpace(sweep.places, bins);
  const memberOf = members(sweep);
  const files: string[] = [];
  const write = (name: string, data: string | Uint8Array): string => {
    writeFileAtomic(join(directory, name), data);
    files.push(name);
    return name;
  };
  const sets = binned.sets.map(({ stride, cells }) => {
    // Small grids may give two sets of one size.
    const isSecond = binned.sets.some(
      (other) => other.stride < stride && other.cells.length === cells.length,
    );
    const name = `set-${cells.length}${isSecond ? `-stride-${stride}` : ''}`;
    return {
      stride,
      count: cells.length,
      files: setFiles(name, cells.map(memberOf), sweep.grid, stride, formats, write),
    };
  });
  if (formats.includes('parquet'))
    write('candidates.parquet', writeParquet(candidateColumns(sweep)));
  const coarse = (binned.sets.at(-1)?.cells ?? []).map(memberOf);
  writeFigures(sweep, bins, binned, coarse, write);
  const { grid } = sweep;
  const summary: SpaceSummary = {
    grid,
    bins,
    candidates: sweep.order.length,
    cells: binned.cells.length,
    outside: binned.outside,
    unconnected: binned.unconnected,
    sets,
    definitions,
  };
  writeJsonAtomic(join(directory, 'space.json'), summary);
  return { summary, files: ['space.json', ...files] };
}

const definitions = {
  candidates:
    'Every degree with every probability and every seed, shuffled: degrees are the ' +
    'squares of even steps between the roots of degrees.from and degrees.to, ' +
    'probabilities the squares of even steps from 0 to 1, seeds 0, 1, ...',
  sets:
    'The first candidate of each cell. Stride s: the middle cell of each block of s x s; ' +
    'where it is empty and its lower edge of C is above the limit in bins.fill (0.75 ' +
    'unless given, null: everywhere), the first cell that holds a graph, at most s / 9 ' +
    'rows along C and s / 3 columns along L away.',
  clustering: measureDefinitions['clustering'] ?? '',
  pathLength: measureDefinitions['pathLength'] ?? '',
};

/** From a cell to its graph; a graph of several sets is looked at once. */
function members({ grid, order, places }: Sweep): (cell: SpaceCell) => Member {
  const candidateOf = candidates(grid);
  const known = new Map<number, Member>();
  return (cell) => {
    const before = known.get(cell.first);
    if (before) return before;
    const candidate = candidateOf(must(order[cell.first]));
    const spec = formatGraphSpec(shortSpec(grid.nodes, candidate));
    const member = {
      ...candidate,
      spec,
      clustering: must(places[2 * cell.first]),
      pathLength: must(places[2 * cell.first + 1]),
      cell,
    };
    known.set(cell.first, member);
    return member;
  };
}

function setFiles(
  name: string,
  set: readonly Member[],
  grid: SpaceGrid,
  stride: number,
  formats: readonly TableFormat[],
  write: (name: string, data: string | Uint8Array) => string,
): string[] {
  const columns: TableColumn[] = [
    { name: 'spec', type: 'text', values: set.map(({ spec }) => spec) },
    { name: 'nodes', type: 'integer', values: set.map(() => grid.nodes) },
    { name: 'k', type: 'real', values: set.map(({ k }) => k) },
    { name: 'p', type: 'real', values: set.map(({ p }) => p) },
    { name: 'seed', type: 'integer', values: set.map(({ seed }) => seed) },
    { name: 'clustering', type: 'real', values: set.map(({ clustering }) => clustering) },
    { name: 'pathLength', type: 'real', values: set.map(({ pathLength }) => pathLength) },
    { name: 'row', type: 'integer', values: set.map(({ cell }) => cell.row) },
    { name: 'column', type: 'integer', values: set.map(({ cell }) => cell.column) },
    { name: 'candidates', type: 'integer', values: set.map(({ cell }) => cell.count) },
  ];
  const head =
    `# ${set.length} WS-flex graphs of ${grid.nodes} nodes over the plane of clustering ` +
    `and path length (stride ${stride}), by plexus graph space.\n`;
  return [
    write(`${name}.txt`, head + set.map(({ spec }) => `${spec}\n`).join('')),
    ...(formats.includes('csv') ? [write(`${name}.csv`, writeCsv(columns))] : []),
    ...(formats.includes('parquet') ? [write(`${name}.parquet`, writeParquet(columns))] : []),
  ];
}

/** Every candidate in the shuffled order; C and L are absent where there is no connected graph. */
function candidateColumns({ grid, order, places }: Sweep): TableColumn[] {
  const candidateOf = candidates(grid);
  const [k, p, clustering, pathLength] = mapTuple(
    [0, 1, 2, 3],
    () => new Float64Array(order.length),
  );
  const seed = new Int32Array(order.length);
  for (let at = 0; at < order.length; at++) {
    const candidate = candidateOf(must(order[at]));
    k[at] = candidate.k;
    p[at] = candidate.p;
    seed[at] = candidate.seed;
    clustering[at] = must(places[2 * at]);
    pathLength[at] = must(places[2 * at + 1]);
  }
  const known = (values: Float64Array): Float64Array | (number | null)[] =>
    values.some(Number.isNaN)
      ? Array.from(values, (value) => (Number.isNaN(value) ? null : value))
      : values;
  return [
    { name: 'k', type: 'real', values: k },
    { name: 'p', type: 'real', values: p },
    { name: 'seed', type: 'integer', values: seed },
    { name: 'clustering', type: 'real', values: known(clustering) },
    { name: 'pathLength', type: 'real', values: known(pathLength) },
  ];
}

function writeFigures(
  { grid, order }: Sweep,
  bins: SpaceBins,
  binned: BinnedSpace,
  coarse: readonly Member[],
  write: (name: string, data: string) => string,
): void {
  const candidateOf = candidates(grid);
  const cells = binned.cells.map(({ row, column, first }) => ({
    row,
    column,
    k: candidateOf(must(order[first])).k,
  }));
  const counts = binned.sets.map((set) => set.cells.length);
  const { outside, unconnected } = binned;
  write(
    'space.svg',
    spaceFigure({
      grid,
      bins,
      candidates: order.length,
      outside,
      unconnected,
      cells,
      counts,
      coarse,
    }),
  );
  write(
    'families.svg',
    familiesFigure({ nodes: grid.nodes, bins, cells, families: familyPlaces(grid.nodes) }),
  );
}
