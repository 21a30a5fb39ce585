import { UserError } from '../../core/errors.js';
import type { Normalisation } from '../../data/normalise.js';
import { formatGraphSpec } from '../../graph/spec.js';
import { measure } from '../../graph/measures/basic.js';
import type { Graph } from '../../graph/types.js';
import { costOf } from '../../network/cost.js';
import type { Network } from '../../network/types.js';
import { meanMeasures } from '../../graph/sequence.js';
import type { TrainedNetwork } from './types.js';

/** The graphs of a network's relational layers, each once, in the order of layers. */
export function graphsOf({ layers }: Network): Graph[] {
  const graphs = layers.flatMap((layer) =>
    (layer.kind === 'linear' || layer.kind === 'conv') && layer.mask !== null
      ? [layer.mask.graph]
      : [],
  );
  return [...new Set(graphs)];
}

/** The spec line of the graph; empty where it was given without one. */
export const specLine = ({ graph }: Network): string =>
  graph === null ? '' : formatGraphSpec(graph);

/** What is told of a network in the metadata of other formats: texts by their keys. */
export function factsText(model: TrainedNetwork): ReadonlyMap<string, string> {
  const { network, stem, classNames, normalisation, origin } = model;
  const { channels, height, width } = network.input;
  const { macs, params } = costOf(network);
  const [first, ...others] = graphsOf(network).map((graph) => measure(graph));
  const measures = first && meanMeasures([first, ...others]);
  const facts: Readonly<Record<string, string | number | null | undefined>> = {
    arch: network.arch,
    stem,
    graph: specLine(network),
    widths: network.widths.join(','),
    clustering: measures?.clustering,
    path_length: measures?.pathLength,
    input: [channels, height, width].join('x'),
    classes: network.classes,
    class_names: classNames && JSON.stringify(classNames),
    mean: normalisation && JSON.stringify(normalisation.mean),
    std: normalisation && JSON.stringify(normalisation.std),
    macs,
    params,
    data: origin.data,
    seed: origin.seed,
    epoch: origin.epoch,
    test_error: origin.testError,
    test_images: origin.testImages,
    study: origin.study?.name,
    study_hash: origin.study?.hash,
    trial: origin.study?.trial,
    plexus: origin.version,
  };
  return new Map(
    Object.entries(facts).flatMap(([key, value]) =>
      value === null || value === undefined || value === '' ? [] : [[key, String(value)] as const],
    ),
  );
}

/** How images enter the network. Throws a `UserError` where that is not known. */
export function knownNormalisation({ name, normalisation }: TrainedNetwork): Normalisation {
  if (normalisation !== null) return normalisation;
  throw new UserError(
    `the weights of ${name} do not say how images are normalised; give --mean and --std, a number ` +
      'for each channel, of bytes from 0 to 255',
  );
}
