import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random/index.js';
import { kernelBackend } from '../../src/engine/backends/cpu/index.js';
import { referenceBackend } from '../../src/engine/backends/reference/index.js';
import { compile } from '../../src/engine/compile.js';
import { probeOf } from '../../src/engine/passes/probe.js';
import type { Backend, Executable } from '../../src/engine/types.js';
import { shippedWasmBackend } from '../../src/engine-native/index.js';
import { buildGraph, graphFromEdges, parseGraphSpec } from '../../src/graph/index.js';
import type { Graph } from '../../src/graph/types.js';
import { blockSquares } from '../../src/network/block-squares.js';
import { rewiredGraph } from '../../src/network/rewire-pairs.js';
import type { Network } from '../../src/network/types.js';
import { backends } from '../../src/public/engine.js';
import { expectClose, expectIdentical } from './agreement.js';
import { HYPER, TOLERANCES } from './backend-pair.js';
import { chain, loadBatch, randomBatch, randomise, vector } from './networks.js';

const graph = (line: string): Graph => buildGraph(parseGraphSpec(line));
const [before, after] = [graph('ws-flex:n=8,k=4,p=0,seed=1'), graph('ws-flex:n=8,k=4,p=1,seed=2')];

/** Convolutions and linear layers over a graph, with channels that no number of nodes divides. */
const network = (over: Graph): Network =>
  chain({ channels: 3, height: 4, width: 4 }, [
    { conv: 19, kernel: 1 },
    { conv: 21, kernel: 3, padding: 1, graph: over },
    'bn',
    'relu',
    'globalPool',
    { linear: 45, graph: over },
    'bn',
    'relu',
    { linear: 3, bias: true },
  ]);
const BATCH = 5;
const program = (over: Graph, probe = false) => compile(network(over), { batch: BATCH, probe });

const all: readonly (readonly [string, Backend])[] = [
  ...backends().flatMap(({ name, backend }) =>
    backend === null ? [] : [[name, backend] as const],
  ),
  ['wasm, watched', kernelBackend(shippedWasmBackend().kernels, { checked: true })],
];

function trainSteps(executable: Executable, random: RandomStream, steps: number): void {
  for (let step = 0; step < steps; step++) {
    loadBatch([executable], randomBatch(executable.program, BATCH, random));
    executable.dispatch('step', HYPER);
  }
}

describe.each(all)('rewiring on %s', (_name, backend) => {
  it('goes on as a program that begins with these weights and momenta, bit for bit', async () => {
    const moved = await backend.prepare(program(before));
    randomise([moved], new RandomStream('rewire', 1), true);
    trainSteps(moved, new RandomStream('batches', 1), 3);
    moved.rewire!(program(after));
    // There and back: what came is 0 and what was there stays.
    const fresh = await backend.prepare(program(after));
    for (const { name, learnable, mask } of fresh.program.parameters) {
      const values = await moved.read(name);
      fresh.upload(name, values);
      if (learnable) fresh.uploadMomentum(name, await moved.read(name, 'momentum'));
      if (mask !== null) expect(values.some((value) => value !== 0)).toBe(true);
    }
    await expectIdentical(moved, fresh, ['value', 'momentum']);
    for (const each of [moved, fresh]) trainSteps(each, new RandomStream('batches', 2), 3);
    await expectIdentical(moved, fresh, ['value', 'momentum']);
    moved.dispose();
    fresh.dispose();
  });

  it('keeps what both graphs have, and begins the rest at 0', async () => {
    const moved = await backend.prepare(program(before));
    randomise([moved], new RandomStream('rewire', 3), true);
    const [name] = moved.program.parameters.flatMap((each) => (each.mask ? [each.name] : []));
    const old = {
      value: await moved.read(name),
      momentum: await moved.read(name, 'momentum'),
    };
    moved.rewire!(program(after));
    const weight = moved.program.parameters.find((each) => each.name === name)!;
    expect(weight.mask!.graph).toBe(after);
    const [out, into] = weight.shape;
    const nodeOf = (starts: Int32Array, channel: number): number =>
      starts.findLastIndex((start) => start <= channel);
    const window = old.value.length / (out * into);
    for (const what of ['value', 'momentum'] as const) {
      const now = await moved.read(name, what);
      now.forEach((value, at) => {
        const pair = Math.floor(at / window);
        const i = nodeOf(weight.mask!.output.starts, Math.floor(pair / into));
        const j = nodeOf(weight.mask!.input.starts, pair % into);
        const has = (over: Graph): boolean =>
          i === j || over.targets.subarray(over.offsets[i], over.offsets[i + 1]).includes(j);
        expect(value).toBe(has(before) && has(after) ? old[what][at] : 0);
      });
    }
    moved.dispose();
  });

  it('looks at the gradients of missing blocks, which are those of zeros', async () => {
    const probing = await backend.prepare(program(before));
    randomise([probing], new RandomStream('probe', 1), true);
    probing.rewire!(program(before, true));
    const complete = graph('complete:n=8');
    const dense = await referenceBackend().prepare(program(complete));
    for (const { name } of dense.program.parameters) dense.upload(name, await probing.read(name));
    const batch = randomBatch(probing.program, BATCH, new RandomStream('probe', 2));
    loadBatch([probing, dense], batch);
    for (const each of [probing, dense]) {
      each.dispatch('forward');
      each.dispatch('backward');
    }
    for (const { name, mask, shape } of program(before).parameters) {
      if (mask === null) continue;
      const tolerance = TOLERANCES[backend.info.precision];
      const wanted = await dense.read(name, 'grad');
      const found = await probing.read(probeOf(name), 'grad');
      expectClose(found, wanted, tolerance, name);
      const window = shape.slice(2).reduce((product, axis) => product * axis, 1);
      for (const [what, own] of [
        ['grad', probeOf(name)],
        ['value', name],
      ] as const) {
        const squares = await probing.blockSquares?.(own, what, { ...mask, window });
        const read = await probing.read(own, what);
        if (squares)
          expectClose(squares, blockSquares(read, { ...mask, window }, null), tolerance, own);
      }
    }
    // And goes on from there.
    probing.rewire!(program(after));
    trainSteps(probing, new RandomStream('probe', 3), 1);
    probing.dispose();
    dense.dispose();
  });

  it('refuses a program of other parameters', async () => {
    const made = await backend.prepare(program(before));
    const other = compile(chain(vector(3), [{ linear: 2 }]), { batch: BATCH });
    expect(() => made.rewire!(other)).toThrow('masks alone differing');
    made.dispose();
  });
});

