import { invariant, UserError } from '../../../core/errors.js';
import { features } from '../../../core/shape.js';
import { elements } from '../../../core/tensor.js';
import type {
  BufferId,
  DispatchOptions,
  Executable,
  ImageBatch,
  Phase,
  PrepareOptions,
  Program,
  StepSettings,
} from '../../types.js';
import {
  checkDispatch,
  checkImages,
  checkInput,
  checkLength,
  checkResults,
  checkRewired,
  checkThreads,
  loaded,
  noProgress,
  parameterId,
  type Progress,
} from '../checks.js';
import { type CommandName, commandsIn } from './commands.js';
import { pixelRows, planArena } from './arena.js';
import { layoutSquares } from './block-squares.js';
import { carryOver, type KeptNumbers, keptNumbers } from './carry-over.js';
import { checkedMemory, GUARD } from './checked.js';
import { encodeProgram } from './encode.js';
import type { Kernels, Memory } from './kernels.js';
import { eachColumn } from './layout.js';
import type { Arena } from './places.js';

const NO_SETTINGS: StepSettings = { learningRate: 0, momentum: 0, weightDecay: 0 };

/** Command lists placed in memory: where each starts and how many words it has. */
type Lists = Readonly<Record<Phase | 'images', { readonly at: number; readonly words: number }>>;

/** Memory with typed views at the arena's offsets. */
interface Live {
  readonly arena: Arena;
  /** As it was allocated. */
  readonly whole: Memory;
  /** The same, watched where that is asked for. */
  readonly memory: Memory;
  readonly lists: Lists;
  readonly floats: Float32Array;
  readonly ints: Int32Array;
  readonly bytes: Uint8Array;
}

/** How memory is had. */
interface Means {
  readonly kernels: Kernels;
  readonly threads: number;
  readonly checked: boolean;
}

/** Sets to 0 what is 0 in fresh memory and not written before it is read. */
function clear(
  floats: Float32Array,
  { zeros, values, momenta, kept, learnable, scratch }: Arena,
): void {
  floats.fill(0, zeros, scratch);
  floats.fill(0, values, values + kept);
  floats.fill(0, momenta, momenta + learnable);
}

/** @param room memory that there is already, taken where it suffices */
function start(program: Program, { kernels, threads, checked }: Means, room?: Memory): Live {
  const arena = planArena(program, threads, checked ? GUARD : 0);
  const encoded = encodeProgram(program, arena);
  let end = arena.end;
  const place = (words: Int32Array): { at: number; words: number } => ({
    at: (end += words.length) - words.length,
    words: words.length,
  });
  const lists: Lists = {
    forward: place(encoded.forward),
    backward: place(encoded.backward),
    update: place(encoded.update),
    step: place(encoded.step),
    evaluate: place(encoded.evaluate),
    statistics: place(encoded.statistics),
    images: place(encoded.images),
  };
  const suffices = room !== undefined && room.buffer.byteLength - room.base >= 4 * end;
  const whole = suffices ? room : kernels.allocate(4 * end);
  const floats = new Float32Array(whole.buffer, whole.base, end);
  if (suffices) clear(floats, arena);
  const ints = new Int32Array(whole.buffer, whole.base, end);
  for (const { at, words } of arena.tables) ints.set(words, at);
  for (const phase of Object.keys(lists) as (keyof Lists)[])
    ints.set(encoded[phase], lists[phase].at);
  return {
    arena,
    whole,
    memory: checked ? checkedMemory(whole, arena) : whole,
    lists,
    floats,
    ints,
    bytes: new Uint8Array(whole.buffer, whole.base, 4 * end),
  };
}

/**
 * Copies a batch of byte images, with their transforms and labels, to where the image kernel reads
 * them.
 */
function stageImages({ arena, bytes, ints, floats }: Live, batch: ImageBatch): void {
  const size = features(batch.shape);
  const { staged, transforms, labels, scaling } = arena.input;
  for (let i = 0; i < batch.count; i++) {
    const index = batch.indices[i];
    bytes.set(batch.images.subarray(index * size, (index + 1) * size), 4 * staged + i * size);
    ints[transforms + 3 * i] = batch.flip?.[i] ?? 0;
    ints[transforms + 3 * i + 1] = batch.shiftY?.[i] ?? 0;
    ints[transforms + 3 * i + 2] = batch.shiftX?.[i] ?? 0;
    ints[labels + i] = batch.labels[index];
  }
  batch.mean.forEach((mean, c) => {
    floats[scaling + 2 * c] = 1 / batch.std[c];
    floats[scaling + 2 * c + 1] = -mean / batch.std[c];
  });
}

