import { UserError } from '../core/errors.js';
import type { BackendInfo, Executable } from '../engine/types.js';
import type { CheckpointWriter, TrainState } from '../train/state.js';
import { type TrainIdentity, writeCheckpoint } from './checkpoint.js';

/** Where and when a training is kept, so that it can go on after an interruption. */
export interface CheckpointOptions {
  /** Written in one step each time; its directory must be there. */
  readonly file: string;
  /** The file for the one that is written when the training is stopped; default: `file`. */
  readonly stopFile?: (() => string) | undefined;
  /** Go on from the file, where there is one; else it is written over. */
  readonly resume: boolean;
  /** At the ends of every so many epochs; default 1. */
  readonly everyEpochs?: number | undefined;
  /** Least seconds from one to the next at the ends of epochs; default 0. */
  readonly leastSeconds?: number | undefined;
  /** Within an epoch after so many seconds without one; default 300. */
  readonly withinSeconds?: number | undefined;
  /** Texts to write beside it. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Also after the last epoch; default true. */
  readonly last?: boolean | undefined;
  /**
   * A file that is damaged or of another training: an error (the default), or a note and a start
   * from the seed.
   */
  readonly unfit?: 'refuse' | 'restart' | undefined;
}

const WITHIN_SECONDS = 300;

/** What a writer writes of. */
export interface Written {
  readonly executable: Executable;
  readonly identity: TrainIdentity;
  readonly backend: BackendInfo;
  /** Of the whole training. */
  readonly epochs: number;
}

/**
 * @param note takes a line when a checkpoint cannot be written, as on a full disk; the training
 * goes on without it
 */
export function createCheckpointWriter(
  options: CheckpointOptions,
  { executable, identity, backend, epochs }: Written,
  note?: (line: string) => void,
): CheckpointWriter {
  const {
    file,
    stopFile = () => file,
    everyEpochs = 1,
    leastSeconds = 0,
    withinSeconds = WITHIN_SECONDS,
    last = true,
  } = options;
  let written = performance.now();
  let problem: string | null = null;
  const elapsed = (): number => (performance.now() - written) / 1000;
  const write = async (state: TrainState, target = file): Promise<void> => {
    await writeCheckpoint(target, executable, identity, backend, state, options.metadata);
    written = performance.now();
    problem = null;
  };
  const tryToWrite = async (state: TrainState): Promise<void> => {
    try {
      await write(state);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      // Tried again when the next one is due.
      written = performance.now();
      problem = error.message;
      note?.(`note: training goes on without a new checkpoint: ${error.message}`);
    }
  };
  const due = ({ epoch }: TrainState): boolean =>
    epoch === epochs ? last : epoch % everyEpochs === 0 && elapsed() >= leastSeconds;
  return {
    step: async (state) => {
      if (elapsed() >= withinSeconds) await tryToWrite(await state());
    },
    epoch: async (state) => {
      if (due(state)) await tryToWrite(state);
    },
    leave: tryToWrite,
    problem: () => problem,
    stop: async (state) => {
      const target = stopFile();
      await write(state, target);
      return target;
    },
  };
}
