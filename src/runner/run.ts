import { backendWords } from '../engine/precision.js';
import { Interrupted } from '../core/errors.js';
import { makeDirectory } from '../platform/fs.js';
import { packageVersion } from '../platform/version.js';
import { removeCheckpoint, removeEmptyFolder, tidyCheckpoints } from '../store/checkpoints.js';
import {
  begunMeanwhile,
  readLogs,
  readStudy,
  restoreSpec,
  type Study,
  writeStudyStart,
} from '../store/directory.js';
import { checkGraphFiles, copyGraphFiles, graphOfStudy } from '../store/graph-files.js';
import { outwaitLock, takeLock } from '../store/lock.js';
import { readRegistration, writeRegistration } from '../store/registration.js';
import { studyHash } from '../store/spec-file.js';
import { readState } from '../store/state.js';
import { agendaOf } from '../study/agenda.js';
import { missingTrials } from '../study/confirm.js';
import type { Executor, PortableJob } from '../study/executor.js';
import type { Registration, StudySpec, TrialRecord } from '../study/types.js';
import { type Agenda, type AgendaStep, continued, partOf } from '../study/work.js';
import { besideWorkers } from './beside.js';
import { type Recorder, mendLog, openRecorder } from './recorder.js';
import {
  executorOf,
  planStudy,
  portableJobs,
  type RunStudyOptions,
  type StudyPlan,
} from './plan.js';

/**
 * Begins or continues a study and returns when every trial has ended. Each ended trial is on the
 * disk before the next is counted, and every running one is kept now and then, so a run can be
 * killed at any time and called again. Results depend on the spec and the data alone: not on the
 * number of workers or threads nor on interruptions.
 *
 * @throws UserError for a directory that cannot take this study (another spec, data, format; in
 * use; disk full)
 * @throws StudyLost when the directory or the log goes away meanwhile; all is kept elsewhere
 * @throws Interrupted when `signal` aborts; finished trials are kept, and the others as far as they
 * were trained
 */
export async function runStudy(options: RunStudyOptions): Promise<Study> {
  const plan = await planStudy(options);
  const { paths } = plan;
  makeDirectory(paths.directory);
  await outwaitLock(paths.lock, { note: plan.note, signal: options.signal });
  const release = takeLock(paths.lock, plan.note);
  try {
    begin(plan);
    return await runPending(readStudy(options.directory), plan, options);
  } finally {
    release();
  }
}

/**
 * Begins a study without training anything of it, so that workers can (`workStudy`); one that was
 * begun stays as it is.
 *
 * @throws UserError as `runStudy` does
 */
export async function beginStudy(options: RunStudyOptions): Promise<StudyPlan> {
  const plan = await planStudy(options);
  const { paths } = plan;
  if (plan.begun !== null) return plan;
  makeDirectory(paths.directory);
  const release = takeLock(paths.lock, plan.note);
  try {
    begin(plan);
    return plan;
  } finally {
    release();
  }
}

/** Writes what a study begins with, or what of it is missing. */
function begin({ paths, begun, registered, spec, files, dataset, backend, note }: StudyPlan): void {
  const raced =
    !begun && (readState(paths) ?? (registered ? null : readRegistration(paths.registration)));
  if (raced) throw begunMeanwhile(paths);
  copyGraphFiles(files, paths.directory);
  if (begun) {
    // What graphs are called may change; all else of the spec is as it was.
    if (JSON.stringify(begun.spec.names) === JSON.stringify(spec.names)) restoreSpec(paths, spec);
    else writeStudyStart(paths, { ...begun, spec });
    return;
  }
  const registration = registered ?? registerNow(paths.registration, spec, note);
  writeStudyStart(paths, {
    plexus: packageVersion(),
    specHash: studyHash(spec),
    data: dataset.identity,
    backend: backendWords(backend.info, spec.train.precision),
    spec,
    registration: registration?.hash,
  });
}

/**
 * Registers what the spec predicts where `registerStudy` was not asked to; null where it predicts
 * nothing.
 */
function registerNow(
  path: string,
  spec: StudySpec,
  note: (line: string) => void,
): Registration | null {
  if (spec.predictions === undefined) return null;
  const registration = writeRegistration(path, spec);
  note(
    'note: the predictions of the spec are registered now, before the first trial, in ' +
      `${path} (hash ${registration.hash})`,
  );
  return registration;
}

/** What a study has come to while it runs. */
interface Progressing {
  readonly study: Study;
  readonly plan: StudyPlan;
  readonly options: RunStudyOptions;
  readonly agenda: Agenda;
  /** Records of trials that failed before and run again. */
  readonly retried: ReadonlySet<TrialRecord>;
  readonly recorder: Recorder;
  /** Why trainings under way could not be kept as far as they were when the run stopped. */
  readonly unkept: string[];
}

