import { type Signal, signal } from '@preact/signals';
import type { EpochRecord } from '../../src/train/types.js';
import type { StepRecord } from '../../src/train/loop.js';
import type { Facts, Frame, Look, Order, Report, Trained, TrainJob, Until } from './messages.js';

/** How far a training is. */
type State = 'idle' | 'preparing' | 'running' | 'held' | 'done' | 'failed';

/** One of the two trainings of the page, in a worker of its own. */
export class Side {
  readonly state: Signal<State> = signal('idle');
  readonly failure = signal<string | null>(null);
  readonly facts = signal<Facts | null>(null);
  readonly records = signal<readonly EpochRecord[]>([]);
  /** What the network was and did when it was last looked at. */
  readonly look = signal<Look | null>(null);
  /** Its weights as graphs, epoch by epoch. */
  readonly frames = signal<readonly Frame[]>([]);
  /** Its weights at the end, where events can carry it. */
  readonly trained = signal<Trained | null>(null);
  /** Losses and errors of all updates so far, in their order; `count` tells that there are more. */
  readonly losses: number[] = [];
  readonly errors: number[] = [];
  readonly count = signal(0);
  private worker: Worker | null = null;
  private job: TrainJob | null = null;

  /** Ends what runs and forgets it. */
  reset(): void {
    this.worker?.terminate();
    this.worker = null;
    this.losses.length = 0;
    this.errors.length = 0;
    this.count.value = 0;
    this.records.value = [];
    this.facts.value = null;
    this.look.value = null;
    this.frames.value = [];
    this.trained.value = null;
    this.failure.value = null;
    this.state.value = 'idle';
  }

  /** Lets it go on, from the beginning where it has not begun. */
  go(until: Until, job: () => TrainJob): void {
    const { value } = this.state;
    if (value === 'done' || value === 'failed') return;
    if (value === 'idle') this.begin(job());
    this.order({ kind: 'go', until });
    if (value === 'held') this.state.value = 'running';
  }

  hold(): void {
    if (this.state.value === 'running' || this.state.value === 'preparing')
      this.order({ kind: 'hold' });
  }

  private begin(job: TrainJob): void {
    this.state.value = 'preparing';
    this.job = job;
    const worker = new Worker(new URL('worker.ts', import.meta.url), { type: 'module' });
    this.worker = worker;
    worker.addEventListener('message', ({ data }: MessageEvent<Report>) => this.hear(data));
    worker.addEventListener('error', ({ message }) =>
      this.fail(message || 'the worker could not be started: is the server still there?'),
    );
    this.order({ kind: 'begin', job });
  }

  private order(order: Order): void {
    this.worker?.postMessage(order, { transfer: [] });
  }

  private fail(message: string): void {
    this.failure.value = message;
    this.end('failed');
  }

  /** The network is needed no more: its memory goes with its worker. */
  private end(state: 'done' | 'failed'): void {
    this.state.value = state;
    this.worker?.terminate();
    this.worker = null;
  }

  private hear(report: Report): void {
    switch (report.kind) {
      case 'ready':
        this.facts.value = report.facts;
        if (this.state.value === 'preparing') this.state.value = 'running';
        return;
      case 'step':
        return this.take(report.step);
      case 'epoch':
        this.records.value = [...this.records.value, report.record];
        return;
      case 'look':
        this.look.value = report.look;
        return;
      case 'frame':
        this.frames.value = [...this.frames.value, report.frame];
        return;
      case 'trained':
        if (this.job !== null) this.trained.value = { ...report.trained, job: this.job };
        return;
      case 'held':
        this.state.value = 'held';
        return;
      case 'done':
        return this.end('done');
      case 'failed':
        return this.fail(report.message);
      default:
        report satisfies never;
    }
  }

  private take({ loss, error }: StepRecord): void {
    this.losses.push(loss);
    this.errors.push(error);
    this.count.value = this.losses.length;
    // An order to go on may cross the word that it waits.
    if (this.state.value === 'held') this.state.value = 'running';
  }
}
