import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { makeDirectory, withFileErrors } from '../platform/fs.js';
import type { Trial } from '../study/types.js';

/** Least time between two checkpoints of a trial, in seconds. */
export const CHECKPOINT_SECONDS = 30;

/** Where a trial is kept while it is trained. */
export function checkpointFile(folder: string, { index }: Trial): string {
  return join(folder, `trial-${index}.safetensors`);
}

/**
 * Makes the folder and leaves the checkpoints of these trials in it: others ended, and what a
 * killed run was writing is of no use.
 */
export function tidyCheckpoints(folder: string, pending: readonly Trial[]): void {
  makeDirectory(folder);
  const wanted = new Set(pending.map((trial) => basename(checkpointFile(folder, trial))));
  withFileErrors('tidy up', folder, () => {
    for (const name of readdirSync(folder))
      if (!wanted.has(name)) rmSync(join(folder, name), { force: true, recursive: true });
  });
}

export function removeCheckpoint(folder: string, trial: Trial): void {
  const file = checkpointFile(folder, trial);
  withFileErrors('remove', file, () => rmSync(file, { force: true }));
}

/** Removes the folder when nothing is in it. */
export function removeEmptyFolder(folder: string): void {
  withFileErrors('remove', folder, () => {
    if (existsSync(folder) && readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
  });
}
