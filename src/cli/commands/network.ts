import { type Command, Option } from 'commander';
import { must, UserError } from '../../core/errors.js';
import type { Shape } from '../../core/shape.js';
import { compile } from '../../engine/compile.js';
import { programBytes, type ProgramBytes } from '../../engine/memory.js';
import { buildGraph, formatGraphSpec, parseGraphSpec } from '../../graph/spec.js';
import { graphMembers } from '../../graph/sequence.js';
import { temporalPaths, type TemporalPaths } from '../../graph/temporal.js';
import type { GraphSpec } from '../../graph/types.js';
import { type Stem, STEMS } from '../../network/architectures/architecture.js';
import { architecture, architectures } from '../../network/architectures/registry.js';
import { type Design, designNetwork } from '../../network/design.js';
import { layerSpecs } from '../../network/relational.js';
import { DEFAULT_CLASSES, DEFAULT_INPUT } from '../../network/task.js';
import type { Layer } from '../../network/types.js';
import { budgetNumber, sampleShape, widthList, wholeNumber } from '../arguments.js';
import { type CliContext, outJson, type RegisterCommand } from '../context.js';
import { formatCount, formatReal, formatSignedPercent, formatTable } from '../format.js';
import { showOnnx } from './network/onnx.js';
import '../../graph-files/register.js';

interface ShowOptions {
  readonly arch: string;
  readonly graph?: string;
  readonly input: Shape;
  readonly classes: number;
  readonly stem?: Stem;
  readonly width?: number[];
  readonly budget?: number;
  readonly batch?: number;
  readonly json?: boolean;
}

const DEFINITIONS = `MACs: multiply-adds of one forward pass of one sample, of linear layers,
convolutions and attention; absent blocks not counted.
params: learnable numbers that exist. density: share of a layer's pairs of input and output channels
that exist, self-connections included.
memory: of a training step in float32; activations and their gradients share storage where their
lifetimes do not overlap; parameters are held as values, gradients and momenta. C: average
clustering coefficient; L: average path length (none: not connected). Of a sequence: means over the
layers. Temporal path length: mean over pairs of nodes of the relational layer in which one first
hears of the other, the layers' graphs gone through again and again; of one graph it is L.`;

/** `plexus network`: networks before training. */
export const registerNetwork: RegisterCommand = (program, context) => {
  const network = program.command('network').description('Look at networks: layers, widths, cost.');
  network
    .command('show')
    .description('Print the layers and the cost of the network that a graph gives, or of a file.')
    .argument('[file]', 'ONNX file of a plain MLP or CNN, of any program')
    .option('--graph <spec>', 'graph spec, e.g. ws-flex:n=64,k=8,p=0.1,seed=3')
    .option(
      '--arch <name>',
      `architecture: ${architectures.map((arch) => arch.name).join(', ')}`,
      must(architectures[0]).name,
    )
    .addOption(
      new Option('--input <shape>', 'shape of one sample: CHANNELSxHEIGHTxWIDTH')
        .argParser(sampleShape)
        .default(DEFAULT_INPUT, sidesOf(DEFAULT_INPUT).join('x')),
    )
    .option('--classes <count>', 'number of classes', wholeNumber(1), DEFAULT_CLASSES)
    .addOption(
      new Option(
        '--stem <name>',
        'start of a convolutional network: for large images or for small ones (default: ' +
          'by the size of the input)',
      ).choices(STEMS),
    )
    .option(
      '--width <widths>',
      'fix the width (several: separated by commas, one for each stage) instead of ' +
        'matching the budget',
      widthList,
    )
    .option(
      '--budget <macs>',
      "multiply-adds to match instead of the dense baseline's, or a share of these such as 0.25",
      budgetNumber,
    )
    .option(
      '--batch <count>',
      "samples at a time, for the memory (default: the architecture's own)",
      wholeNumber(1),
    )
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  $ plexus network show --arch mlp --graph ' +
        'ws-flex:n=64,k=8,p=0.1,seed=3\n  $ plexus network show --arch resnet34 --graph ' +
        'ws-flex:n=64,k=8,p=0.1,seed=3 --input 3x224x224 --classes 1000\n' +
        '  $ plexus network show resnet18.onnx',
    )
    .action((file: string | undefined, options: ShowOptions, command: Command) => {
      if (file === undefined) return show(context, options);
      refuseOthers(command);
      showOnnx(context, file, options.json === true);
    });
};

/** A file says all by itself. */
function refuseOthers(command: Command): void {
  const given = command.options.filter(
    (option) =>
      option.attributeName() !== 'json' &&
      command.getOptionValueSource(option.attributeName()) === 'cli',
  );
  if (given.length > 0)
    throw new UserError(
      `${given.map((option) => option.long).join(', ')} is of networks that a graph gives; ` +
        'leave it out, the file says its layers',
    );
}

function show(context: CliContext, options: ShowOptions): void {
  const { arch, input, classes, stem, width: widths, budget } = options;
  if (options.graph === undefined)
    throw new UserError("required option '--graph <spec>' not specified, nor a file of ONNX");
  const graph = parseGraphSpec(options.graph);
  const design = designNetwork({
    arch,
    graph,
    input,
    classes,
    ...(stem && { stem }),
    ...(widths && { widths }),
    budget,
  });
  const memory = memoryOf(design, options.batch ?? architecture(arch).training.batch);
  const temporal = temporalOf(graph, arch);
  const line = formatGraphSpec(graph);
  if (options.json) outJson(context, jsonOf(design, line, memory, temporal));
  else for (const text of textOf(design, line, memory, temporal)) context.out(text);
}

