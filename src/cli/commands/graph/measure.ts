import { createInterface } from 'node:readline';
import Table from 'cli-table3';
import { Interrupted, UserError } from '../../../core/errors.js';
import { buildGraph, formatGraphSpec, graphSpecOfLine, measure, measureDefinitions, parseGraphSpec, type GraphSpec } from '../../../graph/index.js';
import { outJson, type CliContext, type RegisterCommand } from '../../context.js';
import { listedEdges } from './edges.js';

interface MeasureOptions {
  readonly json?: true;
  readonly edges?: true;
}

/** `plexus graph measure`. */
export const registerMeasure: RegisterCommand = (graph, context) => {
  graph
    .command('measure')
    .description('Measure graphs: nodes, edges, degree, density, clustering C, path length L.')
    .argument('<spec...>', 'graph specs, or - to read one a line from standard input (answers in JSON lines)')
    .option('--json', 'print one JSON object a line instead of a table')
    .option('--edges', 'add edgeList, [[u,v],...] with u < v, sorted (with --json or -)')
    .addHelpText('after', MEASURE_HELP)
    .action((specs: string[], options: MeasureOptions) => measureGraphs(specs, options, context));
};

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

const MEASURE_HELP = `
Examples:
  $ plexus graph measure ws-flex:n=64,k=8,p=0.1,seed=3 complete:n=64
  $ plexus graph measure - --edges < specs.txt
On standard input blank lines and lines that start with # are skipped.

Definitions:
${Object.entries(measureDefinitions)
  .map(([name, meaning]) => `  ${name}: ${meaning}`)
  .join('\n')}`;
