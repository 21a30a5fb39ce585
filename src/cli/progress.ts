import { visible } from '../core/errors.js';
import type { StudyEvent } from '../runner/events.js';
import { finalChoice } from '../study/choice.js';
import { isConfirming } from '../study/confirm.js';
import { graphLabel, type GraphNames, graphNames } from '../study/names.js';
import { nullGraphs } from '../study/nulls.js';
import type { TrialRecord } from '../study/types.js';
import type { CliContext } from './context.js';
import { formatDuration } from './format.js';

/** What must have been seen before the rest can be told: seconds, and a part of all. */
const TELLING = { seconds: 5, part: 0.02, alone: 60 } as const;

/**
 * Time left in seconds when `done` of `total` took `elapsed` seconds. Null before it can be told:
 * workers start, kernels warm up and caches fill, so that the first moments say several times too
 * much.
 */
export function timeLeft(done: number, total: number, elapsed: number): number | null {
  if (done <= 0) return null;
  const { seconds, part, alone } = TELLING;
  const telling = elapsed >= alone || (elapsed >= seconds && done >= part * total);
  return telling ? (elapsed * (total - done)) / done : null;
}

/** `3 min 07 s left`, or nothing before it can be told. */
export function formatLeft(seconds: number | null): string {
  return seconds === null ? '' : `${formatDuration(seconds)} left`;
}

/** The same after a comma, to follow what is done. */
export function commaLeft(seconds: number | null): string {
  return seconds === null ? '' : `, ${formatLeft(seconds)}`;
}

/** What a study's run has come to, kept from its events. */
interface StudyProgress {
  handle(event: StudyEvent): void;
  /**
   * Different warnings about the data so far. All trials read the same images and warn of the same
   * ones.
   */
  warnings(): number;
  /** Part of all trials of the study that ended, 0..1. */
  fraction(): number;
  /** What the graphs of the study are called. */
  names(): GraphNames;
  /** Two lines: counts and time left; best so far against the baseline. */
  lines(): readonly [string, string];
}

/** The work of a run, in whole trainings' worth. */
interface Ledger {
  total: number;
  /** Recorded before this run. */
  before: number;
  /** Trials under way and how far each is, 0..1. */
  readonly running: ReadonlyMap<number, number>;
  /** Recorded by this run. */
  ended(): number;
  /** Done by this run alone: without what checkpoints held that no record tells of. */
  own(): number;
  /** For this run to do from its beginning. */
  asked(): number;
  handle(event: StudyEvent): void;
}

function ledger(): Ledger {
  const running = new Map<number, number>();
  // Parts of trials that are counted already.
  const credited = new Map<number, number>();
  const creditOf = (index: number): number => credited.get(index) ?? 0;
  let [ended, taken] = [0, 0];
  const kept: Ledger = {
    total: 0,
    before: 0,
    running,
    ended: () => ended,
    own: () =>
      ended + [...running].reduce((sum, [index, part]) => sum + part - creditOf(index), 0) - taken,
    asked: () => kept.total - kept.before - taken,
    handle: (event) => {
      if (event.kind === 'begin') [kept.total, kept.before] = [event.total, event.done];
      if (event.kind === 'confirming')
        [kept.total, kept.before] = [event.total, event.done - ended];
      if (event.kind === 'trialStart') {
        credited.set(event.trial.index, event.from);
        running.set(event.trial.index, event.from);
      }
      if (event.kind === 'resumed') {
        taken += Math.max(0, event.fraction - creditOf(event.trial.index));
        running.set(event.trial.index, event.fraction);
      }
      if (event.kind === 'progress' && running.has(event.trial.index))
        running.set(event.trial.index, event.fraction);
      if (event.kind === 'trialEnd') {
        const { index } = event.record;
        running.delete(index);
        ended += event.fraction - creditOf(index);
        credited.set(index, event.fraction);
      }
    },
  };
  return kept;
}

