import { architecture } from '../../network/architectures/registry.js';
import { factsText } from './facts.js';
import { pythonLiteral } from './tables.js';
import type { TrainedNetwork } from './types.js';
import { networkFacts } from './weights.js';

/** Text that is safe inside of a docstring. */
export const inDocstring = (text: string): string =>
  text.replace(/[\\"]/g, "'").replace(/\p{Cc}/gu, ' ');

/** What a generated program is of, in a line. */
export function headline(model: TrainedNetwork): string {
  const graph = factsText(model).get('graph') ?? 'a graph';
  return inDocstring(`${model.name}: ${model.network.arch} on ${graph}`);
}

/** The lines of `CONFIG`: what of a network Python programs must know. */
export function configLines(model: TrainedNetwork): string {
  const { network, classNames, normalisation } = model;
  const { channels, height, width } = network.input;
  const config = {
    name: model.name,
    arch: network.arch,
    input: [channels, height, width],
    classes: network.classes,
    class_names: classNames,
    mean: normalisation?.mean ?? null,
    std: normalisation?.std ?? null,
    train: architecture(network.arch).training,
    facts: networkFacts(model),
  };
  return Object.entries(config)
    .map(([key, value]) => `    "${key}": ${pythonLiteral(value)},\n`)
    .join('');
}