interface Case {
  readonly rule: 'rigl' | 'set';
  readonly mask: readonly (readonly number[])[];
  readonly weight: readonly (readonly number[])[];
  readonly head: readonly (readonly number[])[];
  readonly batches: readonly {
    readonly samples: readonly (readonly number[])[];
    readonly labels: readonly number[];
  }[];
  readonly dropped: readonly (readonly [number, number])[];
  readonly grown: readonly (readonly [number, number])[];
  readonly after: {
    readonly mask: readonly (readonly number[])[];
    readonly weight: readonly (readonly number[])[];
    readonly momentum: readonly (readonly number[])[];
    readonly head: readonly (readonly number[])[];
  };
}
const golden = JSON.parse(readFileSync('test/golden/rewire.json', 'utf8')) as {
  readonly n: number;
  readonly classes: number;
  readonly dropped: number;
  readonly settings: typeof HYPER;
  readonly cases: readonly Case[];
};

const arcsOf = (mask: Case['mask']): Graph =>
  graphFromEdges(
    golden.n,
    mask.flatMap((row, u) =>
      row.flatMap((one, v) => (one === 1 && u !== v ? [[u, v] as const] : [])),
    ),
    true,
  );

/** The graph that RigL makes of the case, by the weights of now and the gradients of the last batch. */
async function rewiredByRigl(executable: Executable, given: Case): Promise<Graph> {
  const { network: over } = executable.program;
  const { samples, labels } = given.batches[2];
  executable.rewire!(compile(over, { batch: labels.length, probe: true }));
  executable.input(samples.flat(), labels, labels.length);
  executable.dispatch('forward');
  executable.dispatch('backward');
  const squares = async (name: string, what: 'value' | 'grad'): Promise<Float64Array> =>
    Float64Array.from(await executable.read(name, what), (each) => each ** 2);
  return rewiredGraph(arcsOf(given.mask), {
    rule: 'rigl',
    count: golden.dropped,
    strength: await squares('linear0.weight', 'value'),
    gradient: await squares(probeOf('linear0.weight'), 'grad'),
    cost: new Float64Array(golden.n ** 2).fill(1),
    random: new RandomStream('none'),
  });
}

describe('SET and RigL as PyTorch has them', () => {
  it.each(golden.cases)('case %#, $rule', async (given) => {
    const over = (mask: Case['mask']): Network =>
      chain(vector(golden.n), [
        { linear: golden.n, graph: arcsOf(mask) },
        'relu',
        { linear: golden.classes, bias: true },
      ]);
    const [start, end] = [given.mask, given.after.mask].map((mask) =>
      compile(over(mask), { batch: given.batches[0].labels.length }),
    );
    const executable = await referenceBackend().prepare(start);
    executable.upload('linear0.weight', given.weight.flat());
    executable.upload('linear2.weight', given.head.flat());
    for (const [at, { samples, labels }] of given.batches.entries()) {
      if (at === 3) {
        if (given.rule === 'rigl')
          expect(await rewiredByRigl(executable, given)).toEqual(arcsOf(given.after.mask));
        executable.rewire!(end);
      }
      executable.input(samples.flat(), labels, labels.length);
      executable.dispatch('step', golden.settings);
    }
    const tolerance = { atol: 1e-12, rtol: 1e-10 };
    const read = (name: string, what?: 'momentum') => executable.read(name, what);
    expectClose(await read('linear0.weight'), given.after.weight.flat(), tolerance, 'weight');
    expectClose(
      await read('linear0.weight', 'momentum'),
      given.after.momentum.flat(),
      tolerance,
      'momentum',
    );
    expectClose(await read('linear2.weight'), given.after.head.flat(), tolerance, 'head');
  });
});
