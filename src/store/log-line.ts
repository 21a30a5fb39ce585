import { z } from 'zod';
import { crc32 } from '../core/crc32.js';
import type { TrialRecord } from '../study/types.js';

const finite = z.number();
/** Null where an older version, which did not count it, wrote the record. */
const later = finite.nullable().default(null);
/** Null in imported records, whose source did not keep it. */
const unkept = finite.nullable();
const epochRecord = z.strictObject({
  epoch: z.int(),
  learningRate: unkept,
  trainLoss: unkept,
  trainError: unkept,
  trainError5: later,
  validationLoss: finite.optional(),
  validationError: finite.optional(),
  validationError5: finite.optional(),
  testLoss: unkept,
  testError: finite,
  testError5: later,
});
const facts = z.strictObject({
  // Means over the layers where these have different graphs.
  nodes: finite,
  edges: finite,
  clustering: finite,
  pathLength: finite.nullable(),
  widths: z.array(z.int()),
  macs: z.int(),
  params: z.int(),
});
const common = {
  index: z.int().min(0),
  role: z.enum(['baseline', 'graph']),
  graph: z.string(),
  seed: z.int(),
  epochs: z.array(epochRecord),
  seconds: finite,
  precision: z.literal('bf16').optional(),
  published: z.array(finite).optional(),
};
const recordSchema = z.discriminatedUnion('status', [
  z.strictObject({ ...common, status: z.literal('complete'), facts, error: finite }),
  z.strictObject({ ...common, status: z.literal('stopped'), facts }),
  z.strictObject({
    ...common,
    status: z.literal('failed'),
    reason: z.string(),
    facts: facts.nullable(),
  }),
]) satisfies z.ZodType<TrialRecord>;

/** The last field of a line: the CRC-32 of the bytes that the line has without it. */
const CHECKSUM = /,"crc32":"([0-9a-f]{8})"\}$/;

/** The line of a record, its checksum last, with its line end. */
export function formatLine(record: TrialRecord): string {
  const text = JSON.stringify(record);
  return `${text.slice(0, -1)},"crc32":"${checksumOf(text)}"}\n`;
}

/**
 * The record on a line without its line end; null where the line is damaged: no record, or not the
 * bytes that its checksum is of. A line of before there were checksums is taken as it is.
 */
export function parseLine(line: Uint8Array): TrialRecord | null {
  const text = Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('utf8');
  const found = CHECKSUM.exec(text);
  const record = found ? `${text.slice(0, found.index)}}` : text;
  // Bytes that are no UTF-8 have been replaced, and have another checksum then.
  if (found && checksumOf(record) !== found[1]) return null;
  try {
    const parsed = recordSchema.safeParse(JSON.parse(record));
    return parsed.success ? parsed.data : null;
  } catch {
    // Not JSON: the caller says which line.
    return null;
  }
}

function checksumOf(text: string): string {
  return crc32(new TextEncoder().encode(text)).toString(16).padStart(8, '0');
}
