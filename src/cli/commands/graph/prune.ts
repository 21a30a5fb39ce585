import { type Command, Option } from 'commander';
import { UserError, visible } from '../../../core/errors.js';
import { measure } from '../../../graph/measures/basic.js';
import { formatGraphSpec } from '../../../graph/spec.js';
import { PRUNE_CRITERIA, type PruneCriterion } from '../../../network/prune.js';
import {
  type Grouping,
  groupingOf,
  type PruneTask,
  randomGroupings,
  REGROUP_CLIMBS,
  regroupSteps,
  shuffledGroupings,
} from '../../../network/regroup.js';
import {
  prunedDesign,
  prunedSpec,
  prunePlan,
  type PrunePlan,
  regroupPlan,
} from '../../../train-files/prune-weights.js';
import type { WeightsFile } from '../../../train-files/weights-file.js';
import { addWeightsNetwork, readWeights, type WeightsNetworkOptions } from './weights-source.js';
import { realNumber, wholeNumber } from '../../arguments.js';
import { type CliContext, outJson, type RegisterCommand } from '../../context.js';
import { formatCount } from '../../format.js';
import { drawNulls } from './draw-nulls.js';
import {
  graphTable,
  percent,
  spread,
  sweetSpotNote,
  toldGraphs,
  type ToldGraph,
} from './prune-table.js';
import { checkPruneFiles, savePruned, writePrunedGraph } from './prune-files.js';

/** The options of `plexus graph prune`. */
interface PruneOptions extends WeightsNetworkOptions {
  readonly density?: number;
  readonly degree?: number;
  readonly edges?: number;
  readonly shared?: true;
  readonly regroup?: true;
  readonly criterion: PruneCriterion;
  readonly nodes?: number;
  readonly layers?: string;
  readonly count: number;
  readonly shuffles: number;
  readonly seed: number;
  readonly save?: string;
  readonly output?: string;
  readonly format?: string;
  readonly json?: true;
}

/** `plexus graph prune`. */
export const registerPrune: RegisterCommand = (graph, context) => {
  const command = graph
    .command('prune')
    .description(
      'Prune trained weights to a graph: of all connected graphs of so many edges the one that keeps ' +
        'most of the weights between groups of channels.',
    )
    .argument(
      '<file>',
      'weights (safetensors) of plexus train --save or of PyTorch, a checkpoint, or ONNX',
    )
    .option('--density <share>', 'budget: at most this share of all pairs of groups', realNumber)
    .option('--degree <number>', 'budget: at most so many neighbours on average', realNumber)
    .option('--edges <count>', 'budget: so many edges', wholeNumber(1))
    .option('--shared', 'one graph for all layers, as in the paper (default: one for each layer)')
    .option(
      '--regroup',
      'put channels into other groups, so that more is kept; the network stays what it computes',
    )
    .addOption(
      new Option('--criterion <name>', 'what a block of weights counts')
        .choices(PRUNE_CRITERIA.map(({ name }) => name))
        .default('l2'),
    );
  addRest(command);
  command
    .addHelpText('after', HELP)
    .action((file: string, options: PruneOptions) => prune(file, options, context));
};

function addRest(command: Command): void {
  command
    .option(
      '--nodes <count>',
      "groups that each layer's channels are dealt to evenly (default: the nodes of the network's " +
        'graph)',
      wholeNumber(2),
    )
    .option(
      '--layers <names>',
      'weights to prune, by their names, separated by commas (default: the relational layers; with ' +
        '--nodes of a file that has none: the square weights)',
    )
    .option('--count <count>', 'random groups to compare with', wholeNumber(2, 10_000), 20)
    .option(
      '--shuffles <count>',
      'prune so many times the same weights shuffled within their layers, to compare with',
      wholeNumber(0, 1000),
      0,
    )
    .option('--seed <number>', 'seed of everything random', wholeNumber(0), 1)
    .option('--save <file>', 'write the network with the weights that are left (safetensors)')
    .option(
      '-o, --output <file>',
      'write the graph with its weights to this file (--shared, or one layer)',
    )
    .option('-f, --format <name>', 'format of that file (default: by its extension)');
  addWeightsNetwork(command);
  command.option('--json', 'print one JSON object instead of the spec');
}

async function prune(path: string, options: PruneOptions, context: CliContext): Promise<void> {
  const write = checkPruneFiles(options);
  const file = readWeights(path);
  const plan = planOf(file, options);
  const found = await searched(plan, options, context);
  const spec = prunedSpec(found.grouping.graphs, plan.design);
  const pruned = plan.design === null ? null : prunedOrNull(plan, spec, options);
  const arch = plan.design?.network.arch ?? null;
  const told = toldGraphs(plan.task, found.grouping, arch);
  if (options.json)
    outJson(context, jsonOf(path, { plan, found, told, spec: formatGraphSpec(spec) }, options));
  else {
    context.out(formatGraphSpec(spec));
    context.note(graphTable(told, arch));
    for (const line of comparisonLines(plan.task, found, options)) context.note(line);
    if (pruned !== null && plan.design !== null)
      context.note(
        `${formatCount(plan.design.cost.macs)} multiply-adds before, ` +
          `${formatCount(pruned.cost.macs)} at the same width`,
      );
    context.note(sweetSpotNote(arch));
  }
  if (write !== null && options.output !== undefined)
    writePrunedGraph(options.output, found, write, context);
  if (options.save !== undefined)
    await savePruned(options.save, { file, plan, grouping: found.grouping, spec }, context);
}

