import { describe, expect, it } from 'vitest';
import { fastBackend, peakGauge } from '../../src/cli/bench/backend.js';
import { BATCH, CONV_NODE_CHANNELS, densityCases } from '../../src/cli/bench/cases.js';
import { definitions } from '../../src/cli/bench/definitions.js';
import { callFlops, stepFlops } from '../../src/cli/bench/flops.js';
import { FULL, measureBench, QUICK, type BenchScale } from '../../src/cli/bench/measure.js';
import {
  convOps,
  exchangeOps,
  opProgram,
  type ExchangeOp,
  type OpLayer,
} from '../../src/cli/bench/op-program.js';
import { benchReport } from '../../src/cli/bench/report.js';
import { median, medianRatio, timeInTurn } from '../../src/cli/bench/timing.js';
import { Interrupted, UserError } from '../../src/core/errors.js';
import { RandomStream } from '../../src/core/random/index.js';
import { features } from '../../src/core/shape.js';
import { elements } from '../../src/core/tensor.js';
import {
  backends,
  compile,
  type Call,
  type Executable,
  type Program,
} from '../../src/public/engine.js';
import { buildGraph, density, parseGraphSpec } from '../../src/graph/index.js';
import { baselineNetwork, blockMask, costOf } from '../../src/network/index.js';
import { expectClose } from '../engine/agreement.js';
import { chain } from '../engine/networks.js';
import { plexus } from './harness.js';

describe('timing in turn', () => {
  /** A clock that moves only when work is done. */
  function clockwork(costs: readonly number[]) {
    let time = 0;
    const calls: string[] = [];
    const contestants = costs.map((cost, i) => ({
      settle: () => void calls.push(`settle ${i}`),
      parts: [0.25, 0.75].map((share, part) => () => {
        calls.push(`part ${part} of ${i}`);
        time += share * cost;
      }),
    }));
    const disturb = (ms: number): void => void (time += ms);
    return { contestants, calls, disturb, now: () => time };
  }

  it('goes round A B A B, settles before each turn, and stops in time', async () => {
    const { contestants, calls, now } = clockwork([100, 200]);
    const timings = await timeInTurn(contestants, { seconds: 1.3, repeats: 2, now });
    expect(timings).toEqual([
      { best: 100, median: 100, rounds: [100, 100], parts: [25, 75] },
      { best: 200, median: 200, rounds: [200, 200], parts: [50, 150] },
    ]);
    const once = (i: number): string[] => [`part 0 of ${i}`, `part 1 of ${i}`];
    expect(calls.slice(0, 11)).toEqual([
      'settle 0',
      ...once(0),
      ...once(0),
      'settle 1',
      ...once(1),
      ...once(1),
      'settle 0',
    ]);
  });

  it('the best is that of each part, whichever round was disturbed in it', async () => {
    const { contestants, disturb, now } = clockwork([100]);
    const delays = [
      [40, 0],
      [0, 40],
      [40, 40],
    ].flat();
    const parts = contestants[0].parts.map((part) => () => {
      part();
      disturb(delays.shift() ?? 0);
    });
    const [timing] = await timeInTurn([{ ...contestants[0], parts }], {
      seconds: 0.5,
      repeats: 1,
      now,
    });
    expect(timing.rounds).toEqual([140, 140, 180]);
    expect([timing.best, timing.median]).toEqual([100, 140]);
  });

  it('makes one round however short the time', async () => {
    const { contestants, now } = clockwork([5000]);
    expect(await timeInTurn(contestants, { seconds: 0, repeats: 3, now })).toMatchObject([
      { best: 5000, rounds: [5000] },
    ]);
  });

  it('stops when it is asked to', async () => {
    const { contestants, now } = clockwork([1]);
    await expect(
      timeInTurn(contestants, { seconds: 1e9, repeats: 1, now, signal: AbortSignal.abort() }),
    ).rejects.toThrow(Interrupted);
  });

  it('medians', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([7])]).toEqual([2, 2.5, 7]);
    // Both slow down together: the ratio stays.
    expect(medianRatio([1, 10, 2], [2, 20, 4])).toBe(0.5);
  });

  it('a gauge keeps the largest peak', () => {
    const readings = [3, 9, 4];
    const gauge = peakGauge(() => readings.shift() ?? 0);
    expect([gauge(), gauge(), gauge()]).toEqual([3, 9, 9]);
  });
});

