import type { Command } from 'commander';
import { unknownName } from '../../core/errors.js';
import {
  type ConnectomeStatus,
  getConnectomes,
  listConnectomes,
} from '../../data-files/connectomes.js';
import { NetworkError } from '../../data-files/download.js';
import {
  type DataFormat,
  dataFormats,
  type DataSetStatus,
  listDataSets,
} from '../../data-files/status.js';
import type { DataDownload, Progress } from '../../data/descriptor.js';
import { dataNames, dataSources } from '../../data/registry.js';
import { dataNamesWith } from '../../data/spec.js';
import { type DataOptions, dataPlaces } from '../../platform/places.js';
import { countOrAuto, wholeNumber } from '../arguments.js';
import { type CliContext, CommandFailed, outJson, type RegisterCommand } from '../context.js';
import { formatCount, formatDuration, formatTable } from '../format.js';
import { EXPORT_HELP, exportData, type ExportDataFlags } from './data/export.js';
import { showData, type ShowFlags } from './data/show.js';

interface DataFlags {
  readonly dataDir?: string;
  readonly json?: boolean;
}

function dataOptions(flags: DataFlags, context: CliContext): DataOptions {
  return { dataDir: flags.dataDir, env: context.env };
}

/** `plexus data list | show | export | get`: which data sets there are, what one is, fetching them. */
export const registerData: RegisterCommand = (program, context) => {
  const data = program
    .command('data')
    .description('Data sets: which are here, what one is, and fetching them and connectomes.');
  addFlags(
    data
      .command('list')
      .description('Print the data sets and the connectomes, whether they are here, and where.'),
  )
    .addHelpText('after', '\nExample:\n  $ plexus data list')
    .action((flags: DataFlags) => list(flags, context));
  addSpec(
    addFlags(
      data
        .command('show')
        .description('Load a data set as training would, and print what it is.')
        .argument('<name>', dataNames().join(', ')),
    ),
  )
    .addHelpText('after', '\nExample:\n  $ plexus data show folder --path pictures --size 64')
    // An unknown name is refused with the list of those that there are.
    .action((name: string, flags: DataFlags & ShowFlags) =>
      showData(name, flags, dataOptions(flags, context), context),
    );
  addSpec(
    addFlags(
      data
        .command('export')
        .description('Write a data set as arrays (.npz) for other programs.')
        .argument('<name>', dataNames().join(', '))
        .requiredOption('-o, --output <file>', 'the file to write (.npz)')
        .option('--force', 'replace the file where it exists'),
    ),
  )
    .addHelpText('after', EXPORT_HELP)
    .action((name: string, flags: DataFlags & ExportDataFlags) =>
      exportData(name, flags, dataOptions(flags, context), context),
    );
  addFlags(
    data
      .command('get')
      .description('Fetch a data set into the data directory.')
      .argument('<name>', [...fetchable().map(({ name }) => name), 'connectomes'].join(', ')),
  )
    .addHelpText('after', getHelp())
    .action((name: string, flags: DataFlags) => get(name, flags, context));
};

/** Which data set, and how much of it. */
function addSpec(command: Command): Command {
  return command
    .option('--path <path>', `files of ${dataNamesWith('path').join(', ')}`)
    .option(
      '--size <pixels>',
      `side of the images of ${dataNamesWith('size').join(', ')}`,
      wholeNumber(0),
    )
    .option('--train-images <count>', 'use only so many training images', wholeNumber(0))
    .option('--test-images <count>', 'use only so many test images', wholeNumber(0))
    .option(
      '--validation <count>',
      'hold so many training images out of training, to choose on (auto: a tenth)',
      countOrAuto,
    );
}

/** A data set that can be fetched. */
interface Fetchable {
  readonly name: string;
  readonly download: DataDownload;
}

function fetchable(): Fetchable[] {
  return dataSources.flatMap(({ name, download }) => (download ? [{ name, download }] : []));
}

function getHelp(): string {
  const names = [...fetchable().map(({ name }) => name), 'connectomes'];
  return `
Examples:
${names.map((name) => `  $ plexus data get ${name}`).join('\n')}

${fetchable()
  .map(({ download: { title, size } }) => `${title} is ${size}.`)
  .join('\n')}
An interrupted download continues where it stopped. The connectomes are brain networks for graph
specs such as connectome:cat, 0.4 MB; specs look for them in $PLEXUS_DATA and the user cache.`;
}

function addFlags(command: Command): Command {
  return command
    .option('--data-dir <dir>', 'data directory (else $PLEXUS_DATA, else the user cache)')
    .option('--json', 'print one JSON object');
}

function list(flags: DataFlags, context: CliContext): void {
  const options = dataOptions(flags, context);
  const sets = listDataSets(options);
  const brains = listConnectomes(options);
  if (flags.json === true) {
    outJson(context, {
      dataSets: sets,
      formats: dataFormats(),
      connectomes: brains,
      places: dataPlaces(options),
    });
    return;
  }
  context.out(formatTable(COLUMNS, sets.map(row)));
  context.out('');
  context.out(formatTable(FORMAT_COLUMNS, dataFormats().map(formatRow)));
  context.out('');
  context.out(formatTable(CONNECTOME_COLUMNS, brains.map(connectomeRow)));
  const problems = [...sets, ...brains].filter(({ problem }) => problem !== null);
  for (const { name, problem } of problems) context.out(`${name}: ${problem}`);
  const missing = [
    ...sets,
    ...(brains.some(isMissing) ? [{ name: 'connectomes', found: false, problem: null }] : []),
  ]
    .filter(isMissing)
    .map(({ name }) => name);
  if (missing.length > 0) {
    const looked = dataPlaces(options).map(({ path, origin }) => `${path} (${origin})`);
    context.out(
      `Not found: ${missing.join(', ')}. Looked in ${looked.join(', ')}; to fetch: ` +
        missing.map((name) => `plexus data get ${name}`).join(', '),
    );
  }
}

