import { join } from 'node:path';

/** Trials that are being trained, or were when the study was stopped. */
export const CHECKPOINTS_FOLDER = 'checkpoints';

/** Where things are in a study's directory. */
export interface StudyPaths {
  readonly directory: string;
  /** The frozen spec. */
  readonly spec: string;
  /** What the study was begun with, see `StudyState`. */
  readonly state: string;
  /** One `TrialRecord` a line, only ever appended to. */
  readonly log: string;
  /** Lines of the log that were found damaged, as they were; not there where none was. */
  readonly damaged: string;
  /** What was predicted before the first trial, see `Registration`; not there where nothing was. */
  readonly registration: string;
  /** The process that runs the study. */
  readonly lock: string;
  /** Trials that are being trained, or were when the study was stopped. */
  readonly checkpoints: string;
}

/** The paths of a study in `directory`; nothing is read. */
export function studyPaths(directory: string): StudyPaths {
  const inside = (name: string): string => join(directory, name);
  return {
    directory,
    spec: inside('study.yaml'),
    state: inside('study.json'),
    log: inside('trials.ndjson'),
    damaged: inside('damaged.ndjson'),
    registration: inside('registration.json'),
    lock: inside('lock'),
    checkpoints: inside(CHECKPOINTS_FOLDER),
  };
}
