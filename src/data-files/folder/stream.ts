import type { Worker } from 'node:worker_threads';
import { InternalError, invariant, messageOf, must, UserError } from '../../core/errors.js';
import { features } from '../../core/shape.js';
import type { PictureDataset } from '../../data/types.js';
import { compiledWorker, startThread } from '../../platform/pool.js';
import type { BatchSource, LoadedBatch, SourceOptions } from '../../data/batch-source.js';
import { createDamage } from './damage.js';
import type { FeederPost, FeederRequest, FeederStart } from './feeder-thread.js';
import type { Slot, Walk } from './feeder.js';

/** Batches that lie ready or are being made while one is trained on, and that one. */
const SLOTS = 3;

/**
 * The batches of pictures. A thread of its own makes them ahead of the trainer: it decodes (in the
 * threads of libuv), crops, scales and changes colours, and writes into a ring of shared memory.
 */
export function pictureSource(dataset: PictureDataset, options: SourceOptions): BatchSource {
  const { shape, mean, std, train, validation, test } = dataset;
  const { batch, augment } = options;
  const perEpoch = Math.floor(train.count / batch);
  const damage = createDamage();
  const indices = Int32Array.from({ length: batch }, (_, i) => i);
  let slots: readonly Slot[] = [];
  let thread: FeederThread | null = null;
  let closed = false;
  const open = (): FeederThread => {
    invariant(!closed, 'a closed source was asked for batches');
    if (thread) return thread;
    slots = Array.from({ length: SLOTS }, () => makeSlot(dataset, batch));
    thread = startFeeder({ dataset, ...options, slots }, (path, reason) =>
      damage.add(path, reason),
    );
    return thread;
  };
  async function* walk(what: Walk): AsyncGenerator<LoadedBatch, void> {
    const changed = augment && what.split === 'train';
    for await (const { slot, count } of open().walk(what)) {
      const { images, labels, flip, shiftY, shiftX } = must(slots[slot]);
      yield {
        shape,
        images,
        labels,
        indices,
        count,
        mean,
        std,
        flip: changed ? flip : null,
        shiftY: changed ? shiftY : null,
        shiftX: changed ? shiftX : null,
      };
    }
  }
  return {
    perEpoch,
    testImages: test.count,
    validationImages: validation?.count ?? 0,
    train: (epoch, from = 0) => walk({ split: 'train', epoch, from }),
    validation: () => walk({ split: 'validation', epoch: 0, from: 0 }),
    test: () => walk({ split: 'test', epoch: 0, from: 0 }),
    warnings: () => damage.lines(),
    close: async () => {
      closed = true;
      await thread?.close();
    },
  };
}

function makeSlot({ shape, train }: PictureDataset, batch: number): Slot {
  const shared = (bytes: number): SharedArrayBuffer => new SharedArrayBuffer(bytes);
  return {
    images: new Uint8Array(shared(batch * features(shape))),
    labels:
      train.labels instanceof Uint16Array
        ? new Uint16Array(shared(2 * batch))
        : new Uint8Array(shared(batch)),
    flip: new Uint8Array(shared(batch)),
    shiftY: new Int8Array(shared(batch)),
    shiftX: new Int8Array(shared(batch)),
  };
}

/** A batch that lies in a slot. */
interface Ready {
  readonly slot: number;
  readonly count: number;
}

interface FeederThread {
  /** The batches of a walk; a slot is valid until the next is asked for. */
  walk(walk: Walk): AsyncGenerator<Ready, void>;
  close(): Promise<void>;
}

/** What one walk has heard from the thread and not yet used, and who waits for more. */
interface Mailbox {
  readonly posts: FeederPost[];
  wake: (() => void) | null;
}

/** What is heard from the thread, by walk. */
interface Hearing {
  readonly mailboxes: Map<number, Mailbox>;
  /** The next post of a walk; throws where the thread has ended. */
  readonly next: (box: Mailbox) => Promise<FeederPost>;
  readonly exited: Promise<void>;
}

function listenTo(thread: Worker, onDamage: (path: string, reason: string) => void): Hearing {
  const mailboxes = new Map<number, Mailbox>();
  let death: Error | null = null;
  const died = (reason: string): void => {
    death ??= new InternalError(`the thread that makes batches ended: ${reason}`);
    mailboxes.forEach(({ wake }) => wake?.());
  };
  const exited = new Promise<void>((resolve) =>
    thread.on('exit', (status) => (died(`it exited with status ${status}`), resolve())),
  );
  thread.on('error', (error) => died(messageOf(error)));
  thread.on('message', (message: FeederPost) => {
    if (message.kind === 'damage') return onDamage(message.path, message.reason);
    const box = mailboxes.get(message.number);
    box?.posts.push(message);
    box?.wake?.();
  });
  const next = async (box: Mailbox): Promise<FeederPost> => {
    thread.ref();
    try {
      while (box.posts.length === 0) {
        if (death) throw death;
        await new Promise<void>((resolve) => (box.wake = resolve));
        box.wake = null;
      }
      return box.posts.shift()!;
    } finally {
      thread.unref();
    }
  };
  return { mailboxes, next, exited };
}

function startFeeder(
  start: FeederStart,
  onDamage: (path: string, reason: string) => void,
): FeederThread {
  const thread = startThread(compiledWorker('data-files/folder/feeder-thread.js'), start);
  // A source that nobody closed must not keep the process running.
  thread.unref();
  const { mailboxes, next, exited } = listenTo(thread, onDamage);
  let walks = 0;
  const tell = (request: FeederRequest): void => thread.postMessage(request, []);
  async function* walk(what: Walk): AsyncGenerator<Ready, void> {
    const number = ++walks;
    const box: Mailbox = { posts: [], wake: null };
    mailboxes.set(number, box);
    tell({ kind: 'walk', number, walk: what });
    try {
      for (let post = await next(box); post.kind !== 'end'; post = await next(box)) {
        if (post.kind === 'failed')
          throw post.user ? new UserError(post.message) : new InternalError(post.message);
        invariant(
          post.kind === 'batch' && number === walks,
          'a walk through a data set went on after another one began',
        );
        yield post;
        tell({ kind: 'free', number, slot: post.slot });
      }
    } finally {
      mailboxes.delete(number);
      tell({ kind: 'stop', number });
    }
  }
  return {
    walk,
    close: () => {
      thread.ref();
      tell({ kind: 'close' });
      return exited;
    },
  };
}
