import { type Command } from 'commander';
import { UserError } from '../../../core/errors.js';
import { expandGraphSpecs } from '../../../graph/sets/reference.js';
import { formatGraphSpec, parseGraphSpec } from '../../../graph/spec.js';
import type { GraphSpec } from '../../../graph/types.js';
import { designNetwork } from '../../../network/design.js';
import type { Network } from '../../../network/types.js';
import { type Mesh, trafficOf } from '../../../spikes/mesh.js';
import { type Flow, placeNodes } from '../../../spikes/placement.js';
import { sampleShape } from '../../arguments.js';
import { type CliContext, outJson } from '../../context.js';
import { formatCount, formatReal, formatTable } from '../../format.js';
import { addMeshOptions, meshText } from './options.js';
import type { Shape } from '../../../core/shape.js';
import '../../../graph-files/register.js';

interface PlaceFlags {
  readonly arch: string;
  readonly input: Shape;
  readonly mesh: Mesh;
  readonly placeSeed: number;
  readonly json?: boolean;
}

const HELP = `
Each node lies on a core of its own; an event goes to every other core that hosts a node which reads
it. Told is what one event of every neuron that relational layers read costs, in a network as wide as
the budget allows: packets (cores reached), hops of a multicast along rows and then columns, and hops
where each core is sent a copy of its own. Nodes are placed by simulated annealing over multicast hops.
The last columns compare with the complete graph at the same budget.

With --json one object a graph: {graph, nodes, widths, events, packets, hops, unicastHops, placement,
complete}, the last one with packets, hops and unicastHops of the complete graph.

Examples:
  $ plexus spike place ws-flex:n=64,k=8,p=0.05,seed=1
  $ plexus spike place ws-flex:set=52 --json`;

/** Adds `plexus spike place` to `plexus spike`. */
export function registerPlace(spike: Command, context: CliContext): void {
  const command = spike
    .command('place')
    .description('Place the nodes of graphs on a mesh of cores, and count packets and hops.')
    .argument('<specs...>', 'graph specs')
    .option('--arch <name>', 'architecture', 'mlp')
    .option('--input <shape>', 'shape of an image, CHANNELSxHEIGHTxWIDTH', sampleShape, {
      channels: 3,
      height: 32,
      width: 32,
    });
  addMeshOptions(command)
    .option('--json', 'print one JSON object for each graph')
    .addHelpText('after', HELP)
    .action((specs: string[], flags: PlaceFlags) => place(context, specs, flags));
}

function place(context: CliContext, lines: readonly string[], flags: PlaceFlags): void {
  const specs = lines.flatMap((line) => expandGraphSpecs(line));
  const rows = specs.map((spec) => {
    context.signal.throwIfAborted();
    const own = placed(spec, flags);
    const complete = placed(parseGraphSpec(`complete:n=${own.nodes}`), flags);
    const row = { graph: formatGraphSpec(spec), ...own, complete: costs(complete) };
    if (flags.json) outJson(context, row);
    return row;
  });
  if (flags.json) return;
  const titles = ['width', 'events', 'packets', 'hops', 'unicast', 'packets', 'hops', 'unicast'];
  context.out(
    formatTable(
      [
        { title: 'graph' },
        ...titles.map((title, at) => ({
          title: at < 5 ? title : `${title} /`,
          align: 'right' as const,
        })),
      ],
      rows.map(({ graph, widths, events, packets, hops, unicastHops, complete }) => [
        graph,
        widths.join(', '),
        ...[events, packets, hops, unicastHops].map(formatCount),
        ratio(complete.packets, packets),
        ratio(complete.hops, hops),
        ratio(complete.unicastHops, unicastHops),
      ]),
    ),
  );
  context.out(
    `\none event of every neuron, ${meshText(flags.mesh)} cores; the last three: the complete ` +
      'graph at the same budget costs so many times as much',
  );
}

const ratio = (complete: number, own: number): string =>
  own === 0 ? 'none' : formatReal(complete / own, 2);

interface Costs {
  readonly packets: number;
  readonly hops: number;
  readonly unicastHops: number;
}

const costs = ({ packets, hops, unicastHops }: Costs): Costs => ({ packets, hops, unicastHops });

interface Placed extends Costs {
  readonly nodes: number;
  readonly widths: readonly number[];
  readonly events: number;
  readonly placement: readonly number[];
}

function placed(graph: GraphSpec, { arch, input, mesh, placeSeed: seed }: PlaceFlags): Placed {
  const { network } = designNetwork({ arch, graph, input });
  const flows = flowsOf(network);
  const [first] = flows;
  if (first === undefined)
    throw new UserError(`${arch} has no relational layers to place; choose another architecture`);
  const placement = placeNodes(flows, mesh, { seed });
  const all = flows.map((flow) => trafficOf(flow.graph, flow.loads, mesh, placement));
  const sum = (of: (costs: Costs) => number): number =>
    all.reduce((total, one) => total + of(one), 0);
  return {
    nodes: first.graph.nodes,
    widths: network.widths,
    events: flows.flatMap(({ loads }) => loads).reduce((total, load) => total + load, 0),
    packets: sum(({ packets }) => packets),
    hops: sum(({ hops }) => hops),
    unicastHops: sum(({ unicastHops }) => unicastHops),
    placement: [...placement],
  };
}

/** One event of every neuron that a relational layer reads. */
function flowsOf({ layers }: Network): Flow[] {
  const planes = new Map(layers.map(({ id, output }) => [id, output]));
  return layers.flatMap((layer): Flow[] => {
    if ((layer.kind !== 'linear' && layer.kind !== 'conv') || layer.mask === null) return [];
    const from = planes.get(layer.inputs[0] ?? '');
    const pixels = layer.kind === 'conv' && from ? from.height * from.width : 1;
    return [
      { graph: layer.mask.graph, loads: [...layer.mask.input.sizes].map((size) => size * pixels) },
    ];
  });
}
