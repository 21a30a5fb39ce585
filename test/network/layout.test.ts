import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { completeGraph, parseGraphSpec } from '../../src/graph/index.js';
import {
  architecture,
  architectures,
  baselineNetwork,
  buildNetwork,
  costOf,
  parametersOf,
  STEMS,
  type Layer,
  type Network,
  type Shape,
  type Window,
} from '../../src/network/index.js';

const GRAPH = parseGraphSpec('ws-flex:n=16,k=4,p=0.3,seed=1');

/**
 * Every architecture, sides that it takes, widths around the baseline's (for the search passes by
 * others), graphs.
 */
const requests = fc.constantFrom(...architectures).chain((arch) =>
  fc.record({
    arch: fc.constant(arch.name),
    stem: fc.constantFrom(...(arch.stems.length === 0 ? [undefined] : arch.stems)),
    // A multiple of every patch, and at least as large as the strides want.
    height: fc.integer({ min: 2, max: 5 }).map((x) => 16 * x),
    width: fc.integer({ min: 2, max: 5 }).map((x) => 16 * x),
    channels: fc.integer({ min: 1, max: 4 }),
    classes: fc.integer({ min: 2, max: 30 }),
    widths: fc.tuple(...arch.baselineWidths.map((base) => fc.integer({ min: 16, max: base + 40 }))),
    graph: fc.record({
      n: fc.integer({ min: 3, max: 24 }),
      p: fc.double({ min: 0, max: 1, noNaN: true }),
      seed: fc.nat(20),
    }),
  }),
);

function built({
  arch,
  stem,
  height,
  width,
  channels,
  classes,
  widths,
  graph,
}: typeof requests extends fc.Arbitrary<infer R> ? R : never): Network {
  const spec = parseGraphSpec(
    `ws-flex:n=${graph.n},k=${Math.min(4, graph.n - 1)},p=${graph.p},seed=${graph.seed}`,
  );
  return buildNetwork(arch, spec, widths, {
    input: { channels, height, width },
    classes,
    ...(stem && { stem }),
  });
}

/** The shape a layer gives, from the shapes it reads: PyTorch's formulas. */
function shapeAfter(layer: Layer, inputs: readonly Shape[]): Shape {
  const [first] = inputs;
  switch (layer.kind) {
    case 'input':
      return layer.output;
    case 'linear':
      return { channels: layer.outFeatures, height: 1, width: 1 };
    case 'conv':
      return { channels: layer.output.channels, ...planeAfter(layer.window, first) };
    case 'depthwise':
    case 'maxPool':
    case 'averagePool':
      return { channels: first.channels, ...planeAfter(layer.window, first) };
    case 'globalPool':
      return { channels: first.channels, height: 1, width: 1 };
    case 'batchNorm':
    case 'layerNorm':
    case 'activation':
    case 'add':
    case 'gate':
    case 'position':
    case 'attention':
      return first;
    default:
      return layer satisfies never;
  }
}

function planeAfter(
  { kernel, stride, padding }: Window,
  { height, width }: Shape,
): { height: number; width: number } {
  const after = (side: number): number => Math.floor((side + 2 * padding - kernel) / stride + 1);
  return { height: after(height), width: after(width) };
}

function checkChain({ layers, input, classes }: Network): void {
  const shapes = new Map<string, Shape>();
  const read = new Set<string>();
  for (const layer of layers) {
    expect(shapes.has(layer.id), `${layer.id} comes once`).toBe(false);
    const inputs = layer.inputs.map((id) => shapes.get(id)!);
    expect(
      inputs.every((shape) => shape !== undefined),
      `${layer.id} reads layers before it`,
    ).toBe(true);
    layer.inputs.forEach((id) => read.add(id));
    expect(layer.output, layer.id).toEqual(shapeAfter(layer, inputs));
    expect(
      Object.values(layer.output).every((side) => Number.isInteger(side) && side >= 1),
      layer.id,
    ).toBe(true);
    checkInputs(layer, inputs);
    shapes.set(layer.id, layer.output);
  }
  expect(layers[0]).toMatchObject({ kind: 'input', inputs: [], output: input });
  expect(layers.at(-1)!.output).toEqual({ channels: classes, height: 1, width: 1 });
  // Nothing is computed in vain.
  expect(layers.slice(0, -1).filter(({ id }) => !read.has(id))).toEqual([]);
}

