import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '../../core/canonical-json.js';
import { must, UserError } from '../../core/errors.js';
import { mapTuple } from '../../core/tuples.js';
import type { DataSpec } from '../../data/types.js';
import { makeDirectory, writeFileAtomic } from '../../platform/fs.js';
import { sha256Hex } from '../../platform/hash.js';
import { packageVersion } from '../../platform/version.js';
import { writeStudyStart } from '../../store/directory.js';
import { formatLine } from '../../study/log-line.js';
import { studyPaths } from '../../store/paths.js';
import { parseStudySpec, studyHash } from '../../store/spec-file.js';
import { trialsOf } from '../../study/trials.js';
import type { LoggedEpoch, StudySpec, TrialFacts, TrialRecord } from '../../study/types.js';
import type { PublishedRow, PublishedTask } from './types.js';

/** A published experiment as a study: its spec and a record for every result. */
export interface ImportedStudy {
  readonly spec: StudySpec;
  readonly records: readonly TrialRecord[];
  /** Trials without a result after the last epoch: they stay without a record. */
  readonly missing: number;
}

/** What the network of an experiment was trained on, from the experiment's name. */
function dataOf(task: PublishedTask): DataSpec {
  // The authors' ImageNet is a folder of pictures; only its name is known here.
  return /cifar10/i.test(task.name) ? { name: 'cifar10' } : { name: 'folder', path: 'imagenet' };
}

/**
 * A published experiment as a study. What the results do not say (losses, learning rates, training
 * errors, times) is null or, where a number must stand, the architecture's own setting; the eight
 * numbers of the last epoch are kept with every record.
 */
export function studyOf(task: PublishedTask): ImportedStudy {
  const last = must(task.tables[task.tables.length - 1]);
  const draft = {
    plexus: 1,
    name: task.name,
    arch: task.arch,
    data: dataOf(task),
    baseline: last.baseline?.graph ?? 'complete:n=64',
    graphs: last.graphs.map((row) => row.graph),
    seeds: last.seeds,
    train: { epochs: Math.max(1, last.epoch) },
  };
  const spec = parseStudySpec(JSON.stringify(draft), task.name, { frozen: true });
  const rows = (table: PublishedTask['tables'][number]): Map<string, PublishedRow> =>
    new Map(
      [...table.graphs, ...(table.baseline === null ? [] : [table.baseline])].map((row) => [
        row.graph,
        row,
      ]),
    );
  const byEpoch = task.tables.map((table) => ({ epoch: table.epoch, rows: rows(table) }));
  const final = rows(last);
  const seedAt = new Map(last.seeds.map((seed, at) => [seed, at]));
  let missing = 0;
  const records = trialsOf(spec).flatMap((trial): TrialRecord[] => {
    const at = seedAt.get(trial.seed)!;
    const row = final.get(trial.graph);
    const result = row?.results[at] ?? null;
    if (row === undefined || result === null) {
      missing += 1;
      return [];
    }
    const epochs = byEpoch.flatMap(({ epoch, rows: table }) =>
      epochOf(epoch, table.get(trial.graph)?.results[at] ?? null),
    );
    return [
      {
        ...trial,
        status: 'complete',
        facts: factsOf(row, result),
        epochs,
        error: must(result[3]),
        seconds: 0,
        published: result,
      },
    ];
  });
  return { spec, records, missing };
}

function epochOf(epoch: number, result: readonly number[] | null): LoggedEpoch[] {
  return result === null
    ? []
    : [
        {
          epoch,
          learningRate: null,
          trainLoss: null,
          trainError: null,
          trainError5: null,
          testLoss: null,
          testError: must(result[3]),
          testError5: must(result[4]),
        },
      ];
}

/**
 * Facts as far as they were published: parameters to the thousand, multiply-adds to the million,
 * the first width only.
 */
function factsOf(
  { density, clustering, pathLength }: PublishedRow,
  published: readonly number[],
): TrialFacts {
  const [params, macs, nodes, width] = mapTuple([0, 1, 5, 6], (column) => must(published[column]));
  // The complete graph's mean degree is n - 1, though its published k / n is 1.
  const edges =
    density === 1 ? (nodes * (nodes - 1)) / 2 : Math.round((density * nodes * nodes) / 2);
  return {
    nodes,
    edges,
    clustering,
    pathLength,
    widths: [width],
    macs: Math.round(macs * 1e9),
    params: Math.round(params * 1e6),
  };
}

/**
 * Writes one study for each experiment, `directory`/NAME. Nothing is written where one of them is
 * there already.
 *
 * @throws UserError where a study is in the way
 */
export function writeStudies(
  tasks: readonly PublishedTask[],
  directory: string,
): readonly (ImportedStudy & { readonly task: PublishedTask; readonly directory: string })[] {
  const studies = tasks.map((task) => ({
    task,
    ...studyOf(task),
    directory: join(directory, task.name),
  }));
  const taken = studies.find((study) => existsSync(study.directory));
  if (taken)
    throw new UserError(
      `${taken.directory} is there already; choose another directory with --output`,
    );
  for (const { task, spec, records, directory: own } of studies) {
    const paths = studyPaths(own);
    makeDirectory(own);
    writeFileAtomic(paths.log, records.map(formatLine).join(''));
    // The state comes last: with it the study exists.
    writeStudyStart(paths, {
      plexus: packageVersion(),
      specHash: studyHash(spec),
      data: identityOf(task, records),
      backend: 'imported from graph2nn',
      spec,
    });
  }
  return studies;
}

/** Never that of a data set here, so that an imported study is not continued by training. */
function identityOf(task: PublishedTask, records: readonly TrialRecord[]): string {
  return (
    `${dataOf(task).name === 'cifar10' ? 'CIFAR-10' : 'ImageNet'} as published, results ` +
    sha256Hex(canonicalJson(records.map((record) => record.published))).slice(0, 12)
  );
}