/** @param now seconds, from any start */
function studyProgress(now: () => number): StudyProgress {
  // Data are loaded before the first trial starts.
  let begun: number | null = null;
  const work = ledger();
  const errors = new Map<string, number[]>();
  const warnings = new Set<string>();
  let [name, unit, baseline, failed, chosenOn] = ['', 'trials', '', 0, ''];
  let fresh: (record: TrialRecord) => boolean = () => false;
  let names: GraphNames = new Map();
  let controls: ReadonlySet<string> = new Set();
  const count = (record: TrialRecord): void => {
    // What confirms is compared with nothing else.
    if (record.status === 'complete' && record.epochs.at(-1)?.validationError !== undefined)
      chosenOn = ' validation error';
    if (record.status === 'complete' && !fresh(record))
      errors.set(record.graph, [...(errors.get(record.graph) ?? []), finalChoice(record)]);
    if (record.status === 'failed') failed++;
  };
  const handle = (event: StudyEvent): void => {
    work.handle(event);
    if (event.kind === 'trialStart') begun ??= now();
    if (event.kind === 'begin') {
      const { spec, records } = event.study;
      fresh = (record) => isConfirming(spec, record);
      [names, controls] = [graphNames(spec), nullGraphs(spec)];
      [name, unit, baseline] = [
        spec.name,
        spec.search === undefined ? 'trials' : 'trainings',
        spec.baseline,
      ];
      records.filter((record) => !event.retried.has(record)).forEach(count);
    }
    if (event.kind === 'trialEnd') count(event.record);
    if (event.kind === 'warning') warnings.add(event.text);
  };
  const done = (): number => work.before + work.ended();
  const lines = (): readonly [string, string] => {
    const parts = [...work.running.values()];
    const left = timeLeft(work.own(), work.asked(), now() - (begun ?? now()));
    const first = [
      `${name}: ${oneDecimal(done())}/${work.total} ${unit}`,
      ...(failed > 0 ? [`${failed} failed`] : []),
      ...(warnings.size > 0
        ? [`${warnings.size} warning${warnings.size === 1 ? '' : 's'} about the data`]
        : []),
      ...runningPhrase(parts),
      ...(left === null || done() >= work.total ? [] : [formatLeft(left)]),
    ];
    const own = [...errors].filter(([graph]) => !controls.has(graph));
    return [first.join(', '), standing(own, baseline, names, chosenOn)];
  };
  return {
    handle,
    warnings: () => warnings.size,
    names: () => names,
    fraction: () => (work.total === 0 ? 0 : done() / work.total),
    lines,
  };
}

/** `2 running (40 %, 12 %)`; nothing where none is. */
function runningPhrase(parts: readonly number[]): readonly string[] {
  const shares = parts.map((part) => `${Math.floor(100 * part)} %`);
  return parts.length > 0 ? [`${parts.length} running (${shares.join(', ')})`] : [];
}

/** Whole numbers as they are, parts of trainings with one decimal. */
const oneDecimal = (value: number): string => String(Math.round(10 * value) / 10);

/**
 * `best so far 31.20 % (GRAPH), baseline 33.10 %`: means over the seeds that are done.
 *
 * @param what follows the first number, where it is no test error
 */
function standing(
  errors: readonly (readonly [string, readonly number[]])[],
  baseline: string,
  names: GraphNames,
  what: string,
): string {
  const means = errors.map(([graph, list]) => ({
    graph,
    mean: list.reduce((sum, error) => sum + error, 0) / list.length,
  }));
  const reference = means.find(({ graph }) => graph === baseline);
  const best = means
    .filter(({ graph }) => graph !== baseline)
    .reduce<(typeof means)[number] | null>(
      (low, entry) => (low && low.mean <= entry.mean ? low : entry),
      null,
    );
  const first = best
    ? `best so far ${best.mean.toFixed(2)} %${what} (${graphLabel(names, best.graph)})`
    : 'best so far: none yet';
  return `${first}, baseline ${reference ? `${reference.mean.toFixed(2)} %` : 'not yet'}`;
}

/** Shows a study's progress while it runs. */
export interface ProgressReporter {
  handle(event: StudyEvent): void;
  /** Writes a line that stays, such as a note. */
  line(text: string): void;
  /** Leaves the last state on the screen. */
  finish(): void;
}

const REDRAW_SECONDS = 0.25;
const PLAIN_SECONDS = 5;

/**
 * On a terminal two lines redrawn in place, else a plain line now and then and at every tenth of
 * the trials.
 */
