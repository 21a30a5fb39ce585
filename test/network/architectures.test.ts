import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { LONG } from '../long.js';
import { connectomeGraph } from '../../src/graph-files/connectomes/read.js';
import { connectome, expandGraphSpecs } from '../../src/public/graph.js';
import {
  baselineNetwork,
  costOf,
  matchBudget,
  parametersOf,
  type Network,
  type Task,
} from '../../src/network/index.js';

/** Multiply-adds, parameters, widths. */
type Row = readonly number[];

interface Case {
  readonly baseline: {
    readonly macs: number;
    readonly params: number;
    readonly widths: number[];
    readonly shapes: Record<string, number[]>;
  };
  readonly graphs: readonly Row[];
  /** Of the first graph. */
  readonly shapes: Record<string, number[]>;
  readonly connectomes: Readonly<Record<string, Row>>;
}

/** What the official code says: see `make-architectures.py`. */
const golden = JSON.parse(
  readFileSync(new URL('../golden/architectures.json', import.meta.url), 'utf8'),
) as Record<string, Case>;

const IMAGENET: Task = { input: { channels: 3, height: 224, width: 224 }, classes: 1000 };

// Real files: those that PLEXUS_DATA names, else the shared ones.
const DATA =
  process.env['PLEXUS_DATA'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));
const fileOf = (name: string): string => `${DATA}/connectomes/${connectome(name).file}`;
/** By the official name, which ends in `raw` where directions are kept. */
const connectomeOf = (official: string): string =>
  official.startsWith('cat') ? 'cat' : 'macaque-visual';
const absent = ['cat', 'macaque-visual'].filter((name) => !existsSync(fileOf(name)));
if (absent.length > 0)
  console.warn(
    `SKIPPED: networks on the connectomes ${absent.join(', ')} are not compared; not in ` +
      `${DATA} (plexus data get connectomes, then PLEXUS_DATA)`,
  );

const rowOf = (network: Network): Row => {
  const { macs, params } = costOf(network);
  return [macs, params, ...network.widths];
};
const shapesOf = (network: Network): Record<string, readonly number[]> =>
  Object.fromEntries(parametersOf(network).map(({ name, shape }) => [name, shape]));

describe.each(Object.entries(golden))(
  '%s against the official code',
  (which, { baseline, graphs, shapes, connectomes }) => {
    const [arch, small] = which.split(' ');
    const task = small === undefined ? IMAGENET : {};
    const specs = expandGraphSpecs(
      arch === 'efficientnet-b0' ? 'ws-flex:set=48,n=16' : 'ws-flex:set=52',
    );

    it('has the same dense baseline: cost, and the same parameters in the same order', () => {
      const network = baselineNetwork(arch, task);
      expect(rowOf(network)).toEqual([baseline.macs, baseline.params, ...baseline.widths]);
      expect(shapesOf(network)).toEqual(baseline.shapes);
      expect(Object.keys(shapesOf(network))).toEqual(Object.keys(baseline.shapes));
    });

    it(
      `has the same widths, multiply-adds and parameters for ${LONG ? 'each' : 'every fourth'} ` +
        `of ${graphs.length} published graphs`,
      { tags: ['long'] },
      () => {
        expect(graphs.length).toBe(specs.length);
        const taken = <T>(list: readonly T[]): T[] => list.filter((_, i) => LONG || i % 4 === 0);
        expect(taken(specs).map((spec) => rowOf(matchBudget(arch, spec, task)))).toEqual(
          taken(graphs),
        );
      },
    );

    it('names its parameters alike, in the same order', () => {
      const network = matchBudget(arch, specs[0], task);
      expect(shapesOf(network)).toEqual(shapes);
      expect(Object.keys(shapesOf(network))).toEqual(Object.keys(shapes));
    });

    for (const [official, row] of Object.entries(connectomes)) {
      const name = connectomeOf(official);
      it.skipIf(absent.includes(name))(`has the same widths and cost for ${official}`, () => {
        const graph = connectomeGraph(
          connectome(name),
          readFileSync(fileOf(name)),
          official.endsWith('raw'),
        );
        expect(rowOf(matchBudget(arch, graph, task))).toEqual(row);
      });
    }
  },
);
