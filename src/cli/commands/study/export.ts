import { existsSync, realpathSync, rmSync } from 'node:fs';
import { basename, dirname, extname, join, relative, sep } from 'node:path';
import type { Command } from 'commander';
import {
  EXPORT_FORMATS,
  exportBytes,
  exportDictionary,
  type ExportFormat,
  type ExportRows,
  exportTable,
  type ExportTable,
} from '../../../analysis/export/index.js';
import { unknownName, UserError } from '../../../core/errors.js';
import { isFile, readBytes, writeFileAtomic } from '../../../platform/fs.js';
import type { StudyPaths } from '../../../store/paths.js';
import { isConfirming } from '../../../study/confirm.js';
import type { CliContext } from '../../context.js';
import { endingOf } from '../../endings.js';
import { readStudyWithNotes } from '../../reading.js';

interface ExportOptions {
  readonly output: string;
  readonly format?: string;
  readonly epochs?: boolean;
  readonly force?: boolean;
}

const HELP = `
One row for each trial in the study's order, those that have not ended too (status pending); with
--epochs one for each epoch that was finished. Beside FILE comes a data dictionary, FILE with its
ending replaced by .dictionary.json (.epochs.dictionary.json with --epochs): name, type,
unit, definition and source of every column. What is absent is empty in CSV and null in JSON and Parquet.

Examples:
  $ plexus study export studies/quick -o quick.csv
  $ plexus study export studies/quick -o curves.parquet --epochs`;

/** Adds `plexus study export` to `plexus study`. */
export function registerStudyExport(study: Command, context: CliContext): void {
  study
    .command('export')
    .description('Write the trials of a study as one table for other programs.')
    .argument('<dir>', 'the directory of a study')
    .requiredOption('-o, --output <file>', 'the file to write')
    .option(
      '-f, --format <name>',
      `${EXPORT_FORMATS.join(', ')} (default: by the ending of the file)`,
    )
    .option('--epochs', 'one row for each trial and epoch')
    .option('--force', 'replace the file where it exists')
    .addHelpText('after', HELP)
    .action((directory: string, options: ExportOptions) =>
      exportStudy(context, directory, options),
    );
}

function exportStudy(context: CliContext, directory: string, options: ExportOptions): void {
  const { output: file, force = false } = options;
  const format = formatOf(file, options.format);
  const { paths, spec, trials, records, state } = readStudyWithNotes(context, directory);
  checkPlace(file, paths);
  const rows = options.epochs === true ? 'epochs' : 'trials';
  const table = exportTable({ spec, trials, records, dataIdentity: state.data }, rows);
  const dictionary = dictionaryPath(file, rows);
  checkFree(file, dictionary, exportDictionary(table), force);
  writeBoth(file, dictionary, table, format);
  const own = trials.filter((trial) => !isConfirming(spec, trial)).length;
  const pending =
    spec.search === undefined
      ? own - records.filter((record) => !isConfirming(spec, record)).length
      : 0;
  if (pending > 0)
    context.note(
      `note: ${pending} of ${own} trials have not ended: ` +
        (options.epochs === true ? 'they have no rows' : 'their status is pending'),
    );
  context.out(
    `${file}: ${table.rowCount} rows, ${table.columns.length} columns\n${dictionary}: ` +
      'what the columns mean',
  );
}

function formatOf(file: string, wanted: string | undefined): ExportFormat {
  const name = wanted ?? extname(file).slice(1).toLowerCase();
  const format = EXPORT_FORMATS.find((known) => known === name);
  const ending = EXPORT_FORMATS.find((known) => endingOf(file) === `.${known}`);
  if (format !== undefined && ending !== undefined && ending !== format)
    throw new UserError(
      `${file} would hold ${format} under the ending of ${ending}; correct the ending, or leave ` +
        'out --format',
    );
  if (format !== undefined) return format;
  if (wanted !== undefined) throw unknownName('format', wanted, EXPORT_FORMATS);
  throw new UserError(
    `${file} has no ending that tells its format; expected one of ` +
      `${EXPORT_FORMATS.map((known) => `.${known}`).join(', ')}, or give --format`,
  );
}

/** The tables of trials and of epochs have other columns, so that either has a dictionary. */
function dictionaryPath(file: string, rows: ExportRows): string {
  const kind = rows === 'epochs' ? '.epochs' : '';
  return `${file.slice(0, file.length - extname(file).length)}${kind}.dictionary.json`;
}

/**
 * The folder must be there, and the file none of the study's own: --force must not destroy a study.
 */
function checkPlace(file: string, paths: StudyPaths): void {
  const folder = dirname(file);
  if (!existsSync(folder))
    throw new UserError(
      `cannot write ${file}: the directory ${folder} does not exist; make it first`,
    );
  const target = existsSync(file) ? realpathSync(file) : join(realpathSync(folder), basename(file));
  const [first, ...deeper] = relative(realpathSync(paths.directory), target).split(sep);
  const own =
    deeper.length === 0
      ? [paths.spec, paths.state, paths.log, paths.damaged, paths.lock, paths.registration]
      : [paths.checkpoints, join(paths.directory, 'graphs')];
  if (own.some((path) => basename(path) === first))
    throw new UserError(`${file} is one of the files of the study itself; choose another name`);
}

/**
 * Nothing that is there is replaced unasked. A dictionary that says the same already is fine: the
 * formats of one table share theirs.
 */
function checkFree(file: string, dictionary: string, meaning: string, force: boolean): void {
  for (const path of [file, dictionary].filter((name) => existsSync(name))) {
    if (!isFile(path)) throw new UserError(`${path} is not a plain file; choose another name`);
    const same = path === dictionary && Buffer.from(readBytes(path)).equals(Buffer.from(meaning));
    if (!force && !same)
      throw new UserError(`${path} exists; choose another name, or replace it with --force`);
  }
}

/** The dictionary first; where the table then cannot be written, it is as before. */
function writeBoth(
  file: string,
  dictionary: string,
  table: ExportTable,
  format: ExportFormat,
): void {
  const bytes = exportBytes(table, format);
  const before = existsSync(dictionary) ? readBytes(dictionary) : null;
  writeFileAtomic(dictionary, exportDictionary(table));
  try {
    writeFileAtomic(file, bytes);
  } catch (error) {
    if (before === null) rmSync(dictionary, { force: true });
    else writeFileAtomic(dictionary, before);
    throw error;
  }
}
