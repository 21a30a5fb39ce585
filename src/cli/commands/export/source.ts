import { existsSync, statSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { UserError } from '../../../core/errors.js';
import type { Shape } from '../../../core/shape.js';
import type { Normalisation } from '../../../data/normalise.js';
import { selectBackend } from '../../../engine/backends/registry.js';
import { compile } from '../../../engine/compile.js';
import { readWeights } from '../../../engine/weights.js';
import type { TrainedNetwork } from '../../../interop/export/types.js';
import type { Stem } from '../../../network/architectures/architecture.js';
import type { Design } from '../../../network/design.js';
import type { Study } from '../../../store/directory.js';
import { studyHash } from '../../../store/spec-file.js';
import { bestTrial, errorsOf } from '../../../study/best-trial.js';
import type { Trial } from '../../../study/types.js';
import { asTrained } from '../../../train/rewiring.js';
import {
  loadWeightsInto,
  readWeightsFile,
  type WeightsFile,
} from '../../../train-files/weights-file.js';
import { networkOfWeights } from '../../../train-files/weights-network.js';
import { packageVersion } from '../../../platform/version.js';
import { type CliContext, CommandFailed } from '../../context.js';
import { readStudyWithNotes } from '../../reading.js';
import { trainAgain } from '../study/train-again.js';
import { trialAt } from '../study/trial.js';

/** What of a network its file may not say. */
export interface NetworkFlags {
  readonly arch?: string;
  readonly graph?: string;
  readonly stem?: Stem;
  readonly width?: number[];
  readonly input?: Shape;
  readonly classes?: number;
  readonly mean?: number[];
  readonly std?: number[];
}

export interface SourceFlags extends NetworkFlags {
  readonly dataDir?: string;
}

/** What is exported: a file of weights, or a study and the number of one of its trials. */
export type Source =
  | { readonly kind: 'weights'; readonly path: string }
  | { readonly kind: 'study'; readonly directory: string; readonly trial: number | null };

/** What a name on the command line is: `DIR`, `DIR:TRIAL`, or a file. */
export function sourceOf(name: string): Source {
  if (existsSync(name))
    return statSync(name).isDirectory()
      ? { kind: 'study', directory: name, trial: null }
      : { kind: 'weights', path: name };
  const [, directory, trial] = /^(.+):(\d{1,15})$/.exec(name) ?? [];
  return directory !== undefined && existsSync(directory)
    ? { kind: 'study', directory, trial: Number(trial) }
    : { kind: 'weights', path: name };
}

/** What an export is called where nobody says: as the file or the folder. */
export function nameOf(source: Source): string {
  if (source.kind === 'weights') return basename(source.path, extname(source.path));
  const own = basename(resolve(source.directory));
  return source.trial === null ? own : `${own}-trial-${source.trial}`;
}

/** The trained network of a source; of a study its trial is trained again. */
export function trainedNetwork(
  context: CliContext,
  source: Source,
  flags: SourceFlags,
): Promise<TrainedNetwork> {
  return source.kind === 'weights'
    ? fromWeights(context, source.path, flags)
    : fromStudy(context, source, flags);
}

/** The network that a file of weights is of; what it does not say comes from the options. */
function designOfFile(file: WeightsFile, flags: NetworkFlags): Design {
  const { arch, graph, stem, width: widths, input, classes } = flags;
  return networkOfWeights(file, { arch, graph, stem, widths, input, classes });
}

/** How images enter the network of a file; null where nothing tells. */
function normalisationOf(
  { facts }: WeightsFile,
  { channels }: Shape,
  flags: NetworkFlags,
): Normalisation | null {
  const mean = flags.mean ?? facts.mean;
  const std = flags.std ?? facts.std;
  if (mean === undefined || std === undefined) return null;
  for (const [option, values] of [
    ['--mean', mean],
    ['--std', std],
  ] as const)
    if (values.length !== channels)
      throw new UserError(
        `${option} has a number for each of the ${channels} channels; got ${values.length}`,
      );
  if (std.some((value) => value <= 0))
    throw new UserError(`--std holds deviations, all above 0; got ${std.join(',')}`);
  return { mean, std };
}

async function fromWeights(
  context: CliContext,
  path: string,
  flags: SourceFlags,
): Promise<TrainedNetwork> {
  const note = (line: string): void => context.note(line);
  const file = readWeightsFile(path);
  const { network, stem } = designOfFile(file, flags);
  const executable = await selectBackend('auto', note).prepare(
    compile(network, { batch: 1, inference: true }),
  );
  try {
    loadWeightsInto(executable, file, note);
    const { facts } = file;
    return {
      name: nameOf({ kind: 'weights', path }),
      network,
      stem,
      weights: await readWeights(executable),
      classNames: facts.classNames?.length === network.classes ? facts.classNames : null,
      normalisation: normalisationOf(file, network.input, flags),
      origin: {
        version: facts.version ?? null,
        data: facts.data ?? null,
        seed: facts.seed ?? null,
        epoch: facts.epoch ?? null,
        testError: facts.testError ?? null,
        testImages: facts.testImages ?? null,
        study: facts.study ?? null,
      },
    };
  } finally {
    executable.dispose();
  }
}

async function fromStudy(
  context: CliContext,
  source: Extract<Source, { readonly kind: 'study' }>,
  flags: SourceFlags,
): Promise<TrainedNetwork> {
  refuseNetworkFlags(flags);
  const study = readStudyWithNotes(context, source.directory);
  const { spec, records } = study;
  const trial = source.trial === null ? best(context, study) : trialAt(study, source.trial);
  const known = records.find(({ index }) => index === trial.index);
  context.note(
    `trial ${trial.index} is trained again, to the same numbers (a study keeps no weights): ` +
      `${trial.graph}, seed ${trial.seed}`,
  );
  let trained: TrainedNetwork | null = null;
  const record = await trainAgain(context, study, trial, {
    dataDir: flags.dataDir,
    onTrained: async ({ stem }, executable, dataset) => {
      trained = {
        name: nameOf(source),
        network: asTrained(executable.program.network, spec.train),
        stem,
        weights: await readWeights(executable),
        classNames: dataset.classes,
        normalisation: { mean: dataset.mean, std: dataset.std },
        origin: {
          version: packageVersion(),
          data: dataset.identity,
          seed: trial.seed,
          epoch: spec.train.epochs,
          testError: null,
          testImages: dataset.test.count,
          study: {
            name: spec.name,
            hash: studyHash(spec),
            trial: trial.index,
            ...errorsOf(spec, records, trial.graph),
          },
        },
      };
    },
  });
  if (record.status !== 'complete' || trained === null)
    throw new CommandFailed(
      `the trial failed${record.status === 'failed' ? `: ${record.reason}` : ''}; nothing was ` +
        'exported',
    );
  if (known?.status === 'complete' && known.error !== record.error)
    context.note(
      `warning: the test error is ${record.error.toFixed(2)} %, in the study it was ` +
        `${known.error.toFixed(2)} %: another processor or version of Plexus is the usual reason`,
    );
  const { origin, ...rest } = trained as TrainedNetwork;
  return { ...rest, origin: { ...origin, testError: record.error } };
}

/** The trial that stands for the study, which is told. */
function best(context: CliContext, study: Study): Trial {
  const found = bestTrial(study.spec, study.records, study.search());
  if (found === null)
    throw new UserError(
      `no trial of a graph in ${study.paths.directory} is complete; run the study, or name a ` +
        `trial: ${study.paths.directory}:0`,
    );
  const { index, graph, seed, error } = found;
  context.note(
    `the best graph of ${study.spec.name}: ${graph}; of its trainings the lowest, trial ${index} ` +
      `(seed ${seed}, ${error.toFixed(2)} %)`,
  );
  return found;
}

/** A study says all of it itself. */
function refuseNetworkFlags(flags: NetworkFlags): void {
  const names = ['arch', 'graph', 'stem', 'width', 'input', 'classes', 'mean', 'std'] as const;
  const given = names.find((name) => flags[name] !== undefined);
  if (given !== undefined)
    throw new UserError(
      `--${given} says what a file of weights does not say, but a study says it; leave it out`,
    );
}
