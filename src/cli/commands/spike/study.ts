import { join } from 'node:path';
import type { Command } from 'commander';
import { UserError } from '../../../core/errors.js';
import { loadDataset } from '../../../data-files/load.js';
import { readWeights } from '../../../engine/weights.js';
import type { Study } from '../../../store/directory.js';
import { movedData } from '../../../store/moved-data.js';
import { studyHash } from '../../../store/spec-file.js';
import { trialFacts } from '../../../study/record.js';
import type { Trial } from '../../../study/types.js';
import { wholeNumber } from '../../arguments.js';
import { type CliContext, CommandFailed, outJson } from '../../context.js';
import { commaLeft, timeLeft } from '../../progress.js';
import { readStudyWithNotes } from '../../reading.js';
import { trainAgain } from '../study/train-again.js';
import { measureSpikes, type MeasureSettings, type Measuring } from './measure.js';
import { addMeasureOptions, codeText, type MeasureFlags, settingsOf } from './options.js';
import { type SpikeFiles, spikeFiles, type SpikeRecord } from './study-files.js';
import '../../../graph-files/register.js';
import '../../../engine-native/register.js';

interface StudyFlags extends MeasureFlags {
  readonly out?: string;
  readonly seed?: number;
  readonly dataDir?: string;
  readonly json?: boolean;
}

const CODES = 'qcfs:4,qcfs:8,qcfs:16,rate:16,delta:16';

const HELP = `
A study keeps no weights: each trial is trained again, to the same numbers, and its test images run
through the network event by event. A file for each trial is kept in the directory of --out, so that
a stopped run goes on where it was; then table.csv and, for each code, a figure of error against
energy and hops. Definitions: docs/spikes.md.

Exit status: 0 all measured, 1 trials failed (they are in the table, with reasons).

Example:
  $ plexus spike study studies/quick --seed 1 --code qcfs:16`;

/** Adds `plexus spike study` to `plexus spike`. */
export function registerSpikeStudy(spike: Command, context: CliContext): void {
  const command = spike
    .command('study')
    .description('Measure the networks of a study as events: errors, energies, packets, hops.')
    .argument('<dir>', 'the directory of a study that was begun')
    .option('--out <dir>', 'directory of the outcomes (default: DIR/spikes)')
    .option('--seed <number>', 'trials of this seed (default: the first)', wholeNumber(0));
  addMeasureOptions(command, CODES)
    .option('--data-dir <dir>', 'where data sets are (default: PLEXUS_DATA, else a user cache)')
    .option('--json', 'print one JSON object for each trial')
    .addHelpText('after', HELP)
    .action((directory: string, flags: StudyFlags) => spikeStudy(context, directory, flags));
}

async function spikeStudy(
  context: CliContext,
  directory: string,
  flags: StudyFlags,
): Promise<void> {
  const study = readStudyWithNotes(context, directory);
  const { spec } = study;
  const all = trialsFor(study, flags.seed);
  const settings = settingsOf(flags, false);
  const files = spikeFiles(
    flags.out ?? join(directory, 'spikes'),
    { name: spec.name, hash: studyHash(spec) },
    settings,
  );
  const missing = all.filter(({ index }) => files.read(index) === null);
  if (missing.length > 0)
    await measureAll(context, { study, missing, all, settings, files }, flags);
  const records = recordsOf(files, all);
  files.report(records);
  if (flags.json) for (const record of records) outJson(context, record);
  else context.out(`${records.length} of ${all.length} trials measured: ${files.directory}`);
  const failed = records.filter(({ status }) => status === 'failed').length;
  if (failed > 0)
    throw new CommandFailed(`${failed} of ${records.length} trials failed; table.csv says why`);
}

function trialsFor({ spec, trials, paths }: Study, seed: number | undefined): Trial[] {
  const own = seed ?? spec.seeds[0];
  const found = trials.filter((trial) => trial.seed === own);
  if (found.length > 0) return found;
  const seeds = [...new Set(trials.map((trial) => trial.seed))];
  throw new UserError(
    `the study in ${paths.directory} has trials of the seeds ${seeds.join(', ')}; got --seed ${own}`,
  );
}

const recordsOf = (files: SpikeFiles, trials: readonly Trial[]): SpikeRecord[] =>
  trials.flatMap(({ index }) => files.read(index) ?? []);

interface Work {
  readonly study: Study;
  readonly missing: readonly Trial[];
  readonly all: readonly Trial[];
  readonly settings: MeasureSettings;
  readonly files: SpikeFiles;
}

async function measureAll(
  context: CliContext,
  { study, missing, all, settings, files }: Work,
  { dataDir, workers }: StudyFlags,
): Promise<void> {
  const { env, signal } = context;
  const quiet: CliContext = { ...context, note: () => undefined };
  const note = (line: string): void => context.note(line);
  const data = movedData(study.spec.data, { dataDir, env });
  const dataset = await loadDataset(data, { dataDir, env, signal, note });
  const begun = performance.now();
  for (const [done, trial] of missing.entries()) {
    const record = await measureTrial(quiet, study, trial, { dataset, settings, workers });
    files.write(record);
    files.report(recordsOf(files, all));
    const seconds = (performance.now() - begun) / 1000;
    context.note(
      `${done + 1} of ${missing.length}${commaLeft(timeLeft(done + 1, missing.length, seconds))}: ` +
        recordText(record),
    );
  }
}

async function measureTrial(
  context: CliContext,
  study: Study,
  trial: Trial,
  { dataset, settings, workers }: Pick<Measuring, 'dataset' | 'settings' | 'workers'>,
): Promise<SpikeRecord> {
  const found: Pick<Extract<SpikeRecord, { status: 'complete' }>, 'facts' | 'float' | 'codes'>[] =
    [];
  const record = await trainAgain(context, study, trial, {
    dataset,
    onTrained: async (design, executable) => {
      const measured = await measureSpikes({
        network: design.network,
        weights: await readWeights(executable),
        dataset,
        settings,
        workers,
        signal: context.signal,
        onProgress: () => undefined,
      });
      found.push({ facts: trialFacts(design), ...measured });
    },
  });
  const [measured] = found;
  if (record.status === 'complete' && measured !== undefined)
    return { ...trial, status: 'complete', floatError: record.error, ...measured };
  return {
    ...trial,
    status: 'failed',
    reason: record.status === 'failed' ? record.reason : 'the training was left off',
  };
}

function recordText(record: SpikeRecord): string {
  if (record.status === 'failed') return `${record.graph}: failed (${record.reason})`;
  const codes = record.codes.map((code) => `${codeText(code)} ${code.error.toFixed(2)}`);
  return `${record.graph}: float ${record.floatError.toFixed(2)} %, ${codes.join(', ')}`;
}
