import { writeSafetensors } from '../../core/safetensors.js';
import type { Tensor } from '../../core/tensor.js';
import { WEIGHTS_KEY } from '../../train-files/weights-file.js';
import { specLine } from './facts.js';
import type { NetworkTarget, TrainedNetwork } from './types.js';

/** Plexus's own file of weights, which all commands read: of a study's trial the way to have one. */
export const weights: NetworkTarget = {
  of: 'network',
  name: 'weights',
  meaning: "Plexus's own file of weights (safetensors), for plexus predict, evaluate, train --load",
  ending: '.safetensors',
  options: [],
  files: (model) => new Map([[`${model.name}.safetensors`, weightsBytes(model)]]),
};

/**
 * A safetensors file of a network's weights in float32, which says what it is.
 *
 * @param metadata of other programs, beside that
 */
export function weightsBytes(
  model: TrainedNetwork,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const tensors = new Map(
    [...model.weights].map(([name, { shape, data }]): [string, Tensor] => [
      name,
      { shape, data: Float32Array.from(data) },
    ]),
  );
  return writeSafetensors(tensors, {
    ...metadata,
    [WEIGHTS_KEY]: JSON.stringify({ ...networkFacts(model), ...known(model.origin) }),
  });
}

/** What of `WeightsFacts` a network is, wherever its weights are from; what is not known is left out. */
export function networkFacts({
  network,
  stem,
  classNames,
  normalisation,
}: TrainedNetwork): Readonly<Record<string, unknown>> {
  const { arch, widths, input, classes } = network;
  const facts = {
    arch,
    graph: specLine(network),
    widths,
    input: [input.channels, input.height, input.width],
    classes,
    classNames,
    ...normalisation,
  };
  return { ...known(facts), stem };
}

function known(facts: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null));
}