/**
 * Reach of the relational layers, one after the other; null where they differ in their nodes, or are
 * wired otherwise.
 */
function temporalOf(graph: GraphSpec, arch: string): TemporalPaths | null {
  if (graphMembers(graph).over !== undefined) return null;
  const graphs = layerSpecs(graph, architecture(arch)).map(buildGraph);
  return graphs.every(({ nodes }) => nodes === graphs[0]?.nodes) ? temporalPaths(graphs) : null;
}

/** What a training step over that many samples takes. */
interface Memory extends ProgramBytes {
  readonly batch: number;
}

function memoryOf({ network }: Design, batch: number): Memory {
  return { batch, ...programBytes(compile(network, { batch })) };
}

function jsonOf(
  design: Design,
  graph: string,
  memory: Memory,
  temporal: TemporalPaths | null,
): unknown {
  const { network, stem, cost, baseline, target, measures } = design;
  return {
    arch: network.arch,
    graph,
    nodes: measures.nodes,
    edges: measures.edges,
    directed: measures.directed,
    clustering: measures.clustering,
    pathLength: measures.pathLength,
    temporal,
    input: sidesOf(network.input),
    classes: network.classes,
    stem,
    widths: network.widths,
    macs: cost.macs,
    params: cost.params,
    baseline: { macs: baseline.macs, params: baseline.params },
    budget: target,
    excessPercent: excessPercent(design),
    memory,
    layers: network.layers.map((layer, i) => ({
      id: layer.id,
      kind: layer.kind,
      inputs: layer.inputs,
      output: sidesOf(layer.output),
      ...((layer.kind === 'linear' || layer.kind === 'conv') && {
        nodes: layer.mask?.graph.nodes ?? null,
        density: densityOf(layer),
      }),
      macs: must(cost.layers[i]).macs,
      params: must(cost.layers[i]).params,
    })),
  };
}

function textOf(
  design: Design,
  graph: string,
  memory: Memory,
  temporal: TemporalPaths | null,
): string[] {
  const { network, stem, cost, baseline, target, measures } = design;
  const rows = network.layers.map((layer, i) => {
    const density = densityOf(layer);
    return [
      layer.id,
      layer.kind,
      sidesOf(layer.output).join('x'),
      density === null ? '' : density.toFixed(4),
      formatCount(must(cost.layers[i]).macs),
      formatCount(must(cost.layers[i]).params),
    ];
  });
  const columns = [
    { title: 'layer' },
    { title: 'kind' },
    { title: 'output' },
    ...['density', 'MACs', 'params'].map((title) => ({ title, align: 'right' as const })),
  ];
  return [
    `${network.arch} on ${graph}${stem === null ? '' : `, ${stem} stem`}`,
    `${meanCount(measures.nodes)} nodes, ${meanCount(measures.edges)} edges, C ` +
      `${formatReal(measures.clustering, 4)}, L ${formatReal(measures.pathLength, 4)}`,
    ...(temporal === null ? [] : [roundsText(temporal)]),
    '',
    formatTable(columns, [
      ...rows,
      ['total', '', '', '', formatCount(cost.macs), formatCount(cost.params)],
    ]),
    '',
    `width ${network.widths.join(', ')}: ${formatSignedPercent(excessPercent(design))} ` +
      `MACs against ${target === null ? "the baseline's" : 'the budget of'} ` +
      formatCount(target ?? baseline.macs),
    `dense baseline: width ${architecture(network.arch).baselineWidths.join(', ')}, ` +
      `${formatCount(baseline.macs)} MACs, ${formatCount(baseline.params)} params`,
    `memory at batch ${memory.batch}: ${mebibytes(memory.total)}, activations ` +
      `${mebibytes(memory.activations)}, parameters ${mebibytes(memory.parameters)}`,
    '',
    DEFINITIONS,
  ];
}

/** `heard after 1, 2, 3 rounds: ...`; of many rounds the first few and the last. */
function roundsText({ reach, pathLength }: TemporalPaths): string {
  const shown = reach
    .map((share, at) => [at + 1, share] as const)
    .filter(([round]) => round <= 3 || round === reach.length);
  return (
    `heard of the other nodes: ` +
    `${shown.map(([round, share]) => `${(100 * share).toFixed(1)} % after ${round}`).join(', ')} ` +
    `relational ${reach.length === 1 ? 'layer' : 'layers'}; temporal path length ` +
    formatReal(pathLength, 4)
  );
}

function mebibytes(bytes: number): string {
  return `${formatCount(Math.ceil(bytes / 2 ** 20))} MiB`;
}

/** A count, or the mean of the counts of a sequence of graphs. */
function meanCount(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}

/** How much more than the budget (with given widths: than the baseline) the network costs, in %. */
function excessPercent(design: Design): number {
  return 100 * (design.cost.macs / (design.target ?? design.baseline.macs) - 1);
}

/**
 * Share of the pairs of channels of a linear layer or a convolution that exist; null for other
 * layers, depthwise ones included.
 */
function densityOf(layer: Layer): number | null {
  if (layer.kind !== 'linear' && layer.kind !== 'conv') return null;
  if (layer.mask === null) return 1;
  const { input, output, nonzeros } = layer.mask;
  return nonzeros / (input.channels * output.channels);
}

function sidesOf(shape: Shape): number[] {
  return [shape.channels, shape.height, shape.width];
}
