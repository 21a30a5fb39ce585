import { UserError } from '../../../core/errors.js';
import { features } from '../../../core/shape.js';
import type { Backend, Call, Executable, Phase, PrepareOptions, Program } from '../../types.js';
import {
  checkDispatch,
  checkImages,
  checkInput,
  checkLength,
  checkResults,
  checkRewired,
  checkThreads,
  loaded,
  parameterId,
} from '../checks.js';
import { loadImages, loadSamples } from './kernels/load.js';
import { runCall } from './run.js';
import { allocate, carriedOver, learnedOf, type State } from './state.js';

/**
 * The oracle: every kernel as its formula says, in plain TypeScript and float64, over dense
 * row-major weights. Right before fast; the other backends are tested against it.
 */
export function referenceBackend(): Backend {
  return {
    info: {
      name: 'reference',
      description: 'float64 TypeScript',
      version: 1,
      precision: 'float64',
      threads: 1,
      columns: 1,
      transposedWeights: false,
      bf16: 'widened',
    },
    prepare: (program, options) => Promise.resolve().then(() => prepare(program, options)),
  };
}

function prepare(program: Program, wanted: PrepareOptions = {}): Executable {
  checkThreads(wanted);
  let live = allocate(program);
  let disposed = false;
  const state = (): State => {
    if (disposed)
      throw new UserError('an executable cannot be used after dispose(); prepare a new one');
    return live;
  };
  return {
    get program() {
      return live.program;
    },
    rewire(next) {
      checkRewired(state().program, next);
      live = carriedOver(live, next);
    },
    upload: (name, values) => write(state(), name, values, 'value'),
    uploadMomentum: (name, values) => write(state(), name, values, 'momentum'),
    read: async (name, what = 'value') => numbersOf(state(), name, what).slice(),
    input(samples, labels, count) {
      const now = state();
      const { program: own } = now;
      checkInput(own, samples, labels, count);
      loadSamples(samples, count, features(own.network.input), own.batch, now.buffers[own.input]);
      for (let s = 0; s < count; s++) now.labels[s] = labels[s]!;
      loaded(now.progress, count);
    },
    inputImages(batch) {
      const now = state();
      const { program: own } = now;
      checkImages(own, batch);
      loadImages(batch, own.batch, now.buffers[own.input]);
      for (let s = 0; s < batch.count; s++) now.labels[s] = batch.labels[batch.indices[s]]!;
      loaded(now.progress, batch.count);
    },
    dispatch(phase, settings, options = {}) {
      const now = state();
      const { program: own } = now;
      checkDispatch(own, now.progress, phase, settings, options);
      // Every gradient call adds, and every call that takes statistics.
      if ((phase === 'backward' || phase === 'step') && options.accumulate !== true)
        clearGradients(now);
      if (phase === 'statistics' && options.accumulate !== true) clearSums(now);
      for (const call of callsOf(own, phase)) runCall(now, call, settings);
    },
    async metrics() {
      checkResults(state().progress);
      return live.metrics;
    },
    logits: async () => readLogits(state()),
    dispose: () => {
      disposed = true;
    },
  };
}

function callsOf(program: Program, phase: Phase): readonly Call[] {
  return phase === 'step'
    ? [...program.forward, ...program.backward, ...program.update]
    : program[phase];
}

function clearGradients({ parameters }: State): void {
  for (const { learned } of parameters) learned?.grad.fill(0);
}

function clearSums({ program, buffers }: State): void {
  for (const call of program.statistics)
    if (call.op === 'batchNormStatistics') buffers[call.sums].fill(0);
}

function numbersOf(state: State, name: string, what: 'value' | 'grad' | 'momentum'): Float64Array {
  const id = parameterId(state.program, name, what !== 'value');
  return what === 'value' ? state.parameters[id].value : learnedOf(state, id)[what];
}

function write(
  state: State,
  name: string,
  values: ArrayLike<number>,
  what: 'value' | 'momentum',
): void {
  const target = numbersOf(state, name, what);
  const id = parameterId(state.program, name, what !== 'value');
  checkLength(state.program, id, values);
  const { mask, window } = state.parameters[id];
  for (let i = 0; i < target.length; i++)
    target[i] = mask === null || mask[Math.floor(i / window)] === 1 ? values[i] : 0;
}

/** Logits of the valid samples, `count x classes`. */
function readLogits(state: State): Float64Array {
  checkResults(state.progress);
  const { program, progress, buffers } = state;
  const { classes } = program.network;
  const logits = buffers[program.logits];
  const out = new Float64Array(progress.count * classes);
  for (let s = 0; s < progress.count; s++) {
    for (let k = 0; k < classes; k++) out[s * classes + k] = logits[k * program.batch + s]!;
  }
  return out;
}
