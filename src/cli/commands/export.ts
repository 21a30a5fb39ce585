import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Command, Option } from 'commander';
import { must, UserError } from '../../core/errors.js';
import { writableFormat } from '../../graph-formats/registry.js';
import { exportTarget, exportTargets } from '../../interop/export/registry.js';
import {
  type ExportedFiles,
  type ExportOptions,
  type ExportTarget,
  type Form,
  FORMS,
} from '../../interop/export/types.js';
import { STEMS } from '../../network/architectures/architecture.js';
import { checkFolder, writeFolderAtomic } from '../../platform/folder.js';
import { isFile, writeFileAtomic } from '../../platform/fs.js';
import { studyHash } from '../../store/spec-file.js';
import { numberList, sampleShape, widthList, wholeNumber } from '../arguments.js';
import { type CliContext, outJson, type RegisterCommand } from '../context.js';
import { checkEnding } from '../endings.js';
import { formatTable } from '../format.js';
import { readStudyWithNotes } from '../reading.js';
import { followStudy } from './export/follow.js';
import {
  nameOf,
  type Source,
  type SourceFlags,
  sourceOf,
  trainedNetwork,
} from './export/source.js';
import '../../graph-files/register.js';
import '../../engine-native/register.js';

interface ExportFlags extends SourceFlags {
  readonly to: string;
  readonly output?: string;
  readonly form?: Form;
  readonly foldBatchNorm?: boolean;
  readonly withNormalisation?: boolean;
  readonly format?: string;
  readonly force?: boolean;
  readonly follow?: boolean;
  readonly json?: boolean;
}

/** The options that targets know, as the command line has them. */
const OPTION_NAMES: Readonly<Record<keyof ExportOptions, string>> = {
  form: '--form',
  foldBatchNorm: '--fold-batch-norm',
  withNormalisation: '--with-normalisation',
  format: '--format',
};

const targetLines = (): string =>
  exportTargets.map(({ name, meaning }) => `  ${name.padEnd(12)} ${meaning}`).join('\n');

const HELP = `
Targets:
${targetLines()}

SOURCE is a file of weights (plexus train --save, or a checkpoint), or the directory of a study: then
the network of its best graph is exported, of the trial with the lowest error; DIR:TRIAL names another
trial. A study keeps no weights: the trial is trained again, which gives the same numbers. --to weights
keeps them for further exports. Trackers take a study as a whole.

Files are written whole or not at all, and only over others with --force. With --json one object:
{source, target, output, files: [{file, bytes}], next}.

Examples:
  $ plexus export best.safetensors --to onnx
  $ plexus export studies/quick --to pytorch -o quick-pytorch
  $ plexus export studies/quick:17 --to weights -o trial-17.safetensors
  $ plexus export studies/quick --to tensorboard --follow`;

/** `plexus export`: trained networks and studies in the form of other programs. */
export const registerExport: RegisterCommand = (program, context) => {
  const command = program
    .command('export')
    .description('Write a trained network, or a study, in the form of another program.')
    .argument('<source>', 'file of weights, checkpoint, or study (its best; DIR:TRIAL)')
    .addOption(
      new Option(
        '--to <target>',
        exportTargets.map(({ name }) => name).join(', '),
      ).makeOptionMandatory(),
    )
    .option('-o, --output <path>', 'what to write (default: by the name of the source)')
    .addOption(
      new Option(
        '--form <name>',
        'relational layers as blocks that are gathered, or as matrices with zeros ' +
          '(default: gather)',
      ).choices(FORMS),
    )
    .option('--fold-batch-norm', 'batch norms as part of the layers before them')
    .option('--with-normalisation', 'take bytes and normalise them inside of the network')
    .option('--format <name>', 'format of the graph file (see: plexus graph make)')
    .option('--follow', 'of tensorboard: write trials as they end, until the study has ended')
    .option('--force', 'replace what is there')
    .option('--data-dir <dir>', 'where data sets are (default: PLEXUS_DATA, else a user cache)');
  addNetworkOptions(command);
  command
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action((source: string, flags: ExportFlags) => run(context, source, flags));
};

/** The options that say what a file of weights does not say. */
export function addNetworkOptions(command: Command): void {
  const rest = 'default: what the file says';
  command
    .option('--arch <name>', `architecture (${rest})`)
    .option('--graph <spec>', `graph spec (${rest})`)
    .addOption(new Option('--stem <name>', `stem (${rest}, else by the size)`).choices(STEMS))
    .option('--width <widths>', `widths, separated by commas (${rest})`, widthList)
    .option('--input <shape>', `shape of an image, CHANNELSxHEIGHTxWIDTH (${rest})`, sampleShape)
    .option('--classes <count>', `number of classes (${rest})`, wholeNumber(2))
    .option('--mean <numbers>', `mean of each channel, of bytes 0 to 255 (${rest})`, numberList)
    .option('--std <numbers>', `deviation of each channel (${rest})`, numberList);
}

