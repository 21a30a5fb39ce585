import { totalmem } from 'node:os';

/** Bytes this process may use: the machine's memory, or a container's limit. */
export function machineMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}
