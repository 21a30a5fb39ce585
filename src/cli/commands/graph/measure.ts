import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { Option } from 'commander';
import { Interrupted, UserError } from '../../../core/errors.js';
import { measure } from '../../../graph/measures/basic.js';
import { betweenness } from '../../../graph/measures/betweenness.js';
import { localClustering } from '../../../graph/measures/clustering.js';
import { coreNumbers } from '../../../graph/measures/core-numbers.js';
import { degrees } from '../../../graph/measures/degree-statistics.js';
import { louvain } from '../../../graph/measures/louvain.js';
import { graphMeasures } from '../../../graph/measures/registry.js';
import { graphSpecsOfLine } from '../../../graph/sets/reference.js';
import { formatGraphSpec } from '../../../graph/spec.js';
import type { Graph, GraphMeasure, GraphSpec } from '../../../graph/types.js';
import { fileError, refuseDirectory } from '../../../platform/fs.js';
import { wholeNumber } from '../../arguments.js';
import { type CliContext, outJson, type RegisterCommand } from '../../context.js';
import { slowReporter, type Working } from '../../slow.js';
import { listedEdges } from './edges.js';
import { noteFile } from './file-notes.js';
import { type Measured, measureLegend, measureTable } from './measure-table.js';
import { type Asked, askedOf, measuresNamed, specsOfWord } from './measure-words.js';
import {
  type AskedGraph,
  DISTANCES,
  graphOf,
  nodesInFile,
  weightedColumns,
  type WeightedOptions,
  weightedValues,
} from './weighted.js';

interface MeasureOptions extends WeightedOptions {
  readonly json?: true;
  readonly edges?: true;
  readonly perNode?: true;
  readonly list?: true;
  readonly measures?: string;
  readonly seed: number;
  readonly references: number;
}

/** Work goes on for so many milliseconds before signals are looked at. */
const BREATH = 50;

/** `plexus graph measure`. */
export const registerMeasure: RegisterCommand = (graph, context) => {
  graph
    .command('measure')
    .description(
      'Measure graphs: nodes, edges, degree, density, clustering C, path length L, and ' +
        'more on demand.',
    )
    .argument(
      '[spec...]',
      'graph specs, sets such as ws-flex:set=52, or files; - reads one a line from ' +
        'standard input (answers in JSON lines)',
    )
    .option('--measures <names>', 'further measures: names separated by commas, quick, or all')
    .option('--list', 'list every measure with its definition')
    .option('--json', 'print one JSON object a line instead of a table')
    .option('--edges', 'add edgeList, [[u,v],...] with u < v, sorted (with --json or -)')
    .option(
      '--per-node',
      "add every node's degree, clustering, betweenness, core number and community (with " +
        '--json or -)',
    )
    .option(
      '--weighted',
      'add weighted clustering (Onnela, Barrat) and path length; files with weights then need no ' +
        'threshold',
    )
    .addOption(
      new Option(
        '--distances <how>',
        'length of an edge in weighted paths: inverse (1 / weight) or given (the weight)',
      )
        .choices(DISTANCES)
        .implies({ weighted: true }),
    )
    .option('--seed <number>', 'seed of measures that draw random numbers', wholeNumber(0), 1)
    .option(
      '--references <count>',
      'random graphs that a measure compares with',
      wholeNumber(1, 10_000),
      10,
    )
    .addHelpText('after', MEASURE_HELP)
    .action((words: string[], options: MeasureOptions) => measureGraphs(words, options, context));
};

async function measureGraphs(
  words: readonly string[],
  options: MeasureOptions,
  context: CliContext,
): Promise<void> {
  if (options.list) {
    listMeasures(options, context);
    return;
  }
  if (words.length === 0)
    throw new UserError(
      'graph measure needs a graph spec, a file or -; for example plexus graph measure ' +
        'complete:n=64',
    );
  const measures = options.measures === undefined ? [] : measuresNamed(options.measures);
  if (words.includes('-')) {
    if (words.length > 1) {
      throw new UserError(
        `graph measure takes specs or -, not both, got ${words.join(' ')}; put all specs ` +
          'on standard input',
      );
    }
    await measureStream(measures, options, context);
    return;
  }
  requireJson(options);
  await measureAll(words.flatMap(specsOfWord), measures, options, context);
}

function requireJson({ json, edges, perNode }: MeasureOptions): void {
  if (json) return;
  if (edges)
    throw new UserError('--edges adds edge lists to JSON, but a table was asked for; add --json');
  if (perNode)
    throw new UserError('--per-node adds values to JSON, but a table was asked for; add --json');
}

/** A table at the end, or a line of JSON as soon as each graph is measured. */
async function measureAll(
  specs: readonly GraphSpec[],
  measures: readonly GraphMeasure[],
  options: MeasureOptions,
  context: CliContext,
): Promise<void> {
  const rows: Measured[] = [];
  const breathe = breather(context);
  const working = slowReporter(context);
  for (const asked of specs.flatMap(askedOf)) {
    await breathe();
    const built = graphOf(asked.spec, options);
    noteFile(built.graph, asked.spec, context);
    if (options.json) outJson(context, jsonOf(asked, built, measures, options, working));
    else
      rows.push({
        ...asked,
        basic: measure(built.graph),
        values: [
          ...measures.map((each) => valueOf(each, built.graph, options, working)),
          ...Object.values(weightedValues(built, options)),
        ],
      });
  }
  if (options.json) return;
  const columns = [...measures, ...weightedColumns(options)];
  context.out(measureTable(rows, columns));
  context.note(measureLegend(rows, columns));
}

