import { createInterface } from 'node:readline';
import Table from 'cli-table3';
import { Interrupted, UserError } from '../../core/errors.js';
import { writeFileAtomic } from '../../core/fs.js';
import {
  buildGraph,
  edgeList,
  formatGraphSpec,
  graphFamilies,
  graphSpecOfLine,
  measure,
  measureDefinitions,
  parseGraphSpec,
  type Graph,
  type GraphFamily,
  type GraphSpec,
} from '../../graph/index.js';
import { outJson, type CliContext, type RegisterCommand } from '../context.js';

interface MakeOptions {
  readonly json?: true;
  readonly output?: string;
}

interface MeasureOptions {
  readonly json?: true;
  readonly edges?: true;
}

/** `plexus graph make|measure|families`. */
export const registerGraph: RegisterCommand = (program, context) => {
  const graph = program.command('graph').description('Make and measure relational graphs.').addHelpText('after', GRAPH_HELP);
  graph
    .command('make')
    .description('Generate the graph of a spec and print its edges, one "u v" a line.')
    .argument('<spec>', 'graph spec, e.g. ws-flex:n=64,k=8,p=0.1,seed=3')
    .option('--json', 'print one JSON object {spec, nodes, edges, directed, edgeList} instead')
    .option('-o, --output <file>', 'write to this file (replacing it) instead of standard output')
    .addHelpText('after', MAKE_HELP)
    .action((spec: string, options: MakeOptions) => makeGraph(spec, options, context));
  graph
    .command('measure')
    .description('Measure graphs: nodes, edges, degree, density, clustering C, path length L.')
    .argument('<spec...>', 'graph specs, or - to read one a line from standard input (answers in JSON lines)')
    .option('--json', 'print one JSON object a line instead of a table')
    .option('--edges', 'add edgeList, [[u,v],...] with u < v, sorted (with --json or -)')
    .addHelpText('after', MEASURE_HELP)
    .action((specs: string[], options: MeasureOptions) => measureGraphs(specs, options, context));
  graph
    .command('families')
    .description('List the families of graphs and their parameters.')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ plexus graph families')
    .action((options: { json?: true }) => listFamilies(options, context));
};

function makeGraph(line: string, options: MakeOptions, context: CliContext): void {
  const spec = parseGraphSpec(line);
  const graph = buildGraph(spec);
  const edges = listedEdges(graph, spec);
  const { nodes, directed } = graph;
  const text = options.json
    ? JSON.stringify({ spec: formatGraphSpec(spec), nodes, edges: graph.edges, directed, edgeList: edges })
    : edges.map((edge) => edge.join(' ')).join('\n');
  if (options.output === undefined) {
    context.out(text);
    return;
  }
  writeFileAtomic(options.output, `${text}\n`);
  context.note(`wrote ${graph.edges} edges to ${options.output}`);
}

async function measureGraphs(lines: readonly string[], options: MeasureOptions, context: CliContext): Promise<void> {
  if (lines.includes('-')) {
    if (lines.length > 1) {
      throw new UserError(`graph measure takes specs or -, not both, got ${lines.join(' ')}; put all specs on standard input`);
    }
    await measureStream(options, context);
    return;
  }
  if (options.edges && !options.json) throw new UserError('--edges adds edge lists to JSON, but a table was asked for; add --json');
  const specs = lines.map(parseGraphSpec);
  if (options.json) for (const spec of specs) outJson(context, measuredJson(spec, options));
  else context.out(measureTable(specs));
}

/** One JSON line for each spec as it arrives. */
async function measureStream(options: MeasureOptions, context: CliContext): Promise<void> {
  let number = 0;
  const { stdin, signal } = context;
  for await (const line of createInterface({ input: stdin, crlfDelay: Infinity, signal })) {
    const spec = graphSpecOfLine(line, ++number);
    if (spec) outJson(context, measuredJson(spec, options));
    if (signal.aborted) break;
  }
  if (signal.aborted) throw new Interrupted('stopped while measuring graphs');
}

function measuredJson(spec: GraphSpec, options: MeasureOptions): Record<string, unknown> {
  const graph = buildGraph(spec);
  const measured = { spec: formatGraphSpec(spec), ...measure(graph) };
  return options.edges ? { ...measured, edgeList: listedEdges(graph, spec) } : measured;
}

/** More would not fit into the memory of a small machine, nor, as text, into a string. */
const MOST_LISTED = 5_000_000;

function listedEdges(graph: Graph, spec: GraphSpec): [number, number][] {
  if (graph.edges <= MOST_LISTED) return edgeList(graph);
  throw new UserError(`at most ${MOST_LISTED} edges can be listed; ${formatGraphSpec(spec)} has ${graph.edges}; choose a smaller graph`);
}

function measureTable(specs: readonly GraphSpec[]): string {
  const table = new Table({
    head: ['graph', 'nodes', 'edges', 'degree', 'density', 'C', 'L'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  for (const spec of specs) {
    const m = measure(buildGraph(spec));
    const length = m.pathLength === null ? 'not connected' : m.pathLength.toFixed(4);
    const numbers = [m.averageDegree.toFixed(2), m.density.toFixed(4), m.clustering.toFixed(4), length];
    table.push([formatGraphSpec(spec), m.nodes, m.edges, ...numbers]);
  }
  return table.toString();
}

function listFamilies(options: { json?: true }, context: CliContext): void {
  if (options.json) outJson(context, graphFamilies.map(({ name, meaning, params }) => ({ name, meaning, params })));
  else context.out(graphFamilies.map(familyText).join('\n\n'));
}

function familyText(family: GraphFamily): string {
  const params = family.params.map((info) => {
    const preset = info.default === undefined ? 'required' : `default ${info.default}`;
    return `  ${info.name.padEnd(6)}${info.meaning} (${info.type}, ${info.range}; ${preset})`;
  });
  return [`${family.name}: ${family.meaning}`, ...params].join('\n');
}

const GRAPH_HELP = `
A graph spec is one line of text, family:name=value,...; it always gives the same graph.
  ws-flex:n=64,k=8,p=0.1,seed=3    complete:n=64
"plexus graph families" lists every family and parameter.`;

const MAKE_HELP = `
Examples:
  $ plexus graph make complete:n=4
  $ plexus graph make ws-flex:n=64,k=8,p=0.1,seed=3 --output graph.txt`;

const MEASURE_HELP = `
Examples:
  $ plexus graph measure ws-flex:n=64,k=8,p=0.1,seed=3 complete:n=64
  $ plexus graph measure - --edges < specs.txt
On standard input blank lines and lines that start with # are skipped.

Definitions:
${Object.entries(measureDefinitions)
  .map(([name, meaning]) => `  ${name}: ${meaning}`)
  .join('\n')}`;
