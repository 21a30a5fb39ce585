import { UserError, visible } from '../../../core/errors.js';
import {
  weightedMeasureDefinitions,
  weightedMeasures,
  WEIGHTED_MEASURES,
} from '../../../graph/weighted-measures.js';
import { strengths, type WeightedGraph } from '../../../graph/weighted.js';
import { foldedGraph, unrolledGraph, type WeightLayer } from '../../../network/weight-graph.js';
import {
  viewGraph,
  WEIGHT_NULLS,
  type WeightNull,
  weightNullSteps,
  type WeightView,
} from '../../../network/weight-nulls.js';
import { addWeightsNetwork, readWeights, type WeightsNetworkOptions } from './weights-source.js';
import { layersOfWeights } from '../../../train-files/weights-layers.js';
import { wholeNumber } from '../../arguments.js';
import { type CliContext, outJson, type RegisterCommand } from '../../context.js';
import { drawNulls } from './draw-nulls.js';
import { type JudgedView, nullTable, viewTable } from './of-weights-table.js';
import { SUMMARY_NOTE, summaryOf, summaryTable } from './of-weights-summary.js';
import { weightedWriter, writeWeighted } from './write-weighted.js';

interface OfWeightsOptions extends WeightsNetworkOptions {
  readonly nodes?: number;
  readonly layers?: string;
  readonly view?: string;
  readonly null?: string;
  readonly count: number;
  readonly clusters: number;
  readonly seed: number;
  readonly output?: string;
  readonly format?: string;
  readonly json?: true;
}

/** `plexus graph of-weights`. */
export const registerOfWeights: RegisterCommand = (graph, context) => {
  const command = graph
    .command('of-weights')
    .description(
      'The graph that trained weights are: norms between groups of channels, measured beside ' +
        'random graphs.',
    )
    .argument(
      '<files...>',
      'weights (safetensors) of plexus train --save or of PyTorch, checkpoints, or networks in ONNX; of ' +
        'several a summary',
    )
    .option(
      '--nodes <count>',
      "groups that each layer's channels are dealt to evenly (default: the nodes of the network's " +
        'graph)',
      wholeNumber(2),
    )
    .option(
      '--layers <names>',
      'weights to take, by their names in the file, separated by commas (default: the relational ' +
        'layers; with --nodes of a file that has none: the square weights)',
    )
    .option(
      '--view <names>',
      'all (layers folded into one graph over the groups), unrolled (layer after layer), layers ' +
        '(each alone), or names of layers (default: all,layers)',
    )
    .option(
      '--null <names>',
      `what random graphs keep: ${WEIGHT_NULLS.map(({ name }) => name).join(', ')}, or none ` +
        '(default: all that the graph has)',
    )
    .option('--count <count>', 'random graphs of each null model', wholeNumber(2, 100_000), 100)
    .option('--clusters <count>', 'groups of the n-cut', wholeNumber(2, 1000), 12)
    .option('--seed <number>', 'seed of everything random', wholeNumber(0), 1)
    .option(
      '-o, --output <file>',
      'write the graph of the first view with its weights to this file',
    )
    .option('-f, --format <name>', 'format of that file (default: by its extension)');
  addWeightsNetwork(command);
  command
    .option('--json', 'print one JSON object for each view')
    .addHelpText('after', HELP)
    .action((files: string[], options: OfWeightsOptions) => ofWeights(files, options, context));
};

async function ofWeights(
  paths: readonly string[],
  options: OfWeightsOptions,
  context: CliContext,
): Promise<void> {
  const write =
    options.output === undefined ? null : weightedWriter(options.output, options.format);
  if (write === null && options.format !== undefined)
    throw new UserError(`--format ${options.format} is of the file that is written; add -o FILE`);
  if (write !== null && paths.length > 1)
    throw new UserError(
      `-o writes the graph of one file of weights, got ${paths.length}; name one, or leave out -o`,
    );
  const models = modelsOf(options.null);
  const networks: (readonly JudgedView[])[] = [];
  for (const path of paths) networks.push(await judged(path, models, options, context));
  const [views = []] = networks;
  const [first] = views;
  if (write !== null && first !== undefined && options.output !== undefined) {
    writeWeighted(options.output, first.weighted, write);
    context.note(
      `wrote ${first.weighted.graph.edges} edges of ${first.name} to ${visible(options.output)}`,
    );
  }
  const summary = paths.length > 1 ? summaryOf(networks) : null;
  if (options.json) {
    for (const [at, each] of networks.entries())
      for (const view of each) outJson(context, jsonOf(paths[at] ?? '', view, options));
    if (summary !== null) outJson(context, { networks: paths.length, summary });
  } else if (summary === null) print(views, options, context);
  else {
    context.out(summaryTable(summary));
    context.note(
      `${paths.length} networks, ${options.count} random graphs of each. ${SUMMARY_NOTE}`,
    );
  }
}

async function judged(
  path: string,
  models: readonly WeightNull[] | null,
  options: OfWeightsOptions,
  context: CliContext,
): Promise<readonly JudgedView[]> {
  const layers = layersOfWeights(readWeights(path), {
    ...options,
    widths: options.width,
    layers: options.layers === undefined ? undefined : wordsOf(options.layers),
  });
  const views: JudgedView[] = [];
  for (const view of viewsOf(layers, options.view))
    views.push(await judgeView(view, models, options, context));
  return views;
}

const wordsOf = (list: string): string[] =>
  list
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

