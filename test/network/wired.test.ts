import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { formatGraphSpec, graphMembers, parseGraphSpec } from '../../src/graph/index.js';
import {
  architectures,
  baselineNetwork,
  buildNetwork,
  costOf,
  matchBudget,
  type Network,
} from '../../src/network/index.js';

const A = 'ws-flex:n=8,k=4,p=0.5,seed=1';
const B = 'ring-lattice:n=8,k=2';
const wired = (over: string, within = A): string => `wired:over=(${over}),within=(${within})`;
const built = (line: string): Network => buildNetwork('mlp', parseGraphSpec(line), [32]);

/** What each layer reads, by id. */
const readsOf = ({ layers }: Network): Record<string, readonly string[]> =>
  Object.fromEntries(layers.map(({ id, inputs }) => [id, inputs]));

describe('a graph over the layers', () => {
  it('as a chain is the network as it is without', () => {
    const { graph, layers, ...rest } = built(wired('grid:shape=3'));
    const { graph: _, layers: plain, ...others } = built(A);
    expect([layers, rest]).toEqual([plain, others]);
    expect(graph).toEqual(parseGraphSpec(wired('grid:shape=3')));
  });

  it('has each layer read the sum of those before it that it is joined to', () => {
    expect(readsOf(built(wired('complete:n=3')))).toMatchObject({
      's2.b1.a': ['s1.relu'],
      's2.b2.a': ['s2.b1.relu'],
      's2.b3.sum.1': ['s2.b1.relu', 's2.b2.relu'],
      's2.b3.a': ['s2.b3.sum.1'],
      'head.fc': ['s2.b3.relu'],
    });
  });

  it('has the stem read by layers without one before them, the rest by the head', () => {
    const side = readsOf(built(wired('star:n=3')));
    expect(side).toMatchObject({
      's2.b2.a': ['s2.b1.relu'],
      's2.b3.a': ['s2.b1.relu'],
      'head.sum.1': ['s2.b2.relu', 's2.b3.relu'],
      'head.fc': ['head.sum.1'],
    });
    expect(readsOf(built(wired('empty:n=3')))).toMatchObject({
      's2.b1.a': ['s1.relu'],
      's2.b2.a': ['s1.relu'],
      's2.b3.a': ['s1.relu'],
      'head.sum.1': ['s2.b1.relu', 's2.b2.relu'],
      'head.sum.2': ['head.sum.1', 's2.b3.relu'],
    });
  });

  it('leaves each layer the graph that a sequence gives it', () => {
    const spec = parseGraphSpec(
      wired('complete:n=3', `sequence:per=layer,graphs=(${A})(${B})(${A})`),
    );
    expect(graphMembers(spec)).toMatchObject({
      per: 'layer',
      cycle: false,
      members: [A, B, A].map(parseGraphSpec),
    });
    const masks = buildNetwork('mlp', spec, [32]).layers.flatMap((layer) =>
      layer.kind === 'linear' && layer.mask !== null ? [layer.mask.graph.edges] : [],
    );
    expect(masks).toEqual([16, 8, 16]);
  });

  it('costs what every network costs, though layers that read the stem are narrower', () => {
    const target = costOf(baselineNetwork('mlp')).macs;
    const widths = ['complete:n=3', 'star:n=3', 'empty:n=3'].map((over) => {
      const network = matchBudget('mlp', parseGraphSpec(wired(over, 'ws-flex:n=64,k=8,p=0.1')));
      expect(Math.abs(costOf(network).macs / target - 1)).toBeLessThan(0.002);
      return network.widths[0];
    });
    expect(widths[2]).toBeGreaterThan(widths[0]);
  });

  it('is refused where it does not fit', () => {
    expect(() => built(wired('complete:n=4'))).toThrow(
      'a graph over layers must have a node for each relational layer: mlp has 3, got 4 in ' +
        'complete:n=4; choose a graph of 3 nodes',
    );
    for (const { name, baselineWidths, wirable } of architectures) {
      if (wirable) continue;
      expect(() =>
        buildNetwork(name, parseGraphSpec(wired('complete:n=3')), baselineWidths),
      ).toThrow(
        `the layers of ${name} run one after the other and cannot be wired by complete:n=3`,
      );
    }
    expect(() => built(wired('complete:n=3', wired('complete:n=3')))).toThrow(
      'within must be a graph or a sequence',
    );
    expect(() => built(wired('sequence:graphs=(complete:n=3)'))).toThrow('over must be one graph');
    expect(() => built(wired('complete:n=4'))).toThrow(UserError);
  });

  it('is written and read in one way', () => {
    const line = formatGraphSpec(parseGraphSpec(`wired: within = (${A}) , over=(complete:n=3)`));
    expect(line).toBe(wired('complete:n=3'));
    expect(formatGraphSpec(parseGraphSpec(line))).toBe(line);
  });
});
