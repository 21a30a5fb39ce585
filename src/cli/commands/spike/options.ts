import { type Command, InvalidArgumentError } from 'commander';
import { MOST_STEPS } from '../../../spikes/convert.js';
import type { Mesh } from '../../../spikes/mesh.js';
import type { CodeSetting } from '../../../spikes/measured.js';
import { SPIKE_CODES } from '../../../spikes/types.js';
import { wholeNumber } from '../../arguments.js';
import type { MeasureSettings } from './measure.js';

/** The options that say how a network is measured. */
export interface MeasureFlags {
  readonly code: readonly CodeSetting[];
  readonly calibrate: number;
  readonly mesh: Mesh;
  readonly placeSeed: number;
  readonly workers?: number;
}

export function addMeasureOptions(command: Command, codes: string): Command {
  return addMeshOptions(
    command
      .option(
        '--code <codes>',
        `codes with their steps, separated by commas: ${SPIKE_CODES.map((name) => `${name}:T`).join(', ')}`,
        codeList,
        codeList(codes),
      )
      .option(
        '--calibrate <count>',
        'training images that thresholds are chosen by',
        wholeNumber(1, 65_536),
        256,
      )
      .option('--workers <count>', 'threads (default: one for each core)', wholeNumber(1, 256)),
  );
}

export function addMeshOptions(command: Command): Command {
  return command
    .option('--mesh <shape>', 'rows and columns of cores', meshShape, { rows: 8, columns: 8 })
    .option('--place-seed <number>', 'seed of the annealing', wholeNumber(0, 2 ** 31), 1);
}

/** @param tuned whether the weights were tuned for spikes */
export const settingsOf = (flags: MeasureFlags, tuned: boolean): MeasureSettings => ({
  codes: flags.code,
  tuned,
  calibrate: flags.calibrate,
  mesh: flags.mesh,
  seed: flags.placeSeed,
});

/** Reads `qcfs:16,rate:32`. */
function codeList(text: string): CodeSetting[] {
  return text.split(',').map((part) => {
    const [, name, digits] = /^([a-z]+):(\d+)$/.exec(part.trim()) ?? [];
    const code = SPIKE_CODES.find((each) => each === name);
    const steps = Number(digits);
    if (code === undefined || !(steps >= 1 && steps <= MOST_STEPS))
      throw new InvalidArgumentError(
        `expected codes with 1 to ${MOST_STEPS} steps, as qcfs:16 or ${SPIKE_CODES.join(':8,')}:8.`,
      );
    return { code, steps };
  });
}

/** Reads `8x8`. */
function meshShape(text: string): Mesh {
  const [, rows, columns] = /^(\d{1,4})x(\d{1,4})$/.exec(text) ?? [];
  if (rows === undefined || columns === undefined)
    throw new InvalidArgumentError('expected rows and columns of cores, as 8x8.');
  return { rows: Number(rows), columns: Number(columns) };
}

export const meshText = ({ rows, columns }: Mesh): string => `${rows} x ${columns}`;

export const codeText = ({ code, steps }: CodeSetting): string => `${code}:${steps}`;
