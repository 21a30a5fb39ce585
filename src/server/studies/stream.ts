import type { ServerResponse } from 'node:http';
import { SAFE_HEADERS } from '../guard.js';
import { HttpError } from '../answers.js';
import type { StudyShelf } from './shelf.js';

/** Milliseconds between two looks at a study that somebody follows. */
const LOOK = 500;
/** Looks between two signs that the connection lives. */
const BEAT = 30;
/** Connections that are followed at the same time: some are left for everything else. */
const MOST_STREAMS = 32;
/** Bytes that wait for a slow reader, who is cut off then and comes back for what is missing. */
const MOST_WAITING = 4 * 1024 * 1024;

/** Streams of what is new in studies. */
export interface Streams {
  /**
   * Follows a study: `trials` events with the rows that changed, whose ids are positions in the logs;
   * `entry` events with its entry in the list; `anew` where a table is to be fetched again.
   *
   * @param from the position that the reader has; null: the present one
   */
  open(response: ServerResponse, id: string, from: string | null): Promise<void>;
  close(): void;
}

/** @param onFault called where the server fails by a fault of its own */
export function studyStreams(shelf: StudyShelf, onFault: (error: unknown) => void): Streams {
  const open = new Set<ServerResponse>();
  return {
    open: async (response, id, from) => {
      if (open.size >= MOST_STREAMS)
        throw new HttpError(503, `at most ${MOST_STREAMS} pages may follow studies at a time`);
      if (shelf.find(id) === null) throw new HttpError(404, 'there is no such study');
      response.writeHead(200, {
        ...SAFE_HEADERS,
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no',
      });
      response.write('retry: 1000\n\n');
      open.add(response);
      const timer = follow(shelf, id, from, response, onFault);
      response.on('close', () => {
        clearInterval(timer);
        open.delete(response);
      });
    },
    close: () => {
      for (const response of open) response.end();
    },
  };
}

function follow(
  shelf: StudyShelf,
  id: string,
  from: string | null,
  response: ServerResponse,
  onFault: (error: unknown) => void,
): ReturnType<typeof setInterval> {
  const reader = new Reader(shelf, id, from, response);
  let busy = false;
  let looks = 0;
  const look = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    try {
      await reader.look();
      if (++looks % BEAT === 0) response.write(': alive\n\n');
      if (response.writableLength > MOST_WAITING) response.destroy();
    } catch (error) {
      // Whoever follows comes back, and is told what is wrong.
      response.destroy();
      onFault(error);
    } finally {
      busy = false;
    }
  };
  void look();
  return setInterval(() => void look(), LOOK);
}

/** One reader of a study: what it has, and what it is told. */
class Reader {
  private said = '';
  private version = -1;

  constructor(
    private readonly shelf: StudyShelf,
    private readonly id: string,
    private position: string | null,
    private readonly response: ServerResponse,
  ) {}

  async look(): Promise<void> {
    const entry = await this.shelf.entry(this.id);
    if (this.response.destroyed || this.response.writableEnded) return;
    const study = entry?.trials == null ? null : this.shelf.find(this.id);
    if (study !== null && study.version !== this.version) {
      const now = study.position();
      const trials = this.position === null ? null : study.since(this.position);
      // Where a position is too long to be said, a reader that has everything cannot say so.
      const isNews = this.position !== null || this.version >= 0;
      if (trials !== null && trials.size > 0) this.send('trials', study.rows(trials), now);
      else if (trials === null && isNews) this.send('anew', {}, now);
      this.version = study.version;
      this.position = now;
    }
    const text = JSON.stringify(entry);
    if (text !== this.said) this.send('entry', entry, null);
    this.said = text;
  }

  private send(event: string, data: unknown, position: string | null): void {
    const id = position === null ? '' : `id: ${position}\n`;
    this.response.write(`event: ${event}\n${id}data: ${JSON.stringify(data)}\n\n`);
  }
}