/**
 * Lets signals through now and then; the function that it returns throws `Interrupted` when one has
 * come.
 */
function breather({ signal }: CliContext): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last > BREATH) {
      await setImmediate();
      last = performance.now();
    }
    if (signal.aborted) throw new Interrupted('stopped while measuring graphs');
  };
}

/** One JSON line for each graph of each spec as it arrives. */
async function measureStream(
  measures: readonly GraphMeasure[],
  options: MeasureOptions,
  context: CliContext,
): Promise<void> {
  let number = 0;
  const breathe = breather(context);
  const working = slowReporter(context);
  for await (const line of linesOf(context)) {
    for (const asked of graphSpecsOfLine(line, ++number).flatMap(askedOf)) {
      await breathe();
      const built = graphOf(asked.spec, options);
      noteFile(built.graph, asked.spec, context);
      outJson(context, jsonOf(asked, built, measures, options, working));
    }
  }
  if (context.signal.aborted) throw new Interrupted('stopped while measuring graphs');
}

/**
 * The lines of standard input until it ends or a signal comes; throws a `UserError` where it cannot
 * be read.
 */
async function* linesOf({ stdin, signal }: CliContext): AsyncGenerator<string> {
  // Node takes a directory for an empty input.
  if ('fd' in stdin && typeof stdin.fd === 'number') refuseDirectory(stdin.fd, 'standard input');
  let failed: unknown = null;
  const lines = createInterface({ input: stdin, crlfDelay: Infinity, signal });
  // Whether readline tells of errors of its input depends on Node's version; where it does not, one
  // looks like the end.
  stdin.once('error', (error) => {
    failed = fileError('read', 'standard input', error);
    lines.close();
  });
  try {
    for await (const line of lines) {
      if (signal.aborted) return;
      yield line;
    }
  } catch (error) {
    throw failed ?? error;
  }
  if (failed !== null) throw failed;
}

function jsonOf(
  { spec, part }: Asked,
  built: AskedGraph,
  measures: readonly GraphMeasure[],
  options: MeasureOptions,
  working: Working,
): Record<string, unknown> {
  const { graph } = built;
  return {
    spec: formatGraphSpec(spec),
    ...part,
    ...measure(graph),
    ...Object.fromEntries(
      measures.map((each) => [each.name, valueOf(each, graph, options, working)]),
    ),
    ...weightedValues(built, options),
    ...(options.perNode && {
      perNode: { ...perNodeOf(graph, options.seed), ...nodesInFile(built) },
    }),
    ...(options.edges && { edgeList: listedEdges(graph, spec) }),
  };
}

/** Nodes from which on a slow measure takes more than a few seconds. */
const MANY_NODES = 1000;

/** A measure's value, told of where it takes long. */
function valueOf(
  { name, cost, compute }: GraphMeasure,
  graph: Graph,
  options: MeasureOptions,
  working: Working,
): ReturnType<GraphMeasure['compute']> {
  working(`${name} (graph of ${graph.nodes} nodes)`, cost === 'slow' && graph.nodes >= MANY_NODES);
  return compute(graph, options);
}

/** Values of every node, in the order of nodes. */
function perNodeOf(graph: Graph, seed: number): Record<string, number[]> {
  return {
    degree: [...degrees(graph)],
    clustering: [...localClustering(graph)],
    betweenness: [...betweenness(graph)],
    coreNumber: [...coreNumbers(graph)],
    community: [...louvain(graph, seed)],
  };
}

function listMeasures({ json }: MeasureOptions, context: CliContext): void {
  const list = graphMeasures.map(({ name, title, cost, definition }) => ({
    name,
    title,
    cost,
    definition,
  }));
  if (json) outJson(context, list);
  else
    context.out(
      list
        .map(({ name, title, cost, definition }) => `${name} (${title}; ${cost})\n  ${definition}`)
        .join('\n\n'),
    );
}

const MEASURE_HELP = `
Examples:
  $ plexus graph measure ws-flex:n=64,k=8,p=0.1,seed=3 complete:n=64
  $ plexus graph measure ws-flex:set=52 --measures transitivity,betweenness
  $ plexus graph measure my.graphml --measures all
  $ plexus graph measure - --edges < specs.txt
On standard input blank lines and lines that start with # are skipped.

Measures (--list has every definition; basic ones are always told, quick ones take about as
long, slow ones may take seconds at 1000 nodes):
${(['quick', 'slow'] as const).map((cost) => `  ${cost}: ${namesOf(cost)}`).join('\n')}

Definitions:
${graphMeasures
  .filter(({ cost }) => cost === 'basic')
  .map(({ name, definition }) => `  ${name}: ${definition}`)
  .join('\n')}`;

/** The names of all measures of that cost, in lines of readable length. */
function namesOf(cost: GraphMeasure['cost']): string {
  const names = graphMeasures.filter((each) => each.cost === cost).map(({ name }) => name);
  return names.join(', ').replace(/(.{70,90}?,) /g, '$1\n    ');
}