/**
 * Turns sample-major numbers to rows of the batch, pixel after pixel; the columns up to the next
 * multiple of 16 become 0.
 */
function stageSamples(
  { arena, floats, ints }: Live,
  program: Program,
  samples: ArrayLike<number>,
  labels: ArrayLike<number>,
  count: number,
): void {
  const size = features(program.network.input);
  const plane = program.network.input.height * program.network.input.width;
  const at = arena.buffers[program.input];
  const columns = Math.ceil(count / 16) * 16;
  for (let f = 0; f < size; f++) {
    const row =
      at + ((f % plane) * pixelRows(program.network.input) + Math.floor(f / plane)) * arena.ld;
    for (let s = 0; s < count; s++) floats[row + s] = samples[s * size + f];
    floats.fill(0, row + count, row + columns);
  }
  for (let s = 0; s < count; s++) ints[arena.input.labels + s] = labels[s];
}

/** The offset in floats of a parameter's values, gradient or momentum. */
function placeOf(
  program: Program,
  arena: Arena,
  name: string,
  what: 'value' | 'grad' | 'momentum',
) {
  const id = parameterId(program, name, what !== 'value');
  const section = { value: arena.values, grad: arena.gradients, momentum: arena.momenta }[what];
  return { id, parameter: arena.parameters[id], at: section + arena.parameters[id].at };
}

function write(
  { arena, floats }: Live,
  program: Program,
  name: string,
  values: ArrayLike<number>,
  what: 'value' | 'momentum',
): void {
  const { id, parameter, at } = placeOf(program, arena, name, what);
  checkLength(program, id, values);
  if (parameter.layout === null) {
    for (let i = 0; i < parameter.size; i++) floats[at + i] = values[i];
    return;
  }
  eachColumn(parameter.layout, ({ stored, logical, count, step, stride }) => {
    for (let i = 0, to = at + stored, from = logical; i < count; i++, to += step, from += stride)
      floats[to] = values[from];
  });
}

function read(
  { arena, floats }: Live,
  program: Program,
  name: string,
  what: 'value' | 'grad' | 'momentum',
): Float32Array {
  const { id, parameter, at } = placeOf(program, arena, name, what);
  if (parameter.layout === null) return floats.slice(at, at + parameter.size);
  const out = new Float32Array(elements(program.parameters[id].shape));
  eachColumn(parameter.layout, ({ stored, logical, count, step, stride }) => {
    for (let i = 0, from = at + stored, to = logical; i < count; i++, from += step, to += stride)
      out[to] = floats[from];
  });
  return out;
}

function readLogits({ arena, floats }: Live, program: Program, count: number): Float32Array {
  const { classes } = program.network;
  const at = arena.buffers[program.logits];
  const out = new Float32Array(count * classes);
  for (let s = 0; s < count; s++)
    for (let k = 0; k < classes; k++) out[s * classes + k] = floats[at + k * arena.ld + s];
  return out;
}

function readBuffer(
  { arena, floats }: Live,
  program: Program,
  id: BufferId,
  count: number,
): Float32Array {
  const { shape } = program.buffers[id];
  const plane = shape.height * shape.width;
  const out = new Float32Array(shape.channels * plane * count);
  let to = 0;
  for (let c = 0; c < shape.channels; c++)
    for (let pixel = 0; pixel < plane; pixel++) {
      const from = arena.buffers[id] + (pixel * pixelRows(shape) + c) * arena.ld;
      out.set(floats.subarray(from, from + count), to);
      to += count;
    }
  return out;
}

/** One command of a phase, as a benchmark times it. */
interface Part {
  readonly command: CommandName;
  readonly run: () => void;
}

/** What the C kernels make of a program. */
export interface KernelExecutable extends Executable {
  /** The commands of a phase; running all of them in order is what `dispatch` does. */
  parts(phase: Phase, settings?: StepSettings): readonly Part[];
  /**
   * A copy of a buffer of the program with the numbers of the current batch, `channels x plane x
   * count`, as the last dispatch left them: where buffers share their storage, of the last of them.
   */
  readBuffer(id: BufferId): Float32Array;
}

/** A program that was given its memory, until it is disposed of. */
interface Prepared {
  program: Program;
  readonly means: Means;
  readonly progress: Progress;
  live: Live | null;
  /** Taken at the last rewiring, for the next. */
  kept: KeptNumbers | null;
}

/**
 * A program on the C kernels. All memory is allocated here; running allocates nothing.
 *
 * @param checked whether every command is watched (see `checked.ts`): some ten times slower
 */
