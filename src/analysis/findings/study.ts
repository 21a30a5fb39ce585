import type { Study } from '../../study/index.js';
import type { TrialRecord } from '../../study/types.js';
import type { ErrorRow, ErrorTable } from './types.js';
import type { TaskTables } from './sections.js';

type Complete = Extract<TrialRecord, { readonly status: 'complete' }>;

/**
 * A study as a table for each epoch: test errors of its complete trials by graph and seed. Graphs whose C or L is not known (not
 * connected) have no place in the plane and are left out. `density` is k / n = 2 edges / n^2; of the baseline 1.
 */
export function tablesOf({ spec, records }: Pick<Study, 'spec' | 'records'>, name = spec.name): TaskTables {
  const complete = records.filter((record): record is Complete => record.status === 'complete');
  const byGraph = new Map<string, Complete[]>();
  for (const record of complete) byGraph.set(record.graph, [...(byGraph.get(record.graph) ?? []), record]);
  const epochs = [...new Set(complete.flatMap((record) => record.epochs.map((each) => each.epoch)))].sort((a, b) => a - b);
  const table = (epoch: number): ErrorTable & { readonly epoch: number } => {
    const row = (graph: string): ErrorRow[] => {
      const own = byGraph.get(graph) ?? [];
      const facts = own[0]?.facts;
      if (facts === undefined || facts.pathLength === null) return [];
      const errors = spec.seeds.map((seed) => own.find((record) => record.seed === seed)?.epochs.find((each) => each.epoch === epoch)?.testError ?? null);
      const density = graph === spec.baseline ? 1 : (2 * facts.edges) / facts.nodes ** 2;
      return [{ graph, density, clustering: facts.clustering, pathLength: facts.pathLength, errors }];
    };
    return { name, arch: spec.arch, epoch, seeds: spec.seeds, baseline: row(spec.baseline)[0] ?? null, graphs: spec.graphs.flatMap(row) };
  };
  return { name, arch: spec.arch, tables: epochs.map(table) };
}
