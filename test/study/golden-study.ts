import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runStudy, type TrialRecord } from '../../src/public/study.js';

/**
 * A study that Plexus 0.1.0 began, registered, and left off in the middle of a line of its log; and
 * the log of the same spec run in one go then. WebAssembly's kernels of one version give the same
 * bits everywhere; since then weights are summed in another order.
 */
export const GOLDEN = 'test/golden/study-0.1';

/** The log of 0.1.0's run in one go. */
export const wholeThen: readonly TrialRecord[] = readFileSync(
  'test/golden/study-0.1-whole.ndjson',
  'utf8',
)
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as TrialRecord);

/** The same study run in one go by the kernels of today, in a new folder of `root`. */
export async function wholeNow(root: string): Promise<readonly TrialRecord[]> {
  const directory = join(root, 'whole-now');
  cpSync(GOLDEN, directory, { recursive: true });
  writeFileSync(join(directory, 'trials.ndjson'), '');
  return (await runStudy({ directory, spec: null, data: { env: {} }, workers: 1 })).records;
}
