import { signal } from '@preact/signals';
import type { StudyEntry, StudyList } from '../../src/analysis/study-entry.js';
import type { TrialRows } from '../../src/analysis/trial-table.js';
import type { StudySummary } from '../../src/analysis/types.js';
import { messageOf } from '../../src/core/errors.js';
import { announcement } from '../graph/current.js';
import { act, apiAddress, ApiError, fetchList, fetchSummary, fetchTable } from './api.js';
import { TrialData } from './trial-data.js';

/** The studies that there are; null before the server has answered. */
export const list = signal<StudyList | null>(null);
/** The study that is looked at. */
export const entry = signal<StudyEntry | null>(null);
/** Its trials, anew with every change: the data inside are the same. */
export const table = signal<{ readonly data: TrialData } | null>(null);
export const summary = signal<StudySummary | null>(null);
/** Why nothing is shown, or no more than this. */
export const trouble = signal<ApiError | null>(null);
/** Since when the server has been silent, while what is shown is older; null: it answers. */
export const silentSince = signal<Date | null>(null);
/** What came of the last thing that was asked for. */
export const refused = signal<string | null>(null);

/** Milliseconds between two looks at the list, and before a server is asked again. */
const PAUSE = 3000;
/** A list that is being read is looked at sooner. */
const SOON = 700;

function note(error: unknown): void {
  if (!(error instanceof ApiError)) throw error;
  if (error.kind === 'silent') silentSince.value ??= new Date();
  trouble.value = error;
}

function answered(): void {
  trouble.value = null;
  silentSince.value = null;
}

/** Looks at the list now and again, as long as the page can be seen. */
export function followList(): () => void {
  let timer: ReturnType<typeof setTimeout>;
  let gone = false;
  const look = async (): Promise<void> => {
    try {
      if (document.visibilityState === 'visible' || list.value === null) {
        list.value = await fetchList();
        answered();
      }
    } catch (error) {
      note(error);
      if (trouble.value?.kind === 'absent') return;
    }
    const reading = list.value?.studies.some(({ state }) => state === 'reading') ?? false;
    if (!gone) timer = setTimeout(() => void look(), reading ? SOON : PAUSE);
  };
  void look();
  return () => {
    gone = true;
    clearTimeout(timer);
  };
}

/** Fetches the list until all of it is read, for whoever shows one study alone. */
export async function fetchWholeList(): Promise<void> {
  const isWhole = (): boolean =>
    list.value !== null && list.value.studies.every(({ state }) => state !== 'reading');
  try {
    while (!isWhole()) {
      list.value = await fetchList();
      if (!isWhole()) await new Promise((resolve) => setTimeout(resolve, SOON));
    }
  } catch (error) {
    // What is wrong is told by what follows the study.
    if (!(error instanceof ApiError)) throw error;
  }
}

/** Follows one study: its table once, then what is new as the server tells it. */
export function followStudy(id: string): () => void {
  const follower = new Follower(id);
  entry.value = list.value?.studies.find((study) => study.id === id) ?? null;
  table.value = null;
  summary.value = null;
  refused.value = null;
  void follower.begin();
  return () => follower.end();
}

class Follower {
  private stream: EventSource | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private gone = false;
  private position: string | null = null;
  private summaryOf = -1;
  private asking = false;

  private listened = false;

  constructor(private readonly id: string) {
    document.addEventListener('visibilitychange', this.onVisibility);
  }

  /** Browsers have few connections for a server: pages that nobody sees leave them to others. */
  private readonly onVisibility = (): void => {
    if (document.visibilityState === 'hidden') {
      this.stream?.close();
      this.stream = null;
    } else if (this.listened && this.stream === null) this.listen();
  };

  async begin(): Promise<void> {
    try {
      const fetched = await fetchTable(this.id);
      if (this.gone) return;
      answered();
      table.value = { data: new TrialData(fetched) };
      this.position = fetched.position;
    } catch (error) {
      if (this.gone) return;
      note(error);
      // A study that cannot be read may be one that was not begun: the stream tells.
      if (trouble.value?.kind !== 'refused') {
        this.again();
        return;
      }
    }
    this.listen();
  }

  end(): void {
    this.gone = true;
    document.removeEventListener('visibilitychange', this.onVisibility);
    clearTimeout(this.timer);
    this.stream?.close();
  }

  private again(): void {
    this.stream?.close();
    this.stream = null;
    clearTimeout(this.timer);
    if (trouble.value?.kind !== 'absent')
      this.timer = setTimeout(() => void this.begin(), PAUSE / 2);
  }

  private listen(): void {
    this.stream?.close();
    // Who has been away and cannot say since when is told everything anew.
    const place = this.position ?? (this.listened ? '' : null);
    this.listened = true;
    const from = place === null ? '' : `?from=${encodeURIComponent(place)}`;
    const stream = new EventSource(`${apiAddress('studies', this.id, 'events')}${from}`);
    this.stream = stream;
    stream.addEventListener('trials', ({ data, lastEventId }: MessageEvent<string>) => {
      this.position = lastEventId;
      const shown = table.value;
      if (shown === null) return;
      shown.data.put(JSON.parse(data) as TrialRows);
      table.value = { data: shown.data };
    });
    stream.addEventListener('anew', () => void this.begin());
    stream.addEventListener('entry', ({ data }: MessageEvent<string>) => {
      const next = JSON.parse(data) as StudyEntry | null;
      const before = entry.value;
      entry.value = next;
      if (next === null) return;
      if (before?.id === next.id && before.state !== next.state)
        announcement.value = `${next.name}: ${next.state}`;
      if (table.value === null && next.trials !== null) void this.begin();
      void this.renewSummary(next.version);
    });
    stream.addEventListener('open', () => {
      answered();
      // A server that was begun anew counts versions anew.
      this.summaryOf = -1;
    });
    stream.addEventListener('error', () => {
      if (this.gone) return;
      silentSince.value ??= new Date();
      // One that the browser gives up is begun anew; else it tries by itself, from where it was.
      if (stream.readyState === EventSource.CLOSED) this.again();
    });
  }

  /** Fetches the summary of a version, where none is on its way; the last one is never left out. */
  private async renewSummary(version: number): Promise<void> {
    if (this.asking || version === this.summaryOf || entry.value?.trials == null) return;
    this.asking = true;
    const began = performance.now();
    try {
      const next = await fetchSummary(this.id);
      if (this.gone) return;
      summary.value = next;
      this.summaryOf = version;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    } finally {
      const took = performance.now() - began;
      // While a study runs, the server is to have other things to do.
      setTimeout(
        () => {
          this.asking = false;
          if (!this.gone && entry.value !== null) void this.renewSummary(entry.value.version);
        },
        Math.max(1000, 4 * took),
      );
    }
  }
}

/** Asks for something to be done with the study; why it was not is said on the page. */
export async function ask(
  id: string,
  action: 'run' | 'stop' | 'retry',
  body: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  refused.value = null;
  try {
    entry.value = await act(id, action, body);
  } catch (error) {
    refused.value = messageOf(error);
  }
}
