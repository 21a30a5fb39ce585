import type { Command } from 'commander';
import { selectBackend } from '../../../engine/backends/registry.js';
import { compile } from '../../../engine/compile.js';
import { readWeights } from '../../../engine/weights.js';
import { ENERGY_NOTE } from '../../../spikes/energy.js';
import type { Measured } from '../../../spikes/measured.js';
import { evaluateSplit } from '../../../train-files/evaluate.js';
import { loadWeightsInto, readWeightsFile } from '../../../train-files/weights-file.js';
import { networkOfWeights } from '../../../train-files/weights-network.js';
import { widthList } from '../../arguments.js';
import { type CliContext, outJson } from '../../context.js';
import { formatCount, formatTable } from '../../format.js';
import { addDataOptions, type DataFlags, dataForWeights } from '../evaluate/data.js';
import { graphText, type MeasuredFloat, measureSpikes } from './measure.js';
import { addMeasureOptions, codeText, type MeasureFlags, settingsOf } from './options.js';
import '../../../graph-files/register.js';
import '../../../engine-native/register.js';

interface RunFlags extends DataFlags, MeasureFlags {
  readonly arch?: string;
  readonly graph?: string;
  readonly width?: number[];
  readonly json?: boolean;
}

const HELP = `
FILE holds weights (plexus train --save) or is a checkpoint of an mlp or a cnn. Batch norms are folded,
weights become whole numbers, and the test images run through it event by event:

  rate:T   integrate-and-fire neurons, T steps, thresholds by the 99.9th percentile
  qcfs:T   the same, begun at half a threshold, thresholds that fit T levels best: for few steps
  delta:T  graded events, T levels a threshold: each neuron sends what its activation changed by

Figures are NeuroBench's; energies are estimates, for comparison only; packets and hops are those of
relational layers, each node on a core of its own (docs/spikes.md has the definitions). All are per
image. With --json one object: {file, graph, widths, data, images, floatError, mesh, float, codes}.

Examples:
  $ plexus spike run best.safetensors
  $ plexus spike run best.safetensors --code qcfs:4,qcfs:8,qcfs:16,rate:32,delta:16`;

/** Adds `plexus spike run` to `plexus spike`. */
export function registerSpikeRun(spike: Command, context: CliContext): void {
  const command = spike
    .command('run')
    .description('Run the test images through a trained network, event by event.')
    .argument('<file>', 'weights (safetensors) or a checkpoint');
  addMeasureOptions(command, 'qcfs:16');
  addDataOptions(command)
    .option('--arch <name>', 'architecture (default: what the file says)')
    .option('--graph <spec>', 'graph spec (default: what the file says)')
    .option(
      '--width <widths>',
      'widths, separated by commas (default: what the file says)',
      widthList,
    )
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action((file: string, flags: RunFlags) => run(context, file, flags));
}

async function run(context: CliContext, path: string, flags: RunFlags): Promise<void> {
  const note = (line: string): void => context.note(line);
  const file = readWeightsFile(path);
  const dataset = await dataForWeights(context, file, flags);
  const { network } = networkOfWeights(file, {
    arch: flags.arch,
    graph: flags.graph,
    widths: flags.width,
    input: dataset.shape,
    classes: dataset.classes.length,
  });
  const executable = await selectBackend('auto', note).prepare(
    compile(network, { batch: 128, inference: true }),
  );
  try {
    loadWeightsInto(executable, file, note);
    const weights = await readWeights(executable);
    const { float, codes } = await measureSpikes({
      network,
      weights,
      dataset,
      settings: settingsOf(flags, file.facts.spikeLevels !== undefined),
      workers: flags.workers,
      signal: context.signal,
      onProgress: progressOf(context),
    });
    const { error } = await evaluateSplit(executable, dataset, 'test', context.signal);
    const told = { file: path, graph: graphText(network), widths: network.widths };
    const facts = { data: dataset.identity, images: dataset.test.count, floatError: error };
    if (flags.json) outJson(context, { ...told, ...facts, mesh: flags.mesh, float, codes });
    else
      context.out(
        `${told.graph}, width ${told.widths.join(', ')}, ${facts.data}\n\n${tables(error, float, codes)}`,
      );
  } finally {
    executable.dispose();
  }
}

/** Percent done, a line for each tenth. */
function progressOf(context: CliContext): (part: number) => void {
  let told = 0;
  return (part) => {
    const tenths = Math.floor(10 * part);
    if (tenths <= told || tenths === 10) return;
    told = tenths;
    context.note(`${10 * tenths} %`);
  };
}

const RIGHT = { align: 'right' } as const;

function tables(error: number, float: MeasuredFloat, codes: readonly Measured[]): string {
  const rows = [{ name: 'float', error, ...float, traffic: null }, ...codes.map(named)];
  const figures = formatTable(
    [
      { title: 'code' },
      ...['error %', 'active %', 'MACs', 'ACs', 'dense', '45 nm nJ', 'Loihi nJ'].map((title) => ({
        title,
        ...RIGHT,
      })),
    ],
    rows.map((row) => [
      row.name,
      row.error.toFixed(2),
      (100 * (1 - row.figures.activationSparsity)).toFixed(1),
      ...[row.figures.effectiveMacs, row.figures.effectiveAcs, row.figures.dense].map(formatCount),
      formatCount(row.energy['45 nm CMOS'] ?? 0),
      formatCount(row.energy['Loihi'] ?? 0),
    ]),
  );
  const { footprint, storedFootprint, connectionSparsity } = float.figures;
  return [
    figures,
    ...trafficTable(codes),
    `footprint ${formatCount(footprint)} bytes (${formatCount(storedFootprint)} without absent ` +
      `blocks), connection sparsity ${connectionSparsity.toFixed(3)}`,
    `operations, energies, packets and hops are per image; of float on the first ${float.images}. ` +
      `Energies are ${ENERGY_NOTE}.`,
  ].join('\n\n');
}

const named = (measured: Measured): Measured & { readonly name: string } => ({
  ...measured,
  name: codeText(measured),
});

function trafficTable(codes: readonly Measured[]): string[] {
  const rows = codes.flatMap((code) =>
    code.traffic === null ? [] : [{ ...code.traffic, name: codeText(code) }],
  );
  if (rows.length === 0) return [];
  return [
    formatTable(
      [
        { title: 'code' },
        ...['events', 'packets', 'multicast hops', 'unicast hops'].map((title) => ({
          title,
          ...RIGHT,
        })),
      ],
      rows.map(({ name, events, packets, hops, unicastHops }) => [
        name,
        ...[events, packets, hops, unicastHops].map(formatCount),
      ]),
    ),
  ];
}
