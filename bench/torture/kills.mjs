// A study is killed again and again (SIGKILL, at random times) and continued until it has ended; the
// log then holds the records of a run that nobody killed.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ended, recordsOf, startStudy, wholeStudy, writeSpec } from './study.mjs';

/** Most milliseconds from the start of a run until it is killed. */
const LONGEST = 6000;

/** Waits until one more trial has ended, or the process has, and so many milliseconds. */
async function oneMore(out, child, milliseconds) {
  const log = join(out, 'trials.ndjson');
  const size = () => (existsSync(log) ? statSync(log).size : 0);
  const before = size();
  while (child.exitCode === null && size() <= before) await sleep(10);
  await sleep(milliseconds);
}

/**
 * @param directory an empty one
 * @param count kills
 */
export async function kills({ directory, count, random, say }) {
  const spec = writeSpec(directory);
  const { records: expected, milliseconds } = await wholeStudy(directory);
  const longest = Math.min(LONGEST, milliseconds);
  let [done, lost, wrong] = [0, 0, 0];
  for (let study = 0; done < count; study++) {
    const out = join(directory, `killed-${study}`);
    for (let over = false; !over;) {
      const child = startStudy(spec, out, '--workers', random() < 0.5 ? '1' : '2');
      const end = ended(child);
      if (done < count) {
        // At any time, or soon after a trial has ended: else a busy machine kills beginnings only.
        if (random() < 0.4) await Promise.race([sleep(random() * longest), end]);
        else await oneMore(out, child, (longest / 4) * random());
        if (child.kill('SIGKILL')) done += child.exitCode === null ? 1 : 0;
      }
      const outcome = await end;
      over = outcome.signal === null;
      if (over && outcome.status !== 0) {
        wrong += 1;
        say(`a run ended with ${outcome.status}: ${outcome.notes}`);
      }
    }
    if (!existsSync(out) || recordsOf(out) !== expected) lost += 1;
    say(`kills: ${done} of ${count}, ${study + 1} studies, ${lost} differ`);
  }
  return { n: done, lost, wrong };
}