describe('arithmetic', () => {
  it('a step of the dense baseline is three forward passes less the input gradient of the stem', () => {
    const [forward, stem] = [3072 * 512 + 3 * 512 * 512 + 512 * 10, 3072 * 512];
    expect(stepFlops(compile(baselineNetwork('mlp'), { batch: BATCH }))).toBe(
      2 * BATCH * (3 * forward - stem),
    );
  });

  /** A ring: each of 8 nodes of 2 channels listens to 3. */
  const ring = blockMask(buildGraph(parseGraphSpec('ws-flex:n=8,k=2,p=0,seed=1')), 16, 16);
  const window = { kernel: 3, stride: 1, padding: 1 };

  it('counts the weights of a mask that exist', () => {
    const program = opProgram({ kind: 'linear', mask: ring }, 'forward', 10);
    expect(callFlops(program.forward[0], 10)).toBe(2 * 10 * 8 * 3 * 4);
    expect(callFlops({ op: 'activation', function: 'relu', x: 0, y: 1 }, 10)).toBe(0);
  });

  it(
    'counts 9 weights of each pair of channels at each of 5 x 5 pixels, in all three ' +
      'operations',
    () => {
      for (const op of convOps) {
        const flops = (layer: OpLayer): number => stepFlops(opProgram(layer, op, 10));
        expect(flops({ kind: 'conv', mask: ring, side: 5, window })).toBe(
          2 * 10 * (8 * 3 * 4) * 9 * 25,
        );
        expect(flops({ kind: 'depthwise', channels: 16, side: 5, window })).toBe(
          2 * 10 * 16 * 9 * 25,
        );
      }
    },
  );

  it('counts a strided convolution by the pixels that it makes', () => {
    const network = chain({ channels: 3, height: 6, width: 6 }, [
      { conv: 4, kernel: 3, stride: 2, padding: 1 },
      'globalPool',
      { linear: 5, bias: true },
    ]);
    const [conv, head] = [2 * 7 * (3 * 4) * 9 * 9, 2 * 7 * 4 * 5];
    // No input gradient of the first layer.
    expect(stepFlops(compile(network, { batch: 7 }))).toBe(2 * conv + 3 * head);
  });

  it(
    'a step of a convolutional baseline is three forward passes less the input gradient of ' +
      'the stem',
    () => {
      const network = baselineNetwork('cnn', { stem: 'small' });
      expect(stepFlops(compile(network, { batch: 2 }))).toBe(
        2 * 2 * (3 * costOf(network).macs - 3 * 64 * 9 * 32 * 32),
      );
    },
  );

  it('the graphs have the densities they stand for', () => {
    for (const { density: wanted, graph } of densityCases.slice(0, -1)) {
      const built = buildGraph(graph);
      expect((2 * built.edges) / built.nodes / built.nodes).toBe(wanted);
    }
    expect(density(buildGraph(densityCases[3].graph))).toBe(1);
  });
});

