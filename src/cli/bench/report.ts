import { availableParallelism } from 'node:os';
import { formatCount, formatTable } from '../format.js';
import { BATCH, CONV_BATCH, densityCases, NODE_CHANNELS, NODES } from './cases.js';
import { definitions } from './definitions.js';
import type { BenchResult } from './measure.js';
import { convOps, type ExchangeOp, exchangeOps } from './op-program.js';
import type { OpResult } from './ops.js';
import { shareNames } from './shares.js';
import type { StepResult, StepTime } from './steps.js';

const OP_TITLES: Readonly<Record<ExchangeOp, string>> = {
  forward: 'forward',
  inputGrad: 'input gradient',
  weightGrad: 'weight gradient',
  weightGradUpdate: 'weight gradient + update',
};

const percent = (rate: number, peak: number): string => `${((100 * rate) / peak).toFixed(0)} %`;
const right = (title: string): { title: string; align: 'right' } => ({ title, align: 'right' });
const labelOf = (density: number | null): string =>
  densityCases.find((one) => one.density === density)?.label ?? '-';
const nameOf = ({
  graph,
  density,
}: {
  readonly graph: string | null;
  readonly density: number | null;
}): string => (graph === null ? 'dense' : labelOf(density));

/** The result as lines for people. */
export function benchReport(result: BenchResult): string[] {
  const { backend, peak, exchange } = result;
  const core =
    backend.name === 'cpu' || peak.core === null
      ? []
      : [`peak of the core, native: ${peak.core.toFixed(1)} GFLOP/s`];
  return [
    `${backend.name} (${backend.description})`,
    `peak: ${peak.backend.toFixed(1)} GFLOP/s`,
    ...core,
    '',
    `message exchange, ${NODES} nodes x ${NODE_CHANNELS} channels, batch ${BATCH}: ` +
      'GFLOP/s (% of peak: best; median)',
    opTable(exchangeOps, exchange, peak.backend),
    ...convLines(result),
    '',
    ...depthwiseLines(result),
    '',
    `training step, batch ${BATCH}, all at the budget of the dense baseline, ` +
      `${formatCount(result.steps[0].macs)} multiply-adds a sample`,
    stepTable(result),
    '',
    'where the time of the loaded step goes, % of it',
    shareTable(result.steps.map((one) => ({ ...one, arch: 'mlp' }))),
    '',
    `training step of convolutional networks, small stem, batch ${CONV_BATCH} loaded, at ` +
      'the budget of the dense baseline (target: at most 1.12 x dense)',
    convStepTable(result),
    '',
    'where its time goes, % of it',
    shareTable(result.convSteps),
    '',
    ...threadLines(result),
    '',
    ...Object.entries(definitions).map(([name, meaning]) => `${name}: ${meaning}`),
  ];
}

function opTable(ops: readonly ExchangeOp[], results: readonly OpResult[], peak: number): string {
  const densities = [...new Set(results.map(({ density }) => density))];
  const rows = ops.map((op) => [
    OP_TITLES[op],
    ...densities.map((density) => {
      const found = results.find((one) => one.op === op && one.density === density)!;
      const rate = found.flops / found.median / 1e6;
      return `${found.gflops.toFixed(1)} (${percent(found.gflops, peak)}; ${percent(rate, peak)})`;
    }),
  ]);
  return formatTable(
    [{ title: 'density' }, ...densities.map((density) => right(labelOf(density)))],
    rows,
  );
}

function convLines({ convolution, peak }: BenchResult): string[] {
  return [...new Set(convolution.map(({ nodeChannels }) => nodeChannels))].flatMap(
    (nodeChannels) => {
      const results = convolution.filter((one) => one.nodeChannels === nodeChannels);
      const { side } = results[0];
      return [
        '',
        `3x3 convolution, ${NODES} nodes x ${nodeChannels} channels, planes of ` +
          `${side}x${side}, batch ${CONV_BATCH}: GFLOP/s (% of peak: best; median)`,
        opTable(convOps, results, peak.backend),
      ];
    },
  );
}

function depthwiseLines({
  depthwise: { channels, side, bytes, bandwidth, limitMilliseconds, ops },
}: BenchResult): string[] {
  const rows = ops.map(({ op, milliseconds, timesLimit, medianTimesLimit }) => [
    OP_TITLES[op],
    milliseconds.toFixed(2),
    timesLimit.toFixed(2),
    medianTimesLimit.toFixed(2),
  ]);
  return [
    `depthwise 3x3 convolution, ${channels} channels, planes of ${side}x${side}, batch ` +
      `${CONV_BATCH}: limit ${limitMilliseconds.toFixed(2)} ms ` +
      `(${(bytes / 1e6).toFixed(1)} MB at ${bandwidth.toFixed(1)} GB/s; target: at most 2 ` +
      'x limit)',
    formatTable([{ title: 'operation' }, right('ms'), right('x limit'), right('median')], rows),
  ];
}

function stepCells(time: StepTime, peak: number): string[] {
  return [
    time.milliseconds.toFixed(2),
    time.gflops.toFixed(1),
    percent(time.gflops, peak),
    `${time.ratioToDense.toFixed(3)}; ${time.medianRatioToDense.toFixed(3)}`,
  ];
}

function shareTable(
  steps: readonly (Pick<StepResult, 'graph' | 'density' | 'shares'> & { readonly arch: string })[],
): string {
  const shown = shareNames.filter((name) => steps.some(({ shares }) => shares[name] > 0));
  return formatTable(
    [{ title: 'network' }, { title: 'density' }, ...shown.map(right)],
    steps.map((one) => [
      one.arch,
      nameOf(one),
      ...shown.map((name) => (100 * one.shares[name]).toFixed(1)),
    ]),
  );
}

function stepTable({ steps, peak }: BenchResult): string {
  const rows = steps.map(({ graph, density, width, loaded, images }) => [
    nameOf({ graph, density }),
    String(width),
    ...stepCells(loaded, peak.backend),
    ...stepCells(images, peak.backend),
  ]);
  const titles = [
    'width',
    'loaded ms',
    'GFLOP/s',
    '% of peak',
    'x dense',
    'images ms',
    'GFLOP/s',
    '% of peak',
    'x dense',
  ];
  return formatTable([{ title: 'density' }, ...titles.map(right)], rows);
}

function convStepTable({ convSteps, peak }: BenchResult): string {
  const rows = convSteps.map((one) => [
    one.arch,
    nameOf(one),
    one.widths.join(','),
    formatCount(one.macs),
    ...stepCells(one, peak.backend),
  ]);
  return formatTable(
    [
      { title: 'network' },
      { title: 'density' },
      ...['widths', 'multiply-adds a sample', 'ms', 'GFLOP/s', '% of peak', 'x dense'].map(right),
    ],
    rows,
  );
}

function threadLines({ threads, backend }: BenchResult): string[] {
  if (threads === null) return [`several threads inside one model: ${backend.name} has none`];
  const rows = threads.map((one) => [
    one.arch,
    nameOf(one),
    one.milliseconds.one.toFixed(2),
    one.milliseconds.several.toFixed(2),
    `${one.speedup.toFixed(2)}; ${one.medianSpeedup.toFixed(2)}`,
  ]);
  const count = threads[0].threads;
  return [
    `${count} threads inside one model, training step, batch ${CONV_BATCH} (target: 1.8 ` +
      `x one thread; cores here: ${availableParallelism()})`,
    formatTable(
      [
        { title: 'network' },
        { title: 'density' },
        right('1 thread ms'),
        right(`${count} threads ms`),
        right('x one thread'),
      ],
      rows,
    ),
  ];
}
