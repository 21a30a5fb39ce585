import type { Graph } from '../../graph/types.js';
import { parametersOf } from '../../network/parameters.js';
import type { BlockMask, Layer, Network, ParameterInfo, Partition } from '../../network/types.js';
import { isDense } from './blocks.js';
import { graphsOf } from './facts.js';

/** A layer as the generated Python has it: kind, name, what it reads, options. */
type LayerRow = readonly [string, string, readonly string[], Readonly<Record<string, unknown>>];

/** The network as tables: what generated programs of other languages read. */
export interface NetworkTables {
  /** Of each graph, of each node: the nodes that it reads, itself among them, ascending. */
  readonly graphs: readonly (readonly (readonly number[])[])[];
  /** Channels of each node, by `channels/nodes`. */
  readonly sizes: Readonly<Record<string, readonly number[]>>;
  readonly layers: readonly LayerRow[];
}

export function tablesOf(network: Network): NetworkTables {
  const relational = network.layers.flatMap((layer) => {
    const mask = maskOf(layer);
    return mask === null ? [] : [mask];
  });
  const graphs = graphsOf(network).filter((graph) =>
    relational.some((mask) => mask.graph === graph),
  );
  const sizes = Object.fromEntries(
    relational.flatMap(({ input, output }) =>
      [input, output].map((side) => [sizeKey(side), [...side.sizes]] as const),
    ),
  );
  const starts = new Map(parametersOf(network).map((parameter) => [parameter.name, parameter]));
  const flat = new Set<string>();
  const layers = network.layers.map((layer): LayerRow => {
    const isFlat = layer.kind === 'linear' || layer.inputs.some((id) => flat.has(id));
    if (isFlat) flat.add(layer.id);
    return [layer.kind, layer.id, layer.inputs, optionsOf(layer, { graphs, starts, isFlat })];
  });
  return { graphs: graphs.map(readsOf), sizes, layers };
}

const sizeKey = ({ channels, nodes }: Partition): string => `${channels}/${nodes}`;

/** The mask of a layer that leaves blocks out; null of a dense layer. */
function maskOf(layer: Layer): BlockMask | null {
  if (layer.kind !== 'linear' && layer.kind !== 'conv') return null;
  return isDense(layer.mask) ? null : layer.mask;
}

function readsOf({ nodes, offsets, targets }: Graph): number[][] {
  return Array.from({ length: nodes }, (_, node) =>
    [node, ...targets.subarray(offsets[node], offsets[node + 1])].sort((a, b) => a - b),
  );
}

interface Place {
  readonly graphs: readonly Graph[];
  readonly starts: ReadonlyMap<string, ParameterInfo>;
  /** Whether its input is a vector. */
  readonly isFlat: boolean;
}

function optionsOf(layer: Layer, { graphs, starts, isFlat }: Place): Record<string, unknown> {
  const start = (name: string): number => {
    const init = starts.get(name)?.init;
    return init?.kind === 'normal' ? init.std : init?.kind === 'uniform' ? init.bound : 0;
  };
  const { channels, height, width } = layer.output;
  const mask = maskOf(layer);
  const relation = mask === null ? {} : { graph: graphs.indexOf(mask.graph) };
  switch (layer.kind) {
    case 'linear': {
      const { inFeatures, outFeatures, bias, id } = layer;
      return {
        inputs: inFeatures,
        outputs: outFeatures,
        bias,
        ...relation,
        std: start(`${id}.weight`),
      };
    }
    case 'conv': {
      const { window, inChannels, bias, id } = layer;
      const bound = bias ? { bound: start(`${id}.bias`) } : {};
      const std = start(`${id}.weight`);
      return { inputs: inChannels, outputs: channels, ...window, bias, ...relation, std, ...bound };
    }
    case 'depthwise':
      return { channels, ...layer.window, std: start(`${layer.id}.weight`) };
    case 'batchNorm': {
      const { eps, momentum, gamma } = layer;
      return { channels, eps, momentum, gamma, flat: isFlat };
    }
    case 'layerNorm':
      return { channels, eps: layer.eps };
    case 'activation':
      return { function: layer.function };
    case 'maxPool':
    case 'averagePool':
      return { ...layer.window };
    case 'position':
      return { channels, height, width, std: start(layer.id) };
    case 'attention':
      return { heads: layer.heads };
    case 'input':
    case 'globalPool':
    case 'add':
    case 'gate':
      return {};
    default:
      return layer satisfies never;
  }
}

/** A value as Python writes it, on one line. */
export function pythonLiteral(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(', ')}]`;
  const fields = Object.entries(value as Record<string, unknown>);
  return `{${fields.map(([key, each]) => `${JSON.stringify(key)}: ${pythonLiteral(each)}`).join(', ')}}`;
}

/** The tables as Python: `GRAPHS`, `SIZES`, `LAYERS`. */
export function pythonTables({ graphs, sizes, layers }: NetworkTables): string {
  const lines = (values: readonly unknown[], indent: string): string =>
    values.map((value) => `${indent}${pythonLiteral(value)},\n`).join('');
  const rows = layers.map((row) => `    (${row.map(pythonLiteral).join(', ')}),\n`).join('');
  return [
    '# Of each graph, of each node: the nodes that it reads, itself among them.',
    `GRAPHS = [\n${graphs.map((reads) => `    [\n${lines(reads, '        ')}    ],\n`).join('')}]`,
    '# Channels of each node, by channels / nodes: consecutive, as even as possible.',
    `SIZES = {\n${Object.entries(sizes)
      .map(([key, values]) => `    "${key}": ${pythonLiteral(values)},\n`)
      .join('')}}`,
    '# Kind, name, what it reads, options.',
    `LAYERS = [\n${rows}]`,
  ].join('\n');
}