export function studyReporter(
  context: CliContext,
  now: () => number = () => performance.now() / 1000,
): ProgressReporter {
  const progress = studyProgress(now);
  const paint = context.interactive
    ? redrawn(context, progress, now)
    : plain(context, progress, now);
  let begun = false;
  return {
    handle(event) {
      const known = progress.warnings();
      progress.handle(event);
      begun = true;
      const text = lineOf(event, progress.warnings() > known ? known : null, progress.names());
      if (text === null) paint.update();
      else paint.line(text);
    },
    line: (text) => paint.line(text),
    finish: () => {
      if (begun) paint.finish();
    },
  };
}

/** Warnings that are shown; the rest are counted. */
const SHOWN_WARNINGS = 20;

/**
 * The line that an event leaves on the screen; null where it leaves none.
 *
 * @param before warnings before this one, where it is a new one; else null
 */
function lineOf(event: StudyEvent, before: number | null, names: GraphNames): string | null {
  if (event.kind === 'begin') return beginning(event);
  if (event.kind === 'confirming')
    return (
      'confirming with fresh seeds, beside the baseline: ' +
      event.graphs.map((graph) => graphLabel(names, graph)).join('; ')
    );
  if (event.kind === 'note') return `trial ${event.trial.index}: ${event.text}`;
  if (event.kind !== 'warning' || before === null || before > SHOWN_WARNINGS) return null;
  return before < SHOWN_WARNINGS
    ? `warning: ${event.text}`
    : 'warning: there are more warnings about the data, which are counted only';
}

interface Painter {
  update(): void;
  line(text: string): void;
  finish(): void;
}

function redrawn(context: CliContext, progress: StudyProgress, now: () => number): Painter {
  let shown = 0;
  let last = -Infinity;
  const draw = (): void => {
    // A line that wraps would break the counting of lines. Some terminals say they have 0 columns.
    const width = (process.stderr.columns || 80) - 1;
    const lines = progress
      .lines()
      .map(visible)
      .map((line) => (line.length > width ? `${line.slice(0, width - 1)}…` : line));
    context.note(lines.join('\n'), shown);
    shown = lines.length;
    last = now();
  };
  return {
    update: () => {
      if (now() - last >= REDRAW_SECONDS) draw();
    },
    line: (text) => {
      context.note(text, shown);
      shown = 0;
      last = -Infinity;
    },
    finish: draw,
  };
}

function plain(context: CliContext, progress: StudyProgress, now: () => number): Painter {
  const begun = now();
  let last = begun;
  let tenth = 0;
  let written = '';
  const write = (): void => {
    const line = progress.lines().join('; ');
    if (line !== written) context.note(line);
    written = line;
    last = now();
    tenth = Math.floor(10 * progress.fraction());
  };
  return {
    update: () => {
      // Rarer as the study grows longer: a day's log stays readable.
      const pause = Math.max(PLAIN_SECONDS, (now() - begun) / 100);
      if (now() - last >= pause || Math.floor(10 * progress.fraction()) > tenth) write();
    },
    line: (text) => {
      context.note(text);
      tenth = Math.floor(10 * progress.fraction());
    },
    finish: write,
  };
}

function beginning({
  study,
  workers,
  threads,
  total,
  done,
}: Extract<StudyEvent, { kind: 'begin' }>): string {
  const { spec, state, paths } = study;
  const rest = done > 0 ? `, ${oneDecimal(done)} of them done before` : '';
  const crew =
    workers === 0
      ? 'nothing left to run'
      : `${workers} ` +
        `worker${workers === 1 ? '' : 's'}${threads === 1 ? '' : ` of ${threads} threads`}`;
  const { graphs, seeds, search, train } = spec;
  const drawn = nullGraphs(spec).size;
  const nulled = drawn === 0 ? '' : `, ${drawn} of them null graphs,`;
  const own = (graphs.length + 1) * seeds.length;
  const work =
    search === undefined
      ? `${own} trials (${graphs.length} graphs${nulled} and the baseline, ${seeds.length} ` +
        `seed${seeds.length === 1 ? '' : 's'}, ${train.epochs} epochs each)`
      : `a search of ${search.trainings} trainings among ${graphs.length} graphs and ` +
        `${search.baseline} of the baseline (${train.epochs} epochs each, ${search.policy} ` +
        'policy)';
  const more =
    spec.confirm === undefined
      ? ''
      : ', then ' +
        `${total - (search === undefined ? own : search.trainings + search.baseline)} to ` +
        'confirm';
  return (
    `study ${spec.name} in ${paths.directory}: ${work}${more}${rest}; ${crew}, ` +
    `${state.backend}; data ${state.data}`
  );
}