/** The null models that were asked for; null: those that the graph has. */
function modelsOf(list: string | undefined): readonly WeightNull[] | null {
  if (list === undefined) return null;
  if (list === 'none') return [];
  return wordsOf(list).map((word) => {
    const known = WEIGHT_NULLS.find(({ name }) => name === word);
    if (known !== undefined) return known.name;
    throw new UserError(
      `--null must be none, or one or more of ${WEIGHT_NULLS.map(({ name }) => name).join(', ')}, ` +
        `separated by commas; got ${word}`,
    );
  });
}

function viewsOf(layers: readonly WeightLayer[], list = 'all,layers'): readonly WeightView[] {
  return wordsOf(list).flatMap((word): WeightView[] => {
    if (word === 'all') return [{ name: word, layers, graphOf: foldedGraph }];
    if (word === 'unrolled') return [{ name: word, layers, graphOf: unrolledGraph }];
    if (word === 'layers' && layers.length === 1 && list.includes('all')) return [];
    const wanted = word === 'layers' ? layers : layers.filter(({ name }) => name === word);
    if (wanted.length === 0)
      throw new UserError(
        `--view takes all, unrolled, layers, or names of layers, separated by commas; got ${word}, ` +
          `the layers are ${layers.map(({ name }) => name).join(', ')}`,
      );
    return wanted.map((layer) => ({ name: layer.name, layers: [layer], graphOf: foldedGraph }));
  });
}

async function judgeView(
  view: WeightView,
  models: readonly WeightNull[] | null,
  { count, clusters, seed }: OfWeightsOptions,
  context: CliContext,
): Promise<JudgedView> {
  const weighted = viewGraph(view);
  if (weighted.graph.edges === 0)
    throw new UserError(
      `${view.name} has no weights between different groups, so there is no graph; take fewer ` +
        'groups with --nodes, or other layers with --layers',
    );
  const measures = weightedMeasures(weighted, { clusters, seed });
  const nulls: JudgedView['nulls'][number][] = [];
  for (const model of models ?? WEIGHT_NULLS.map(({ name }) => name)) {
    const steps = weightNullSteps(view, { null: model, count, clusters, seed });
    try {
      const found = await drawNulls(steps, count, `${view.name}, ${model}`, context);
      nulls.push({ null: model, measures: found });
    } catch (error) {
      if (models !== null || !(error instanceof UserError)) throw error;
      context.note(`note: ${view.name} has no null model ${model}: ${error.message}`);
    }
  }
  return { name: view.name, weighted, measures, nulls };
}

/** The strongest nodes, as many as are told. */
const TOLD_HUBS = 5;

function hubsOf(weighted: WeightedGraph): { node: number; strength: number }[] {
  return [...strengths(weighted)]
    .map((strength, node) => ({ node, strength }))
    .sort((a, b) => b.strength - a.strength || a.node - b.node)
    .slice(0, TOLD_HUBS);
}

function jsonOf(
  file: string,
  { name, weighted, measures, nulls }: JudgedView,
  { count, seed, clusters }: OfWeightsOptions,
): unknown {
  const { nodes, edges } = weighted.graph;
  return {
    file,
    view: name,
    nodes,
    edges,
    clusters: Math.min(clusters, nodes),
    ...measures,
    strongest: hubsOf(weighted),
    nulls: nulls.map(({ null: model, measures: found }) => ({
      null: model,
      count,
      seed,
      measures: found.map(({ name: measure, value, mean, std, z, p, interval, counted }) => ({
        name: measure,
        value,
        mean,
        std,
        interval,
        z,
        p,
        counted,
      })),
    })),
  };
}

function print(
  views: readonly JudgedView[],
  { count, seed, clusters }: OfWeightsOptions,
  context: CliContext,
): void {
  context.out(viewTable(views));
  for (const each of views) {
    const strongest = hubsOf(each.weighted)
      .map(({ node, strength }) => `${node} (${strength.toPrecision(3)})`)
      .join(', ');
    context.out(`\n${each.name}; strongest nodes ${strongest}`);
    if (each.nulls.length > 0) context.out(nullTable(each));
  }
  const used = WEIGHT_NULLS.filter(({ name }) =>
    views.some(({ nulls }) => nulls.some((each) => each.null === name)),
  );
  context.note(
    [
      ...WEIGHTED_MEASURES.map((name) => weightedMeasureDefinitions[name]),
      `${clusters} groups in the n-cut, at most the nodes; seed ${seed}.`,
      ...(used.length === 0
        ? []
        : [
            ...used.map(({ definition }) => definition),
            `${count} random graphs of each null model; 95 % of them: their central part. z: (graph ` +
              '− mean) / standard deviation. p: two-sided, by rank, (1 + random graphs at least as ' +
              'far from the mean) / (1 + random graphs); not corrected for several tests.',
          ]),
    ].join('\n'),
  );
}

const HELP = `
The weight between two groups of channels is the Frobenius norm of all weights between them, in both
directions and, in the view all, in all layers. What a group tells itself is left out.

With --json one object for each view: {file, view, nodes, edges, clusters, weightedClustering,
weightedClusteringBarrat, weightedPathLength, weightedModularity, nCut, hubs, strongest, nulls: [{null,
count, seed, measures: [{name, value, mean, std, interval, z, p, counted}]}]}. Of several files one more
at the end: {networks, summary: [{view, null, measure, networks, below, interval, p, z}]}.

Examples:
  $ plexus graph of-weights best.safetensors
  $ plexus graph of-weights resnet.safetensors --nodes 32 --layers layer3.0.conv2.weight
  $ plexus graph of-weights best.safetensors --view all --null none -o trained.graphml
  $ plexus graph of-weights seed*.safetensors --view unrolled --nodes 64 --null weights`;
