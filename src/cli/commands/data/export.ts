import { existsSync } from 'node:fs';
import { UserError } from '../../../core/errors.js';
import { npzBytes } from '../../../data-files/arrays/npz-bytes.js';
import { loadDataset } from '../../../data-files/load.js';
import type { DataSpec } from '../../../data/types.js';
import { writeFileAtomic } from '../../../platform/fs.js';
import type { DataOptions } from '../../../platform/places.js';
import { type CliContext, outJson } from '../../context.js';
import { checkEnding } from '../../endings.js';
import { formatCount } from '../../format.js';
import type { ShowFlags } from './show.js';

export interface ExportDataFlags extends ShowFlags {
  readonly output: string;
  readonly force?: boolean;
}

export const EXPORT_HELP = `
The file holds x_train, x_test (bytes, N x channels x height x width) and y_train, y_test (classes from 0).
NumPy reads it, so do the scripts of plexus export --to pytorch, and --data npz.

Example:
  $ plexus data export shapes --size 16 -o shapes.npz`;

/** Writes a data set as an archive of arrays. */
export async function exportData(
  name: string,
  flags: ExportDataFlags,
  options: DataOptions,
  context: CliContext,
): Promise<void> {
  const { path, size, trainImages: train, testImages: test, validation, output, force } = flags;
  checkEnding('a data set is written', output, ['.npz']);
  if (existsSync(output) && force !== true)
    throw new UserError(`${output} exists; choose another name, or replace it with --force`);
  const spec: DataSpec = { name, path, size, train, test, validation };
  const dataset = await loadDataset(spec, {
    ...options,
    signal: context.signal,
    note: (line) => context.note(line),
  });
  if (dataset.pictures !== null)
    throw new UserError(
      `${name} is pictures that are cut while they are trained on, not arrays; other programs take ` +
        'the folder as it is',
    );
  const bytes = npzBytes(dataset);
  writeFileAtomic(output, bytes);
  const { identity } = dataset;
  if (flags.json === true) outJson(context, { output, identity, bytes: bytes.length });
  else context.out(`${output}: ${identity}, ${formatCount(bytes.length)} bytes`);
}