async function run(context: CliContext, name: string, flags: ExportFlags): Promise<void> {
  const target = exportTarget(flags.to);
  const options = optionsFor(target, flags);
  const source = sourceOf(name);
  const output = outputOf(target, source, flags);
  if (flags.follow === true) return follow(context, { name, target, source, output, flags });
  checkPlace(target, output, flags);
  const files = await filesOf(context, target, source, flags, options);
  if (target.ending === null) {
    checkFolder(output, [...files.keys()], flags.force === true);
    writeFolderAtomic(output, files);
  } else writeFileAtomic(output, must([...files.values()][0]));
  tell(context, { name, target, output, files, json: flags.json === true });
}

interface Following {
  readonly name: string;
  readonly target: ExportTarget;
  readonly source: Source;
  readonly output: string;
  readonly flags: ExportFlags;
}

async function follow(
  context: CliContext,
  { name, target, source, output, flags }: Following,
): Promise<void> {
  if (target.of !== 'study' || target.perTrial !== true)
    throw new UserError(
      '--follow is of tensorboard, whose files are of one trial each, not of ' +
        `${target.name}; leave it out`,
    );
  const directory = wholeStudy(target, source);
  const files = await followStudy(context, { directory, target, output });
  tell(context, { name, target, output, files, json: flags.json === true });
}

function filesOf(
  context: CliContext,
  target: ExportTarget,
  source: Source,
  flags: SourceFlags,
  options: ExportOptions,
): Promise<ExportedFiles> | ExportedFiles {
  if (target.of === 'network')
    return trainedNetwork(context, source, flags).then((model) => target.files(model, options));
  const { spec, records } = readStudyWithNotes(context, wholeStudy(target, source));
  return target.files({ name: spec.name, hash: studyHash(spec), spec, records }, options);
}

/** The directory of a study that is taken as a whole. */
function wholeStudy(target: ExportTarget, source: Source): string {
  if (source.kind === 'weights')
    throw new UserError(
      `${target.name} takes the trials of a study, but ${source.path} is ` +
        `${existsSync(source.path) ? 'a file' : 'not there'}; name the directory of a study`,
    );
  if (source.trial !== null)
    throw new UserError(
      `${target.name} takes a study as a whole; leave :${source.trial} out of its name`,
    );
  return source.directory;
}

/** The options of the target; throws a `UserError` for one that it does not know. */
function optionsFor(target: ExportTarget, flags: ExportFlags): ExportOptions {
  const { form, foldBatchNorm, withNormalisation, format } = flags;
  const options: ExportOptions = { form, foldBatchNorm, withNormalisation, format };
  for (const [key, option] of Object.entries(OPTION_NAMES)) {
    const name = key as keyof ExportOptions;
    if (options[name] === undefined || target.options.includes(name)) continue;
    const others = exportTargets.filter((each) => each.options.includes(name));
    throw new UserError(
      `${option} is of ${others.map((each) => each.name).join(', ')}, not of ${target.name}; ` +
        'leave it out',
    );
  }
  return options;
}

function outputOf(target: ExportTarget, source: Source, flags: ExportFlags): string {
  const { output, format } = flags;
  if (output !== undefined) return output;
  // Of a graph the format gives the ending.
  if (format !== undefined) return `${nameOf(source)}.${extensionOf(format)}`;
  return target.ending === null
    ? `${nameOf(source)}-${target.name}`
    : `${nameOf(source)}${target.ending}`;
}

function extensionOf(format: string): string {
  const { extensions, name } = writableFormat(format);
  return (extensions[0] ?? name).replace(/^\./, '');
}

/** Before a training that may take long. */
function checkPlace(target: ExportTarget, output: string, { force, format }: ExportFlags): void {
  if (!existsSync(dirname(output)))
    throw new UserError(
      `cannot write ${output}: the directory ${dirname(output)} does not exist; make it first`,
    );
  if (target.ending === null) return force === true ? undefined : checkFolder(output, [], false);
  if (format === undefined) checkEnding(`${target.name} is written`, output, [target.ending]);
  if (!existsSync(output)) return;
  if (!isFile(output)) throw new UserError(`${output} is not a plain file; choose another name`);
  if (force !== true)
    throw new UserError(`${output} exists; choose another name, or replace it with --force`);
}

interface Written {
  readonly name: string;
  readonly target: ExportTarget;
  readonly output: string;
  readonly files: ExportedFiles;
  readonly json: boolean;
}

function tell(context: CliContext, { name, target, output, files, json }: Written): void {
  const sizes = [...files].map(([file, content]) => ({
    file: target.ending === null ? `${output}/${file}` : output,
    bytes: Buffer.byteLength(content),
  }));
  const next = target.next?.(output) ?? [];
  if (json)
    return outJson(context, { source: name, target: target.name, output, files: sizes, next });
  context.out(
    formatTable(
      [{ title: 'file' }, { title: 'bytes', align: 'right' }],
      sizes.map(({ file, bytes }) => [file, String(bytes)]),
    ),
  );
  for (const line of next) context.out(line);
}
