import { z } from 'zod';
import { crc32 } from '../core/crc32.js';
import { UserError } from '../core/errors.js';
import type { Tensor } from '../core/tensor.js';

/**
 * The metadata's key of the CRC-32 of everything else, as JSON: of the text that tells of the
 * training, and of the bytes of each tensor. Checkpoints of before there was one are taken as they
 * are.
 */
const KEY = 'plexus-crc32';

const sum = z.int().min(0);
const sumsSchema = z.object({ about: sum, tensors: z.record(z.string(), sum) });
type Sums = z.output<typeof sumsSchema>;

/**
 * The metadata that hold the checksums of a checkpoint.
 *
 * @param about the text that tells of the training
 */
export function checksumsOf(
  about: string,
  tensors: ReadonlyMap<string, Tensor>,
): Readonly<Record<string, string>> {
  return { [KEY]: JSON.stringify(sumsOf(about, tensors)) };
}

function sumsOf(about: string, tensors: ReadonlyMap<string, Tensor>): Sums {
  const ofTensor = ({ data }: Tensor): number =>
    crc32(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return {
    about: crc32(new TextEncoder().encode(about)),
    tensors: Object.fromEntries([...tensors].map(([name, tensor]) => [name, ofTensor(tensor)])),
  };
}

/** Throws a `UserError` unless a checkpoint's bytes are those that were written. */
export function checkSums(
  metadata: ReadonlyMap<string, string>,
  about: string,
  tensors: ReadonlyMap<string, Tensor>,
): void {
  const text = metadata.get(KEY);
  if (text === undefined) return;
  const remedy = 'remove it and train from the start';
  const expected = sumsSchema.safeParse(jsonOrNull(text));
  if (!expected.success) throw new UserError(`the checkpoint is damaged (${KEY}); ${remedy}`);
  const found = sumsOf(about, tensors);
  const wrong = [...tensors.keys()].find(
    (name) => found.tensors[name] !== expected.data.tensors[name],
  );
  if (wrong === undefined && found.about === expected.data.about) return;
  throw new UserError(
    `the checkpoint is damaged: ${wrong ?? 'what it tells of its training'} does not have the ` +
      `checksum that it was written with; ${remedy}`,
  );
}

/** The value of a JSON text; null where it is none, which its reader tells as any other damage. */
export function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Told by the caller.
    return null;
  }
}
