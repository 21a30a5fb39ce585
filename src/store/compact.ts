import { isLog, LOG_ENDING, LOG_FOLDER } from './shared-log.js';
import { ALIVE_FOLDER } from './claims.js';
import type { SharedFiles } from './shared-files.js';
import { parseWorkerBytes } from './worker-log.js';

/** What the name of a file of several workers' lines begins with. */
const JOINED = 'joined-';

/**
 * Puts the logs of workers that have ended into one file, so that a study has not more files than
 * workers, however often these are started anew. The new file is there, whole, before the old ones
 * go, and every line says whose it is: whoever reads meanwhile may see lines twice, and counts them
 * once. A log with a damaged line stays as it is, for people to look at; of a torn end nothing is
 * kept, as readers keep nothing of it.
 *
 * @param name of the new file: the worker's that joins, which does so once
 * @param least joins only where there are as many; default 2
 * @returns the files that were joined
 */
export async function joinLogs(
  files: SharedFiles,
  name: string,
  least = 2,
): Promise<readonly string[]> {
  const alive = new Set(await files.list(ALIVE_FOLDER));
  const ended = (await files.list(LOG_FOLDER)).filter(
    (file) => isLog(file) && !alive.has(file.slice(0, -LOG_ENDING.length)),
  );
  const whole: { readonly file: string; readonly bytes: Uint8Array }[] = [];
  for (const file of ended) {
    const bytes = await files.read(`${LOG_FOLDER}/${file}`);
    if (bytes === null) continue;
    const parsed = parseWorkerBytes(bytes);
    if (parsed.damaged.length === 0) whole.push({ file, bytes: bytes.subarray(0, parsed.bytes) });
  }
  if (whole.length < least) return [];
  const joined = new Uint8Array(whole.reduce((sum, { bytes }) => sum + bytes.length, 0));
  let at = 0;
  for (const { bytes } of whole) {
    joined.set(bytes, at);
    at += bytes.length;
  }
  await files.place(`${LOG_FOLDER}/${JOINED}${name}${LOG_ENDING}`, joined);
  for (const { file } of whole) await files.remove(`${LOG_FOLDER}/${file}`);
  return whole.map(({ file }) => file);
}
