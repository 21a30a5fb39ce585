import { computed, effect, signal, untracked } from '@preact/signals';
import { graph } from '../graph/current.js';
import { shellWord, trainCommand } from '../graph/command.js';
import { show, view } from '../state/store.js';
import type { GraphChoice, SideName } from '../state/types.js';
import { dataFile, ownData } from './data.js';
import type { TrainJob, Until } from './messages.js';
import { Side } from './side.js';

/** The two trainings: of the graph of the view, and of the one beside it. */
export const sides: Readonly<Record<SideName, Side>> = { shown: new Side(), beside: new Side() };
const both = [sides.shown, sides.beside] as const;

/** The graph beside that of the view: its spec, the complete one unless another is asked for. */
export const besideLine = computed(() => view.value.against ?? `complete:n=${graph.value.nodes}`);

/** What a side trains on which graph. */
function choiceOf(name: SideName): GraphChoice {
  return name === 'shown' ? view.value.graph : { kind: 'spec', line: besideLine.value };
}

/** What a side's graph is called. */
export function titleOf(name: SideName): string {
  const choice = choiceOf(name);
  return choice.kind === 'spec' ? choice.line : choice.name;
}

/** What is trained on: the pictures that are drawn, or the own ones; null where these are missing. */
const data = computed((): TrainJob['data'] | null => {
  const { data: name, images, tests, size } = view.value;
  if (name === null) return { images, tests, size };
  return ownData.value?.dataset ?? null;
});

/** Everything that a training depends on: when it changes, both begin anew. */
const wanted = computed(() => {
  const { arch, epochs, batch, rate, seed } = view.value;
  const settings = [arch, epochs, batch, rate, seed].join(' ');
  const { graph: choice } = view.value;
  const own = choice.kind === 'own' ? choice.graph : null;
  const drawn = data.value !== null && !('train' in data.value) ? Object.values(data.value) : [];
  const line = choice.kind === 'spec' ? choice.line : '';
  return { key: [line, besideLine.value, settings, ...drawn].join(' '), own, data: ownDataset() };
});

/** The own data set that is trained on, if one is. */
function ownDataset(): unknown {
  return view.value.data === null ? null : ownData.value;
}

function jobOf(name: SideName): TrainJob {
  const choice = choiceOf(name);
  const { arch, epochs, batch, rate, seed } = view.peek();
  return {
    line: choice.kind === 'spec' ? choice.line : null,
    graph: choice.kind === 'own' ? choice.graph : null,
    arch,
    data: data.peek(),
    epochs,
    batch,
    rate,
    seed,
    watched: true,
  };
}

/** The command that trains what a side trains. */
export function commandOf(name: SideName): string {
  return trainCommand(choiceOf(name), { ...view.value, data: dataWords() });
}

function dataWords(): string {
  const { data: name, images, tests, size } = view.value;
  if (name === null)
    return `--data shapes --train-images ${images} --test-images ${tests} --size ${size}`;
  const own = ownData.value;
  return `--data npz --data-path ${shellWord(own === null ? name : dataFile(own))}`;
}

/** The commands that print its confusion when it is trained. */
export function evaluateCommandOf(name: SideName): string {
  const file = 'trained.safetensors';
  const own = view.value.data === null ? '' : ` ${dataWords()}`;
  return `${commandOf(name)} --save ${file} && npx plexus evaluate ${file}${own} --backend wasm`;
}

/** The commands that run what a side has trained event by event. */
export function eventsCommandOf(name: SideName, codes: string, calibrate: number): string {
  const file = 'trained.safetensors';
  const own = view.value.data === null ? '' : ` ${dataWords()}`;
  const few = calibrate === 256 ? '' : ` --calibrate ${calibrate}`;
  return (
    `${commandOf(name)} --save ${file} && ` +
    `npx plexus spike run ${file}${own} --code ${codes}${few}`
  );
}

function go(until: Until): void {
  sides.shown.go(until, () => jobOf('shown'));
  sides.beside.go(until, () => jobOf('beside'));
}

function hold(): void {
  for (const side of both) side.hold();
}

/** Whether both have come to their end. */
export const ended = computed(() =>
  both.every(({ state }) => state.value === 'done' || state.value === 'failed'),
);

/** Whether both are past their beginning. */
export const bothBegun = computed(() =>
  both.every(({ state }) => state.value !== 'idle' && state.value !== 'preparing'),
);

/** Plays, or pauses. */
export function play(on: boolean): void {
  show({ play: on }, 'play');
}

/** Goes on by one update, or to the end of the epoch. */
export function advance(until: Exclude<Until, 'end'>): void {
  if (view.value.play) show({ play: false }, 'play');
  go(until);
}

/** Milliseconds between two pictures of a training: the cores are for the training. */
const PICTURE_MS = 80;

/** Counts what there is to be drawn; follows the trainings, but not too closely. */
export const picture = signal(0);
let due: ReturnType<typeof setTimeout> | null = null;

effect(() => {
  for (const { count, records, state } of both) void [count.value, records.value, state.value];
  due ??= setTimeout(() => {
    due = null;
    picture.value++;
  }, PICTURE_MS);
});

/** Both from the beginning: at once where the view plays. */
export function startOver(): void {
  for (const side of both) side.reset();
  if (view.value.play) go('end');
}

/** What the trainings on their way are of. */
let before: typeof wanted.value | null = null;

/** Trains as the view says, as long as the page is shown; then it waits for the page's return. */
export function followTraining(): () => void {
  const stop = effect(() => {
    const now = wanted.value;
    const { play: playing } = view.value;
    untracked(() => {
      if (before?.key !== now.key || before.own !== now.own || before.data !== now.data)
        for (const side of both) side.reset();
      before = now;
      if (playing) go('end');
      else hold();
    });
  });
  return () => {
    stop();
    hold();
  };
}
