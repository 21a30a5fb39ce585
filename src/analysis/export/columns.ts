import { measureDefinitions } from '../../graph/measures/registry.js';
import type { TrialFacts } from '../../study/types.js';
import { DEFINITIONS } from '../definitions.js';
import type { EpochRow, ExportColumn, LoggedEpoch, TrialRow } from './types.js';
import { validationColumns } from './validation-columns.js';

const LOG = 'trials.ndjson';
const PERCENT = '%';
const NATS = 'nats';
const MEAN_OF_SEQUENCE = 'Of a sequence of graphs the mean over its relational layers.';
const WHILE_TRAINING =
  'Mean over the epoch’s training batches, taken as they were trained (weights still ' +
  'moving, augmented)';
const LAST_EPOCH =
  'of the last epoch that was finished; of a failed trial that is an epoch before its failure';

const factsOf = ({ record }: TrialRow): TrialFacts | null => record?.facts ?? null;
const lastEpoch = ({ record }: TrialRow): LoggedEpoch | null => record?.epochs.at(-1) ?? null;
/** A result counts only where the whole training was done. */
const resultOf = (row: TrialRow): LoggedEpoch | null =>
  row.record?.status === 'complete' ? lastEpoch(row) : null;
const accuracy = (epoch: LoggedEpoch | null): number | null =>
  epoch === null || epoch.trainError === null ? null : 100 - epoch.trainError;

/** What was asked for. */
const identityColumns: readonly ExportColumn<TrialRow>[] = [
  {
    name: 'study',
    type: 'text',
    unit: null,
    definition: 'Name of the study.',
    source: 'study.json: spec.name',
    value: ({ study }) => study,
  },
  {
    name: 'arch',
    type: 'text',
    unit: null,
    definition: 'Architecture of the networks.',
    source: 'study.json: spec.arch',
    value: ({ arch }) => arch,
  },
  {
    name: 'data',
    type: 'text',
    unit: null,
    definition: 'Identity of the data set that the study was begun with.',
    source: 'study.json: data',
    value: ({ data }) => data,
  },
  {
    name: 'trial',
    type: 'integer',
    unit: null,
    definition:
      'Number of the trial, from 0, in the study’s fixed order: seed by seed, in each ' +
      'the baseline first and then the graphs.',
    source: `${LOG}: index`,
    value: ({ trial }) => trial.index,
  },
  {
    name: 'role',
    type: 'text',
    unit: null,
    definition: `Either baseline or graph. ${DEFINITIONS.baseline.meaning}`,
    source: `${LOG}: role`,
    value: ({ trial }) => trial.role,
  },
  {
    name: 'graph',
    type: 'text',
    unit: null,
    definition: 'Spec of the graph: one line that makes exactly this graph again.',
    source: `${LOG}: graph`,
    value: ({ trial }) => trial.graph,
  },
  {
    name: 'name',
    type: 'text',
    unit: null,
    definition: 'What the graph is called in the spec; absent where it has no name.',
    source: 'study.json: spec, name beside the graph; of a null graph: that of its graph, a number',
    value: ({ name }) => name,
  },
  {
    name: 'nullOf',
    type: 'text',
    unit: null,
    definition:
      'Of a null graph: spec of the graph whose degrees it has, which it is there to be ' +
      'compared with. Absent of all others.',
    source: 'study.json: spec.nulls',
    value: ({ nullOf }) => nullOf,
  },
  {
    name: 'seed',
    type: 'integer',
    wide: true,
    unit: null,
    definition:
      'Training seed: starting weights, order of the batches and augmentation follow from it.',
    source: `${LOG}: seed`,
    value: ({ trial }) => trial.seed,
  },
  {
    name: 'status',
    type: 'text',
    unit: null,
    source: `${LOG}: status; pending without a line`,
    definition:
      'complete: trained to the end; failed: ended without a result, see the reason; ' +
      'stopped: left off by a search after some epochs; pending: not ended yet, nothing ' +
      'is recorded of it.',
    value: ({ record }) => record?.status ?? 'pending',
  },
];