describe('programs of one operation', () => {
  const hyper = { learningRate: 0.1, momentum: 0.9, weightDecay: 0.01 };
  const graph = buildGraph(parseGraphSpec('ws-flex:n=7,k=4,p=0.3,seed=2'));
  const mask = blockMask(graph, 25, 25);
  const planes = { side: 4, window: { kernel: 3, stride: 1, padding: 1 } };
  const layers: Readonly<Record<OpLayer['kind'], OpLayer>> = {
    linear: { kind: 'linear', mask },
    conv: { kind: 'conv', mask, ...planes },
    depthwise: { kind: 'depthwise', channels: 25, ...planes },
  };

  function started(layer: OpLayer, op: ExchangeOp): Promise<Executable[]> {
    const ready = backends().flatMap(({ backend }) => (backend === null ? [] : [backend]));
    return Promise.all(
      ready.map(async (backend) => {
        const random = new RandomStream('op', op);
        const executable = await backend.prepare(opProgram(layer, op, 9));
        const { network, parameters } = executable.program;
        executable.upload(
          'w',
          Float32Array.from({ length: elements(parameters[0].shape) }, () => random.normal()),
        );
        executable.input(
          Float32Array.from({ length: 9 * features(network.input) }, () => random.normal()),
          new Uint8Array(9),
          9,
        );
        executable.dispatch('evaluate');
        return executable;
      }),
    );
  }

  const cases = [
    ...exchangeOps.map((op) => ['linear', op] as const),
    ...(['conv', 'depthwise'] as const).flatMap((kind) => convOps.map((op) => [kind, op] as const)),
  ];

  it.each(cases)('%s %s: every backend does the work of the reference', async (kind, op) => {
    const [reference, ...others] = await started(layers[kind], op);
    expect(others.length).toBeGreaterThan(0);
    const close = { atol: 1e-4, rtol: 1e-4 };
    for (const executable of [reference, ...others]) {
      if (op === 'weightGradUpdate') executable.dispatch('step', hyper);
      else executable.dispatch('forward');
      if (op === 'inputGrad' || op === 'weightGrad') executable.dispatch('backward');
      expectClose(
        await results(executable),
        await results(reference),
        close,
        op === 'inputGrad' ? 'dx' : 'y',
      );
      expect((await executable.logits()).some((y) => Math.abs(y) > 0.1)).toBe(true);
      expectClose(await executable.read('w'), await reference.read('w'), close, 'weights');
      if (op === 'weightGrad')
        expectClose(
          await executable.read('w', 'grad'),
          await reference.read('w', 'grad'),
          close,
          'gradient',
        );
      if (op === 'weightGradUpdate')
        expectClose(
          await executable.read('w', 'momentum'),
          await reference.read('w', 'momentum'),
          close,
          'momentum',
        );
    }
    if (op === 'weightGrad')
      expect((await reference.read('w', 'grad')).some((g) => Math.abs(g) > 0.1)).toBe(true);
  });

  /** Sorted: backends keep the pixels of planes in orders of their own. */
  async function results(executable: Executable): Promise<Float32Array | Float64Array> {
    return (await executable.logits()).sort();
  }

  it.each(['linear', 'conv', 'depthwise'] as const)(
    '%s: the calls are those of a network with such a layer',
    (kind) => {
      const side = kind === 'linear' ? 1 : planes.side;
      const link = {
        linear: { linear: 25, graph },
        conv: { conv: 25, kernel: 3, padding: 1, graph },
        depthwise: { depthwise: 3, padding: 1 },
      }[kind];
      // Behind a layer that learns, so that it has an input gradient.
      const plain = compile(
        chain({ channels: 25, height: side, width: side }, ['bn', link, 'relu']),
        { batch: 9 },
      );
      for (const op of convOps)
        expect(productCalls(opProgram(layers[kind], op, 9), plain)).toEqual(
          productCalls(plain, plain).filter((call) => call.op === OPS[kind][op]),
        );
    },
  );

  const OPS: Readonly<
    Record<OpLayer['kind'], Readonly<Record<(typeof convOps)[number], Call['op']>>>
  > = {
    linear: { forward: 'linear', inputGrad: 'linearInputGrad', weightGrad: 'linearWeightGrad' },
    conv: { forward: 'conv', inputGrad: 'convInputGrad', weightGrad: 'convWeightGrad' },
    depthwise: {
      forward: 'depthwise',
      inputGrad: 'depthwiseInputGrad',
      weightGrad: 'depthwiseWeightGrad',
    },
  };

  /** The calls of a step that count, their buffers and parameters aside. */
  function productCalls({ forward, backward }: Program, { batch }: Program) {
    return [...forward, ...backward]
      .filter((call) => callFlops(call, batch) > 0)
      .map((call) => ({ ...call, x: 0, y: 0, dx: 0, dy: 0, weight: 0 }));
  }
});

