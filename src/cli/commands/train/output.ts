import { existsSync } from 'node:fs';
import type { Dataset } from '../../../data/types.js';
import type { Backend, Executable } from '../../../engine/types.js';
import { formatGraphSpec } from '../../../graph/spec.js';
import type { Design } from '../../../network/design.js';
import type { TrainOutcome } from '../../../train-files/trainer.js';
import { asTrained } from '../../../train/rewiring.js';
import type { EpochRecord, GraphPlace, TrainSettings } from '../../../train/types.js';
import { weightsFacts } from '../../../train-files/weights-file.js';
import { type CliContext, outJson } from '../../context.js';
import { formatDuration, formatReal, formatTable } from '../../format.js';
import { formatLeft } from '../../progress.js';
import { bestOf, type FileOptions } from './files.js';

/** What is trained, checked and ready. */
export interface Job {
  readonly options: FileOptions & { readonly seed: number; readonly json?: boolean | undefined };
  readonly settings: TrainSettings;
  readonly graph: string;
  readonly dataset: Dataset;
  readonly design: Design;
  readonly backend: Backend;
}

/** Classes below which the top-5 error is nothing: five guesses are always right. */
const TOP = 5;

/**
 * The line about an epoch.
 *
 * @param before epochs that an earlier run did
 * @param elapsed seconds of this run
 */
export function epochLine(
  record: EpochRecord,
  {
    epochs,
    classes,
    before,
    elapsed,
  }: {
    readonly epochs: number;
    readonly classes: number;
    readonly before: number;
    readonly elapsed: number;
  },
): string {
  const left =
    record.epoch < epochs
      ? `, ${formatLeft((elapsed * (epochs - record.epoch)) / (record.epoch - before))}`
      : '';
  const { epoch, learningRate, trainLoss, trainError, testLoss, testError, testError5 } = record;
  const { validationLoss, validationError } = record;
  const held =
    validationLoss === undefined || validationError === undefined
      ? ''
      : `, validation loss ${validationLoss.toFixed(4)} error ${validationError.toFixed(2)} %`;
  const top5 = classes > TOP && testError5 !== null ? ` top-5 ${testError5.toFixed(2)} %` : '';
  return (
    `epoch ${epoch}/${epochs}: rate ${learningRate.toPrecision(3)}, train loss ` +
    `${trainLoss.toFixed(4)} error ${trainError.toFixed(2)} %${held}, test loss ` +
    `${testLoss.toFixed(4)} error ${testError.toFixed(2)} %${top5}${left}`
  );
}

/** What a training is: metadata of weights. */
export function factsOf({
  options,
  design,
  dataset,
  graph,
}: Job): Readonly<Record<string, unknown>> {
  const { network, stem } = design;
  return { ...weightsFacts(network, stem, dataset), graph, seed: options.seed };
}

/** The same of the network as it is now: with its own graphs where these are rewired. */
export function trainedFacts(job: Job, executable: Executable): Readonly<Record<string, unknown>> {
  const { network } = executable.program;
  const { graph } = asTrained(network, job.settings);
  return graph === null || graph === network.graph
    ? factsOf(job)
    : { ...factsOf(job), graph: formatGraphSpec(graph), began: job.graph };
}

/** The end: a table, or the last line of JSON. */
export function finish(
  context: CliContext,
  job: Job,
  { epochs, checkpointProblem }: Pick<TrainOutcome, 'epochs' | 'checkpointProblem'>,
  seconds: number,
): void {
  const { checkpoint } = job.options;
  // One of an earlier epoch may be there.
  const kept = checkpoint !== undefined && existsSync(checkpoint) ? checkpoint : null;
  if (job.options.json) outJson(context, lastLine(job, epochs, seconds, kept));
  else {
    const said =
      checkpointProblem === null
        ? checkpoint
        : `${kept === null ? 'not written' : `${kept} is not of the end`}: ${checkpointProblem}`;
    context.out(
      formatTable(
        [{ title: job.design.network.arch }, { title: '' }],
        tableRows(job, epochs, seconds, said),
      ),
    );
  }
}

function lastLine(
  { options, settings, design, dataset, backend, graph }: Job,
  epochs: readonly EpochRecord[],
  seconds: number,
  checkpoint: string | null,
): unknown {
  const { network, stem, cost, measures } = design;
  const { nodes, edges, clustering, pathLength } = measures;
  const [last, best] = [epochs.at(-1)!, bestOf(epochs)!];
  return {
    arch: network.arch,
    stem,
    graph,
    nodes,
    edges,
    clustering,
    pathLength,
    widths: network.widths,
    macs: cost.macs,
    params: cost.params,
    data: dataset.identity,
    backend: backend.info.name,
    seed: options.seed,
    train: settings,
    epochs: epochs.length,
    error: last.testError,
    error5: last.testError5,
    ...(last.validationError !== undefined && { validationError: last.validationError }),
    ...(last.graphs !== undefined && { graphs: last.graphs }),
    best: {
      epoch: best.epoch,
      error: best.testError,
      ...(best.validationError !== undefined && { validationError: best.validationError }),
    },
    seconds,
    weights: options.save ?? null,
    bestWeights: options.saveBest ?? null,
    checkpoint,
    curves: options.curves ?? null,
  };
}

function lowestText({ epoch, validationError, testError }: EpochRecord): string {
  const error = `${testError.toFixed(2)} %`;
  return validationError === undefined
    ? `${error} (epoch ${epoch}, chosen on the test split)`
    : `${error} (epoch ${epoch}, chosen on the validation images: ${validationError.toFixed(2)} %)`;
}

const placesText = (graphs: readonly GraphPlace[]): string =>
  graphs
    .map(
      ({ clustering, pathLength }) => `${formatReal(clustering, 4)}, ${formatReal(pathLength, 4)}`,
    )
    .join('; ');

function tableRows(
  { options, design, graph }: Job,
  epochs: readonly EpochRecord[],
  seconds: number,
  checkpoint: string | undefined,
): string[][] {
  const { network, stem, measures } = design;
  const [last, best] = [epochs.at(-1)!, bestOf(epochs)!];
  const files = [
    ['weights', options.save],
    ['best weights', options.saveBest],
    ['checkpoint', checkpoint],
    ['curves', options.curves],
  ].filter((row): row is string[] => row[1] !== undefined);
  return [
    ['graph', graph],
    ['C, L', `${formatReal(measures.clustering, 4)}, ${formatReal(measures.pathLength, 4)}`],
    ...(last.graphs === undefined ? [] : [['C, L at the end', placesText(last.graphs)]]),
    ['width', network.widths.join(', ')],
    ...(stem === null ? [] : [['stem', stem]]),
    ['epochs', String(epochs.length)],
    ['train error', `${last.trainError.toFixed(2)} %`],
    ...(last.validationError === undefined
      ? []
      : [['validation error', `${last.validationError.toFixed(2)} %`]]),
    ['test error', `${last.testError.toFixed(2)} %`],
    ...(network.classes > TOP && last.testError5 !== null
      ? [['top-5 error', `${last.testError5.toFixed(2)} %`]]
      : []),
    ['lowest', lowestText(best)],
    ['time', formatDuration(seconds)],
    ...files,
  ];
}
