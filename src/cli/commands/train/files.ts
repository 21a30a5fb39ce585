import { accessSync, closeSync, constants, existsSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from '../../../core/errors.js';
import type { Executable } from '../../../engine/types.js';
import { readWeights } from '../../../engine/weights.js';
import { FIGURE_FORMATS, figureContent } from '../../../figures/files.js';
import { withFileErrors, writeFileAtomic } from '../../../platform/fs.js';
import { writeSafetensorsFile } from '../../../platform/safetensors-files.js';
import type { CheckpointOptions } from '../../../train-files/checkpoint-writer.js';
import { choiceError } from '../../../study/choice.js';
import type { EpochRecord } from '../../../train/types.js';
import type { CliContext } from '../../context.js';
import {
  loadFittingWeights,
  loadWeightsInto,
  readWeightsFile,
  WEIGHTS_KEY,
} from '../../../train-files/weights-file.js';
import { checkEnding, endingOf } from '../../endings.js';

/** The options of `plexus train` that name files. */
export interface FileOptions {
  readonly load?: string | undefined;
  readonly lenient?: boolean | undefined;
  readonly save?: string | undefined;
  readonly saveBest?: string | undefined;
  readonly checkpoint?: string | undefined;
  readonly every?: number | undefined;
  readonly resume?: boolean | undefined;
  readonly curves?: string | undefined;
}

/** Checks the files before the training, which may take days. Throws a `UserError`. */
export function checkFiles({
  load,
  lenient,
  save,
  saveBest,
  checkpoint,
  every,
  resume,
  curves,
}: FileOptions): void {
  if (lenient === true && load === undefined)
    throw new UserError(
      '--lenient is about the weights that are loaded, but there are none; name their file with --load',
    );
  checkEndings({ save, saveBest, checkpoint, curves });
  for (const path of [save, saveBest, checkpoint, curves])
    if (path !== undefined) withFileErrors('write', path, () => checkWritable(path));
  if (checkpoint === undefined) {
    const [option] = [
      ...(every === undefined ? [] : ['--every']),
      ...(resume === true ? ['--resume'] : []),
    ];
    if (option !== undefined)
      throw new UserError(
        `${option} is about the checkpoint, but there is none; name its file with --checkpoint`,
      );
  } else if (existsSync(checkpoint) && resume !== true) {
    throw new UserError(
      `${checkpoint} exists already; add --resume to go on from it, remove it to train ` +
        'from the start, or name another file',
    );
  }
}

/** The ending of a file's name says what is in it. */
function checkEndings({ save, saveBest, checkpoint, curves }: FileOptions): void {
  const weights = ['.safetensors'];
  if (save !== undefined) checkEnding('--save writes weights', save, weights);
  if (saveBest !== undefined) checkEnding('--save-best writes weights', saveBest, weights);
  // One that is there already goes on under the name that it has.
  if (checkpoint !== undefined && !existsSync(checkpoint))
    checkEnding('--checkpoint keeps the training', checkpoint, weights);
  if (curves !== undefined)
    checkEnding(
      '--curves draws',
      curves,
      FIGURE_FORMATS.map((format) => `.${format}`),
    );
}

/** Throws the system's error where a file cannot be written; makes none. */
function checkWritable(path: string): void {
  if (!existsSync(path)) accessSync(dirname(path), constants.W_OK);
  else closeSync(openSync(path, 'r+'));
}

/** @param facts what the training is, written beside it */
export function checkpointOf(
  { checkpoint, every, resume }: FileOptions,
  facts: Readonly<Record<string, unknown>>,
): CheckpointOptions | null {
  return checkpoint === undefined
    ? null
    : {
        file: checkpoint,
        resume: resume === true,
        metadata: { [WEIGHTS_KEY]: JSON.stringify(facts) },
        ...(every !== undefined && { everyEpochs: every }),
      };
}

/**
 * Loads starting weights. Throws a `UserError` where the file does not fit, or is a checkpoint.
 *
 * @param lenient whether what fits is taken and the rest left
 */
export function loadWeights(
  executable: Executable,
  path: string,
  lenient: boolean,
  note: (line: string) => void,
): void {
  const weights = readWeightsFile(path);
  if (weights.checkpoint) {
    throw new UserError(
      `--load takes a file of weights, but ${path} is a checkpoint; go on from it with ` +
        `--checkpoint ${path} --resume, which with --save writes its weights when the ` +
        'training is done',
    );
  }
  (lenient ? loadFittingWeights : loadWeightsInto)(executable, weights, note);
}

/**
 * Writes weights with what they are: the training's facts, and those of the epoch that they are of.
 */
export async function saveWeights(
  path: string,
  executable: Executable,
  facts: Readonly<Record<string, unknown>>,
  { epoch, validationLoss, validationError, testLoss, testError, testError5 }: EpochRecord,
): Promise<void> {
  writeSafetensorsFile(path, await readWeights(executable), {
    [WEIGHTS_KEY]: JSON.stringify({
      ...facts,
      epoch,
      validationLoss,
      validationError,
      testLoss,
      testError,
      testError5,
    }),
  });
}

/** The epoch of the lowest error (see `choiceError`), the first of equals; null of none. */
export function bestOf(records: readonly EpochRecord[]): EpochRecord | null {
  return records.reduce<EpochRecord | null>(
    (best, record) => (best && choiceError(best) <= choiceError(record) ? best : record),
    null,
  );
}

export async function saveCurves(
  path: string,
  title: string,
  records: readonly EpochRecord[],
): Promise<void> {
  // Loaded here only: drawing needs large libraries.
  const { trainingCurves } = await import('../../../figures/index.js');
  const drawn = trainingCurves(title, records);
  const format = FIGURE_FORMATS.find((each) => endingOf(path) === `.${each}`) ?? 'svg';
  writeFileAtomic(path, format === 'svg' ? drawn : await figureContent(drawn, format));
}

/** Says from where a training goes on. */
export function noteResumed(
  context: CliContext,
  file: string,
  epochs: number,
  steps: number,
): void {
  context.note(
    `goes on after ${epochs} ` +
      `epoch${epochs === 1 ? '' : 's'}${steps === 0 ? '' : ` and ${steps} updates`} ` +
      `(${file})`,
  );
}