describe('measuring', () => {
  const scale: BenchScale = {
    seconds: { exchange: 0, convolution: 0, depthwise: 0, steps: 0, convSteps: 0, threads: 0 },
    planeSide: 4,
    imageSide: 8,
    archs: ['cnn'],
  };

  it('gives every number of the report, the ratio of the baseline to itself being 1', async () => {
    const notes: string[] = [];
    const result = await measureBench(
      fastBackend('auto', () => {}),
      { scale, note: (line) => notes.push(line) },
    );
    expect(notes).toHaveLength(result.backend.name === 'cpu' ? 6 : 5);
    const densities = [0.125, 0.25, 0.5, 1];
    expect(result.exchange.map(({ op, density: k }) => `${op} ${k}`)).toEqual(
      densities.flatMap((k) => exchangeOps.map((op) => `${op} ${k}`)),
    );
    expect(
      result.convolution.map(({ op, density: k, nodeChannels }) => `${op} ${k} ${nodeChannels}`),
    ).toEqual(
      CONV_NODE_CHANNELS.flatMap((channels) =>
        densities.flatMap((k) => convOps.map((op) => `${op} ${k} ${channels}`)),
      ),
    );
    expect(result.depthwise.ops.map(({ op }) => op)).toEqual(convOps);
    expect(result.steps.map(({ density: k, width }) => [k, width])).toEqual([
      [null, 512],
      [0.125, 1539],
      [0.25, 1091],
      [0.5, 754],
      [1, 512],
    ]);
    expect(result.convSteps.map(({ arch, density: k }) => [arch, k])).toEqual([
      ['cnn', null],
      ['cnn', 0.125],
    ]);
    if (result.backend.name === 'cpu')
      expect(result.threads?.map(({ density: k, threads }) => [k, threads])).toEqual([
        [null, 2],
        [0.125, 2],
      ]);
    const mlpTimes = result.steps.flatMap(({ flops, loaded, images }) => [
      { ...loaded, flops },
      { ...images, flops },
    ]);
    for (const { milliseconds, gflops, flops } of [
      ...result.exchange,
      ...result.convolution,
      ...mlpTimes,
      ...result.convSteps,
    ]) {
      expect(gflops * milliseconds * 1e6).toBeCloseTo(flops, -3);
    }
    expect(result.depthwise).toMatchObject({
      channels: 512,
      side: 4,
      bytes: 2 * 4 * 512 * 16 * 32,
    });
    expect(result.depthwise.bandwidth * result.depthwise.limitMilliseconds * 1e6).toBeCloseTo(
      result.depthwise.bytes,
      0,
    );
    expect(result.steps[0]).toMatchObject({
      loaded: { ratioToDense: 1 },
      images: { ratioToDense: 1 },
    });
    expect(result.convSteps[0]).toMatchObject({
      ratioToDense: 1,
      graph: null,
      widths: [64, 128, 256],
    });
    const text = benchReport(result).join('\n');
    for (const part of [
      'peak: ',
      'weight gradient + update',
      'x dense',
      'input gradient',
      'multiply-add is 2',
      '2,364,416',
      '64 nodes x 8 channels',
      '64 nodes x 3 channels',
      'x limit',
      'GB/s',
      '64,128,256',
    ])
      expect(text).toContain(part);
    for (const name of Object.keys(definitions)) expect(text).toContain(`\n${name}: `);
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
    expect(benchReport({ ...result, threads: null })).toContain(
      `several threads inside one model: ${result.backend.name} has none`,
    );
  });

  it('the short run measures the same networks, over smaller planes', () => {
    expect([FULL.archs, FULL.imageSide]).toEqual([['cnn', 'resnet34'], 32]);
    expect([QUICK.archs, QUICK.imageSide]).toEqual([FULL.archs, FULL.imageSide]);
    expect([FULL.planeSide, QUICK.planeSide]).toEqual([32, 16]);
  });

  it('refuses backends that it cannot measure', async () => {
    expect(await plexus(['bench', '--backend', 'gpu'])).toEqual({
      status: 2,
      out: '',
      notes:
        'error: unknown backend "gpu"; expected one of auto, cpu, wasm-relaxed, wasm (did you mean cpu?)',
    });
    expect((await plexus(['bench', '--backend', 'reference'])).notes).toContain(
      'choose one of auto, cpu, wasm-relaxed, wasm',
    );
    expect(() => fastBackend('nope', () => {})).toThrow(UserError);
  });

  it('ends with status 130 when it is interrupted', async () => {
    const { status, out } = await plexus(['bench', '--quick', '--json'], {
      signal: AbortSignal.abort(),
    });
    expect([status, out]).toEqual([130, '']);
  });
});