function planOf(file: WeightsFile, options: PruneOptions): PrunePlan {
  const plan = prunePlan(file, {
    ...options,
    shared: options.shared === true,
    widths: options.width,
    layers: options.layers?.split(',').map((name) => name.trim()),
  });
  if (options.output !== undefined && new Set(plan.task.layers.map((each) => each.graph)).size > 1)
    throw new UserError(
      `a file holds one graph, but ${plan.task.layers.length} layers have one each; add --shared, ` +
        'choose one with --layers, or take the spec that is printed',
    );
  return plan;
}

/** The pruned network; null where not all of its layers are pruned and it is not to be saved. */
function prunedOrNull(
  plan: PrunePlan,
  spec: ReturnType<typeof prunedSpec>,
  { save, layers }: PruneOptions,
): ReturnType<typeof prunedDesign> | null {
  return layers !== undefined && save === undefined ? null : prunedDesign(plan, spec);
}

/** What was found, and what it is compared with. */
interface Found {
  /** With the axes of its layers as the grouping names them. */
  readonly task: PruneTask;
  readonly grouping: Grouping;
  /** Shares kept between random groups. */
  readonly random: readonly number[];
  readonly shuffled: readonly Grouping[];
}

async function searched(
  plan: PrunePlan,
  { regroup, count, shuffles, seed }: PruneOptions,
  context: CliContext,
): Promise<Found> {
  const own = regroup === true ? regroupPlan(plan) : null;
  const grouping =
    own === null
      ? groupingOf(plan.task)
      : await drawNulls(
          regroupSteps(own.task, own.movable, seed),
          REGROUP_CLIMBS,
          'regrouping',
          context,
          'climbs',
        );
  const task = own?.task ?? plan.task;
  const axes = new Set(task.layers.flatMap(({ from, to }) => [from, to]));
  const random = await drawNulls(
    randomGroupings(task, own?.movable ?? axes, { count, seed }),
    count,
    'comparison',
    context,
    'random groups',
  );
  const shuffled = await drawNulls(
    shuffledGroupings(task, own?.movable ?? new Set(), { count: shuffles, seed }),
    shuffles,
    'comparison',
    context,
    'shuffled weights',
  );
  return { task, grouping, random, shuffled };
}

/** What the graphs are compared with, a line each. */
function comparisonLines(
  { nodes, edges }: PruneTask,
  { grouping, random, shuffled }: Found,
  { regroup }: PruneOptions,
): string[] {
  const blocks = (nodes + 2 * edges) / nodes ** 2;
  const lines = [
    `kept ${percent(grouping.share)} of the weights in ${percent(blocks)} of the blocks, ` +
      `${regroup === true ? 'channels regrouped' : 'channels in their order'}; between random ` +
      `groups ${spread(
        random.map((share) => 100 * share),
        1,
      )} %`,
  ];
  if (shuffled.length === 0) return lines;
  const measures = shuffled.flatMap(({ graphs }) => graphs.map(measure));
  return [
    ...lines,
    `of the same weights shuffled within their layers, ${shuffled.length} times, ` +
      `${spread(
        shuffled.map(({ share }) => 100 * share),
        1,
      )} % are kept, C ` +
      `${spread(
        measures.map(({ clustering }) => clustering),
        3,
      )}, L ` +
      spread(
        measures.map(({ pathLength }) => pathLength ?? Number.NaN),
        3,
      ),
  ];
}

function jsonOf(
  file: string,
  {
    plan: { task, design },
    found: { grouping, random, shuffled },
    told,
    spec,
  }: {
    readonly plan: PrunePlan;
    readonly found: Found;
    readonly told: readonly ToldGraph[];
    readonly spec: string;
  },
  { criterion, regroup, shared, seed, save, output }: PruneOptions,
): unknown {
  return {
    file,
    arch: design?.network.arch ?? null,
    spec,
    criterion,
    shared: shared === true,
    regrouped: regroup === true,
    seed,
    nodes: task.nodes,
    edges: task.edges,
    kept: grouping.share,
    graphs: told.map(({ layers, kept, inSweetSpot, inAll, measures }) => ({
      layers,
      kept,
      density: measures.density,
      clustering: measures.clustering,
      pathLength: measures.pathLength,
      inSweetSpot,
      inAll,
    })),
    random,
    shuffled: shuffled.map(({ share, graphs }) => ({
      kept: share,
      graphs: graphs.map(measure).map(({ clustering, pathLength }) => ({ clustering, pathLength })),
    })),
    weights: save === undefined ? null : visible(save),
    output: output === undefined ? null : visible(output),
  };
}

const HELP = `
Groups of channels are the nodes of a graph. Between two of them lie two blocks of weights, one each
way, which count by --criterion; every layer counts the same. The spanning tree of the strongest pairs
is kept, then the strongest of the rest, up to the budget; what a group tells itself always stays. The
graph is printed as a spec (edges, of several layers a sequence of them), which --graph and studies
take: that trains it from scratch at the budget of the dense network. --save writes the network with
the weights that are left, as wide as before and so much cheaper, to be trained on.

With --regroup channels change places between groups, and the weights that make and read them with
them, by a search from several starts.

With --json one object: {file, arch, spec, criterion, shared, regrouped, seed, nodes, edges, kept,
graphs: [{layers, kept, density, clustering, pathLength, inSweetSpot, inAll}], random, shuffled: [{kept,
graphs: [{clustering, pathLength}]}], weights, output}.

Examples:
  $ plexus graph prune dense.safetensors --density 0.2
  $ plexus graph prune dense.safetensors --density 0.2 --shared --regroup -o pruned.graphml
  $ plexus graph prune dense.safetensors --degree 12 --regroup --save pruned.safetensors
  $ plexus train --load pruned.safetensors --data shapes --epochs 5
  $ plexus graph prune resnet.safetensors --nodes 32 --layers layer3.0.conv2.weight --edges 100`;
