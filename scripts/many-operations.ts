// Operations on the file server that a record of one of many workers takes, by their number, in the
// simulator of the tests, and what follows for a large study: npx tsx scripts/many-operations.ts
import { must } from '../src/core/errors.js';
import type { SharedFiles } from '../src/store/shared-files.js';
import { live, simulatedSpec } from '../test/study/simulated-worker.js';
import { StoreSimulator } from '../test/study/store-simulator.js';

/** The directory, each operation of which is counted by its name. */
function counted(files: SharedFiles, counts: Map<string, number>): SharedFiles {
  return new Proxy(files, {
    get: (target, name: keyof SharedFiles) => {
      counts.set(name, (counts.get(name) ?? 0) + 1);
      return target[name];
    },
  });
}

/** Operations a record, where every worker records about so many trials. */
async function measure(workers: number, each: number): Promise<ReadonlyMap<string, number>> {
  const store = new StoreSimulator(1, { crash: 0, pause: 0, jump: 0, lag: 0 });
  const counts = new Map<string, number>();
  const spec = simulatedSpec(Math.ceil((workers * each) / 3));
  const ended = new Set<string>();
  let trained = 0;
  for (let worker = 0; worker < workers; worker++) {
    const me = `w${worker}`;
    const files = counted(store.client(me), counts);
    void live({ store, files, me, lease: 1e9, spec, onTrained: () => (trained += 1) }).then(() =>
      ended.add(me),
    );
  }
  while (ended.size < workers) {
    // Lets what was awaited go on.
    for (let i = 0; i < 12; i++) await Promise.resolve();
    store.step();
  }
  return new Map([...counts].map(([name, count]) => [name, count / trained]));
}

/** Trials of each worker: so many that beginning and end count little. */
const EACH = 24;
const SIZES = [4, 8, 12] as const;
/** Operations that a file server does in a second: a good one with disks of flash. */
const SERVER = 20_000;
const LARGE = { workers: 1000, trials: 1e6 } as const;

const totals = new Map<number, number>();
for (const workers of SIZES) {
  const counts = await measure(workers, EACH);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  totals.set(workers, total);
  const parts = [...counts].map(([name, count]) => `${name} ${count.toFixed(1)}`).join(', ');
  console.log(`${workers} workers: ${total.toFixed(1)} operations a record (${parts})`);
}
const [least, most] = [SIZES[0], SIZES[2]];
const [low, high] = [must(totals.get(least)), must(totals.get(most))];
const slope = (high - low) / (most - least);
const large = high + slope * (LARGE.workers - most);
const shortest = (LARGE.workers * large) / SERVER;
console.log(
  `a record takes ${(low - slope * least).toFixed(0)} operations and ${slope.toFixed(2)} for each ` +
    `worker: ${large.toFixed(0)} with ${LARGE.workers} workers; a server of ${SERVER} operations a ` +
    `second bears these where a training takes ${shortest.toFixed(0)} s or longer, and ` +
    `${LARGE.trials} trials then take ${((shortest * LARGE.trials) / LARGE.workers / 3600).toFixed(0)} h`,
);
