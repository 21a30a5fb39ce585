import { TASK_SIZES } from '../state/tasks.js';
import type { GraphChoice, TaskChoice } from '../state/types.js';
import { firstLine } from './members.js';

/** A word as a shell takes it. */
export function shellWord(word: string): string {
  return /^[\w:,.=@%+/-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The file that an own graph is saved as, which commands then read. */
export function fileName(choice: GraphChoice, extension: string): string {
  const name = choice.kind === 'spec' ? choice.line : choice.name.replace(/\.\w+(\.gz)?$/, '');
  const plain = name.replace(/[^\w.=-]+/g, '_').replace(/^[._]+|_+$/g, '');
  return `${plain.slice(0, 60) || 'graph'}${extension}`;
}

/** A graph as commands are given it: its spec, or the GraphML file that it is exported as. */
function graphWord(choice: GraphChoice): string {
  return shellWord(choice.kind === 'spec' ? choice.line : `file:${fileName(choice, '.graphml')}`);
}

/** The one graph that is drawn, where the choice is several. */
function drawnOf(choice: GraphChoice): GraphChoice {
  return choice.kind === 'spec' ? { kind: 'spec', line: firstLine(choice.line) } : choice;
}

/** The command that prints a measure, or, without one, the measures that every graph is told with. */
export function measureCommand(choice: GraphChoice, measure: string | null = null): string {
  const option = measure === null ? '' : ` --measures ${measure}`;
  return `npx plexus graph measure ${graphWord(drawnOf(choice))}${option}`;
}

/** The command that prints a network's layers and cost. */
export function networkCommand(choice: GraphChoice, arch: string, task: TaskChoice): string {
  const { input, classes } = TASK_SIZES[task];
  const shape = `${input.channels}x${input.height}x${input.width}`;
  const sizes = task === 'cifar10' ? '' : ` --input ${shape} --classes ${classes}`;
  return `npx plexus network show --arch ${arch} --graph ${graphWord(choice)}${sizes}`;
}

/** The command that finds a graph at a place in the plane. */
export function findCommand(nodes: number, clustering: number, pathLength: number): string {
  const [c, l] = [clustering, pathLength].map((value) => String(Number(value.toFixed(4))));
  return `npx plexus graph find --clustering ${c} --path-length ${l} --nodes ${nodes}`;
}

/** The command that compares a graph with random ones. */
export function nullsCommand(
  choice: GraphChoice,
  { nullModel, nulls }: { readonly nullModel: string; readonly nulls: number },
): string {
  return `npx plexus graph nulls ${graphWord(drawnOf(choice))} --null ${nullModel} --count ${nulls}`;
}

/** A training as the command is told it. */
export interface TrainWords {
  readonly arch: string;
  /** What says which data: `--data shapes --size 16`. */
  readonly data: string;
  readonly epochs: number;
  readonly batch: number;
  readonly rate: number;
  readonly seed: number;
}

/** The command that trains the same network, to the same bits. */
export function trainCommand(
  choice: GraphChoice,
  { arch, data, epochs, batch, rate, seed }: TrainWords,
): string {
  const settings = `--epochs ${epochs} --batch ${batch} --rate ${rate} --seed ${seed}`;
  return (
    `npx plexus train --graph ${graphWord(choice)} --arch ${arch} ${data} ${settings} ` +
    '--backend wasm'
  );
}
