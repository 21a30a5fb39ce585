import { describe, expect, it } from 'vitest';
import { fastBackend, peakGauge } from '../../src/cli/bench/backend.js';
import { BATCH, densityCases } from '../../src/cli/bench/cases.js';
import { callFlops, stepFlops } from '../../src/cli/bench/flops.js';
import { measureBench } from '../../src/cli/bench/measure.js';
import { exchangeOps, opProgram } from '../../src/cli/bench/op-program.js';
import { benchReport } from '../../src/cli/bench/report.js';
import { median, medianRatio, timeInTurn } from '../../src/cli/bench/timing.js';
import { Interrupted, UserError } from '../../src/core/errors.js';
import { RandomStream } from '../../src/core/random/index.js';
import { backends, compile, type Executable } from '../../src/engine/index.js';
import { buildGraph, density, parseGraphSpec } from '../../src/graph/index.js';
import { baselineNetwork, blockMask } from '../../src/network/index.js';
import { expectClose } from '../engine/agreement.js';
import { plexus } from './harness.js';

describe('timing in turn', () => {
  /** A clock that moves only when work is done. */
  function clockwork(costs: readonly number[]) {
    let time = 0;
    const calls: string[] = [];
    const contestants = costs.map((cost, i) => ({
      settle: () => void calls.push(`settle ${i}`),
      run: () => {
        calls.push(`run ${i}`);
        time += cost;
      },
    }));
    return { contestants, calls, now: () => time };
  }

  it('goes round A B A B, settles before each turn, and stops in time', async () => {
    const { contestants, calls, now } = clockwork([100, 200]);
    const rounds = await timeInTurn(contestants, { seconds: 1.3, repeats: 2, now });
    expect(rounds).toEqual([[100, 100], [200, 200]]);
    expect(calls.slice(0, 7)).toEqual(['settle 0', 'run 0', 'run 0', 'settle 1', 'run 1', 'run 1', 'settle 0']);
  });

  it('makes one round however short the time', async () => {
    const { contestants, now } = clockwork([5000]);
    expect(await timeInTurn(contestants, { seconds: 0, repeats: 3, now })).toEqual([[5000]]);
  });

  it('stops when it is asked to', async () => {
    const { contestants, now } = clockwork([1]);
    await expect(timeInTurn(contestants, { seconds: 1e9, repeats: 1, now, signal: AbortSignal.abort() })).rejects.toThrow(Interrupted);
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
    expect(stepFlops(compile(baselineNetwork('mlp'), { batch: BATCH }))).toBe(2 * BATCH * (3 * forward - stem));
  });

  it('counts the weights of a mask that exist', () => {
    const mask = blockMask(buildGraph(parseGraphSpec('ws-flex:n=8,k=2,p=0,seed=1')), 16, 16);
    const program = opProgram(mask, 'forward', 10);
    // A ring: each of 8 nodes of 2 channels listens to 3.
    expect(callFlops(program.forward[0], 10)).toBe(2 * 10 * 8 * 3 * 4);
    expect(callFlops({ op: 'relu', x: 0, y: 1 }, 10)).toBe(0);
  });

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
  const mask = blockMask(buildGraph(parseGraphSpec('ws-flex:n=7,k=4,p=0.3,seed=2')), 25, 25);

  function started(op: (typeof exchangeOps)[number]): Executable[] {
    return backends().flatMap(({ backend }) => {
      if (backend === null) return [];
      const random = new RandomStream('op', op);
      const executable = backend.prepare(opProgram(mask, op, 9));
      executable.upload('w', Float32Array.from({ length: 25 * 25 }, () => random.normal()));
      executable.input(Float32Array.from({ length: 9 * 25 }, () => random.normal()), new Uint8Array(9), 9);
      executable.dispatch('evaluate');
      return [executable];
    });
  }

  it.each(exchangeOps)('%s: every backend does the work of the reference', (op) => {
    const [reference, ...others] = started(op);
    expect(others.length).toBeGreaterThan(0);
    const close = { atol: 1e-4, rtol: 1e-4 };
    for (const executable of [reference, ...others]) {
      if (op === 'weightGradUpdate') executable.dispatch('step', hyper);
      else executable.dispatch('forward');
      if (op === 'inputGrad' || op === 'weightGrad') executable.dispatch('backward');
      expectClose(executable.logits(), reference.logits(), close, op === 'inputGrad' ? 'dx' : 'y');
      expect(executable.logits().some((y) => Math.abs(y) > 0.1)).toBe(true);
      expectClose(executable.read('w'), reference.read('w'), close, 'weights');
      if (op === 'weightGrad') expectClose(executable.read('w', 'grad'), reference.read('w', 'grad'), close, 'gradient');
      if (op === 'weightGradUpdate') expectClose(executable.read('w', 'momentum'), reference.read('w', 'momentum'), close, 'momentum');
    }
    if (op === 'weightGrad') expect(reference.read('w', 'grad').some((g) => Math.abs(g) > 0.1)).toBe(true);
  });
});

describe('measuring', () => {
  it('gives every number of the report, the ratio of the baseline to itself being 1', async () => {
    const notes: string[] = [];
    const result = await measureBench(fastBackend('auto', () => {}), { exchangeSeconds: 0, stepSeconds: 0, note: (line) => notes.push(line) });
    expect(notes).toHaveLength(2);
    expect(result.exchange.map(({ op, density: k }) => `${op} ${k}`)).toEqual([0.125, 0.25, 0.5, 1].flatMap((k) => exchangeOps.map((op) => `${op} ${k}`)));
    expect(result.steps.map(({ density: k, width }) => [k, width])).toEqual([[null, 512], [0.125, 1539], [0.25, 1091], [0.5, 754], [1, 512]]);
    for (const { milliseconds, gflops, flops } of [...result.exchange, ...result.steps.flatMap(({ flops: f, loaded, images }) => [{ ...loaded, flops: f }, { ...images, flops: f }])]) {
      expect(gflops * milliseconds * 1e6).toBeCloseTo(flops, -3);
    }
    expect(result.steps[0]).toMatchObject({ loaded: { ratioToDense: 1 }, images: { ratioToDense: 1 } });
    const text = benchReport(result).join('\n');
    for (const part of ['peak: ', 'weight gradient + update', 'x dense', 'input gradient', 'multiply-add is 2', '2,364,416']) expect(text).toContain(part);
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('refuses backends that it cannot measure', async () => {
    expect(await plexus(['bench', '--backend', 'gpu'])).toEqual({ status: 2, out: '', notes: 'error: unknown backend "gpu"; expected one of auto, cpu, wasm' });
    expect((await plexus(['bench', '--backend', 'reference'])).notes).toContain('choose one of auto, cpu, wasm');
    expect(() => fastBackend('nope', () => {})).toThrow(UserError);
  });

  it('ends with status 130 when it is interrupted', async () => {
    const { status, out } = await plexus(['bench', '--quick', '--json'], { signal: AbortSignal.abort() });
    expect([status, out]).toEqual([130, '']);
  });
});
