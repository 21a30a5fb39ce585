import { UserError } from '../core/errors.js';
import type { Tensor } from '../core/tensor.js';
import { unpackExisting } from '../engine/packed.js';
import { parametersOf } from '../network/parameters.js';
import { partition } from '../network/partition.js';
import type { WeightLayer } from '../network/weight-graph.js';
import type { WeightsFile } from './weights-file.js';
import { type GivenNetwork, networkOfWeights } from './weights-network.js';

/** Which layers of a file of weights make its graph, and into which groups their channels go. */
export interface GivenLayers extends GivenNetwork {
  /** Groups that the channels of every layer are dealt to evenly; default: the network's nodes. */
  readonly nodes?: number | undefined;
  /** Names of tensors; default: the relational layers, or, of a dense network, square weights. */
  readonly layers?: readonly string[] | undefined;
}

/** A layer of a file, by the name that it has there. */
interface Found {
  readonly name: string;
  readonly tensor: Tensor;
}

/**
 * The layers of a file of weights that a graph can be made of, in the network's order. Without
 * `nodes` they are the relational layers of the network that the file is of, in groups as its graph
 * has nodes; with `nodes` any weights of two axes and more.
 *
 * @throws UserError that says what the file does not, and the option that helps
 */
export function layersOfWeights(file: WeightsFile, given: GivenLayers): readonly WeightLayer[] {
  const { nodes } = given;
  const known = (given.graph ?? file.facts.graph ?? null) !== null;
  if (nodes === undefined && !known)
    throw new UserError(
      `${file.path} does not say over which graph its network is; give --nodes with the number of ` +
        'groups that channels are put into, or the network with --graph, --input and --classes',
    );
  const relational = known ? relationalLayers(file, given) : [];
  if (nodes === undefined) return chosen(file, relational, given.layers);
  const plain =
    relational.length > 0 && given.layers === undefined
      ? relational.map(({ name, tensor }) => ({ name, tensor }))
      : namedWeights(file, given.layers);
  return plain.map(({ name, tensor }) => grouped(name, tensor, nodes));
}

function relationalLayers(file: WeightsFile, given: GivenNetwork): readonly WeightLayer[] {
  const { network } = networkOfWeights(file, given);
  const layers = parametersOf(network).flatMap((parameter) => {
    const { name, mask, shape } = parameter;
    if (mask === null) return [];
    const tensor = tensorOf(file, name);
    const whole =
      file.checkpoint === null || tensor.shape.length > 1
        ? tensor
        : { shape, data: unpackExisting(parameter, tensor.data) };
    if (whole.shape.join() !== shape.join())
      throw new UserError(
        `${file.path}: the graph and width give ${name} the shape [${shape.join(', ')}], the file ` +
          `has [${whole.shape.join(', ')}]; give those of the training with --graph and --width`,
      );
    return [{ name, tensor: whole, input: mask.input, output: mask.output }];
  });
  return layers;
}

function tensorOf({ path, tensors }: WeightsFile, name: string): Tensor {
  const found = tensors.get(name) ?? [...tensors].find(([own]) => own.endsWith(`.${name}`))?.[1];
  if (found !== undefined) return found;
  throw new UserError(
    `${path} has no ${name}, which its network would have; give the architecture with --arch, or ` +
      'take weights by their names with --nodes and --layers',
  );
}

function chosen(
  { path }: WeightsFile,
  layers: readonly WeightLayer[],
  wanted: readonly string[] | undefined,
): readonly WeightLayer[] {
  if (wanted === undefined) return layers;
  return wanted.map((name) => {
    const found = layers.find((layer) => layer.name === name);
    if (found !== undefined) return found;
    throw new UserError(
      `${path} has no relational layer ${name}; it has ` +
        layers.map((layer) => layer.name).join(', '),
    );
  });
}

/** Names that a message lists. */
const LISTED = 8;

function namedWeights(
  { path, tensors }: WeightsFile,
  wanted: readonly string[] | undefined,
): readonly Found[] {
  const weights = [...tensors].filter(([, { shape }]) => shape.length >= 2);
  const listed = weights
    .slice(0, LISTED)
    .map(([name, { shape }]) => `${name} [${shape.join(', ')}]`)
    .join(', ');
  const found =
    wanted === undefined
      ? weights.filter(
          ([
            ,
            {
              shape: [out, into],
            },
          ]) => out === into,
        )
      : wanted.map((name): [string, Tensor] => {
          const own = weights.find(([each]) => each === name);
          if (own !== undefined) return own;
          throw new UserError(`${path} has no weights called ${name}; it has ${listed}`);
        });
  if (found.length === 0)
    throw new UserError(
      `no weights of ${path} have as many outputs as inputs, whose groups would be the same; ` +
        `choose some with --layers (${listed})`,
    );
  return found.map(([name, tensor]) => ({ name, tensor }));
}

function grouped(name: string, tensor: Tensor, nodes: number): WeightLayer {
  const [out = 1, into = 1] = tensor.shape;
  const fewest = Math.min(out, into);
  if (nodes < 2 || nodes > fewest)
    throw new UserError(
      `--nodes must be from 2 to the channels of every layer: ${name} has ${out} outputs and ` +
        `${into} inputs, got ${nodes}; take at most ${fewest}, or other layers with --layers`,
    );
  return { name, tensor, input: partition(into, nodes), output: partition(out, nodes) };
}