async function runPending(found: Study, plan: StudyPlan, options: RunStudyOptions): Promise<Study> {
  const { spec, paths } = found;
  // Nothing is written, not even to mend the log, before what can be refused was looked at.
  const asFound = agendaFor(found, options);
  checkGraphFiles(
    asFound.step.jobs.map(({ trial }) => trial.graph),
    paths.directory,
  );
  const isWhole = found.damaged.length === 0 && found.tornBytes === 0;
  const study = isWhole
    ? found
    : mendLog(found, agendaFor(found, {}).step.jobs.length === 0, plan.note);
  const { agenda, retried, step } = isWhole ? asFound : agendaFor(study, options);
  const executor =
    step.jobs.length === 0
      ? null
      : executorOf(plan, options, Math.max(step.jobs.length, laterJobs(spec)));
  options.onEvent?.({
    kind: 'begin',
    study,
    workers: executor?.workers ?? 0,
    threads: plan.threads,
    ...agenda.progress(study.records),
    retried,
  });
  if (executor) await runSteps({ study, plan, options, agenda, retried }, step, executor);
  const ended = withNewLog(study);
  return { ...ended, search: () => agenda.outcome(ended.records) };
}

/** What is to be run of a study as it is, first of all `step`. */
function agendaFor(
  { spec, trials, records, paths }: Study,
  { retryFailed = false }: Pick<RunStudyOptions, 'retryFailed'>,
): {
  readonly agenda: Agenda;
  readonly retried: ReadonlySet<TrialRecord>;
  readonly step: AgendaStep;
} {
  const graphOf = (line: string) => graphOfStudy(line, paths.directory);
  const retried = new Set(retryFailed ? records.filter(({ status }) => status === 'failed') : []);
  const agenda = agendaOf(spec, trials, { graphOf, retried });
  return { agenda, retried, step: agenda.next(records) };
}

/** Trials that a later step may have to run at once: more, perhaps, than are left of the first. */
function laterJobs({ search, confirm }: StudySpec): number {
  return Math.max(
    search?.together ?? 0,
    confirm === undefined ? 0 : (confirm.graphs + 1) * confirm.seeds.length,
  );
}

/**
 * Only the log is read again: an edit of the spec under the running study must not spoil what it
 * did.
 */
function withNewLog(study: Study): Study {
  return { ...study, ...readLogs(study.paths, study.trials, study.spec.train) };
}

/** Runs a step and all that follow from it. Throws as `runStudy` does. */
async function runSteps(
  begun: Omit<Progressing, 'recorder' | 'unkept'>,
  first: AgendaStep,
  executor: Executor,
): Promise<void> {
  const { study, options, agenda } = begun;
  const { spec, paths } = study;
  const recorder = openRecorder(study);
  const progressing: Progressing = { ...begun, recorder, unkept: [] };
  const signal = AbortSignal.any([recorder.signal, ...(options.signal ? [options.signal] : [])]);
  const beside = besideWorkers(study, recorder.records, begun.retried, signal, begun.plan.note);
  try {
    const done = await executor.run(await beside.free(() => jobsOfStep(first, progressing)), {
      more: () =>
        beside.free(() => jobsOfStep(agenda.next([...recorder.records.values()]), progressing)),
      take: (job) => beside.take(job),
      onStart: ({ trial }) => {
        const before = recorder.records.get(trial.index);
        const from = before?.status === 'stopped' ? partOf(before, spec) : 0;
        options.onEvent?.({ kind: 'trialStart', trial, from });
      },
      onMessage: ({ trial }, message) => {
        if (message.kind === 'unkept') progressing.unkept.push(message.text);
        options.onEvent?.({ ...message, trial });
      },
      onEnd: async (record, job) => {
        keep(record, job, progressing);
        await beside.release(record.index);
      },
      checkpointAt: (file) => recorder.checkpointAt(file),
      signal,
    });
    if (!recorder.check()) throw recorder.loss();
    if (!done) throw new Interrupted(interruption(withNewLog(study), progressing.unkept));
  } finally {
    recorder.close();
    await beside.leave();
    removeEmptyFolder(paths.checkpoints);
  }
}

/** The jobs of a step as an executor takes them. */
function jobsOfStep(
  { jobs, alive, confirms }: AgendaStep,
  { study, plan, options, agenda, recorder }: Progressing,
): readonly PortableJob[] {
  // Else a new directory would be made in the place of one that went away.
  if (!recorder.check()) return [];
  if (confirms !== undefined && jobs.length > 0)
    options.onEvent?.({
      kind: 'confirming',
      graphs: confirms,
      ...agenda.progress([...recorder.records.values()]),
    });
  const { checkpoints } = study.paths;
  // What was left off and does not go on is of no use any more.
  tidyCheckpoints(checkpoints, [...jobs.map(({ trial }) => trial), ...alive]);
  return portableJobs(plan, jobs, options.checkpointSeconds);
}

/** Logs what became of a trial. */
function keep(
  ended: TrialRecord,
  { until }: PortableJob,
  { study, options, recorder }: Progressing,
): void {
  const record = continued(ended, recorder.records.get(ended.index));
  recorder.append(record);
  if (record.status !== 'stopped') removeCheckpoint(study.paths.checkpoints, record);
  options.onEvent?.({ kind: 'trialEnd', record, fraction: until / study.spec.train.epochs });
}

/** @param unkept why trainings under way were not kept as far as they were */
function interruption({ records, spec, paths }: Study, unkept: readonly string[]): string {
  const of =
    spec.search === undefined ? ` of ${records.length + missingTrials(spec, records)}` : '';
  const kept =
    unkept.length === 0
      ? 'all kept'
      : `these kept, but of ${unkept.length} under way only their last checkpoints (${unkept[0]})`;
  return (
    `stopped with ${records.length}${of} trials done, ${kept}; continue with: plexus ` +
    `study run ${paths.directory}`
  );
}
