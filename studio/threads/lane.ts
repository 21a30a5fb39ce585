import type { Tasks } from './tasks.js';

type TaskName = keyof Tasks;

/** What a worker is asked. */
export interface Question {
  readonly id: number;
  readonly task: TaskName;
  readonly input: unknown;
}

/** What a worker says of a question: a part of the answer, all of it, or why there is none. */
export type Answer =
  | { readonly id: number; readonly kind: 'part'; readonly part: unknown }
  | { readonly id: number; readonly kind: 'done'; readonly value: unknown }
  | { readonly id: number; readonly kind: 'failed'; readonly message: string };

type Part<N extends TaskName> =
  Parameters<Tasks[N]> extends [unknown, (part: infer P) => void] ? P : never;

/** What somebody who asks wants to hear. */
export interface Listener<N extends TaskName> {
  readonly onDone: (value: Awaited<ReturnType<Tasks[N]>>) => void;
  readonly onPart?: (part: Part<N>) => void;
  readonly onFailed?: (message: string) => void;
}

interface Asked {
  readonly question: Question;
  readonly onDone: (value: never) => void;
  readonly onPart?: (part: never) => void;
  readonly onFailed?: (message: string) => void;
}

/**
 * A worker for questions of one kind, of which only the newest matters: one that waits is replaced
 * by a newer one, and the answer to one that was replaced or cancelled is not told. The worker is
 * started with the first question.
 */
export class Lane<N extends TaskName> {
  private worker: Worker | null = null;
  private current: Asked | null = null;
  private next: Asked | null = null;
  private asked = 0;

  constructor(private readonly task: N) {}

  /**
   * Asks. A question under way is left to end, so that a stream of them is answered as fast as the
   * worker can; with `now` it is cut off.
   */
  ask(input: Parameters<Tasks[N]>[0], listener: Listener<N>, now = false): void {
    const question = { id: ++this.asked, task: this.task, input };
    this.next = { question, ...listener };
    if (now && this.current !== null) this.stop();
    if (this.current === null) this.begin();
  }

  /** Forgets all questions and ends the work on the present one. */
  cancel(): void {
    this.next = null;
    this.stop();
  }

  private stop(): void {
    if (this.current !== null) {
      this.worker?.terminate();
      this.worker = null;
    }
    this.current = null;
  }

  private begin(): void {
    this.current = this.next;
    this.next = null;
    if (this.current === null) return;
    this.worker ??= this.start();
    this.worker.postMessage(this.current.question, { transfer: [] });
  }

  private start(): Worker {
    const worker = new Worker(new URL('worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => this.hear(data));
    worker.addEventListener('error', ({ message }) => {
      const failed = this.current;
      this.stop();
      failed?.onFailed?.(message || 'the worker could not be started');
    });
    return worker;
  }

  private hear(answer: Answer): void {
    const asked = this.current;
    if (asked === null || answer.id !== asked.question.id) return;
    // Of a question that was replaced nothing is told, but the worker has to come to its end.
    const wanted = this.next === null;
    if (answer.kind === 'part') {
      if (wanted) asked.onPart?.(answer.part as never);
      return;
    }
    this.current = null;
    if (answer.kind === 'failed') {
      if (wanted) asked.onFailed?.(answer.message);
    } else asked.onDone(answer.value as never);
    this.begin();
  }
}
