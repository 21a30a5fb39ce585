import { must } from '../../core/errors.js';
import { publishedSet } from '../../graph/sets/published.js';
import { formatGraphSpec, parseGraphSpec } from '../../graph/spec.js';
import { keyOf } from './key.js';
import type { PublishedGraph, PublishedRow, PublishedTable, PublishedTask } from './types.js';

/** One pair of arrays: a folder's results after so many epochs. */
export interface RunTable {
  readonly task: string;
  readonly folder: string;
  readonly epoch: number;
  readonly rows: readonly {
    readonly key: string;
    readonly nodes: number;
    /** The architecture, where this is its dense baseline. */
    readonly dense: string | null;
    /** Eight numbers of each seed, the last of them the seed. */
    readonly results: readonly (readonly number[])[];
  }[];
}

type SeedResults = Map<number, readonly number[]>;

/**
 * A task's folders and epochs joined by graph and training seed. What no set of graphs knows is
 * named in `problems`.
 */
export function mergeTask(
  name: string,
  tables: readonly RunTable[],
  graphs: ReadonlyMap<string, PublishedGraph>,
  problems: string[],
): PublishedTask {
  const arch =
    tables.flatMap((table) => table.rows).find((row) => row.dense !== null)?.dense ?? 'unknown';
  if (arch === 'unknown')
    problems.push(
      `final_results/${name}: no row is a dense baseline, by which the architecture is known`,
    );
  const seeds = [
    ...new Set(
      tables.flatMap((table) =>
        table.rows.flatMap((row) => row.results.map((result) => must(result[7]))),
      ),
    ),
  ].sort((a, b) => a - b);
  const { baselineKey, ordered } = keysOf(name, tables, graphs, problems);
  const specs = new Map(ordered.map((key) => [key, specOf(graphs.get(key)!)]));
  const epochs = [...new Set(tables.map((table) => table.epoch))].sort((a, b) => a - b);
  let missing = 0;
  const merged = epochs.map((epoch): PublishedTable => {
    const byKey = resultsByKey(
      tables.filter((table) => table.epoch === epoch),
      problems,
    );
    const row = (key: string, facts: Omit<PublishedRow, 'errors' | 'results'>): PublishedRow => {
      const results = seeds.map((seed) => byKey.get(key)?.get(seed) ?? null);
      missing += results.filter((result) => result === null).length;
      return { ...facts, errors: results.map((result) => result?.[3] ?? null), results };
    };
    const nodes = tables[0]?.rows[0]?.nodes ?? 64;
    const baseline =
      baselineKey === null
        ? null
        : row(baselineKey, {
            graph: `complete:n=${nodes}`,
            density: 1,
            clustering: 1,
            pathLength: 1,
          });
    const rows = ordered.map((key) => {
      const { density, clustering, pathLength } = graphs.get(key)!;
      return row(key, { graph: specs.get(key)!, density, clustering, pathLength });
    });
    return { name, arch, epoch, seeds, baseline, graphs: rows };
  });
  return { name, arch, tables: merged, missing };
}

/**
 * The keys of the baseline and of the graphs that a set knows, in the sets' order, which is that of
 * the published pictures.
 */
function keysOf(
  name: string,
  tables: readonly RunTable[],
  graphs: ReadonlyMap<string, PublishedGraph>,
  problems: string[],
): { readonly baselineKey: string | null; readonly ordered: readonly string[] } {
  const rows = tables.flatMap((table) => table.rows);
  const keys = new Set(rows.filter(({ dense }) => dense === null).map(({ key }) => key));
  for (const key of keys)
    if (!graphs.has(key))
      problems.push(
        `final_results/${name}: no set of graphs here has the graph n, k/n, p, seed = ` +
          `${key}; its results are left out`,
      );
  return {
    baselineKey: rows.findLast(({ dense }) => dense !== null)?.key ?? null,
    ordered: [...graphs.keys()].filter((key) => keys.has(key)),
  };
}

function resultsByKey(tables: readonly RunTable[], problems: string[]): Map<string, SeedResults> {
  const found = new Map<string, SeedResults>();
  for (const table of tables) {
    for (const { key, results } of table.rows) {
      const bySeed: SeedResults = found.get(key) ?? new Map();
      found.set(key, bySeed);
      for (const result of results) {
        const seed = must(result[7]);
        if (bySeed.has(seed))
          problems.push(
            `final_results/${table.folder}, epoch ${table.epoch}: graph ${key} has ` +
              `results of seed ${seed} twice; the first are kept`,
          );
        else bySeed.set(seed, result);
      }
    }
  }
  return found;
}

/**
 * The spec line of a published graph, k = density n: as the set in Plexus has it, with fewer
 * decimals where they give the same graph.
 */
function specOf(graph: PublishedGraph): string {
  const { nodes, density, rewiring, seed } = graph;
  return (
    shippedLines().get(keyOf(graph)) ??
    formatGraphSpec(
      parseGraphSpec(`ws-flex:n=${nodes},k=${density * nodes},p=${rewiring},seed=${seed}`),
    )
  );
}

let shipped: ReadonlyMap<string, string> | null = null;

/**
 * The lines of the two largest published sets, which hold the smaller ones, by what results call
 * their graphs.
 */
function shippedLines(): ReadonlyMap<string, string> {
  if (shipped !== null) return shipped;
  const lines = [
    { nodes: 64, count: 3942 },
    { nodes: 16, count: 2698 },
  ].flatMap((set) => publishedSet(set).map(formatGraphSpec));
  shipped = new Map(lines.map((line) => [keyOfLine(line), line]));
  return shipped;
}

function keyOfLine(line: string): string {
  const value = (name: string): number =>
    Number(new RegExp(`[:,]${name}=([^,]+)`).exec(line)?.[1] ?? (name === 'seed' ? 1 : 0));
  const nodes = value('n');
  return keyOf({ nodes, density: value('k') / nodes, rewiring: value('p'), seed: value('seed') });
}
