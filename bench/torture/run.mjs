// `npm run torture`: kills, full disks, flipped bits and mutated inputs, as docs/reliability.md
// defines them. `--quick` is the short form that the tests run; parts can be named: node
// bench/torture/run.mjs kills workers disk flips fuzz queue. `--kills N`, `--workers N`, `--flips N`,
// `--fuzz N`, `--queue N` and `--seed N` change the counts. Ends with a line of JSON, and
// status 1 where anything was lost or silent.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { disk } from './disk.mjs';
import { flips } from './flips.mjs';
import { fuzz } from './fuzz.mjs';
import { kills } from './kills.mjs';
import { queueFaults } from './queue.mjs';
import { randomBy } from './study.mjs';
import { workers } from './workers.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    kills: { type: 'string' },
    workers: { type: 'string' },
    queue: { type: 'string' },
    flips: { type: 'string' },
    fuzz: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
const full = { kills: 200, workers: 200, queue: 20, disk: 5, flips: 1000, fuzz: 1_000_000 };
const short = { kills: 2, workers: 2, disk: 1, flips: 60, fuzz: 5000 };
const given = Object.fromEntries(
  Object.entries(values)
    .filter(([name]) => name in full)
    .map(([name, text]) => [name, Number(text)]),
);
const counts = { ...(values.quick ? short : full), ...given };
const parts = { kills, workers, disk, flips, fuzz, queue: queueFaults };
// The queue needs a Slurm: it is done where it is named.
const usual = Object.keys(parts).filter((name) => name !== 'queue');
const asked = positionals.length > 0 ? positionals : usual;

const directory = mkdtempSync(join(tmpdir(), 'plexus-torture-'));
const seed = Number(values.seed);
const say = (line) => console.error(line);
const results = {};
try {
  for (const name of asked) {
    const own = join(directory, name);
    mkdirSync(own);
    const options = { directory: own, count: counts[name], random: randomBy(seed), seed, say };
    results[name] = await parts[name](options);
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
console.log(JSON.stringify(results));

/** Counts of what must not be, wherever they stand. */
function faults(value) {
  return Object.entries(value).reduce((sum, [key, item]) => {
    if (typeof item === 'object' && item !== null) return sum + faults(item);
    return ['lost', 'wrong', 'silent', 'bugs', 'hangs'].includes(key) ? sum + item : sum;
  }, 0);
}
process.exit(faults(results) === 0 ? 0 : 1);
