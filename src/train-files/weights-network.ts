import { UserError } from '../core/errors.js';
import type { Shape } from '../core/shape.js';
import { formatGraphSpec, parseGraphSpec } from '../graph/spec.js';
import { type Stem, STEMS } from '../network/architectures/architecture.js';
import { architecture } from '../network/architectures/registry.js';
import { type Design, designNetwork } from '../network/design.js';
import type { WeightsFile } from './weights-file.js';

/** What of a network its file of weights may leave to whoever reads it. */
export interface GivenNetwork {
  readonly arch?: string | undefined;
  readonly graph?: string | undefined;
  readonly stem?: Stem | undefined;
  readonly widths?: readonly number[] | undefined;
  /** Of the images; what the file says, where absent. */
  readonly input?: Shape | undefined;
  readonly classes?: number | undefined;
}

/**
 * The network that a file of weights is of: what is given, else what the file says.
 *
 * @throws UserError that names what the file does not say, and the option that gives it
 */
export function networkOfWeights(
  { facts, path, checkpoint }: WeightsFile,
  given: GivenNetwork,
): Design {
  const line = given.graph ?? facts.graph ?? null;
  const input = given.input ?? shapeOf(facts.input);
  const classes = given.classes ?? facts.classes;
  if (line === null)
    throw new UserError(
      `${path} does not say which network it is of; give its graph with --graph, and --arch, ` +
        '--stem and --width where they are not the usual ones',
    );
  if (input === undefined || classes === undefined) {
    const lacking = [
      ...(input === undefined ? ['--input (CHANNELSxHEIGHTxWIDTH)'] : []),
      ...(classes === undefined ? ['--classes'] : []),
    ];
    throw new UserError(
      `${path} does not say which images its network takes and how many classes it tells apart; ` +
        `give ${lacking.join(' and ')}`,
    );
  }
  const arch = given.arch ?? facts.arch;
  const stem = given.stem ?? STEMS.find((each) => each === facts.stem);
  const graph = parseGraphSpec(line);
  // What the file says holds for the network that the file says.
  const own = given.graph === undefined || formatGraphSpec(graph) === facts.graph;
  return designNetwork({
    arch: architecture(arch ?? 'mlp').name,
    graph,
    input,
    classes,
    ...(stem !== undefined && { stem }),
    widths:
      given.widths ??
      (own && (arch === facts.arch || checkpoint !== null) ? facts.widths : undefined),
  });
}

function shapeOf(sides: readonly number[] | undefined): Shape | undefined {
  const [channels, height, width] = sides ?? [];
  return channels === undefined || height === undefined || width === undefined
    ? undefined
    : { channels, height, width };
}