/** How many inputs a layer has, and how their shapes agree with it and with each other. */
function checkInputs(layer: Layer, inputs: readonly Shape[]): void {
  const count = { input: 0, add: 2, gate: 2, attention: 3 }[layer.kind as string] ?? 1;
  expect(inputs.length, layer.id).toBe(count);
  if (layer.kind === 'add' || layer.kind === 'attention')
    for (const shape of inputs) expect(shape, layer.id).toEqual(layer.output);
  if (layer.kind === 'gate')
    expect(inputs[1], layer.id).toEqual({ channels: inputs[0].channels, height: 1, width: 1 });
  if (layer.kind === 'conv') expect(layer.inChannels, layer.id).toBe(inputs[0].channels);
  if (layer.kind === 'linear')
    expect(layer.inFeatures, layer.id).toBe(
      inputs[0].channels * inputs[0].height * inputs[0].width,
    );
  if ((layer.kind === 'conv' || layer.kind === 'linear') && layer.mask !== null) {
    expect([layer.mask.input.channels, layer.mask.output.channels], layer.id).toEqual([
      layer.kind === 'conv' ? layer.inChannels : layer.inFeatures,
      layer.output.channels,
    ]);
  }
}

describe('every architecture', () => {
  it('chains shapes, whatever the input, widths and graph', () => {
    fc.assert(
      fc.property(requests, (request) => checkChain(built(request))),
      { numRuns: 150 },
    );
  });

  it('has the parameters that its shapes and masks say', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const network = built(request);
        const { macs, params, layers } = costOf(network);
        expect(layers.map(({ layer }) => layer)).toEqual(network.layers.map(({ id }) => id));
        const sizes = parametersOf(network)
          .filter(({ learnable }) => learnable)
          .map(({ shape, mask }) =>
            mask === null
              ? shape.reduce((a, b) => a * b, 1)
              : mask.nonzeros * shape.slice(2).reduce((a, b) => a * b, 1),
          );
        expect(params).toBe(sizes.reduce((a, b) => a + b, 0));
        expect(Number.isSafeInteger(macs) && macs > 0).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it.each(architectures.map(({ name }) => [name]))(
    '%s: the baseline chains too, and a complete graph gives the same network',
    (name) => {
      const { baselineWidths, stems } = architecture(name);
      for (const stem of stems.length === 0 ? [undefined] : STEMS) {
        const task = {
          input: { channels: 3, height: 64, width: 48 },
          classes: 7,
          ...(stem && { stem }),
        };
        const dense = baselineNetwork(name, task);
        checkChain(dense);
        // The relational EfficientNet expands to other widths than the dense one.
        if (name !== 'efficientnet-b0')
          expect(costOf(buildNetwork(name, completeGraph(16), baselineWidths, task))).toEqual(
            costOf(dense),
          );
      }
    },
  );

  it.each(architectures.map(({ name }) => [name]))(
    '%s: has as many rounds of relational layers as it says',
    (name) => {
      const { relationalStages, baselineWidths } = architecture(name);
      const count = relationalStages.reduce((sum, layers) => sum + layers, 0);
      // A graph of its own for each round: every one must be used, by layers that follow each
      // other.
      const graphs = Array.from({ length: count }, (_, i) => `ws-flex:n=16,k=4,p=1,seed=${i}`);
      const network = buildNetwork(
        name,
        parseGraphSpec(`sequence:per=layer,graphs=${graphs.map((line) => `(${line})`).join('')}`),
        baselineWidths.map((width) => width + 1),
      );
      const used = network.layers.flatMap((layer) =>
        (layer.kind === 'conv' || layer.kind === 'linear') && layer.mask ? [layer.mask.graph] : [],
      );
      const changes = used.filter((graph, i) => graph !== used[i - 1]);
      expect(changes.length).toBe(count);
      expect(new Set(used).size).toBe(count);
    },
  );

  it.each(architectures.map(({ name }) => [name]))(
    '%s: a sequence per stage gives its graph to all of the stage',
    (name) => {
      const { relationalStages, baselineWidths } = architecture(name);
      const graphs = relationalStages.map((_, i) => `(ws-flex:n=16,k=4,p=1,seed=${i})`);
      const network = buildNetwork(
        name,
        parseGraphSpec(`sequence:per=stage,graphs=${graphs.join('')}`),
        baselineWidths,
      );
      const stageOf = new Map<unknown, Set<string>>();
      for (const layer of network.layers) {
        if ((layer.kind !== 'conv' && layer.kind !== 'linear') || layer.mask === null) continue;
        stageOf.set(
          layer.mask.graph,
          (stageOf.get(layer.mask.graph) ?? new Set()).add(layer.id.split('.')[0]),
        );
      }
      expect([...stageOf.values()].map((stages) => stages.size)).toEqual(
        relationalStages.map(() => 1),
      );
    },
  );

  it('has the plain settings of SGD for its training', () => {
    for (const { training } of architectures)
      expect(training).toMatchObject({ momentum: 0.9, schedule: 'cosine' });
    expect(architecture('mlp').training).toMatchObject({
      epochs: 200,
      batch: 128,
      learningRate: 0.1,
      weightDecay: 5e-4,
    });
    for (const name of ['cnn', 'resnet34', 'resnet34-sep', 'resnet50'])
      expect(architecture(name).training).toMatchObject({
        epochs: 100,
        batch: 256,
        learningRate: 0.1,
        weightDecay: 1e-4,
      });
    expect(architecture('efficientnet-b0').training).toMatchObject({
      epochs: 100,
      batch: 512,
      learningRate: 0.2,
      weightDecay: 5e-5,
    });
  });
});

describe('which layers are relational', () => {
  const masked = (name: string): string[] => {
    const network = buildNetwork(
      name,
      GRAPH,
      architecture(name).baselineWidths.map((width) => width + 16),
    );
    return network.layers.flatMap((layer) =>
      (layer.kind === 'conv' || layer.kind === 'linear') && layer.mask ? [layer.id] : [],
    );
  };
  const kinds = (ids: string[]): string[] =>
    [...new Set(ids.map((id) => id.replace(/^s\d+\.(b\d+\.)?/, '')))].sort();

  it.each([
    ['cnn', 6, ['a']],
    // Widths differ from the stem's here, so that stage 2 has a projection as well.
    ['resnet34', 36, ['f.a', 'f.b', 'proj']],
    ['resnet34-sep', 36, ['f.a_1x1', 'f.b_1x1', 'proj']],
    ['resnet50', 48, ['f.a', 'f.b', 'f.c']],
    ['efficientnet-b0', 31, ['expand', 'lin_proj']],
    ['patch-transformer', 36, ['down', 'k', 'proj', 'q', 'up', 'v']],
  ])('%s: %i of them, %j', (name, count, expected) => {
    const ids = masked(name);
    expect(ids.length).toBe(count);
    expect(kinds(ids)).toEqual(expected);
  });

  it('projections, and queries, keys and values, share the graph of the layer beside them', () => {
    const graphs = Array.from({ length: 32 }, (_, i) => `(ws-flex:n=16,k=4,p=1,seed=${i})`).join(
      '',
    );
    const network = buildNetwork(
      'resnet34',
      parseGraphSpec(`sequence:per=layer,graphs=${graphs}`),
      [64, 128, 256, 512],
    );
    const graphOf = (id: string): unknown => {
      const layer = network.layers.find((each) => each.id === id)!;
      return layer.kind === 'conv' && layer.mask?.graph;
    };
    for (const stage of ['s3', 's4', 's5'])
      expect(graphOf(`${stage}.b1.proj`)).toBe(graphOf(`${stage}.b1.f.a`));
    expect(graphOf('s3.b1.f.b')).not.toBe(graphOf('s3.b1.f.a'));
  });
});

describe('how parameters start', () => {
  const zeroNorms = (name: string): string[] =>
    baselineNetwork(name).layers.flatMap((layer) =>
      layer.kind === 'batchNorm' && layer.gamma === 0 ? [layer.id] : [],
    );

  it('the last batch norm of each residual block of the ResNets starts at 0, and no other does', () => {
    for (const [name, last] of [
      ['resnet34', 'b_bn'],
      ['resnet34-sep', 'b_1x1_bn'],
      ['resnet50', 'c_bn'],
    ]) {
      expect(zeroNorms(name)).toEqual(
        [3, 4, 6, 3].flatMap((blocks, stage) =>
          Array.from({ length: blocks }, (_, block) => `s${stage + 2}.b${block + 1}.f.${last}`),
        ),
      );
    }
    for (const name of ['mlp', 'cnn', 'efficientnet-b0', 'patch-transformer'])
      expect(zeroNorms(name)).toEqual([]);
  });

  it('biases stand in squeeze-and-excitation and in the head only', () => {
    const biased = architectures.flatMap(({ name }) =>
      parametersOf(baselineNetwork(name))
        .filter(({ role }) => role === 'bias')
        .map(({ layer }) => layer.replace(/^s\d+\.b\d+\./, '')),
    );
    expect([...new Set(biased)].sort()).toEqual(['head.fc', 'se.f_ex.0', 'se.f_ex.2']);
  });
});

describe('widths at the edge', () => {
  it.each(architectures.map(({ name }) => [name]))(
    '%s: builds at width 1 wherever a search may pass, or says why not',
    (name) => {
      const widths = architecture(name).baselineWidths.map(() => 1);
      const build = (): void => checkChain(buildNetwork(name, completeGraph(1), widths));
      if (name === 'patch-transformer')
        expect(build).toThrow(
          new UserError(
            'every one of the 3 heads of patch-transformer needs a channel; got width 1; ' +
              'take at least 3',
          ),
        );
      else build();
    },
  );
});
