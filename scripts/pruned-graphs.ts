/**
 * Dense networks pruned to graphs. Three are trained by the short protocol on images and with seeds of
 * which no study has any, and pruned to density 0.2.
 *
 *   npx tsx scripts/pruned-graphs.ts graphs    prints the graphs of docs/evidence/pruned
 *   npx tsx scripts/pruned-graphs.ts onward    trains what is left on, beside dense, for the table of
 *                                              docs/rewiring.md
 */
import { must } from '../src/core/errors.js';
import type { Tensor } from '../src/core/tensor.js';
import { loadDataset } from '../src/data-files/load.js';
import type { Dataset } from '../src/data/types.js';
import { readWeights, writeWeights } from '../src/engine/weights.js';
import { edgesSpec } from '../src/graph/generators/edges.js';
import { measure } from '../src/graph/measures/basic.js';
import { buildGraph, formatGraphSpec, parseGraphSpec } from '../src/graph/spec.js';
import type { Graph } from '../src/graph/types.js';
import { type Design, designNetwork } from '../src/network/design.js';
import { type Grouping, groupingOf, regroupSteps } from '../src/network/regroup.js';
import type { Network } from '../src/network/types.js';
import {
  prunedDesign,
  prunedSpec,
  prunedWeights,
  prunePlan,
  type PrunePlan,
  regroupPlan,
} from '../src/train-files/prune-weights.js';
import { train } from '../src/train-files/trainer.js';
import { trainSettingsFor } from '../src/train/settings.js';
import { mean, sampleStd } from '../src/stats/descriptive.js';

const DENSITY = 0.2;
const SEEDS = [101, 102, 103];
const DATA = { name: 'shapes', train: 48_000, test: 4000, size: 16, seed: 8 } as const;
const settings = trainSettingsFor('mlp', {
  epochs: 1,
  batch: 128,
  learningRate: 0.02,
  weightDecay: 0.0005,
  schedule: 'cosine-steps',
  start: 'published',
  augment: false,
});

interface Trained {
  readonly weights: ReadonlyMap<string, Tensor>;
  readonly error: number;
}

async function trained(
  network: Network,
  dataset: Dataset,
  seed: number,
  from?: ReadonlyMap<string, Tensor>,
): Promise<Trained> {
  const { executable, epochs } = await train({
    network,
    dataset,
    settings,
    seed,
    onStart: (begun) => from && writeWeights(begun, from, true),
  });
  const weights = await readWeights(executable);
  executable.dispose();
  return { weights, error: must(epochs.at(-1)).testError };
}

/** The plan of pruning a dense network's weights. */
function planOf(network: Network, weights: Trained['weights'], shared: boolean): PrunePlan {
  const { arch, input, classes, widths } = network;
  return prunePlan(
    { path: 'dense', facts: {}, checkpoint: null, tensors: weights },
    {
      arch,
      graph: formatGraphSpec(must(network.graph ?? undefined)),
      input,
      classes,
      widths,
      density: DENSITY,
      criterion: 'l2',
      shared,
    },
  );
}

/** The best that the search finds. */
function regrouped(plan: PrunePlan, seed: number): Grouping {
  const { task, movable } = regroupPlan(plan);
  const steps = regroupSteps(task, movable, seed);
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}

const place = (graph: Graph): string => {
  const { edges, clustering, pathLength } = measure(graph);
  return `${edges} edges, C ${clustering.toFixed(3)}, L ${must(pathLength ?? undefined).toFixed(3)}`;
};

const print = (line: string): boolean => process.stdout.write(`${line}\n`);

