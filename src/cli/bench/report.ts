import { formatCount, formatTable } from '../format.js';
import { BATCH, densityCases, NODE_CHANNELS, NODES } from './cases.js';
import type { BenchResult } from './measure.js';
import { exchangeOps, type ExchangeOp } from './op-program.js';
import type { StepTime } from './steps.js';

const OP_TITLES: Readonly<Record<ExchangeOp, string>> = {
  forward: 'forward',
  inputGrad: 'input gradient',
  weightGrad: 'weight gradient',
  weightGradUpdate: 'weight gradient + update',
};

/** What every printed number means. */
export const definitions: Readonly<Record<string, string>> = {
  peak: 'multiply-adds in registers, the best of several runs, one core; % of peak refers to the peak of the same backend.',
  'GFLOP/s': '10^9 useful floating-point operations a second of one thread; a multiply-add is 2. Useful: weights that exist x samples, of linear layers; norms, activations, loss, update and zero blocks count nothing, their time does.',
  density: 'k / n of the graph, k the average degree, n the nodes; of a WS-flex graph rewired with p = 0.2, 1 = the complete graph. A node also listens to itself, so (k + 1) / n of the weights exist.',
  'message exchange': `one relational layer of ${NODES} nodes x ${NODE_CHANNELS} channels, batch ${BATCH}. weight gradient: stored; + update: applied with momentum and decay where it is made, never stored.`,
  step: `forward, loss, backward, SGD update of the five-layer perceptron on 3x32x32 images, batch ${BATCH}; three forward passes' worth of arithmetic less the first layer's input gradient, which is never taken.`,
  ms: 'loaded: the batch lies ready as numbers. images: bytes are normalised, mirrored and shifted into it first. Medians over rounds in which everything is measured in turn.',
  'x dense': "time divided by the dense baseline's of the same kind in the same round, median.",
};

const percent = (rate: number, peak: number): string => `${((100 * rate) / peak).toFixed(0)} %`;
const right = (title: string): { title: string; align: 'right' } => ({ title, align: 'right' });
const labelOf = (density: number | null): string => densityCases.find((one) => one.density === density)?.label ?? '-';

/** The result as lines for people. */
export function benchReport(result: BenchResult): string[] {
  const { backend, peak } = result;
  const core = backend.name === 'cpu' || peak.core === null ? [] : [`peak of the core, native: ${peak.core.toFixed(1)} GFLOP/s`];
  return [
    `${backend.name} (${backend.description})`,
    `peak: ${peak.backend.toFixed(1)} GFLOP/s`,
    ...core,
    '',
    `message exchange, ${NODES} nodes x ${NODE_CHANNELS} channels, batch ${BATCH}: GFLOP/s (% of peak)`,
    exchangeTable(result),
    '',
    `training step, batch ${BATCH}, all at the budget of the dense baseline, ${formatCount(result.steps[0].macs)} multiply-adds a sample`,
    stepTable(result),
    '',
    ...Object.entries(definitions).map(([name, meaning]) => `${name}: ${meaning}`),
  ];
}

function exchangeTable({ exchange, peak }: BenchResult): string {
  const densities = [...new Set(exchange.map(({ density }) => density))];
  const rows = exchangeOps.map((op) => [
    OP_TITLES[op],
    ...densities.map((density) => {
      const found = exchange.find((one) => one.op === op && one.density === density)!;
      return `${found.gflops.toFixed(1)} (${percent(found.gflops, peak.backend)})`;
    }),
  ]);
  return formatTable([{ title: 'density' }, ...densities.map((density) => right(labelOf(density)))], rows);
}

function stepTable({ steps, peak }: BenchResult): string {
  const cells = ({ milliseconds, gflops, ratioToDense }: StepTime): string[] => [
    milliseconds.toFixed(2), gflops.toFixed(1), percent(gflops, peak.backend), ratioToDense.toFixed(3),
  ];
  const rows = steps.map(({ graph, density, width, loaded, images }) => [
    graph === null ? 'dense' : labelOf(density), String(width), ...cells(loaded), ...cells(images),
  ]);
  const titles = ['width', 'loaded ms', 'GFLOP/s', '% of peak', 'x dense', 'images ms', 'GFLOP/s', '% of peak', 'x dense'];
  return formatTable([{ title: 'density' }, ...titles.map(right)], rows);
}
