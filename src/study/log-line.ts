import { z } from 'zod';
import type { Trial, TrialRecord } from './types.js';
import { sealLine, unsealLine } from './line-checksum.js';

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
  graphs: z.array(z.strictObject({ clustering: finite, pathLength: finite.nullable() })).optional(),
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
export const recordSchema = z.discriminatedUnion('status', [
  z.strictObject({ ...common, status: z.literal('complete'), facts, error: finite }),
  z.strictObject({ ...common, status: z.literal('stopped'), facts }),
  z.strictObject({
    ...common,
    status: z.literal('failed'),
    reason: z.string(),
    facts: facts.nullable(),
  }),
]) satisfies z.ZodType<TrialRecord>;

/** The line of a record, its checksum last, with its line end. */
export function formatLine(record: TrialRecord): string {
  return sealLine(JSON.stringify(record));
}

/**
 * The record on a line without its line end; null where the line is damaged: no record, or not the
 * bytes that its checksum is of. A line of before there were checksums is taken as it is.
 */
export function parseLine(line: Uint8Array): TrialRecord | null {
  const found = unsealLine(line);
  if (found === null) return null;
  try {
    const parsed = recordSchema.safeParse(JSON.parse(found.json));
    return parsed.success ? parsed.data : null;
  } catch {
    // Not JSON: the caller says which line.
    return null;
  }
}

/** Whether a record is of the trial of its number. */
export function isOf(record: TrialRecord, trials: readonly Trial[]): boolean {
  const trial = trials[record.index];
  return (
    trial !== undefined &&
    trial.graph === record.graph &&
    trial.seed === record.seed &&
    trial.role === record.role
  );
}
