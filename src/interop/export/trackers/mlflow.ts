import { must } from '../../../core/errors.js';
import type { ExportedFiles, StudyRecords, StudyTarget } from '../types.js';
import { type Run, runsOf } from './runs.js';

/** The file store of MLflow: an experiment of a study, a run of a trial. */
export const mlflow: StudyTarget = {
  of: 'study',
  name: 'mlflow',
  meaning: 'file store of MLflow, one run a trial (a study)',
  ending: null,
  options: [],
  files: storeFiles,
  next: (path) => [
    `look at them with: MLFLOW_ALLOW_FILE_STORE=true mlflow ui --backend-store-uri ${path}`,
    `MLflow 3.13 and later: mlflow migrate-filestore --source ${path} --target sqlite:///mlflow.db`,
  ],
};

/** Values of RunStatus in MLflow's service.proto. */
const STATUS = { complete: 3, stopped: 5, failed: 4 } as const;
/** Digits of an experiment's number, as MLflow makes them. */
const DIGITS = 18;

function storeFiles(study: StudyRecords): ExportedFiles {
  const experiment = (BigInt(`0x${study.hash.slice(0, 15)}`) % 10n ** BigInt(DIGITS))
    .toString()
    .padStart(DIGITS, '1');
  const head = yaml({
    artifact_location: `./${experiment}`,
    creation_time: 0,
    experiment_id: experiment,
    last_update_time: 0,
    lifecycle_stage: 'active',
    name: study.name,
  });
  return new Map([
    [`${experiment}/meta.yaml`, head],
    ...runsOf(study).flatMap((run) => [...runFiles(study, run, experiment)]),
  ]);
}

/** When a trial ran is not known: times are milliseconds since its start. */
function runFiles({ hash }: StudyRecords, run: Run, experiment: string): Map<string, string> {
  const { name, parameters, epochs, seconds, status } = run;
  const id = `${hash.slice(0, 24)}${must(name.split('-')[1]).padStart(8, '0')}`;
  const folder = `${experiment}/${id}`;
  const end = Math.round(1000 * seconds);
  const last = epochs.at(-1)?.epoch ?? 1;
  const files = new Map([
    [
      `${folder}/meta.yaml`,
      yaml({
        artifact_uri: `./${experiment}/${id}/artifacts`,
        end_time: end,
        entry_point_name: '',
        experiment_id: experiment,
        lifecycle_stage: 'active',
        run_id: id,
        run_name: name,
        run_uuid: id,
        source_name: 'plexus',
        source_type: 4,
        source_version: '',
        start_time: 0,
        status: STATUS[status],
        user_id: '',
      }),
    ],
    [`${folder}/tags/mlflow.runName`, name],
  ]);
  for (const [key, value] of Object.entries(parameters))
    files.set(`${folder}/params/${key}`, String(value));
  for (const { epoch, metrics } of epochs)
    for (const metric of metrics) {
      const path = `${folder}/metrics/${metric.name}`;
      const time = Math.round((end * epoch) / last);
      files.set(path, `${files.get(path) ?? ''}${time} ${metric.value} ${epoch}\n`);
    }
  return files;
}

/** Fields of one level; texts in double quotes, which YAML reads as JSON does. */
function yaml(fields: Readonly<Record<string, string | number>>): string {
  return Object.entries(fields)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join('');
}