export async function prepare(
  program: Program,
  kernels: Kernels,
  options: PrepareOptions = {},
  checked = false,
): Promise<KernelExecutable> {
  const threads = Math.min(checkThreads(options), kernels.info.threads);
  const means: Means = { kernels, threads, checked };
  const live = start(program, means);
  const prepared: Prepared = { program, means, progress: noProgress(), live, kept: null };
  return {
    get program() {
      return prepared.program;
    },
    rewire: (next) => rewire(prepared, next),
    ...parameterAccess(prepared),
    ...phases(prepared),
    ...results(prepared),
    parts: (phase, settings) => partsOf(prepared, phase, settings),
    readBuffer: (id) =>
      readBuffer(memoryOf(prepared), prepared.program, id, prepared.progress.count),
    dispose() {
      prepared.live = prepared.kept = null;
    },
  };
}

/** Goes on with a program that differs in masks alone, in the memory that is there if it suffices. */
function rewire(prepared: Prepared, program: Program): void {
  const old = memoryOf(prepared);
  checkRewired(prepared.program, program);
  const kept = (prepared.kept = keptNumbers(old, program.inference, prepared.kept));
  const live = start(program, prepared.means, old.whole);
  carryOver(kept, old.arena, live);
  prepared.program = program;
  prepared.live = live;
  Object.assign(prepared.progress, noProgress());
}

function memoryOf({ live }: Prepared): Live {
  if (live === null)
    throw new UserError('an executable cannot be used after dispose(); prepare a new one');
  return live;
}

function parameterAccess(
  prepared: Prepared,
): Pick<Executable, 'upload' | 'uploadMomentum' | 'read' | 'blockSquares'> {
  return {
    upload: (name, values) => write(memoryOf(prepared), prepared.program, name, values, 'value'),
    uploadMomentum: (name, values) =>
      write(memoryOf(prepared), prepared.program, name, values, 'momentum'),
    read: async (name, what = 'value') => read(memoryOf(prepared), prepared.program, name, what),
    blockSquares: async (name, what, blocks) => {
      const { arena, floats } = memoryOf(prepared);
      const { parameter, at } = placeOf(prepared.program, arena, name, what);
      invariant(parameter.layout !== null, `${name} has no blocks`);
      return layoutSquares(parameter.layout, floats.subarray(at, at + parameter.size), blocks);
    },
  };
}

/** Everything that is issued is done at once. */
function phases(prepared: Prepared): Pick<Executable, 'input' | 'inputImages' | 'dispatch'> {
  const { progress } = prepared;
  return {
    input(samples, labels, count) {
      const memory = memoryOf(prepared);
      const { program } = prepared;
      checkInput(program, samples, labels, count);
      stageSamples(memory, program, samples, labels, count);
      loaded(progress, count);
    },
    inputImages(batch) {
      const memory = memoryOf(prepared);
      checkImages(prepared.program, batch);
      stageImages(memory, batch);
      loaded(progress, batch.count);
      run(prepared, memory, 'images', NO_SETTINGS);
    },
    dispatch(phase, settings, how) {
      const memory = memoryOf(prepared);
      checkDispatch(prepared.program, progress, phase, settings, how);
      run(prepared, memory, phase, settings ?? NO_SETTINGS, how);
    },
  };
}

function run(
  { progress, means: { threads } }: Prepared,
  { memory, lists, arena }: Live,
  list: keyof Lists,
  settings: StepSettings,
  { accumulate = false }: DispatchOptions = {},
): void {
  const { at, words } = lists[list];
  const { ld } = arena;
  memory.run({ commands: at, words, count: progress.count, ld, settings, accumulate, threads });
}

function partsOf(prepared: Prepared, phase: Phase, settings = NO_SETTINGS): Part[] {
  const {
    program,
    progress,
    means: { threads },
  } = prepared;
  const { memory, lists, arena, ints } = memoryOf(prepared);
  checkDispatch(program, progress, phase, settings);
  const { at, words } = lists[phase];
  return commandsIn(ints.subarray(at, at + words)).map(({ name, from, length }) => ({
    command: name,
    run: () =>
      memory.run({
        commands: at + from,
        words: length,
        count: progress.count,
        ld: arena.ld,
        settings,
        accumulate: false,
        threads,
      }),
  }));
}

function results(prepared: Prepared): Pick<Executable, 'metrics' | 'logits'> {
  return {
    async metrics() {
      const { floats, arena } = memoryOf(prepared);
      checkResults(prepared.progress);
      const at = arena.input.metrics;
      return { loss: floats[at], correct: floats[at + 1], correct5: floats[at + 2] };
    },
    async logits() {
      const memory = memoryOf(prepared);
      checkResults(prepared.progress);
      return readLogits(memory, prepared.program, prepared.progress.count);
    },
  };
}
