import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { connectomeGraph } from '../../src/graph-files/connectomes/read.js';
import {
  buildGraph,
  clustering,
  connectome,
  connectomes,
  edgeList,
  formatGraphSpec,
  graphMeasure,
  parseGraphSpec,
  pathLength,
  resizeGraphSpec,
} from '../../src/public/graph.js';
import { blockMask, costOf, denseMask, designNetwork } from '../../src/network/index.js';

interface Numbers {
  readonly edges: number;
  readonly clustering: number;
  readonly pathLength: number | null;
  readonly reachablePairs: number;
  readonly reachablePathLength: number;
}
interface Golden {
  readonly name: string;
  readonly nodes: number;
  readonly directed: Numbers;
  readonly undirected: Numbers;
  readonly readers: Readonly<Record<string, readonly number[]>>;
}
const golden = JSON.parse(
  readFileSync(new URL('../golden/graph-connectomes.json', import.meta.url), 'utf8'),
) as readonly Golden[];

// Real files: those that PLEXUS_DATA names, else the shared ones.
const DATA =
  process.env['PLEXUS_DATA'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));
const fileOf = (name: string): string => join(DATA, 'connectomes', connectome(name).file);
const present = new Set(
  connectomes.filter(({ name }) => existsSync(fileOf(name))).map(({ name }) => name),
);
const absent = connectomes.filter(({ name }) => !present.has(name)).map(({ name }) => name);
if (absent.length > 0)
  process.stderr.write(
    `SKIPPED: the connectomes ${absent.join(', ')} are not in ${DATA} (plexus data get ` +
      'connectomes, then PLEXUS_DATA)\n',
  );

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'plexus-connectomes-'));
  vi.stubEnv('PLEXUS_DATA', DATA);
  vi.stubEnv('XDG_CACHE_HOME', join(root, 'cache'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

describe.each(golden)(
  '$name against networkx',
  ({ name, nodes, directed, undirected, readers }) => {
    it.skipIf(!present.has(name))('has the same edges, C and L without directions', () => {
      const graph = buildGraph(parseGraphSpec(`connectome:${name}`));
      expect(graph).toMatchObject({ nodes, directed: false, edges: undirected.edges });
      expect(clustering(graph)).toBeCloseTo(undirected.clustering, 14);
      expect(pathLength(graph)).toBe(undirected.pathLength);
    });

    it.skipIf(!present.has(name))('has the same arcs, C and L with directions', () => {
      const graph = buildGraph(parseGraphSpec(`connectome:${name}:directed=true`));
      expect(graph).toMatchObject({ nodes, directed: true, edges: directed.edges });
      expect(clustering(graph)).toBeCloseTo(directed.clustering, 14);
      expect(pathLength(graph)).toBe(directed.pathLength);
      const measured = (measureName: string): number =>
        Number(graphMeasure(measureName).compute(graph, { seed: 1, references: 1 }));
      expect(measured('reachablePathLength')).toBeCloseTo(directed.reachablePathLength, 12);
      expect(measured('reachablePairs')).toBeCloseTo(
        directed.reachablePairs / (nodes * (nodes - 1)),
        12,
      );
      for (const [u, targets] of Object.entries(readers)) {
        expect([
          ...graph.targets.subarray(graph.offsets[Number(u)], graph.offsets[Number(u) + 1]),
        ]).toEqual(targets);
      }
    });

    it('is in the catalogue as it is in the golden values', () => {
      const entry = connectome(name);
      expect(entry).toMatchObject({ nodes, arcs: directed.edges });
      expect(entry.undirected.edges).toBe(undirected.edges);
      expect(entry.undirected.clustering).toBeCloseTo(undirected.clustering, 4);
      expect(entry.undirected.pathLength).toBeCloseTo(undirected.pathLength!, 4);
    });

    it.skipIf(!present.has(name))('makes a network under the budget', () => {
      for (const line of [`connectome:${name}`, `connectome:${name}:directed=true`]) {
        const { network, cost, baseline, measures } = designNetwork({
          arch: 'mlp',
          graph: parseGraphSpec(line),
        });
        expect(measures.nodes).toBe(nodes);
        expect(cost.macs).toBeGreaterThanOrEqual(baseline.macs);
        expect(cost.macs / baseline.macs).toBeLessThan(1.01);
        expect(costOf(network)).toEqual(cost);
      }
    });
  },
);

it('has golden values for every connectome', () => {
  expect(golden.map(({ name }) => name)).toEqual(connectomes.map(({ name }) => name));
});

describe('the family connectome', () => {
  it('writes and reads its spec in one way', () => {
    const lines = [
      'connectome:cat',
      'connectome:cat:directed=false',
      'connectome:name=cat',
      'connectome: cat , directed = false',
    ];
    expect(new Set(lines.map((line) => formatGraphSpec(parseGraphSpec(line))))).toEqual(
      new Set(['connectome:cat']),
    );
    expect(formatGraphSpec(parseGraphSpec('connectome:cat:directed=true'))).toBe(
      'connectome:cat,directed=true',
    );
  });

  it('lists the valid names for another', () => {
    expect(() => parseGraphSpec('connectome:mouse')).toThrow(
      'unknown connectome "mouse"; expected one of macaque-whole, macaque-visual, cat',
    );
    expect(() => parseGraphSpec('connectome:cat:directed=maybe')).toThrow(UserError);
    expect(() => parseGraphSpec('connectome')).toThrow(/needs the parameter name/);
  });

  it('has no other sizes', () => {
    expect(() => resizeGraphSpec(parseGraphSpec('connectome:cat'), 20)).toThrow(
      /connectome has one size only/,
    );
  });

  it('says what to do, and where it looked, when the file is missing', () => {
    vi.stubEnv('PLEXUS_DATA', join(root, 'data'));
    const { url } = connectome('cat');
    const message =
      `the connectome cat is not in ${join(root, 'data', 'connectomes')} (PLEXUS_DATA), ` +
      `${join(root, 'cache', 'plexus', 'connectomes')} (user cache); run "plexus data get ` +
      `connectomes", or put ${url} at ${join(root, 'data', 'connectomes', 'cat.txt')}`;
    expect(() => buildGraph(parseGraphSpec('connectome:cat'))).toThrow(message);
    expect(() => buildGraph(parseGraphSpec('connectome:cat'))).toThrow(UserError);
  });

  it.skipIf(!present.has('cat'))('is found in the user cache, and in the folder itself', () => {
    vi.stubEnv('PLEXUS_DATA', join(root, 'nothing'));
    const folder = join(root, 'cache', 'plexus', 'connectomes');
    mkdirSync(folder, { recursive: true });
    copyFileSync(fileOf('cat'), join(folder, 'cat.txt'));
    expect(buildGraph(parseGraphSpec('connectome:cat')).nodes).toBe(52);
    vi.stubEnv('PLEXUS_DATA', folder);
    vi.stubEnv('XDG_CACHE_HOME', join(root, 'other'));
    expect(buildGraph(parseGraphSpec('connectome:cat')).nodes).toBe(52);
  });

  it('refuses a file of another size or checksum', () => {
    vi.stubEnv('PLEXUS_DATA', root);
    mkdirSync(join(root, 'connectomes'));
    const path = join(root, 'connectomes', 'cat.txt');
    writeFileSync(path, '01\n10');
    expect(() => buildGraph(parseGraphSpec('connectome:cat'))).toThrow(
      `${path} is not the published connectome cat: it has 5 bytes, expected 2,755; run ` +
        '"plexus data get connectomes"',
    );
    writeFileSync(path, '0'.repeat(2755));
    expect(() => buildGraph(parseGraphSpec('connectome:cat'))).toThrow(
      /SHA-256 checksum [0-9a-f]{64}, expected 5fbf7f49/,
    );
  });

  it.skipIf(!present.has('cat'))(
    'has an edge u -> v where output node u reads input node v',
    () => {
      const graph = buildGraph(parseGraphSpec('connectome:cat:directed=true'));
      const mask = denseMask(blockMask(graph, 52, 52));
      const stored = readFileSync(fileOf('cat'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => Array.from(line, Number));
      stored.forEach((row, u) =>
        row.forEach((value, v) => expect(mask[52 * u + v]).toBe(u === v ? 1 : value)),
      );
    },
  );
});

describe('the three layouts of files', () => {
  const arcs = fc.uniqueArray(fc.tuple(fc.nat(6), fc.nat(6)), { selector: ([u, v]) => 7 * u + v });
  const weight = (u: number, v: number): number => 1 + ((3 * u + v) % 9);

  /** A 7 x 7 matrix as text, each value by `write`. */
  const matrix = (
    list: readonly (readonly [number, number])[],
    separator: string,
    write: (u: number, v: number) => number,
  ): string => {
    const set = new Set(list.map(([u, v]) => 7 * u + v));
    return Array.from({ length: 7 }, (_, u) =>
      Array.from({ length: 7 }, (__, v) => (set.has(7 * u + v) ? write(u, v) : 0)).join(separator),
    ).join('\n');
  };
  const files = {
    digits: (list: readonly (readonly [number, number])[]) => matrix(list, '', () => 1),
    counts: (list: readonly (readonly [number, number])[]) => `${matrix(list, ' ', weight)}\n`,
    // Repeated edges, as the worm's file has them.
    gml: (list: readonly (readonly [number, number])[]) =>
      `Creator "x"\ngraph\n[\n  directed 1\n${Array.from({ length: 7 }, (_, id) => `  node\n  [\n    id ${id}\n    label "${id + 1}"\n  ]\n`).join('')}${[
        ...list,
        ...list,
      ]
        .map(
          ([u, v]) =>
            `  edge\n  [\n    source ${u}\n    target ${v}\n    value ${weight(u, v)}\n  ]\n`,
        )
        .join('')}]\n`,
  } as const;

  it.each(['digits', 'counts', 'gml'] as const)(
    '%s: any graph comes back, directed and not, without self-connections',
    (format) => {
      fc.assert(
        fc.property(arcs, (list) => {
          const expected = list
            .filter(([u, v]) => u !== v)
            .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
          const known = { name: 'test', nodes: 7, arcs: expected.length, format };
          const bytes = new TextEncoder().encode(files[format](list));
          expect(edgeList(connectomeGraph(known, bytes, true))).toEqual(expected);
          const either = new Set(expected.map(([u, v]) => 7 * Math.min(u, v) + Math.max(u, v)));
          expect(edgeList(connectomeGraph(known, bytes, false))).toEqual(
            [...either].sort((a, b) => a - b).map((at) => [Math.floor(at / 7), at % 7]),
          );
        }),
      );
    },
  );

  it('refuses a file that is not as declared', () => {
    const bytes = new TextEncoder().encode(files.digits([[0, 1]]));
    expect(() =>
      connectomeGraph({ name: 'test', nodes: 7, arcs: 2, format: 'digits' }, bytes, true),
    ).toThrow('must have 7 nodes and 2 connections, got 7 and 1');
  });
});
