// A study runs on a disk that is nearly full, of several sizes, and goes on when there is room; it
// then has the records of a run with room. Needs the right to mount.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ended, recordsOf, startStudy, wholeStudy, writeSpec } from './study.mjs';

/** Sizes in KiB: from nothing but the lock to nearly all that the study takes. */
const LEVELS = [8, 24, 64, 400, 1200];

export async function disk({ directory, count, say }) {
  const spec = writeSpec(directory);
  const { records: expected } = await wholeStudy(directory);
  let [n, lost, silent] = [0, 0, 0];
  for (const size of LEVELS.slice(0, count)) {
    const place = join(directory, `disk-${size}`);
    mkdirSync(place);
    if (!mount(['-t', 'tmpfs', '-o', `size=${size}k`, 'tmpfs', place])) {
      say('disk: NOT RUN, this needs the right to mount (root)');
      return { n, lost, silent, skipped: true };
    }
    try {
      const out = join(place, 'study');
      const full = await ended(startStudy(spec, out));
      // It may end well where it just fits; else it says what could not be written.
      if (full.status !== 0 && !/^error: cannot .*the disk is full/m.test(full.notes)) silent += 1;
      mount(['-o', 'remount,size=64m', place]);
      const rest = await ended(startStudy(spec, out));
      if (rest.status !== 0 || recordsOf(out) !== expected) lost += 1;
      n += 1;
      say(`disk: ${size} KiB, status ${full.status}, then ${rest.status}`);
    } finally {
      spawnSync('umount', [place]);
    }
  }
  return { n, lost, silent };
}

function mount(args) {
  return spawnSync('mount', args, { stdio: 'ignore' }).status === 0;
}
