import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { CliContext } from '../../src/cli/context.js';
import { commaLeft, formatLeft, studyReporter, timeLeft } from '../../src/cli/progress.js';
import type { Study, StudyEvent, Trial, TrialRecord } from '../../src/public/study.js';

const trials: Trial[] = Array.from({ length: 40 }, (_, index) => ({
  index,
  role: index === 0 ? 'baseline' : 'graph',
  graph: `g${index}`,
  seed: 1,
}));
const settings = { epochs: 2 };
const study = {
  spec: {
    name: 'demo',
    baseline: 'g0',
    graphs: trials.slice(1).map((trial) => trial.graph),
    seeds: [1],
    train: settings,
  },
  trials,
  records: [],
  state: { backend: 'cpu (test)', data: 'shapes' },
  paths: { directory: 'studies/demo' },
} as unknown as Study;

function complete(index: number, error: number): TrialRecord {
  const facts = {
    nodes: 8,
    edges: 28,
    clustering: 1,
    pathLength: 1,
    widths: [8],
    macs: 1,
    params: 1,
  };
  return { ...trials[index], status: 'complete', facts, epochs: [], error, seconds: 1 };
}

/** A reporter with a clock of its own, and everything it wrote. */
function reporter(interactive: boolean) {
  const notes: string[] = [];
  let time = 0;
  const context: CliContext = {
    out: () => undefined,
    note: (line, over = 0) => notes.push(over > 0 ? `[over ${over}]${line}` : line),
    env: {},
    signal: new AbortController().signal,
    stdin: Readable.from([]),
    interactive,
  };
  const display = studyReporter(context, () => time);
  const send = (at: number, event: StudyEvent): void => {
    time = at;
    display.handle(event);
  };
  return { display, notes, send };
}

describe('timeLeft', () => {
  it('is not told in the first seconds, nor from a hundredth of the work', () => {
    expect(timeLeft(0, 100, 1000)).toBeNull();
    expect(timeLeft(50, 100, 4.9)).toBeNull();
    expect(timeLeft(1, 100, 59)).toBeNull();
    expect([formatLeft(null), commaLeft(null)]).toEqual(['', '']);
  });

  it('is told in proportion once a part is done, and after a minute in any case', () => {
    expect(timeLeft(50, 100, 5)).toBe(5);
    expect(timeLeft(2, 100, 10)).toBe(490);
    expect(timeLeft(1, 1000, 60)).toBe(59_940);
    expect(commaLeft(timeLeft(2, 100, 10))).toBe(', 8 min 10 s left');
  });
});

