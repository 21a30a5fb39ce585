import { z } from 'zod';
import { crc32 } from '../core/crc32.js';
import { UserError } from '../core/errors.js';
import { jsonOrNull } from '../core/json.js';
import type { Tensor } from '../core/tensor.js';

/**
 * The metadata's key of the CRC-32 of everything else, as JSON: of the other metadata, and of the
 * bytes of each tensor. Checkpoints of before there was one are taken as they
 * are.
 */
const KEY = 'plexus-crc32';

const sum = z.int().min(0);
const sumsSchema = z.object({ metadata: sum, tensors: z.record(z.string(), sum) });
type Sums = z.output<typeof sumsSchema>;

/**
 * The metadata of a checkpoint, with the checksums of them and of its tensors.
 */
export function withChecksums(
  metadata: Readonly<Record<string, string>>,
  tensors: ReadonlyMap<string, Tensor>,
): Readonly<Record<string, string>> {
  const sums = sumsOf(new Map(Object.entries(metadata)), tensors);
  return { ...metadata, [KEY]: JSON.stringify(sums) };
}

function sumsOf(metadata: ReadonlyMap<string, string>, tensors: ReadonlyMap<string, Tensor>): Sums {
  const ofTensor = ({ data }: Tensor): number =>
    crc32(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  const told = [...metadata].filter(([key]) => key !== KEY);
  told.sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    metadata: crc32(new TextEncoder().encode(JSON.stringify(told))),
    tensors: Object.fromEntries([...tensors].map(([name, tensor]) => [name, ofTensor(tensor)])),
  };
}

/** Throws a `UserError` unless a checkpoint's bytes are those that were written. */
export function checkSums(
  metadata: ReadonlyMap<string, string>,
  tensors: ReadonlyMap<string, Tensor>,
): void {
  const text = metadata.get(KEY);
  if (text === undefined) return;
  const remedy = 'remove it and train from the start';
  const expected = sumsSchema.safeParse(jsonOrNull(text));
  if (!expected.success) throw new UserError(`the checkpoint is damaged (${KEY}); ${remedy}`);
  const found = sumsOf(metadata, tensors);
  const wrong = [...tensors.keys()].find(
    (name) => found.tensors[name] !== expected.data.tensors[name],
  );
  if (wrong === undefined && found.metadata === expected.data.metadata) return;
  throw new UserError(
    `the checkpoint is damaged: ${wrong ?? 'what it tells of its training'} does not have the ` +
      `checksum that it was written with; ${remedy}`,
  );
}
