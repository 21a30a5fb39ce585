import { availableParallelism } from 'node:os';
import { UserError } from '../core/errors.js';
import { sizeText } from '../core/sizes.js';
import type { Dataset } from '../data/types.js';
import { compile } from '../engine/compile.js';
import { programBytes } from '../engine/memory.js';
import type { BackendInfo } from '../engine/types.js';
import { baselineNetwork } from '../network/design.js';
import { machineMemory } from '../platform/machine.js';
import type { StudySpec } from '../study/types.js';

/** What decides how many trials can be trained at the same time. */
export interface WorkerRequest {
  /** What the user asked for; undefined: as many as are of use. */
  readonly asked: number | undefined;
  /** Trials to run. */
  readonly pending: number;
  /** Threads of each. */
  readonly threads: number;
  /** Bytes that one trial needs. */
  readonly bytes: number;
  readonly cores?: number;
  /** Bytes that the process may use. */
  readonly memory?: number;
}

/**
 * How many workers a study gets: one for each core (for each so many threads), as far as the memory
 * goes; never more than there are trials, never none. A single trial that needs too much is left to
 * the trial itself, which fails with that reason.
 *
 * @throws UserError when more are asked for than the memory holds
 */
export function workerCount({
  asked,
  pending,
  threads,
  bytes,
  cores = availableParallelism(),
  memory = machineMemory(),
}: WorkerRequest): number {
  const most = Math.max(1, Math.floor(memory / bytes));
  const wanted = Math.max(1, Math.min(asked ?? Math.floor(cores / threads), pending));
  if (asked === undefined || wanted <= most) return Math.min(wanted, most);
  throw new UserError(
    `the workers must fit into the machine's ${sizeText(memory)} of memory together, ` +
      `but each of ${wanted} needs ${sizeText(bytes)}; use --workers ${most}, or lower ` +
      'train.batch or raise train.accumulate',
  );
}

/**
 * Bytes that the dense baseline of a study needs in training. The graphs' networks cost as many
 * multiply-adds and need about as much.
 */
export function trialBytes(
  { arch, stem, train }: StudySpec,
  dataset: Dataset,
  backend: BackendInfo,
): number {
  const network = baselineNetwork(arch, {
    input: dataset.shape,
    classes: dataset.classes.length,
    stem: stem === 'auto' ? undefined : stem,
  });
  return programBytes(compile(network, { batch: train.batch / train.accumulate }), backend).total;
}
