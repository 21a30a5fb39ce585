import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { buildGraph, completeGraph, parseGraphSpec, type Graph } from '../../src/graph/index.js';
import {
  architecture,
  architectures,
  baselineNetwork,
  budgetPasses,
  buildNetwork,
  costOf,
  designNetwork,
  matchBudget,
  stemOf,
  type Layer,
  type Stem,
  type Task,
} from '../../src/network/index.js';

const square = (side: number, stem?: Stem): Task => ({
  input: { channels: 3, height: side, width: side },
  ...(stem && { stem }),
});
const withStems = architectures.filter(({ stems }) => stems.length > 0).map(({ name }) => name);
const layerOf = (arch: string, task: Task, id: string): Layer | undefined =>
  baselineNetwork(arch, task).layers.find((layer) => layer.id === id);

describe('the stem', () => {
  it('follows from the smaller side of the input, unless asked for', () => {
    for (const name of withStems) {
      const arch = architecture(name);
      expect([32, 127, 128, 224].map((side) => stemOf(arch, square(side)))).toEqual([
        'small',
        'small',
        'imagenet',
        'imagenet',
      ]);
      expect(stemOf(arch, { input: { channels: 3, height: 300, width: 100 } })).toBe('small');
      expect(stemOf(arch, {})).toBe('small');
      expect(stemOf(arch, square(32, 'imagenet'))).toBe('imagenet');
    }
    expect(designNetwork({ arch: 'cnn', graph: completeGraph(4) }).stem).toBe('small');
    expect(designNetwork({ arch: 'mlp', graph: completeGraph(4) }).stem).toBeNull();
  });

  it('cannot be chosen for the MLP, which has one', () => {
    expect(stemOf(architecture('mlp'), square(224))).toBeNull();
    expect(() => baselineNetwork('mlp', { stem: 'small' })).toThrow(
      new UserError(
        'mlp has one stem for all inputs, but stem small was asked for; leave the stem out',
      ),
    );
  });

  it.each<[string, Task, object | undefined, string | undefined, [number, number]]>([
    // kernel, stride, padding of the first convolution; a pool; the plane that the stages get
    ['cnn', square(224), { kernel: 3, stride: 2, padding: 1 }, 's1.pool', [56, 56]],
    ['cnn', square(32), { kernel: 3, stride: 1, padding: 1 }, undefined, [32, 32]],
    ['resnet34', square(224), { kernel: 7, stride: 2, padding: 3 }, 's1.pool', [56, 56]],
    ['resnet50', square(32), { kernel: 3, stride: 1, padding: 1 }, undefined, [32, 32]],
    ['efficientnet-b0', square(224), { kernel: 3, stride: 2, padding: 1 }, undefined, [112, 112]],
    ['efficientnet-b0', square(32), { kernel: 3, stride: 1, padding: 1 }, undefined, [32, 32]],
    ['patch-transformer', square(224), { kernel: 16, stride: 16, padding: 0 }, undefined, [14, 14]],
    ['patch-transformer', square(32), { kernel: 4, stride: 4, padding: 0 }, undefined, [8, 8]],
  ])('of %s on %j', (arch, task, window, pool, [height, width]) => {
    const id = arch === 'efficientnet-b0' ? 'stem.conv' : 's1.conv';
    expect(layerOf(arch, task, id)).toMatchObject({ kind: 'conv', mask: null, window });
    expect(layerOf(arch, task, 's1.pool')?.id).toBe(pool);
    expect(layerOf(arch, task, pool ?? id)!.output).toMatchObject({ height, width });
    if (pool !== undefined)
      expect(layerOf(arch, task, pool)).toMatchObject({
        kind: 'maxPool',
        window: { kernel: 3, stride: 2, padding: 1 },
      });
  });

  it('decides how often widths are rescaled before they are stepped', () => {
    expect([budgetPasses('imagenet'), budgetPasses('small'), budgetPasses(null)]).toEqual([
      9, 15, 15,
    ]);
  });

  it('is part of the baseline that sets the budget', () => {
    const small = designNetwork({ arch: 'cnn', graph: completeGraph(16), ...square(64, 'small') });
    const large = designNetwork({
      arch: 'cnn',
      graph: completeGraph(16),
      ...square(64, 'imagenet'),
    });
    expect(small.baseline.macs).toBeGreaterThan(8 * large.baseline.macs);
    expect([small.target, large.target]).toEqual([small.baseline.macs, large.baseline.macs]);
    expect(small.cost.macs).toBe(small.baseline.macs);
  });
});