/** The network before training. */
const networkColumns: readonly ExportColumn<TrialRow>[] = [
  // Means over the layers of a sequence need not be whole, hence real.
  {
    name: 'nodes',
    type: 'real',
    unit: 'nodes',
    definition: `${measureDefinitions.nodes} ${MEAN_OF_SEQUENCE}`,
    source: `${LOG}: facts.nodes`,
    value: (row) => factsOf(row)?.nodes ?? null,
  },
  {
    name: 'edges',
    type: 'real',
    unit: 'edges',
    definition: `${measureDefinitions.edges} ${MEAN_OF_SEQUENCE}`,
    source: `${LOG}: facts.edges`,
    value: (row) => factsOf(row)?.edges ?? null,
  },
  {
    name: 'clustering',
    type: 'real',
    unit: null,
    definition: `${DEFINITIONS.clustering.meaning} ${MEAN_OF_SEQUENCE}`,
    source: `${LOG}: facts.clustering`,
    value: (row) => factsOf(row)?.clustering ?? null,
  },
  {
    name: 'pathLength',
    type: 'real',
    unit: 'steps',
    source: `${LOG}: facts.pathLength`,
    definition:
      `${DEFINITIONS.pathLength.meaning} ${MEAN_OF_SEQUENCE} Absent where a node cannot ` +
      'reach another.',
    value: (row) => factsOf(row)?.pathLength ?? null,
  },
  {
    name: 'width',
    type: 'integer',
    wide: true,
    unit: 'channels',
    definition: 'Channels of the first relational layer, matched to the budget.',
    source: `${LOG}: facts.widths, the first`,
    value: (row) => factsOf(row)?.widths[0] ?? null,
  },
  {
    name: 'widths',
    type: 'text',
    unit: 'channels',
    definition: 'Channels of all relational layers, separated by spaces.',
    source: `${LOG}: facts.widths`,
    value: (row) => factsOf(row)?.widths.join(' ') ?? null,
  },
  {
    name: 'macs',
    type: 'integer',
    wide: true,
    unit: 'multiply-adds per sample',
    definition: DEFINITIONS.macs.meaning,
    source: `${LOG}: facts.macs`,
    value: (row) => factsOf(row)?.macs ?? null,
  },
  {
    name: 'params',
    type: 'integer',
    wide: true,
    unit: 'parameters',
    definition: DEFINITIONS.params.meaning,
    source: `${LOG}: facts.params`,
    value: (row) => factsOf(row)?.params ?? null,
  },
];

/** The columns of an export with one row for each trial, in their order. */
export const trialColumns: readonly ExportColumn<TrialRow>[] = [
  ...identityColumns,
  ...networkColumns,
  {
    name: 'error',
    type: 'real',
    unit: PERCENT,
    definition: `${DEFINITIONS.error.meaning} Complete trials only.`,
    source: `${LOG}: error`,
    value: ({ record }) => (record?.status === 'complete' ? record.error : null),
  },
  {
    name: 'error5',
    type: 'real',
    unit: PERCENT,
    source: `${LOG}: epochs, the last, testError5`,
    // Not the report's sentence: that one is of a graph’s mean over its trials.
    definition:
      'Share of the whole test split whose class is not among the network’s five largest ' +
      'outputs after the last epoch. Complete trials only; absent in logs of versions ' +
      'that did not count it.',
    value: (row) => resultOf(row)?.testError5 ?? null,
  },
  ...validationColumns<TrialRow>('last epoch. Complete trials only', 'the last, ', resultOf),
  {
    name: 'testLoss',
    type: 'real',
    unit: NATS,
    definition:
      'Mean cross-entropy over the whole test split after the last epoch. Complete trials only.',
    source: `${LOG}: epochs, the last, testLoss`,
    value: (row) => resultOf(row)?.testLoss ?? null,
  },
  {
    name: 'trainLoss',
    type: 'real',
    unit: NATS,
    definition: `Cross-entropy ${LAST_EPOCH}. ${WHILE_TRAINING}.`,
    source: `${LOG}: epochs, the last, trainLoss`,
    value: (row) => lastEpoch(row)?.trainLoss ?? null,
  },
  {
    name: 'trainError',
    type: 'real',
    unit: PERCENT,
    definition: `Share of misclassified training samples ${LAST_EPOCH}. ${WHILE_TRAINING}.`,
    source: `${LOG}: epochs, the last, trainError`,
    value: (row) => lastEpoch(row)?.trainError ?? null,
  },
  {
    name: 'trainAccuracy',
    type: 'real',
    unit: PERCENT,
    definition: '100 minus trainError.',
    source: `${LOG}: computed from trainError`,
    value: (row) => accuracy(lastEpoch(row)),
  },
  {
    name: 'epochs',
    type: 'integer',
    unit: 'epochs',
    definition: 'Number of epochs that were finished.',
    source: `${LOG}: epochs, their number`,
    value: ({ record }) => record?.epochs.length ?? null,
  },
  {
    name: 'seconds',
    type: 'real',
    unit: 's',
    definition:
      'Wall time of the trial. Unlike every other column it differs when the study is run again.',
    source: `${LOG}: seconds`,
    value: ({ record }) => record?.seconds ?? null,
  },
  {
    name: 'reason',
    type: 'text',
    unit: null,
    definition: 'Failed trials only: why the trial failed.',
    source: `${LOG}: reason`,
    value: ({ record }) => (record?.status === 'failed' ? record.reason : null),
  },
];