describe('studyReporter', () => {
  it(
    'writes a plain line at every tenth of the trials and every few seconds, not at every ' +
      'event',
    () => {
      const { display, notes, send } = reporter(false);
      send(0, {
        kind: 'begin',
        study,
        total: 40,
        done: 0,
        retried: new Set(),
        workers: 2,
        threads: 1,
      });
      for (let index = 0; index < 40; index++) {
        send(index, { kind: 'trialStart', trial: trials[index], from: 0 });
        send(index + 0.5, { kind: 'progress', trial: trials[index], fraction: 0.5 });
        send(index + 1, {
          kind: 'trialEnd',
          record: complete(index, 50 - index / 2),
          fraction: 1,
        });
      }
      display.finish();
      expect(notes[0]).toContain(
        'study demo in studies/demo: 40 trials (39 graphs and the baseline, 1 seed, 2 ' +
          'epochs each); 2 workers, cpu (test); data shapes',
      );
      expect(notes).toHaveLength(11);
      // Four seconds in, workers may still be starting.
      expect(notes[1]).toBe('demo: 4/40 trials; best so far 48.50 % (g3), baseline 50.00 %');
      expect(notes[2]).toBe(
        'demo: 8/40 trials, 32.0 s left; best so far 46.50 % (g7), baseline 50.00 %',
      );
      expect(notes.at(-1)).toBe('demo: 40/40 trials; best so far 30.50 % (g39), baseline 50.00 %');
    },
  );

  it('does not count what a checkpoint held as work of this run', () => {
    const { notes, send } = reporter(false);
    send(0, {
      kind: 'begin',
      study,
      total: 40,
      done: 0,
      retried: new Set(),
      workers: 1,
      threads: 4,
    });
    expect(notes[0]).toContain('; 1 worker of 4 threads, cpu (test)');
    send(0, { kind: 'trialStart', trial: trials[0], from: 0 });
    send(0, { kind: 'resumed', trial: trials[0], fraction: 0.75 });
    send(6, { kind: 'progress', trial: trials[0], fraction: 0.76 });
    expect(notes.at(-1)).toContain('1 running (76 %); best');
    send(60, { kind: 'progress', trial: trials[0], fraction: 0.85 });
    // A tenth of a trial in 60 s; of 40 trials 39.15 are left.
    expect(notes.at(-1)).toContain('1 running (85 %), 6 h 32 min left');
  });

  it('shows each warning about the data once, and counts them; notes of trials are shown', () => {
    const { display, notes, send } = reporter(false);
    send(0, {
      kind: 'begin',
      study,
      total: 40,
      done: 0,
      retried: new Set(),
      workers: 2,
      threads: 1,
    });
    for (const trial of trials.slice(0, 3))
      for (let image = 0; image < 25; image++)
        send(1, { kind: 'warning', trial, text: `image ${image} cannot be read` });
    send(2, { kind: 'note', trial: trials[1], text: 'note: starts anew' });
    display.finish();
    expect(notes.filter((line) => line.startsWith('warning: image'))).toEqual(
      Array.from({ length: 20 }, (_, image) => `warning: image ${image} cannot be read`),
    );
    expect(
      notes.filter(
        (line) =>
          line === 'warning: there are more warnings about the data, which are counted only',
      ),
    ).toHaveLength(1);
    expect(notes).toContain('trial 1: note: starts anew');
    expect(notes.at(-1)).toContain('0/40 trials, 25 warnings about the data');
  });

  it('keeps a slow trial visible: running parts and time left', () => {
    const { notes, send } = reporter(false);
    send(0, {
      kind: 'begin',
      study,
      total: 40,
      done: 20,
      retried: new Set(),
      workers: 1,
      threads: 1,
    });
    send(0, { kind: 'trialStart', trial: trials[20], from: 0 });
    send(4, { kind: 'progress', trial: trials[20], fraction: 0.4 });
    send(6, { kind: 'progress', trial: trials[20], fraction: 0.5 });
    expect(notes[0]).toContain('20 of them done before');
    expect(notes.slice(1)).toEqual([
      'demo: 20/40 trials, 1 running (50 %), 3 min 54 s left; best so far: none yet, ' +
        'baseline not yet',
    ]);
  });

  it('counts failures', () => {
    const { display, notes, send } = reporter(false);
    send(0, {
      kind: 'begin',
      study,
      total: 40,
      done: 0,
      retried: new Set(),
      workers: 1,
      threads: 1,
    });
    send(0, { kind: 'trialStart', trial: trials[0], from: 0 });
    send(10, {
      kind: 'trialEnd',
      record: { ...trials[0], status: 'failed', reason: 'x', facts: null, epochs: [], seconds: 1 },
      fraction: 1,
    });
    display.finish();
    expect(notes.at(-1)).toBe(
      'demo: 1/40 trials, 1 failed, 6 min 30 s left; best so far: none yet, baseline not yet',
    );
  });

  it('counts a search in whole trainings, stopped ones by their epochs', () => {
    const { display, notes, send } = reporter(false);
    const search = {
      policy: 'surrogate',
      trainings: 9,
      baseline: 1,
      together: 3,
      halving: { first: 1, factor: 2 },
      seed: 1,
    } as const;
    send(0, {
      kind: 'begin',
      study: { ...study, spec: { ...study.spec, search } },
      workers: 1,
      threads: 1,
      total: 10,
      done: 0.5,
      retried: new Set(),
    });
    expect(notes[0]).toContain(
      'a search of 9 trainings among 39 graphs and 1 of the baseline (2 epochs each, ' +
        'surrogate policy), 0.5 of them done before; 1 worker',
    );
    const stopped = {
      ...trials[1],
      status: 'stopped',
      facts: { nodes: 8, edges: 28, clustering: 1, pathLength: 1, widths: [8], macs: 1, params: 1 },
      epochs: [],
      seconds: 1,
    } as const;
    send(0, { kind: 'trialStart', trial: trials[1], from: 0 });
    send(20, { kind: 'trialEnd', record: stopped, fraction: 0.5 });
    // It goes on: what its checkpoint holds is counted already.
    send(20, { kind: 'trialStart', trial: trials[1], from: 0.5 });
    send(20, { kind: 'resumed', trial: trials[1], fraction: 0.5 });
    send(40, { kind: 'trialEnd', record: complete(1, 40), fraction: 1 });
    display.finish();
    // 1 training in 40 s; 8.5 are left.
    expect(notes.at(-1)).toBe(
      'demo: 1.5/10 trainings, 5 min 40 s left; best so far 40.00 % (g1), baseline not yet',
    );
  });

  it(
    'redraws two lines in place on a terminal, notes above them, and keeps them narrower ' +
      'than the terminal',
    () => {
      const { display, notes, send } = reporter(true);
      send(0, {
        kind: 'begin',
        study,
        total: 40,
        done: 0,
        retried: new Set(),
        workers: 2,
        threads: 1,
      });
      send(1, { kind: 'trialEnd', record: complete(0, 50), fraction: 1 });
      send(1.01, { kind: 'trialStart', trial: trials[1], from: 0 });
      send(2, {
        kind: 'trialEnd',
        record: { ...complete(1, 40), graph: 'g'.repeat(300) },
        fraction: 1,
      });
      display.line('note: something');
      display.finish();
      expect(notes).toHaveLength(5);
      expect(notes[1]).toMatch(/^demo: 1\/40 trials/);
      expect(notes[2].startsWith('[over 2]demo: 2/40')).toBe(true);
      expect(notes[2].split('\n')[1].endsWith('…')).toBe(true);
      expect(notes[3]).toBe('[over 2]note: something');
      expect(notes[4].startsWith('demo: 2/40')).toBe(true);
      expect(notes[4].split('\n')).toHaveLength(2);
    },
  );

  it('writes nothing at the end of a run that never began', () => {
    const { display, notes } = reporter(true);
    display.finish();
    expect(notes).toEqual([]);
  });
});
