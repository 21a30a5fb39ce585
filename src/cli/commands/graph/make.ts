import { writeFileAtomic } from '../../../core/fs.js';
import { buildGraph, formatGraphSpec, parseGraphSpec } from '../../../graph/index.js';
import type { CliContext, RegisterCommand } from '../../context.js';
import { listedEdges } from './edges.js';

interface MakeOptions {
  readonly json?: true;
  readonly output?: string;
}

/** `plexus graph make`. */
export const registerMake: RegisterCommand = (graph, context) => {
  graph
    .command('make')
    .description('Generate the graph of a spec and print its edges, one "u v" a line.')
    .argument('<spec>', 'graph spec, e.g. ws-flex:n=64,k=8,p=0.1,seed=3')
    .option('--json', 'print one JSON object {spec, nodes, edges, directed, edgeList} instead')
    .option('-o, --output <file>', 'write to this file (replacing it) instead of standard output')
    .addHelpText('after', MAKE_HELP)
    .action((spec: string, options: MakeOptions) => makeGraph(spec, options, context));
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

const MAKE_HELP = `
Examples:
  $ plexus graph make complete:n=4
  $ plexus graph make ws-flex:n=64,k=8,p=0.1,seed=3 --output graph.txt`;
