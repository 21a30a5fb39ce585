import { RandomStream } from '../../src/core/random/index.js';
import { buildGraph, formatGraphSpec, graphSpec, measure } from '../../src/graph/index.js';
import type { StudySpec, TrialFacts, TrialRecord } from '../../src/study/types.js';
import { defaultTrainSettings } from '../../src/train/index.js';

/** A made-up study whose errors are U-shaped over C and L: errors are drawn, nothing is trained. */
export interface Model {
  readonly graphs: number;
  readonly seeds: number;
  readonly epochs: number;
  readonly seedStd: number;
  /** 0: all graphs are equally good. */
  readonly depth: number;
}

export const PLAUSIBLE: Model = { graphs: 52, seeds: 3, epochs: 3, seedStd: 0.35, depth: 1 };

export const BASELINE = 'complete:n=64';

/** WS-flex graphs of 64 nodes spread over degree and rewiring, hence over the (C, L) plane. */
export function specLines(count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const row = Math.floor(i / 13) % 4;
    const p = [0.01, 0.07, 0.25, 0.8][row] ?? 0;
    // Sparse rings without shortcuts have long paths: start where L is inside the plane.
    const k = Math.round(([7.5, 5.5, 4.2, 3.8][row] ?? 8) * 100 + 75 * (i % 13) ** 1.5) / 100;
    return formatGraphSpec(graphSpec('ws-flex', { n: 64, k, p, seed: i }));
  });
}

const measured = new Map<string, TrialFacts>();

function factsOf(line: string): TrialFacts {
  const known = measured.get(line);
  if (known !== undefined) return known;
  const [family = '', params = ''] = line.split(':');
  const values = Object.fromEntries(params.split(',').map((item) => [item.split('=')[0] ?? '', Number(item.split('=')[1])]));
  const { nodes, edges, clustering, pathLength, density } = measure(buildGraph(graphSpec(family, values)));
  const width = Math.round(512 / Math.sqrt((density * 63 + 1) / 64));
  const facts = { nodes, edges, clustering, pathLength, widths: [width], macs: 2_364_416 + 11 * (edges % 97), params: 2_370_000 + edges };
  measured.set(line, facts);
  return facts;
}

function trueError(facts: TrialFacts, depth: number): number {
  return 41 + depth * (7 * (facts.clustering - 0.48) ** 2 + 0.8 * ((facts.pathLength ?? 4) - 2.2) ** 2);
}

function recordOf(index: number, role: 'baseline' | 'graph', graph: string, seed: number, model: Model): TrialRecord {
  const facts = factsOf(graph);
  const noise = new RandomStream('synthetic', graph, seed);
  const error = Math.round(100 * (trueError(facts, model.depth) + model.seedStd * noise.normal())) / 100;
  const epochs = Array.from({ length: model.epochs }, (_, e) => {
    const above = 14 * (1 / (e + 1) - 1 / model.epochs);
    return { epoch: e + 1, learningRate: 0.1, trainLoss: 1.2 + above / 20, trainError: error + above, trainError5: (error + above) / 8, testLoss: 1.15 + above / 20, testError: error + above, testError5: (error + above) / 8 };
  });
  return { index, role, graph, seed, status: 'complete', facts, epochs, error, seconds: 1 + index / 7 };
}

/** A finished study of that model, its log in trial order. */
export function syntheticStudy(model: Model = PLAUSIBLE): { readonly spec: StudySpec; readonly records: readonly TrialRecord[]; readonly dataIdentity: string } {
  const graphs = specLines(model.graphs);
  const seeds = Array.from({ length: model.seeds }, (_, i) => i + 1);
  const spec: StudySpec = {
    plexus: 1,
    name: 'quick',
    arch: 'mlp',
    stem: 'auto',
    data: { name: 'shapes' },
    baseline: BASELINE,
    graphs,
    seeds,
    train: { ...defaultTrainSettings, epochs: model.epochs },
  };
  const lines = [BASELINE, ...graphs];
  const records = lines.flatMap((graph, g) => seeds.map((seed, s) => recordOf(g * seeds.length + s, g === 0 ? 'baseline' : 'graph', graph, seed, model)));
  return { spec, records, dataIdentity: 'shapes:size=32,seed=1,train=10000,test=2000 sha256:0123456789ab' };
}

/** The record as a failed one. */
export function failed(record: TrialRecord, reason: string): TrialRecord {
  const { index, role, graph, seed, facts, seconds } = record;
  return { index, role, graph, seed, status: 'failed', reason, facts, epochs: [], seconds };
}
