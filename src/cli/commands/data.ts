import type { Command } from 'commander';
import { dataPlaces, dataSetName, getCifar10, listDataSets, NetworkError, type DataOptions, type DataSetStatus, type Progress } from '../../data/index.js';
import { CommandFailed, outJson, type CliContext, type RegisterCommand } from '../context.js';
import { formatCount, formatDuration, formatTable } from '../format.js';

interface DataFlags {
  readonly dataDir?: string;
  readonly json?: boolean;
}

function dataOptions(flags: DataFlags, context: CliContext): DataOptions {
  return { ...(flags.dataDir === undefined ? {} : { dataDir: flags.dataDir }), env: context.env };
}

/** `plexus data list | get`: which data sets there are, and fetching CIFAR-10. */
export const registerData: RegisterCommand = (program, context) => {
  const data = program.command('data').description('Data sets: which are here, and fetching CIFAR-10.');
  addFlags(data.command('list').description('Print the data sets, whether they are here, and where.'))
    .addHelpText('after', '\nExample:\n  $ plexus data list')
    .action((flags: DataFlags) => list(flags, context));
  addFlags(data.command('get').description('Fetch a data set into the data directory.').argument('<name>', 'cifar10'))
    .addHelpText('after', '\nExample:\n  $ plexus data get cifar10\n\nAn interrupted download continues where it stopped. CIFAR-10 is 170 MB to fetch, 184 MB unpacked.')
    .action((name: string, flags: DataFlags) => get(name, flags, context));
};

function addFlags(command: Command): Command {
  return command
    .option('--data-dir <dir>', 'data directory (else $PLEXUS_DATA, else the user cache)')
    .option('--json', 'print one JSON object');
}

function list(flags: DataFlags, context: CliContext): void {
  const options = dataOptions(flags, context);
  const sets = listDataSets(options);
  if (flags.json === true) {
    outJson(context, { dataSets: sets, places: dataPlaces(options) });
    return;
  }
  context.out(formatTable(COLUMNS, sets.map(row)));
  for (const { name, problem } of sets) if (problem !== null) context.out(`${name}: ${problem}`);
  const [cifar10] = sets.filter((set) => !set.found && set.problem === null);
  if (cifar10 !== undefined) {
    const looked = dataPlaces(options).map(({ path, origin }) => `${path} (${origin})`);
    context.out(`Not found: ${cifar10.name}. Looked in ${looked.join(', ')}; to fetch it: plexus data get ${cifar10.name}`);
  }
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

function row({ name, found, where, problem, classes, train, test, shape }: DataSetStatus): string[] {
  const state = found ? 'yes' : problem === null ? 'no' : 'damaged';
  const sides = `${shape.channels}x${shape.height}x${shape.width}`;
  return [name, state, formatCount(classes.length), formatCount(train), formatCount(test), sides, where ?? '-'];
}

async function get(name: string, flags: DataFlags, context: CliContext): Promise<void> {
  const set = dataSetName(name);
  switch (set) {
    case 'shapes': {
      const message = 'the data set "shapes" is built in: it is drawn when it is used, there is nothing to fetch';
      if (flags.json === true) outJson(context, { name: set, folder: null, changed: false, message });
      else context.out(message);
      return;
    }
    case 'cifar10': {
      const directory = dataPlaces(dataOptions(flags, context))[0].path;
      context.note(`CIFAR-10 goes to ${directory}`);
      const result = await getCifar10({ directory, signal: context.signal, onProgress: progressLines(context) }).catch(failed);
      if (flags.json === true) outJson(context, { name: set, ...result });
      else context.out(result.changed ? `CIFAR-10 is ready in ${result.folder}` : `CIFAR-10 is already complete in ${result.folder}`);
      return;
    }
    default:
      set satisfies never;
  }
}

/** A server that does not answer is no mistake of the user's: the command failed. */
function failed(error: unknown): never {
  throw error instanceof NetworkError ? new CommandFailed(error.message) : error;
}

/** Prints progress: redrawn in place twice a second on a terminal, else a line every 10 %. */
export function progressLines(context: CliContext, now: () => number = () => performance.now()): (progress: Progress) => void {
  let drawnAt = -Infinity;
  let printed = -1;
  return (progress) => {
    const percent = Math.floor((100 * progress.done) / progress.total);
    const complete = progress.done >= progress.total;
    if (context.interactive) {
      if (now() - drawnAt < 500 && !complete) return;
      // Up one line, and clear it.
      context.note(`${drawnAt === -Infinity ? '' : '\u001b[1A\u001b[2K'}${progressText(progress, percent)}`);
      drawnAt = now();
    } else if (Math.floor(percent / 10) > printed) {
      printed = Math.floor(percent / 10);
      context.note(progressText(progress, percent));
    }
  };
}

function progressText({ done, total, bytesPerSecond, secondsLeft }: Progress, percent: number): string {
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
  const left = secondsLeft === null ? '' : `, ${formatDuration(secondsLeft)} left`;
  return `${percent} %: ${megabytes(done)} of ${megabytes(total)} MB, ${megabytes(bytesPerSecond)} MB/s${left}`;
}