function isMissing({ found, problem }: Pick<DataSetStatus, 'found' | 'problem'>): boolean {
  return !found && problem === null;
}

const COLUMNS = [
  { title: 'name' },
  { title: 'found' },
  { title: 'classes', align: 'right' },
  { title: 'train', align: 'right' },
  { title: 'test', align: 'right' },
  { title: 'shape' },
  { title: 'where' },
] as const;

function row({
  name,
  found,
  where,
  problem,
  classes,
  train,
  test,
  shape,
}: DataSetStatus): string[] {
  const sides = `${shape.channels}x${shape.height}x${shape.width}`;
  return [
    name,
    stateOf(found, problem),
    formatCount(classes.length),
    formatCount(train),
    formatCount(test),
    sides,
    where ?? '-',
  ];
}

const FORMAT_COLUMNS = [{ title: 'your own' }, { title: 'what it is' }, { title: 'path' }] as const;

function formatRow({ name, meaning, path }: DataFormat): string[] {
  return [name, meaning, path];
}

const CONNECTOME_COLUMNS = [
  { title: 'connectome' },
  { title: 'found' },
  { title: 'nodes', align: 'right' },
  { title: 'connections', align: 'right' },
  { title: 'where' },
] as const;

function connectomeRow({ name, found, problem, nodes, arcs, where }: ConnectomeStatus): string[] {
  return [name, stateOf(found, problem), formatCount(nodes), formatCount(arcs), where ?? '-'];
}

function stateOf(found: boolean, problem: string | null): string {
  if (found) return 'yes';
  return problem === null ? 'no' : 'damaged';
}

async function get(name: string, flags: DataFlags, context: CliContext): Promise<void> {
  if (name === 'connectomes') return getBrains(flags, context);
  const sets = dataSources.filter(({ facts }) => facts !== undefined);
  const set = sets.find((valid) => valid.name === name);
  if (set === undefined)
    throw unknownName('data set', name, [...sets.map((valid) => valid.name), 'connectomes']);
  if (set.download !== undefined) return getSet(name, set.download, flags, context);
  const message =
    `the data set "${name}" is built in: it is drawn when it is used, there is nothing ` +
    'to fetch';
  if (flags.json === true) outJson(context, { name, folder: null, changed: false, message });
  else context.out(message);
}

async function getSet(
  name: string,
  download: DataDownload,
  flags: DataFlags,
  context: CliContext,
): Promise<void> {
  const directory = dataPlaces(dataOptions(flags, context))[0].path;
  const { title } = download;
  context.note(`${title} goes to ${directory}`);
  const result = await download
    .get({ directory, signal: context.signal, onProgress: progressLines(context) })
    .catch(failed);
  if (flags.json === true) outJson(context, { name, ...result });
  else
    context.out(
      result.changed
        ? `${title} is ready in ${result.folder}`
        : `${title} is already complete in ${result.folder}`,
    );
}

async function getBrains(flags: DataFlags, context: CliContext): Promise<void> {
  const directory = dataPlaces(dataOptions(flags, context))[0].path;
  const onFile = ({ name, url }: { readonly name: string; readonly url: string }): void =>
    context.note(`${name}: ${url}`);
  const result = await getConnectomes({ directory, signal: context.signal, onFile }).catch(failed);
  if (flags.json === true) outJson(context, { name: 'connectomes', ...result });
  else
    context.out(
      result.changed
        ? `The connectomes are ready in ${result.folder}`
        : `The connectomes are already complete in ${result.folder}`,
    );
  if (flags.dataDir !== undefined && context.env['PLEXUS_DATA'] !== directory)
    context.note(
      `Graph specs look for them in $PLEXUS_DATA and the user cache: set PLEXUS_DATA=${directory}`,
    );
}

/** A server that does not answer is no mistake of the user's: the command failed. */
function failed(error: unknown): never {
  throw error instanceof NetworkError ? new CommandFailed(error.message) : error;
}

/** Prints progress: redrawn in place twice a second on a terminal, else a line every 10 %. */
export function progressLines(
  context: CliContext,
  now: () => number = () => performance.now(),
): (progress: Progress) => void {
  let drawnAt = -Infinity;
  let printed = -1;
  return (progress) => {
    const percent = Math.floor((100 * progress.done) / progress.total);
    const complete = progress.done >= progress.total;
    if (context.interactive) {
      if (now() - drawnAt < 500 && !complete) return;
      context.note(progressText(progress, percent), drawnAt === -Infinity ? 0 : 1);
      drawnAt = now();
    } else if (Math.floor(percent / 10) > printed) {
      printed = Math.floor(percent / 10);
      context.note(progressText(progress, percent));
    }
  };
}

function progressText(
  { done, total, bytesPerSecond, secondsLeft }: Progress,
  percent: number,
): string {
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
  const left = secondsLeft === null ? '' : `, ${formatDuration(secondsLeft)} left`;
  return (
    `${percent} %: ${megabytes(done)} of ${megabytes(total)} MB, ` +
    `${megabytes(bytesPerSecond)} MB/s${left}`
  );
}