/** Pruned in three ways, then twenty that are drawn. */
function printGraphs(dense: Design, trainings: readonly Trained[]): void {
  for (const [at, { weights }] of trainings.entries()) {
    const seed = must(SEEDS[at]);
    const [layer, shared] = [false, true].map((one) => planOf(dense.network, weights, one));
    for (const [name, grouping] of [
      ['layer', groupingOf(must(layer).task)],
      ['regrouped', regrouped(must(layer), seed)],
      ['shared', regrouped(must(shared), seed)],
    ] as const) {
      const spec = formatGraphSpec(prunedSpec(grouping.graphs, must(layer).design));
      print(
        `  # kept ${(100 * grouping.share).toFixed(1)} %; ${grouping.graphs.map(place).join('; ')}`,
      );
      print(`  - {name: ${name}-${at + 1}, graph: "${spec}"}`);
    }
  }
  const edges = measure(
    must(groupingOf(planOf(dense.network, must(trainings[0]).weights, true).task).graphs[0]),
  ).edges;
  for (let at = 0; at < DRAWN; at++) {
    // From the lattice to random graphs, evenly by the logarithm of p.
    const p = (0.01 ** (1 - at / (DRAWN - 1))).toPrecision(3);
    const line = `ws-flex:n=64,k=${(2 * edges) / 64},p=${Number(p)},seed=${at + 1}`;
    print(`  # ${place(buildGraph(parseGraphSpec(line)))}`);
    print(`  - {name: drawn-${String(at + 1).padStart(2, '0')}, graph: "${line}"}`);
  }
}

const DRAWN = 20;

/** A graph of as many edges that knows nothing of the weights, connected. */
function randomSpec(edges: number, seed: number): string {
  for (let next = seed; ; next += 1000) {
    const graph = buildGraph(parseGraphSpec(`gnm:n=64,m=${edges},seed=${next}`));
    if (measure(graph).connected) return formatGraphSpec(edgesSpec(graph));
  }
}

/** Each dense network trained on as it is, pruned in three ways, and pruned to a random graph. */
async function printOnward(
  dense: Design,
  dataset: Dataset,
  trainings: readonly Trained[],
): Promise<void> {
  const errors = new Map<string, number[]>();
  const add = (name: string, error: number): void => {
    errors.set(name, [...(errors.get(name) ?? []), error]);
  };
  for (const [at, { weights, error }] of trainings.entries()) {
    const seed = must(SEEDS[at]) + 100;
    add('dense, before', error);
    add('dense, trained on', (await trained(dense.network, dataset, seed, weights)).error);
    const plan = planOf(dense.network, weights, false);
    const shared = planOf(dense.network, weights, true);
    const random = parseGraphSpec(randomSpec(plan.task.edges, seed));
    for (const [name, grouping, spec] of [
      ['random graph', groupingOf(plan.task), random],
      ['in order', groupingOf(plan.task), null],
      ['regrouped', regrouped(plan, seed), null],
      ['regrouped, shared', regrouped(shared, seed), null],
    ] as const) {
      const pruned = prunedDesign(plan, spec ?? prunedSpec(grouping.graphs, dense)).network;
      const left = prunedWeights(dense, pruned, grouping, weights);
      add(name, (await trained(pruned, dataset, seed, left)).error);
    }
  }
  const against = must(errors.get('dense, trained on'));
  for (const [name, own] of errors) {
    const differences = own.map((error, at) => error - must(against[at]));
    print(
      `| ${name} | ${own.map((error) => error.toFixed(2)).join(', ')} | ${mean(own).toFixed(2)} | ` +
        `${mean(differences).toFixed(2)} ± ${(sampleStd(differences) ?? 0).toFixed(2)} |`,
    );
  }
}

const dataset = await loadDataset(DATA);
const dense = designNetwork({
  arch: 'mlp',
  graph: parseGraphSpec('complete:n=64'),
  input: dataset.shape,
  classes: dataset.classes.length,
});
const trainings: Trained[] = [];
for (const seed of SEEDS) trainings.push(await trained(dense.network, dataset, seed));
if (process.argv[2] === 'onward') await printOnward(dense, dataset, trainings);
else printGraphs(dense, trainings);
