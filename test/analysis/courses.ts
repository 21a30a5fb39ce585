import type { SummaryInput } from '../../src/analysis/index.js';
import type { GraphPlace } from '../../src/train/types.js';
import { madeStudy } from './synthetic.js';

export const RING = 'ws-flex:n=64,k=8,p=0,seed=1';
export const MIXED = 'ws-flex:n=64,k=8,p=0.5,seed=1';
export const rewired = (rule: string, of: string): string =>
  `evolving:rule=${rule},every=100,fraction=0.3,until=0.75,graphs=layer,of=(${of})`;

/** Where the graphs of a trial are after each of two epochs, in each of its layers. */
type Places = (graph: string, seed: number) => readonly (readonly GraphPlace[])[];

/** A made-up study in which some graphs were rewired while they were trained. */
export function rewiredStudy(
  graphs: readonly string[],
  places: Places,
): Pick<SummaryInput, 'spec' | 'records' | 'dataIdentity'> {
  const facts = graphs.map((graph) => (graph.includes('p=0.5') ? MIXED : RING));
  const made = madeStudy({ graphs: [...new Set(facts)], seeds: [1, 2], epochs: 2, errors });
  const names = graphs.map((graph, at) => ({ name: `graph-${at}`, graph }));
  const records = made.records.flatMap((record) =>
    record.role === 'baseline'
      ? [record]
      : graphs.flatMap((graph, at) => {
          if (record.graph !== facts[at]) return [];
          const moved = graph.startsWith('evolving') ? places(graph, record.seed) : [];
          const epochs = record.epochs.map((epoch, which) =>
            moved[which] === undefined ? epoch : { ...epoch, graphs: moved[which] },
          );
          return [{ ...record, graph, epochs }];
        }),
  );
  const indexed = records.map((record) => {
    const place = graphs.indexOf(record.graph) + 1;
    return { ...record, index: place + (record.seed - 1) * (graphs.length + 1) };
  });
  return { ...made, spec: { ...made.spec, graphs, names }, records: indexed };
}

const errors = (graph: string, seed: number): { test: number; train: number } => ({
  test: 40 + 0.1 * seed + (graph === RING ? 0.3 : 0) - (graph.startsWith('complete') ? 0.5 : 0),
  train: 30,
});

/** Two layers that both go to a place, the second a little further, by the seed. */
export const goTo =
  (clustering: number, pathLength: number): Places =>
  (_, seed) =>
    [0.5, 1].map((share) =>
      [0, 1].map((layer) => ({
        clustering: clustering + (1 - share) * 0.1 + 0.02 * layer + 0.01 * seed,
        pathLength: pathLength + (1 - share) * 0.4 + 0.1 * layer,
      })),
    );
