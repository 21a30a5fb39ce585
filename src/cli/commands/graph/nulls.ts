import { judge, nullsLegend, nullsSentences } from '../../../analysis/null-ensembles.js';
import { UserError } from '../../../core/errors.js';
import {
  ENSEMBLE_MEASURES,
  type NullEnsemble,
  nullEnsembleSteps,
} from '../../../graph/ensemble.js';
import { measure } from '../../../graph/measures/basic.js';
import { graphMeasure } from '../../../graph/measures/registry.js';
import {
  type NullModel,
  nullModels,
  nullSampler,
  SWAP_ATTEMPTS,
} from '../../../graph/null-sampler.js';
import { buildGraph, formatGraphSpec } from '../../../graph/spec.js';
import type { Graph } from '../../../graph/types.js';
import { wholeNumber } from '../../arguments.js';
import { type CliContext, outJson, type RegisterCommand } from '../../context.js';
import { drawNulls } from './draw-nulls.js';
import { askedOf, specsOfWord } from './measure-words.js';
import { type JudgedGraph, type NulledGraph, nullsTable, titleOf } from './nulls-table.js';

interface NullsOptions {
  readonly null: string;
  readonly count: number;
  readonly attempts: number;
  readonly measures?: string;
  readonly seed: number;
  readonly json?: true;
}

/** `plexus graph nulls`. */
export const registerNulls: RegisterCommand = (graph, context) => {
  graph
    .command('nulls')
    .description(
      'Compare graphs with random ones of the same degrees, or of as many edges: is ' +
        'anything special about them?',
    )
    .argument('<spec...>', 'graph specs, sets such as ws-flex:set=52, or files')
    .option(
      '--null <names>',
      `what the random graphs keep: ${nullModels.map(({ name }) => name).join(', ')}; ` +
        'several separated by commas',
      'degree',
    )
    .option('--count <count>', 'random graphs of each null model', wholeNumber(2, 1_000_000), 1000)
    .option(
      '--measures <names>',
      'what is compared: names of measures separated by commas (default: ' +
        `${ENSEMBLE_MEASURES.join(',')})`,
    )
    .option(
      '--attempts <count>',
      'attempts at a swap for each edge on the way to a random graph',
      wholeNumber(1, 100_000),
      SWAP_ATTEMPTS,
    )
    .option(
      '--seed <number>',
      'seed of the random graphs, and of measures that draw random numbers',
      wholeNumber(0),
      1,
    )
    .option('--json', 'print one JSON object a line instead of tables')
    .addHelpText('after', NULLS_HELP)
    .action((words: string[], options: NullsOptions) => compareWithNulls(words, options, context));
};

async function compareWithNulls(
  words: readonly string[],
  options: NullsOptions,
  context: CliContext,
): Promise<void> {
  const models = modelsNamed(options.null);
  const measures = namesIn(options.measures ?? ENSEMBLE_MEASURES.join(','));
  if (measures.length === 0)
    throw new UserError(
      '--measures needs names separated by commas, got an empty list; "plexus graph ' +
        'measure --list" has the names',
    );
  measures.forEach(graphMeasure);
  const graphs = words
    .flatMap(specsOfWord)
    .flatMap(askedOf)
    .map((asked) => ({ ...asked, graph: buildGraph(asked.spec) }));
  // A graph that has no null model is told before hours are spent on the others.
  for (const each of graphs) for (const model of models) requireNulls(each, model, options);
  const nulled: NulledGraph[] = [];
  for (const each of graphs) {
    const ensembles: NullEnsemble[] = [];
    for (const model of models) {
      const steps = nullEnsembleSteps(each.graph, {
        null: model,
        count: options.count,
        seed: options.seed,
        attempts: options.attempts,
        measures,
      });
      ensembles.push(
        await drawNulls(steps, options.count, `${formatGraphSpec(each.spec)}, ${model}`, context),
      );
    }
    nulled.push({ ...each, ensembles });
  }
  const { graphs: judged, tests } = judge(nulled);
  if (options.json) for (const each of judged) outJson(context, jsonOf(each, tests, options));
  else printNulls(judged, tests, context);
}

const namesIn = (list: string): string[] => [
  ...new Set(
    list
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== ''),
  ),
];

function modelsNamed(list: string): NullModel[] {
  const names = namesIn(list);
  const known = nullModels.map(({ name }) => name);
  const wrong = names.find((name) => !known.some((each) => each === name));
  if (wrong !== undefined || names.length === 0)
    throw new UserError(
      `--null must be one or more of ${known.join(', ')}, separated by commas, got ` +
        (wrong ?? 'an empty list'),
    );
  return known.filter((name) => names.includes(name));
}

/** Throws a `UserError` that names the graph where it cannot be compared. */
function requireNulls(
  { spec, graph }: Omit<NulledGraph, 'ensembles'>,
  model: NullModel,
  { seed, attempts }: NullsOptions,
): void {
  try {
    nullSampler(graph, model, seed, attempts);
  } catch (error) {
    throw error instanceof UserError
      ? new UserError(`${formatGraphSpec(spec)}: ${error.message}`)
      : error;
  }
}

function printNulls(judged: readonly JudgedGraph[], tests: number, context: CliContext): void {
  judged.forEach((each, at) => {
    if (at > 0) context.out('');
    context.out(`${titleOf(each)}${connectedNote(each.graph)}`);
    context.out(nullsTable(each));
    for (const sentence of nullsSentences(each)) context.out(sentence);
  });
  context.note(nullsLegend(judged, tests));
}

const connectedNote = (graph: Graph): string =>
  measure(graph).connected
    ? ''
    : `; not ${graph.directed ? 'strongly ' : ''}connected, so that L is told over the ` +
      'pairs that are reachable';

function jsonOf(
  { spec, part, graph, ensembles }: JudgedGraph,
  tests: number,
  { attempts }: NullsOptions,
): Record<string, unknown> {
  const { nodes, edges, directed, connected } = measure(graph);
  return {
    spec: formatGraphSpec(spec),
    ...part,
    nodes,
    edges,
    directed,
    connected,
    tests,
    nulls: ensembles.map(
      ({ null: model, count, seed, resolution, swaps, shared, smallWorld, measures }) => ({
        null: model,
        count,
        seed,
        ...(swaps !== null && { attempts, swaps }),
        shared,
        resolution,
        smallWorld,
        measures: measures.map(({ name, value, mean, std, z, p, adjusted, interval, counted }) => ({
          name,
          value,
          mean,
          std,
          interval,
          z,
          p,
          pAdjusted: adjusted,
          counted,
        })),
      }),
    ),
  };
}

const NULLS_HELP = `
Null models:
${nullModels.map(({ definition }) => `  ${definition}`).join('\n')}
A graph that is the only one with its degrees (complete graphs, stars) cannot be compared: exit
status 2.

Examples:
  $ plexus graph nulls connectome:macaque-whole connectome:cat
  $ plexus graph nulls connectome:cat,directed=true --null degree,reciprocal,edges
  $ plexus graph nulls my.graphml --count 10000 --measures clustering,assortativity,modularity`;
