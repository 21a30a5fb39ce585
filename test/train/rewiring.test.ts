import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { Interrupted } from '../../src/core/errors.js';
import { buildGraph, parseGraphSpec } from '../../src/graph/spec.js';
import { REWIRE_RULES, type RewireSettings } from '../../src/graph/rewire-settings.js';
import { costOf } from '../../src/network/cost.js';
import { buildNetwork } from '../../src/network/design.js';
import { finalGraph, roundGraphs } from '../../src/network/rewired.js';
import { readCheckpoint, train, type TrainOptions } from '../../src/public/train.js';
import { droppedShare } from '../../src/train/rewiring.js';
import { defaultTrainSettings } from '../../src/train/settings.js';
import { readWeightsFile } from '../../src/train-files/weights-file.js';
import { networkOfWeights } from '../../src/train-files/weights-network.js';
import type { TrainSettings } from '../../src/train/types.js';
import { outcomeOf, toyDataset } from './toy.js';

const dataset = toyDataset(40, 22);
const task = { input: dataset.shape, classes: 7 };
const START = 'ws-flex:n=8,k=4,p=0.1,seed=1';
const network = buildNetwork('mlp', parseGraphSpec(START), [20], task);
const STEPS = 5;

const settings = (
  rewire: Partial<RewireSettings> | undefined,
  given: Partial<TrainSettings> = {},
): TrainSettings => ({
  ...defaultTrainSettings,
  epochs: 4,
  batch: 8,
  backend: 'auto',
  ...(rewire && {
    rewire: { rule: 'set', every: 2, fraction: 0.5, until: 0.75, graphs: 'layer', ...rewire },
  }),
  ...given,
});

let folder = mkdtempSync(join(tmpdir(), 'plexus-rewiring-'));
beforeEach(() => {
  rmSync(folder, { recursive: true });
  folder = mkdtempSync(join(tmpdir(), 'plexus-rewiring-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const options = (given: TrainSettings, more: Partial<TrainOptions> = {}): TrainOptions => ({
  network,
  dataset,
  settings: given,
  seed: 1,
  ...more,
});

/** The graphs at the end. */
async function endOf(given: TrainOptions): Promise<string> {
  const { executable } = await train(given);
  const { network: end } = executable.program;
  executable.dispose();
  expect(costOf(end)).toEqual(costOf(network));
  return JSON.stringify(finalGraph(end));
}

describe.each(REWIRE_RULES)('a training that is rewired, %s', (rule) => {
  it('moves its graphs at the same cost, and tells where they are', async () => {
    const { epochs, executable } = await train(options(settings({ rule })));
    const graphs = roundGraphs(executable.program.network);
    executable.dispose();
    for (const { graphs: places } of epochs) expect(places).toHaveLength(3);
    const start = buildGraph(parseGraphSpec(START));
    expect(graphs.map(({ edges }) => edges)).toEqual([start.edges, start.edges, start.edges]);
    expect(new Set(graphs.map(({ rows }) => rows.join())).size).toBe(3);
    expect(costOf(executable.program.network)).toEqual(costOf(network));
  });

  it('has the same bits with any number of threads, and the same graphs on the reference', async () => {
    const one = await outcomeOf(options(settings({ rule })));
    expect(await outcomeOf(options(settings({ rule }, { threads: 2 })))).toEqual(one);
    expect(await endOf(options(settings({ rule }, { backend: 'reference' })))).toEqual(
      await endOf(options(settings({ rule }))),
    );
  });

  it('goes on to the same bits, wherever it was stopped', async () => {
    const stop = { set: 4, rigl: 11, topological: 5 }[rule];
    const given = settings({ rule }, { accumulate: stop % 2 === 0 ? 2 : 1 });
    const whole = await outcomeOf(options(given));
    const checkpoint = { file: join(folder, 'kept.safetensors'), resume: true };
    const controller = new AbortController();
    const stopped = outcomeOf(
      options(given, {
        checkpoint,
        signal: controller.signal,
        onBatch: (epoch, batch) => {
          if (epoch * STEPS + batch + 1 < stop) return;
          controller.abort();
          for (const begun = performance.now(); performance.now() - begun < 21;);
        },
      }),
    );
    await expect(stopped).rejects.toThrow(Interrupted);
    expect(readCheckpoint(checkpoint.file)!.state.graphs).toHaveLength(3);
    // What reads the checkpoint as weights has the network as it then was.
    const file = readWeightsFile(checkpoint.file);
    const { network: then } = networkOfWeights(file, task);
    expect(finalGraph(then).params).toEqual(parseGraphSpec(file.facts.graph!).params);
    expect(await outcomeOf(options(given, { checkpoint }))).toEqual(whole);
  });
});

describe('rewiring', () => {
  it('drops by half a cosine from the fraction to nothing, every so many updates', () => {
    const given = settings({ every: 10, fraction: 0.3, until: 0.5 }).rewire!;
    const share = (update: number): number => droppedShare(given, update, 200);
    expect(share(9)).toBe(0);
    expect(share(10)).toBeCloseTo(0.15 * (1 + Math.cos(Math.PI / 10)), 12);
    expect(share(50)).toBeCloseTo(0.15, 12);
    expect(share(100)).toBe(0);
    expect(share(150)).toBe(0);
  });

  it('changes nothing where nothing is due, and a spec may ask for it itself', async () => {
    const plain = await outcomeOf(options(settings(undefined)));
    const idle = await outcomeOf(options(settings({ every: 1000 })));
    expect([...idle.numbers]).toEqual([...plain.numbers]);
    expect(plain.epochs[0].graphs).toBeUndefined();
    const own = parseGraphSpec(
      `evolving:rule=rigl,every=2,fraction=0.5,until=0.75,graphs=layer,of=(${START})`,
    );
    const evolving = buildNetwork('mlp', own, [20], task);
    expect(await endOf(options(settings(undefined), { network: evolving }))).toBe(
      await endOf(options(settings({ rule: 'rigl' }))),
    );
  });

  it('moves one graph of all layers where they share it', async () => {
    const { epochs, executable } = await train(
      options(settings({ rule: 'rigl', graphs: 'shared' })),
    );
    const graphs = roundGraphs(executable.program.network);
    executable.dispose();
    expect(epochs.at(-1)!.graphs).toHaveLength(1);
    for (const graph of graphs) expect(graph.rows).toEqual(graphs[0].rows);
    expect(graphs[0].rows).not.toEqual(buildGraph(parseGraphSpec(START)).rows);
  });

  it('leaves a complete graph as it is, refuses one that has nothing to spare', async () => {
    const complete = buildNetwork('mlp', parseGraphSpec('complete:n=8'), [20], task);
    const { epochs, executable } = await train(options(settings({}), { network: complete }));
    executable.dispose();
    expect(epochs.at(-1)!.graphs![0]).toEqual({ clustering: 1, pathLength: 1 });
    const star = buildNetwork('mlp', parseGraphSpec('star:n=8'), [20], task);
    await expect(train(options(settings({}), { network: star }))).rejects.toThrow(
      'a node would be cut off',
    );
  });

  it('refuses a backend that cannot', async () => {
    const { backends } = await import('../../src/public/engine.js');
    const reference = backends().find(({ name }) => name === 'reference')!.backend!;
    const backend = {
      ...reference,
      prepare: async (...given: Parameters<typeof reference.prepare>) => {
        const made = await reference.prepare(...given);
        Reflect.deleteProperty(made, 'rewire');
        return made;
      },
    };
    await expect(train(options(settings({}), { backend }))).rejects.toThrow(
      'this backend cannot change the graphs',
    );
  });
});
