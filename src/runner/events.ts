import type { Study } from '../store/directory.js';
import type { TrialMessage } from '../study/executor.js';
import type { Trial, TrialRecord } from '../study/types.js';
import type { Progress } from '../study/work.js';

/** What happens while a study runs, for live progress. */
export type StudyEvent =
  | ({
      readonly kind: 'begin';
      readonly study: Study;
      readonly workers: number;
      /** Of each worker. */
      readonly threads: number;
      /** Records of trials that failed before and run again. */
      readonly retried: ReadonlySet<TrialRecord>;
    } & Progress)
  /**
   * Now these graphs, best first, are trained with the fresh seeds; the whole of the study is known
   * from here on.
   */
  | ({ readonly kind: 'confirming'; readonly graphs: readonly string[] } & Progress)
  /** Goes on with this part of its training recorded before, 0..1. */
  | { readonly kind: 'trialStart'; readonly trial: Trial; readonly from: number }
  /** What its executor tells of a trial. */
  | (TrialMessage & { readonly trial: Trial })
  /** Ended, or stopped by a search, with this part of its training done as planned, 0..1. */
  | { readonly kind: 'trialEnd'; readonly record: TrialRecord; readonly fraction: number };
