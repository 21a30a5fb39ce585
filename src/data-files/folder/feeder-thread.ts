import { parentPort, workerData } from 'node:worker_threads';
import { invariant, messageOf, UserError } from '../../core/errors.js';
import type { PictureDataset } from '../../data/types.js';
import { openDecoder } from './decoder.js';
import { createFeeder, type Feeder, type Slot, type Walk } from './feeder.js';

/** What the thread is started with; all bytes are shared memory. */
export interface FeederStart {
  readonly dataset: PictureDataset;
  readonly batch: number;
  readonly seed: number;
  readonly augment: boolean;
  readonly slots: readonly Slot[];
}

/** What the thread is told. Walks are numbered; one begins when those before it have ended. */
export type FeederRequest =
  | { readonly kind: 'walk'; readonly number: number; readonly walk: Walk }
  /** The slot may be filled again. */
  | { readonly kind: 'free'; readonly number: number; readonly slot: number }
  /** End the walk, and all before it. */
  | { readonly kind: 'stop'; readonly number: number }
  | { readonly kind: 'close' };

/** What the thread tells. */
export type FeederPost =
  | {
      readonly kind: 'batch';
      readonly number: number;
      readonly slot: number;
      readonly count: number;
    }
  | { readonly kind: 'end'; readonly number: number }
  | { readonly kind: 'damage'; readonly path: string; readonly reason: string }
  /** `user`: the message is for the user as it is. */
  | {
      readonly kind: 'failed';
      readonly number: number;
      readonly user: boolean;
      readonly message: string;
    };

/** The slots of one walk that are free, and who waits for one. */
class FreeSlots {
  readonly #free: number[];
  #waiting: ((slot: number | null) => void) | null = null;
  #stopped = false;

  constructor(slots: number) {
    this.#free = Array.from({ length: slots }, (_, slot) => slot);
  }

  take(): Promise<number | null> {
    const slot = this.#stopped ? null : this.#free.shift();
    if (slot !== undefined) return Promise.resolve(slot);
    return new Promise((resolve) => (this.#waiting = resolve));
  }

  free(slot: number): void {
    if (this.#waiting === null) this.#free.push(slot);
    else this.#answer(slot);
  }

  stop(): void {
    this.#stopped = true;
    this.#answer(null);
  }

  #answer(slot: number | null): void {
    this.#waiting?.(slot);
    this.#waiting = null;
  }
}

// This module is the main one of a thread that makes the batches of one source.
const port = parentPort;
invariant(port !== null, 'the feeder of a data set runs in a worker thread only');
const start = workerData as FeederStart;
const post = (message: FeederPost): void => port.postMessage(message);
const feeder: Promise<Feeder> = openDecoder().then((decoder) =>
  createFeeder({
    ...start,
    decoder,
    damage: { add: (path, reason) => post({ kind: 'damage', path, reason }) },
  }),
);
// A failure is told by the walk that meets it.
feeder.catch(() => undefined);

const walks = new Map<number, FreeSlots>();
let last: Promise<void> = Promise.resolve();

async function run(number: number, walk: Walk, free: FreeSlots): Promise<void> {
  try {
    const ready = await feeder;
    await ready.feed(walk, {
      slots: start.slots,
      take: () => free.take(),
      give: (slot, count) => post({ kind: 'batch', number, slot, count }),
    });
    post({ kind: 'end', number });
  } catch (error) {
    post({ kind: 'failed', number, user: error instanceof UserError, message: messageOf(error) });
  } finally {
    walks.delete(number);
  }
}

function stopUpTo(number: number): void {
  for (const [each, free] of walks) if (each <= number) free.stop();
}

function begin(number: number, walk: Walk): void {
  stopUpTo(number - 1);
  const free = new FreeSlots(start.slots.length);
  walks.set(number, free);
  last = last.then(() => run(number, walk, free));
}

port.on('message', (request: FeederRequest) => {
  switch (request.kind) {
    case 'walk':
      begin(request.number, request.walk);
      return;
    case 'free':
      walks.get(request.number)?.free(request.slot);
      return;
    case 'stop':
      stopUpTo(request.number);
      return;
    case 'close':
      stopUpTo(Infinity);
      // Nothing is left to wait for then, and the thread ends.
      void last.then(() => port.close());
      return;
    default:
      request satisfies never;
  }
});