describe('an input too small for the strides', () => {
  /** The smallest side that each takes: 2^(steps of 2 - 1) + 1, and one patch. */
  const SMALLEST: Record<string, Record<Stem, number>> = {
    cnn: { imagenet: 17, small: 5 },
    resnet34: { imagenet: 17, small: 5 },
    'resnet34-sep': { imagenet: 17, small: 5 },
    resnet50: { imagenet: 17, small: 5 },
    'efficientnet-b0': { imagenet: 17, small: 9 },
    'patch-transformer': { imagenet: 16, small: 4 },
  };

  it.each(
    withStems.flatMap((name) => architecture(name).stems.map((stem) => [name, stem] as const)),
  )('%s with the %s stem is refused with the smallest side', (name, stem) => {
    const smallest = SMALLEST[name][stem];
    baselineNetwork(name, square(smallest, stem));
    for (const side of [1, smallest - 1]) {
      expect(() => baselineNetwork(name, square(side, stem))).toThrow(
        new RegExp(
          `^${name} with the ${stem} stem does not take a side of ${side} pixels \\(.*\\); ` +
            `take ${smallest}(, or the small stem)?$`,
        ),
      );
      expect(() => matchBudget(name, completeGraph(4), square(side, stem))).toThrow(UserError);
    }
  });

  it('tells the layer, the plane, and the other stem where that one fits', () => {
    expect(() => baselineNetwork('resnet34', square(16, 'imagenet'))).toThrow(
      'resnet34 with the imagenet stem does not take a side of 16 pixels (s5.b1.proj ' +
        'would take a step of 2 pixels in a plane of 1 x 1); take 17, or the small stem',
    );
    expect(() =>
      baselineNetwork('cnn', { input: { channels: 3, height: 64, width: 3 }, stem: 'small' }),
    ).toThrow(
      'cnn with the small stem does not take a side of 3 pixels (s4.b1.a would take a ' +
        'step of 2 pixels in a plane of 16 x 1); take 5',
    );
  });

  it('and sides that are no multiple of the patch are told the nearest ones', () => {
    expect(() => baselineNetwork('patch-transformer', square(30))).toThrow(
      'patch-transformer with the small stem does not take a side of 30 pixels (patches ' +
        'of 4 x 4 pixels do not fill 30 x 30); take 28 or 32',
    );
    expect(() =>
      baselineNetwork('patch-transformer', { input: { channels: 3, height: 224, width: 230 } }),
    ).toThrow('take 224 or 240');
    expect(() => baselineNetwork('patch-transformer', square(228))).toThrow(
      'take 224 or 240, or the small stem',
    );
  });
});

describe('a graph with more nodes than the layers have channels', () => {
  it('is regenerated smaller where its family can, in those layers only', () => {
    const network = buildNetwork(
      'cnn',
      parseGraphSpec('ws-flex:n=100,k=12,p=0.1,seed=1'),
      [64, 128, 256],
    );
    const nodes = network.layers.flatMap((layer) =>
      layer.kind === 'conv' && layer.mask ? [layer.mask.graph.nodes] : [],
    );
    expect(nodes).toEqual([64, 64, 64, 100, 100, 100]);
  });

  it(
    'is refused before anything is built where it cannot: layer, most nodes, architectures ' +
      'with enough channels',
    () => {
      const failure = (): unknown => matchBudget('efficientnet-b0', completeGraph(30));
      expect(failure).toThrow(UserError);
      expect(failure).toThrow(
        /^s1\.b1\.lin_proj of efficientnet-b0 at width 16,24,.*: every node holds at least one channel, but a layer of 16 channels has fewer than the graph's 30 nodes; .*; take a graph of at most 16 nodes, or an architecture that has channels for 30 at its baseline width: mlp \(at most 512\), cnn \(at most 64\), resnet34 \(at most 64\), .*patch-transformer \(at most 192\)$/,
      );
    },
  );

  it('fits where every layer has a channel for each node', () => {
    // No family: one size only.
    const lattice = (nodes: number): Graph =>
      buildGraph(parseGraphSpec(`ring-lattice:n=${nodes},k=8`));
    for (const name of ['cnn', 'resnet34', 'resnet50']) {
      expect(costOf(matchBudget(name, lattice(64))).macs).toBeGreaterThanOrEqual(
        costOf(baselineNetwork(name)).macs,
      );
      expect(() => matchBudget(name, lattice(65))).toThrow(
        /fewer than the graph's 65 nodes; .*; take a graph of at most 64 nodes, or an architecture .*: mlp \(at most 512\), patch-transformer \(at most 192\)$/,
      );
    }
  });

  it('given widths are what counts', () => {
    expect(() => buildNetwork('mlp', completeGraph(300), [256])).toThrow(
      /^s2\.b1\.a of mlp at width 256: .*; take a graph of at most 256 nodes, or an architecture .*: mlp \(at most 512\)$/,
    );
    buildNetwork('mlp', completeGraph(300), [300]);
  });
});
