import { extname } from 'node:path';
import { unknownName, UserError, visible } from '../../../core/errors.js';
import {
  canWrite,
  formatOfPath,
  graphFormats,
  isGraphEnding,
  writableFormat,
} from '../../../graph-formats/registry.js';
import '../../../graph-files/formats/register.js';
import { foundInFile } from '../../../graph-files/file-family.js';
import { FIGURE_FORMATS, type FigureFormat, figureContent } from '../../../figures/files.js';
import { endingOf } from '../../endings.js';
import { buildGraph, formatGraphSpec, parseGraphSpec } from '../../../graph/spec.js';
import type { Graph, GraphSpec } from '../../../graph/types.js';
import { writeFileAtomic } from '../../../platform/fs.js';
import type { CliContext, RegisterCommand } from '../../context.js';
import { slowReporter } from '../../slow.js';
import { listedEdges, requireListed } from './edges.js';
import { noteFile } from './file-notes.js';

interface MakeOptions {
  readonly json?: true;
  readonly output?: string;
  readonly format?: string;
}

const EDGE_LIST = 'edge-list';

/** What `--json` writes. */
const JSON_NAME = 'JSON';

/** Pictures, which the room of figures draws. */
const isPicture = (name: string): name is FigureFormat =>
  FIGURE_FORMATS.some((format) => format === name);

/** More does not fit into the string that standard output takes. */
const MOST_PRINTED = 2 ** 28;

/** Ends of edges from which on a graph takes more than a few seconds to make. */
const MANY_ENDS = 4e6;

const writableNames = [
  ...graphFormats.filter(canWrite).map(({ name }) => name),
  ...FIGURE_FORMATS,
].join(', ');

/** `plexus graph make`. */
export const registerMake: RegisterCommand = (graph, context) => {
  graph
    .command('make')
    .description(
      'Generate the graph of a spec and print it, one edge "u v" a line, or write it to ' +
        'a file of another format.',
    )
    .argument('<spec>', 'graph spec, e.g. ws-flex:n=64,k=8,p=0.1,seed=3')
    .option('--json', 'print one JSON object {spec, nodes, edges, directed, edgeList} instead')
    .option(
      '-f, --format <name>',
      `format: ${writableNames} (default: by the extension of the file, else ${EDGE_LIST})`,
    )
    .option('-o, --output <file>', 'write to this file (replacing it) instead of standard output')
    .addHelpText('after', MAKE_HELP)
    .action((spec: string, options: MakeOptions) => makeGraph(spec, options, context));
};

async function makeGraph(line: string, options: MakeOptions, context: CliContext): Promise<void> {
  const write = writerOf(options);
  const spec = parseGraphSpec(line);
  const { n, k } = spec.params;
  if (Number(n) * Number(k) >= MANY_ENDS)
    slowReporter(context)(`making a graph of about ${(Number(n) * Number(k)) / 2} edges`, true);
  const graph = buildGraph(spec);
  const written = await write(graph, spec);
  noteFile(graph, spec, context);
  if (options.output === undefined) {
    if (written.length > MOST_PRINTED)
      throw new UserError(
        `at most ${MOST_PRINTED} characters can be printed, but the graph takes ` +
          `${written.length}; add -o FILE`,
      );
    context.out(
      (typeof written === 'string' ? written : new TextDecoder().decode(written)).replace(
        /\n$/,
        '',
      ),
    );
    return;
  }
  writeFileAtomic(options.output, written);
  context.note(`wrote ${graph.edges} edges to ${visible(options.output)}`);
}

type Writer = (graph: Graph, spec: GraphSpec) => string | Uint8Array | Promise<string | Uint8Array>;

/** What the options ask for; throws a `UserError` where they contradict each other. */
function writerOf(options: MakeOptions): Writer {
  if (options.json) {
    if (options.format !== undefined)
      throw new UserError(
        `--json and --format ${options.format} ask for two formats; leave one out`,
      );
    checkOwnEnding(options.output, JSON_NAME, ['.json', '.txt']);
    return (graph, spec) =>
      JSON.stringify({
        spec: formatGraphSpec(spec),
        nodes: graph.nodes,
        edges: graph.edges,
        directed: graph.directed,
        edgeList: listedEdges(graph, spec),
      }) + '\n';
  }
  const name = options.format ?? formatOf(options.output);
  if (isPicture(name)) {
    if (name !== 'svg' && options.output === undefined)
      throw new UserError(`${name} is binary and is not printed; add -o FILE`);
    if (options.format !== undefined) checkOwnEnding(options.output, name, [`.${name}`]);
    return (graph, spec) => draw(graph, spec, name);
  }
  if (!graphFormats.some((format) => format.name === name))
    throw unknownName('graph format', name, writableNames.split(', '));
  const format = writableFormat(name);
  if (format.binary && options.output === undefined)
    throw new UserError(`${format.name} is binary and is not printed; add -o FILE`);
  if (options.format !== undefined)
    checkOwnEnding(options.output, name, [
      ...format.extensions,
      ...(format.binary === true ? [] : ['.txt']),
    ]);
  return (graph, spec) => {
    if (format.name === EDGE_LIST) requireListed(graph, spec);
    return format.write(graph, namesOf(graph));
  };
}

/** The names that the nodes have in their file; undefined where they only count or are not all different. */
function namesOf(graph: Graph): readonly string[] | undefined {
  const labels = foundInFile(graph)?.labels;
  if (labels === undefined || labels.every((label, u) => label === String(u))) return undefined;
  return new Set(labels).size === labels.length ? labels : undefined;
}

async function draw(
  graph: Graph,
  spec: GraphSpec,
  format: FigureFormat,
): Promise<string | Uint8Array> {
  const { graphPicture } = await import('../../../figures/index.js');
  const drawn = graphPicture(graph, { title: formatGraphSpec(spec) });
  return format === 'svg' ? `${drawn}\n` : figureContent(drawn, format);
}

/** A file of one format must not have the ending of another. */
function checkOwnEnding(output: string | undefined, format: string, own: readonly string[]): void {
  if (output === undefined) return;
  const ending = endingOf(output);
  const named = FIGURE_FORMATS.some((each) => ending === `.${each}`) || isGraphEnding(output);
  if (!named || own.some((each) => output.toLowerCase().endsWith(each))) return;
  throw new UserError(
    `${visible(output)} has the ending of another format than ${format}, which is written as ` +
      `${own.join(', ')}; correct the ending, or leave out --${format === JSON_NAME ? 'json' : 'format'}`,
  );
}

/** The format of a path; a path without an extension, such as /dev/stdout, gets an edge list. */
function formatOf(output: string | undefined): string {
  if (output === undefined || endingOf(output) === '') return EDGE_LIST;
  const ending = endingOf(output).slice(1);
  const name = isPicture(ending) ? ending : formatOfPath(output);
  if (name === null)
    throw new UserError(
      `no format of graph files has the extension "${extname(output)}"; add --format, ` +
        `one of ${writableNames}`,
    );
  return name;
}

const MAKE_HELP = `
Examples:
  $ plexus graph make complete:n=4
  $ plexus graph make ws-flex:n=64,k=8,p=0.1,seed=3 --output graph.graphml
  $ plexus graph make hypercube:d=5 --output graph.svg
  $ plexus graph make file:graph.graphml --format graph6`;
