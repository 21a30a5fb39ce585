import { InvalidArgumentError } from 'commander';
import { UserError } from '../../../core/errors.js';
import {
  describeGrid,
  gridFor,
  type SweepProgress,
  sweepSpace,
} from '../../../graph-space/sweep.js';
import { spaceBins } from '../../../graph/space/bins.js';
import { wholeNumber } from '../../arguments.js';
import { type CliContext, outJson, type RegisterCommand } from '../../context.js';
import { formatCount, formatDuration } from '../../format.js';
import { commaLeft, timeLeft } from '../../progress.js';
import type { TableFormat } from './space-files.js';

interface SpaceOptions {
  readonly nodes?: number;
  readonly output?: string;
  readonly degrees?: number;
  readonly degreeRange?: readonly [number, number];
  readonly probabilities?: number;
  readonly seeds?: number;
  readonly bins?: number;
  readonly strides?: readonly number[];
  readonly clusteringRange?: readonly [number, number];
  readonly pathLengthRange?: readonly [number, number];
  readonly workers?: number;
  readonly format: readonly TableFormat[];
  readonly json?: true;
}

const FORMATS: readonly TableFormat[] = ['csv', 'parquet'];

/** `plexus graph space`. */
export const registerSpace: RegisterCommand = (graph, context) => {
  graph
    .command('space')
    .description(
      'Sweep the WS-flex graphs of a size over the plane of C and L, and pick sets that cover it.',
    )
    .option(
      '--nodes <count>',
      'number of nodes (default: 64, or that of the sweep in the directory)',
      wholeNumber(4),
    )
    .option('-o, --output <dir>', 'directory of the space (default: spaces/nNODES)')
    .option(
      '--degrees <count>',
      'how many average degrees (default: 300 for 64 nodes, else 200)',
      wholeNumber(1),
    )
    .option('--degree-range <from,to>', 'lowest and highest (default: max(4, n/8) to n - 2)', pair)
    .option(
      '--probabilities <count>',
      'how many rewiring probabilities (default: 300 for 64 and 16 nodes, else 200)',
      wholeNumber(1),
    )
    .option(
      '--seeds <count>',
      'how many seeds, from 0 (default: 30 for 64 and 16 nodes, else 10)',
      wholeNumber(1),
    )
    .option(
      '--bins <count>',
      'cells along each axis (default: 135, for 16 nodes 108)',
      wholeNumber(1),
    )
    .option(
      '--strides <list>',
      'a set for each: one cell in so many along both axes (default: 1,3,9)',
      numberList,
    )
    .option('--clustering-range <low,high>', 'range of C (default: 0,1)', pair)
    .option(
      '--path-length-range <low,high>',
      'range of L (default: 1 to that of the sparsest ring)',
      pair,
    )
    .option('--workers <count>', 'threads (default: one for each core)', wholeNumber(1, 1024))
    .option('--format <list>', 'formats of the tables: csv, parquet', formatList, FORMATS)
    .option('--json', 'end with one line of JSON')
    .addHelpText('after', SPACE_HELP)
    .action((options: SpaceOptions) => space(options, context));
};

async function space(options: SpaceOptions, context: CliContext): Promise<void> {
  const directory = options.output ?? `spaces/n${options.nodes ?? 64}`;
  const grid = gridFor(directory, options.nodes, options);
  const bins = spaceBins(grid, options);
  const begun = performance.now();
  const progress = sweepReporter(context);
  context.note(`space in ${directory}, ${describeGrid(grid)}`);
  const sweep = await sweepSpace(grid, directory, {
    onProgress: progress,
    signal: context.signal,
    ...(options.workers !== undefined && { workers: options.workers }),
  });
  // What draws is loaded when there is something to draw.
  const { writeSpace } = await import('./space-files.js');
  const written = writeSpace(directory, sweep, bins, options.format);
  const seconds = Math.round(performance.now() - begun) / 1000;
  if (options.json) {
    outJson(context, { directory, ...written.summary, files: written.files, seconds });
    return;
  }
  const { candidates, cells, outside, unconnected, sets } = written.summary;
  context.out(
    `${counted(candidates, 'candidate')} in ${counted(cells, 'cell')}; sets of ` +
      `${sets.map(({ count }) => count).join(', ')}; ${formatDuration(seconds)}`,
  );
  if (unconnected > 0)
    context.out(`${counted(unconnected, 'candidate')} without a connected graph left out`);
  if (outside > 0) context.out(`${counted(outside, 'candidate')} outside the ranges left out`);
  context.out(`wrote ${written.files.join(', ')} in ${directory}`);
}

const counted = (count: number, what: string): string =>
  `${formatCount(count)} ${what}${count === 1 ? '' : 's'}`;

const PAUSE_SECONDS = 5;
const REDRAW_SECONDS = 0.25;

/** On a terminal one line redrawn in place, else a plain line now and then. */
function sweepReporter(context: CliContext): (progress: SweepProgress) => void {
  const now = (): number => performance.now() / 1000;
  const begun = now();
  let last = begun;
  let shown = false;
  return ({ done, total, before }) => {
    if (done === before && before > 0)
      context.note(`${formatCount(before)} of ${formatCount(total)} candidates were done before`);
    const finished = done === total;
    if (
      done === before ||
      (!finished && now() - last < (context.interactive ? REDRAW_SECONDS : PAUSE_SECONDS))
    )
      return;
    const left = finished
      ? ', done'
      : commaLeft(timeLeft(done - before, total - before, now() - begun));
    context.note(
      `${formatCount(done)} of ${formatCount(total)} candidates ` +
        `(${Math.floor((100 * done) / total)} %)${left}`,
      context.interactive && shown ? 1 : 0,
    );
    shown = true;
    last = now();
  };
}

function pair(text: string): [number, number] {
  const [low, high, ...rest] = text
    .split(',')
    .map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (
    low === undefined ||
    high === undefined ||
    rest.length > 0 ||
    !Number.isFinite(low) ||
    !Number.isFinite(high)
  )
    throw new InvalidArgumentError('expected two numbers, e.g. 8,62.');
  return [low, high];
}

function numberList(text: string): number[] {
  return text.split(',').map((part) => wholeNumber(1)(part.trim()));
}

function formatList(text: string): TableFormat[] {
  return text.split(',').map((part) => {
    const found = FORMATS.find((format) => format === part.trim());
    if (!found)
      throw new UserError(
        `unknown format of tables "${part.trim()}"; expected one of ${FORMATS.join(', ')}`,
      );
    return found;
  });
}

const SPACE_HELP = `
What is swept is kept in the directory: stopped with Ctrl-C, the same command goes on; run again
with other bins, it only bins anew. The sets of 64 and 16 nodes are the published ones;
ws-flex:set=52 in a study needs no sweep.

Examples:
  $ plexus graph space --nodes 64 -o spaces/n64
  $ plexus graph space --nodes 16 --degrees 20 --probabilities 20 --seeds 3 -o spaces/try`;
