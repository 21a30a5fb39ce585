/**
 * What a page would do with the rooms that run anywhere: a graph and its measures, a network under
 * its budget, a short training on kernels that it is handed, the analysis of a study. The same code
 * runs in Node, so that the bits can be compared.
 */
import { summarise } from '../../src/analysis/summarise.js';
import { verdictSentence } from '../../src/analysis/sentences.js';
import { drawShapes } from '../../src/data/shapes.js';
import { createSession, wasmBackend } from '../../src/engine/index.js';
import { clustering, parseGraphSpec, pathLength } from '../../src/graph/index.js';
import { designNetwork } from '../../src/network/index.js';
import { searchPolicy } from '../../src/search/index.js';
import { mean } from '../../src/stats/descriptive.js';
import { studySpecOf } from '../../src/study/index.js';

const SIZE = 8;
const COUNT = 32;

/** What came of it, as plain values. */
export interface Outcome {
  readonly clustering: number;
  readonly pathLength: number | null;
  readonly width: number;
  readonly backend: string;
  readonly losses: readonly number[];
  readonly meanLoss: number;
  /** Every weight after the last step, by name. */
  readonly weights: Readonly<Record<string, readonly number[]>>;
  /** The next graph that a search would train, of nine. */
  readonly next: number | null;
  readonly verdict: string;
}

/** Trains a small network on the WebAssembly kernels in `bytes`. */
export async function train(bytes: Uint8Array): Promise<Outcome> {
  const { network, graphs } = designNetwork({
    arch: 'mlp',
    graph: parseGraphSpec('ws-flex:n=16,k=4,p=0.2,seed=1'),
    input: { channels: 3, height: SIZE, width: SIZE },
    classes: 10,
  });
  const session = await createSession(network, { backend: wasmBackend(bytes), batch: COUNT });
  session.initialise(7);
  const { images, labels } = drawShapes('train', 4 * COUNT, SIZE, 1);
  const features = 3 * SIZE * SIZE;
  const losses: number[] = [];
  for (let step = 0; step < 4; step++) {
    const from = step * COUNT;
    const samples = Float32Array.from(
      images.subarray(from * features, (from + COUNT) * features),
      (byte) => byte / 128 - 1,
    );
    const metrics = await session.step(samples, labels.subarray(from, from + COUNT), 0.05);
    losses.push(metrics.loss);
  }
  const weights = [...(await session.weights())].map(([name, { data }]) => [name, [...data]]);
  const spec = studySpecOf(
    'plexus: 1\nname: page\narch: mlp\ndata: {name: shapes}\nbaseline: complete:n=16\ngraphs: ["ws-flex:n=16,k=4,p=0.2,seed=1"]\nseeds: 2\n',
    { path: 'page.yaml', directory: null, files: null },
  );
  return {
    clustering: clustering(graphs[0]),
    pathLength: pathLength(graphs[0]),
    width: network.widths[0],
    backend: session.backend.description,
    losses,
    meanLoss: mean(losses),
    weights: Object.fromEntries(weights) as Outcome['weights'],
    next: searchPolicy('surrogate', { seed: 1 }).next({
      candidates: Array.from({ length: 9 }, (_, i) => ({
        clustering: 0.1 * (i + 1),
        pathLength: 1.5 + 0.2 * i,
        density: 0.9 - 0.08 * i,
      })),
      observations: losses.map((error, candidate) => ({ candidate, error })),
      remaining: 5,
    }),
    verdict: verdictSentence(summarise({ spec, records: [], dataIdentity: 'none' })) ?? '',
  };
}