/** The columns of an export with one row for each finished epoch of each trial, in their order. */
export const epochColumns: readonly ExportColumn<EpochRow>[] = [
  ...identityColumns,
  ...networkColumns,
  {
    name: 'epoch',
    type: 'integer',
    unit: null,
    definition: 'Number of the epoch, from 1.',
    source: `${LOG}: epochs, epoch`,
    value: ({ epoch }) => epoch.epoch,
  },
  {
    name: 'learningRate',
    type: 'real',
    unit: null,
    definition: 'Learning rate of the epoch’s last update.',
    source: `${LOG}: epochs, learningRate`,
    value: ({ epoch }) => epoch.learningRate,
  },
  {
    name: 'trainLoss',
    type: 'real',
    unit: NATS,
    definition: `Cross-entropy. ${WHILE_TRAINING}.`,
    source: `${LOG}: epochs, trainLoss`,
    value: ({ epoch }) => epoch.trainLoss,
  },
  {
    name: 'trainError',
    type: 'real',
    unit: PERCENT,
    definition: `Share of misclassified training samples. ${WHILE_TRAINING}.`,
    source: `${LOG}: epochs, trainError`,
    value: ({ epoch }) => epoch.trainError,
  },
  {
    name: 'trainAccuracy',
    type: 'real',
    unit: PERCENT,
    definition: '100 minus trainError.',
    source: `${LOG}: computed from trainError`,
    value: ({ epoch }) => accuracy(epoch),
  },
  {
    name: 'trainError5',
    type: 'real',
    unit: PERCENT,
    source: `${LOG}: epochs, trainError5`,
    definition:
      'Share of training samples whose class is not among the network’s five largest ' +
      `outputs. ${WHILE_TRAINING}. Absent in logs of versions that did not count it.`,
    value: ({ epoch }) => epoch.trainError5,
  },
  ...validationColumns<EpochRow>('epoch', '', ({ epoch }) => epoch),
  {
    name: 'testLoss',
    type: 'real',
    unit: NATS,
    definition: 'Mean cross-entropy over the whole test split after the epoch.',
    source: `${LOG}: epochs, testLoss`,
    value: ({ epoch }) => epoch.testLoss,
  },
  {
    name: 'testError',
    type: 'real',
    unit: PERCENT,
    definition:
      'Share of the whole test split that the network misclassifies (top-1) after the epoch.',
    source: `${LOG}: epochs, testError`,
    value: ({ epoch }) => epoch.testError,
  },
  {
    name: 'testError5',
    type: 'real',
    unit: PERCENT,
    source: `${LOG}: epochs, testError5`,
    definition:
      'Share of the whole test split whose class is not among the network’s five largest ' +
      'outputs after the epoch. Absent in logs of versions that did not count it.',
    value: ({ epoch }) => epoch.testError5,
  },
];
