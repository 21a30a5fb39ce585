import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { completeGraph, parseGraphSpec } from '../../src/graph/index.js';
import {
  costOf,
  designNetwork,
  matchBudget,
  matchWidths,
  relationalGraph,
  type RelationalGraph,
} from '../../src/network/index.js';
import { golden } from './golden.js';

describe('matchBudget', () => {
  it.each(golden.budgets)('$spec: width $width', ({ spec, width, macs, params }) => {
    const network = matchBudget('mlp', parseGraphSpec(spec));
    expect(network.widths).toEqual([width]);
    expect(costOf(network)).toMatchObject({ macs, params });
  });

  it.each(golden.tasks)(
    '$spec on $input, $classes classes: width $width',
    ({ spec, input, classes, target, width, macs, params }) => {
      const shape = { channels: input[0], height: input[1], width: input[2] };
      const { network, cost, baseline } = designNetwork({
        arch: 'mlp',
        graph: parseGraphSpec(spec),
        input: shape,
        classes,
      });
      expect(baseline.macs).toBe(target);
      expect(network.widths).toEqual([width]);
      expect(cost).toMatchObject({ macs, params });
    },
  );

  it('gives the smallest width that costs at least the target', () => {
    const cases = fc.record({
      k: fc.double({ min: 2, max: 31, noNaN: true }),
      p: fc.double({ min: 0, max: 1, noNaN: true }),
      seed: fc.nat(50),
      target: fc.integer({ min: 1_700_000, max: 6_000_000 }),
    });
    fc.assert(
      fc.property(cases, ({ k, p, seed, target }) => {
        const graph = parseGraphSpec(`ws-flex:n=32,k=${k},p=${p},seed=${seed}`);
        const network = matchBudget('mlp', graph, { target });
        expect(costOf(network).macs).toBeGreaterThanOrEqual(target);
        const narrower = designNetwork({ arch: 'mlp', graph, widths: [network.widths[0] - 1] });
        expect(narrower.cost.macs).toBeLessThan(target);
      }),
      { numRuns: 40 },
    );
  });

  it('leaves the complete graph at the baseline width, whatever its size', () => {
    for (const nodes of [2, 16, 64, 100])
      expect(matchBudget('mlp', completeGraph(nodes)).widths).toEqual([512]);
  });

  it(
    'refuses a graph of more nodes than a layer has channels where it has no such size, ' +
      'and says what to choose',
    () => {
      const graph = parseGraphSpec('product:outer=(ring-lattice:n=200,k=2),inner=(complete:n=4)');
      expect(() => matchBudget('mlp', graph)).toThrow(
        /tried width \d+: .*fewer than the graph's 800 nodes and product:.* cannot be regenerated on \d+: .*or a graph of fewer nodes$/,
      );
      // Where its family has that size it is regenerated: 512 channels for 600 nodes.
      const masks = matchBudget('mlp', parseGraphSpec('ring-lattice:n=600,k=4')).layers.flatMap(
        (layer) => (layer.kind === 'linear' && layer.mask ? [layer.mask.graph.nodes] : []),
      );
      expect(masks).toEqual([512, 600, 600]);
    },
  );

  it('refuses a budget below the dense stem alone, and senseless ones', () => {
    const graph = parseGraphSpec('ws-flex:n=64,k=8,p=0.1,seed=3');
    expect(() => matchBudget('mlp', graph, { target: 1_000_000 })).toThrow(/budget.*1000000/);
    expect(() => matchBudget('mlp', graph, { target: 1_000_000 })).toThrow(UserError);
    for (const target of [0, -5, 1.5, Number.NaN, Infinity])
      expect(() => matchBudget('mlp', graph, { target })).toThrow(/positive integer/);
  });
});

describe('matchWidths with several widths', () => {
  it.each(golden.chains)('$spec from $start to $target', ({ spec, start, target, widths }) => {
    const relational = relationalGraph(parseGraphSpec(spec));
    expect(matchWidths((dims) => chainMacs(relational, dims), start, target, 15)).toEqual(widths);
  });
});

/** A made-up network 256 -> w0 -> w1 -> w2 (see make-network.py). */
function chainMacs(relational: RelationalGraph, widths: readonly number[]): number {
  const dims = [256, ...widths];
  return widths.reduce((sum, out, i) => {
    const dense = dims[i] * out;
    return sum + Math.trunc(dense * (relational.mask(dims[i], out).nonzeros / dense));
  }, 0);
}

describe('designNetwork', () => {
  const graph = parseGraphSpec('ws-flex:n=64,k=8,p=0.1,seed=3');

  it("tells the network, its cost, the baseline and the graph's measures", () => {
    const design = designNetwork({ arch: 'mlp', graph });
    expect(design.target).toBe(2_364_416);
    expect(design.cost).toEqual(costOf(design.network));
    expect(design.measures).toMatchObject({ nodes: 64, edges: 256 });
    expect(design.network.graph).toEqual(graph);
  });

  it('keeps given widths', () => {
    const design = designNetwork({ arch: 'mlp', graph, widths: [700] });
    expect(design.network.widths).toEqual([700]);
    expect(design.target).toBeNull();
  });

  it('refuses widths and a budget together', () => {
    expect(() => designNetwork({ arch: 'mlp', graph, widths: [700], target: 3_000_000 })).toThrow(
      UserError,
    );
  });
});
