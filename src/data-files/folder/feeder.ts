import { invariant, must } from '../../core/errors.js';
import { RandomStream } from '../../core/random/stream.js';
import { features } from '../../core/shape.js';
import { type BatchPlan, evaluationBatches, trainingBatches } from '../../data/batches.js';
import type { PictureDataset, PictureSplit } from '../../data/types.js';
import { changeColours, drawColours } from './colour.js';
import { cutForEvaluation, cutForTraining } from './crop.js';
import { type Damage, decodeOrStandIn } from './damage.js';
import type { Decoder } from './decoder.js';
import type { Picture } from './picture.js';
import { decodedPicture, IN_FLIGHT } from './memory.js';
import { createResampler, type Resampler } from './resample.js';

/** Memory for one batch, shared with the thread that fills it. */
export interface Slot {
  /** `batch * features(shape)` bytes. */
  readonly images: Uint8Array;
  readonly labels: Uint8Array | Uint16Array;
  readonly flip: Uint8Array;
  readonly shiftY: Int8Array;
  readonly shiftX: Int8Array;
}

/** One pass over a split. */
export interface Walk {
  readonly split: 'train' | 'validation' | 'test';
  /** Of `train`: the epoch, and its first batch. */
  readonly epoch: number;
  readonly from: number;
}

export interface FeederOptions {
  readonly dataset: PictureDataset;
  readonly batch: number;
  readonly seed: number;
  readonly augment: boolean;
  readonly decoder: Decoder;
  readonly damage: Pick<Damage, 'add'>;
}

/** Where a feeder's batches go. */
interface Ring {
  readonly slots: readonly Slot[];
  /** Number of a slot that may be filled, as soon as there is one; null ends the walk. */
  take(): Promise<number | null>;
  /** A filled slot; called in the order of the batches. */
  give(slot: number, count: number): void;
}

/** Makes batches out of pictures. */
export interface Feeder {
  /**
   * Fills slots with the batches of a walk, several at a time, until all are given or `take` ends
   * it.
   */
  feed(walk: Walk, ring: Ring): Promise<void>;
}

/**
 * A feeder of one data set. What it makes depends on (data set, options, walk, number of the batch)
 * alone.
 */
export function createFeeder(options: FeederOptions): Feeder {
  const { dataset, batch, seed, augment } = options;
  const batches = trainingBatches({
    images: dataset.train.count,
    batch,
    seed,
    augmentation: augment ? dataset.pictures : null,
  });
  const painter = createPainter(options);
  const plansOf = ({ split, epoch, from }: Walk): Iterable<BatchPlan> =>
    split === 'train'
      ? batches.epoch(epoch, from)
      : evaluationBatches(dataset[split]?.count ?? 0, batch);
  return {
    async feed(walk, ring) {
      let number = walk.from;
      let given: Promise<void> = Promise.resolve();
      const filling: Promise<void>[] = [];
      for (const plan of plansOf(walk)) {
        // Nothing is freed any more after a batch that failed.
        const slot = await Promise.race([ring.take(), given.then(forever)]);
        if (slot === null) break;
        const { count } = plan;
        const fill = painter.fill(must(ring.slots[slot]), plan, walk, number++);
        filling.push(fill);
        given = afterBoth(given, fill).then(() => ring.give(slot, count));
        // Both are awaited later; a rejection in the meantime is not unhandled.
        for (const promise of [fill, given]) promise.catch(() => undefined);
      }
      await Promise.allSettled(filling);
      await given;
    },
  };
}

/** Never resolves: of a race, only the rejection before it counts. */
function forever(): Promise<never> {
  return new Promise(() => undefined);
}

async function afterBoth(first: Promise<void>, second: Promise<void>): Promise<void> {
  await first;
  await second;
}

interface Painter {
  /** Fills a slot. The plan is read before the first pause. */
  fill(slot: Slot, plan: BatchPlan, walk: Walk, batch: number): Promise<void>;
}

function createPainter({ dataset, seed, augment, decoder, damage }: FeederOptions): Painter {
  const { pictures, shape } = dataset;
  const bytes = features(shape);
  const gate = createGate(IN_FLIGHT);
  const resampler: Resampler = createResampler();
  const stream = (what: string, { epoch }: Walk, batch: number, position: number): RandomStream =>
    new RandomStream(what, seed, epoch, batch, position);
  const paint = (
    picture: Picture,
    out: Uint8Array,
    walk: Walk,
    batch: number,
    position: number,
  ): void => {
    const changed = augment && walk.split === 'train';
    const { view, target } = changed
      ? cutForTraining(picture, pictures.crop, shape.width, () =>
          stream('crop', walk, batch, position),
        )
      : cutForEvaluation(picture, pictures.crop, shape.width);
    resampler.resample(view, target, out);
    if (changed && (pictures.jitter > 0 || pictures.lighting > 0))
      changeColours(out, drawColours(pictures, stream('colour', walk, batch, position)));
  };
  return {
    async fill(slot, plan, walk, batch) {
      const split = dataset[walk.split];
      invariant(split !== undefined, 'images of a split that is not there');
      copyPlan(slot, plan, split);
      const indices = plan.indices.slice(0, plan.count);
      const one = async (index: number, position: number): Promise<void> => {
        const picture = split.decoded
          ? decodedPicture(split.decoded, index)
          : await gate(() => decodeOrStandIn(decoder, split, index, damage));
        paint(
          picture,
          slot.images.subarray(position * bytes, (position + 1) * bytes),
          walk,
          batch,
          position,
        );
      };
      await Promise.all(Array.from(indices, one));
    },
  };
}

function copyPlan(
  slot: Slot,
  { indices, count, flip, shiftY, shiftX }: BatchPlan,
  { labels }: PictureSplit,
): void {
  for (let i = 0; i < count; i++) slot.labels[i] = must(labels[must(indices[i])]);
  if (flip) slot.flip.set(flip);
  if (shiftY) slot.shiftY.set(shiftY);
  if (shiftX) slot.shiftX.set(shiftX);
}

/** Lets at most so many pieces of work run at a time, in the order in which they came. */
function createGate(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
