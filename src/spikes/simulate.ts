import { must, UserError } from '../core/errors.js';
import { features } from '../core/shape.js';
import { MOST_THRESHOLDS } from './convert.js';
import { type Reading, readingOf, stageCurrents } from './kernels/currents.js';
import { deliver, eventTrain, type EventTrain } from './kernels/events.js';
import { accumulate, integrateAndFire, sendChanges, startOf } from './kernels/neurons.js';
import {
  countEvents,
  emptyCounts,
  inputFanOut,
  inputOperations,
  type RunningCounts,
} from './kernels/tally.js';
import type { LayerCounts, SpikeRun, SpikingLayer, SpikingNetwork } from './types.js';

type Numbers = Float32Array | Float64Array;

/** Samples whose analogue inputs are taken together. */
const PIECE = 8;

/** Runs samples through a network of events; its arrays are made once. */
export interface Simulator {
  readonly network: SpikingNetwork;
  /**
   * Any number of samples, each from rest.
   *
   * @param samples one after another, in channel, row, column order, normalised as in training
   * @throws UserError where they are no whole samples
   */
  run(samples: Numbers): SpikeRun;
  /**
   * Frames of one stream: with `delta` neurons keep what they have said from one frame to the next,
   * so that only what changes is sent. The labels are those after each frame.
   *
   * @throws UserError with another code, whose neurons know no stream
   */
  stream(frames: Numbers): SpikeRun;
}

/** What a simulator works in. */
interface Work {
  readonly network: SpikingNetwork;
  readonly first: Reading;
  /** Nonzero weights of each input of the first layer, over all pixels that it meets. */
  readonly firstFanOut: Int32Array;
  readonly potentials: readonly Int32Array[];
  /** Levels said, with `delta`. */
  readonly said: readonly Int32Array[];
  readonly trains: readonly EventTrain[];
}

/** Prepares a simulator. */
export function createSimulator(network: SpikingNetwork): Simulator {
  const { layers, stages, code, steps } = network;
  const graded = code === 'delta';
  const neurons = layers.map(({ output }) => features(output));
  const { mask, input, output } = must(stages[0]);
  const work: Work = {
    network,
    first: readingOf(mask, input.channels, output.channels),
    firstFanOut: inputFanOut(must(stages[0])),
    potentials: neurons.map((count) => new Int32Array(count)),
    said: neurons.map((count) => new Int32Array(graded ? count : 0)),
    trains: neurons.map((count) => eventTrain(graded ? 1 : steps, count, graded)),
  };
  return {
    network,
    run: (samples) => runSamples(work, samples, false),
    stream(frames) {
      if (graded) return runSamples(work, frames, true);
      throw new UserError(
        `streams are for the code delta, whose neurons send what changes; this network has ${code}`,
      );
    },
  };
}

function runSamples(work: Work, samples: Numbers, isStream: boolean): SpikeRun {
  const { network, first } = work;
  const stage = must(network.stages[0]);
  const size = features(network.input);
  if (samples.length % size !== 0)
    throw new UserError(
      `samples of ${size} features come in multiples of ${size} numbers, got ${samples.length}`,
    );
  const count = samples.length / size;
  const labels = new Int32Array(count);
  const counts = emptyCounts(network);
  const neurons = features(stage.output);
  let before: Numbers | null = null;
  for (let from = 0; from < count; from += PIECE) {
    const piece = samples.subarray(from * size, (from + PIECE) * size);
    const currents = stageCurrents(stage, first, piece);
    for (let at = 0; at * size < piece.length; at++) {
      const sample = piece.subarray(at * size, (at + 1) * size);
      const analogue = currents.subarray(at * neurons, (at + 1) * neurons);
      const own = unitsOf(must(network.layers[0]), analogue, network.steps);
      must(counts[0]).operations += inputOperations(work.firstFanOut, sample, before);
      if (network.code === 'delta') runGraded(work, own, counts, before === null);
      else runSpiking(work, own, counts);
      labels[from + at] = largest(must(work.potentials.at(-1)));
      if (isStream) before = sample;
    }
  }
  return {
    samples: count,
    labels,
    counts: network.layers.map(({ id, output }, at) => {
      const { events, byNode, operations } = must(counts[at]);
      const eventsByNode = byNode && [...byNode];
      return { id, neurons: features(output), events, eventsByNode, operations };
    }),
  };
}

/** One sample from rest, layer by layer over all steps: every layer reads the spikes of its step. */
function runSpiking(work: Work, currents: Int32Array, counts: readonly RunningCounts[]): void {
  const { network, potentials, trains } = work;
  network.layers.forEach((layer, at) => {
    const input = trains[at - 1] ?? null;
    const own = must(potentials[at]);
    own.fill(layer.fires ? startOf(network.code, layer.bits) : 0);
    const count = must(counts[at]);
    if (!layer.fires) {
      count.operations += accumulate(layer, must(input ?? undefined), own, network.steps);
      return;
    }
    const spikes = must(trains[at]);
    count.operations += integrateAndFire(layer, input, at === 0 ? currents : null, own, spikes);
    countEvents(count, spikes);
  });
}

/** One frame: every layer hears the changes of the one before, and sends its own. */
function runGraded(
  work: Work,
  currents: Int32Array,
  counts: readonly RunningCounts[],
  fromRest: boolean,
): void {
  const { network, potentials, said, trains } = work;
  const levels = network.steps;
  network.layers.forEach((layer, at) => {
    const own = must(potentials[at]);
    const count = must(counts[at]);
    if (at === 0) own.set(currents);
    else {
      if (fromRest) restAt(own, layer.bias);
      const input = must(trains[at - 1]);
      count.operations += deliver(
        must(layer.synapses ?? undefined),
        input,
        [0, must(input.offsets[1])],
        own,
      );
    }
    if (!layer.fires) return;
    const before = must(said[at]);
    if (fromRest) before.fill(0);
    const events = must(trains[at]);
    sendChanges(layer, own, before, { levels, most: MOST_THRESHOLDS * levels }, events);
    countEvents(count, events);
  });
}

function restAt(potentials: Int32Array, bias: Int32Array): void {
  for (let at = 0; at < potentials.length; at += bias.length) potentials.set(bias, at);
}

/** Currents of a sample as whole units; what would overflow in all steps together saturates. */
function unitsOf(
  { bits, threshold }: SpikingLayer,
  currents: Float64Array,
  steps: number,
): Int32Array {
  const most = Math.floor((2 ** 31 - 2 ** bits - 1) / (steps + 1));
  const unit = 2 ** bits / threshold;
  return Int32Array.from(currents, (current) =>
    Math.max(-most, Math.min(most, Math.round(current * unit))),
  );
}

/** The first of the largest. */
function largest(values: Int32Array): number {
  let best = 0;
  values.forEach((value, at) => {
    if (value > must(values[best])) best = at;
  });
  return best;
}

/** Runs of the same network, one after another, as one. */
export function joinRuns(runs: readonly SpikeRun[]): SpikeRun {
  const [first, ...others] = runs;
  return others.reduce(
    (all, run) => ({
      samples: all.samples + run.samples,
      labels: Int32Array.from([...all.labels, ...run.labels]),
      counts: all.counts.map((count, at) => addCounts(count, must(run.counts[at]))),
    }),
    must(first),
  );
}

function addCounts(a: LayerCounts, b: LayerCounts): LayerCounts {
  const byNode = a.eventsByNode?.map((count, node) => count + (b.eventsByNode?.[node] ?? 0));
  return {
    ...a,
    events: a.events + b.events,
    operations: a.operations + b.operations,
    eventsByNode: byNode ?? null,
  };
}
