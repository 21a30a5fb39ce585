import type { Command } from 'commander';
import { UserError } from '../../../core/errors.js';
import { STEMS, type Stem } from '../../../network/architectures/architecture.js';
import { readWeightsFile } from '../../../train-files/weights-file.js';

/** The options of `plexus train` that say which network is trained. */
interface NetworkOptions {
  readonly arch: string;
  readonly stem: 'auto' | Stem;
  readonly graph: string;
  readonly width?: number[] | undefined;
  readonly budget?: number | undefined;
  readonly load?: string | undefined;
}

/** Options whose graph may be left to the weights that are loaded. */
export type GivenNetwork<Options extends NetworkOptions> = Omit<Options, 'graph'> & {
  readonly graph?: string;
};

/**
 * The options with the network that they leave to the file of `--load`: its graph, and, unless they are
 * given, its architecture, stem and width.
 *
 * @throws UserError where neither options nor file say a graph
 */
export function networkOf<Options extends NetworkOptions>(
  options: GivenNetwork<Options>,
  command: Command,
): Options {
  const { graph, load } = options;
  if (graph !== undefined) return options as unknown as Options;
  if (load === undefined)
    throw new UserError(
      "required option '--graph <spec>' not specified, nor weights that say their graph with --load",
    );
  const { facts } = readWeightsFile(load);
  if (typeof facts.graph !== 'string')
    throw new UserError(
      `${load} does not say over which graph its network is; give it with --graph, and --arch and ` +
        '--width where they are not the usual ones',
    );
  const own = command.getOptionValueSource('arch') === 'default';
  const stem = STEMS.find((each) => each === facts.stem) ?? options.stem;
  const fixed = options.width ?? (options.budget === undefined ? facts.widths : undefined);
  return {
    ...options,
    graph: facts.graph,
    arch: own ? (facts.arch ?? options.arch) : options.arch,
    stem: options.stem === 'auto' ? stem : options.stem,
    width: fixed && [...fixed],
  } as unknown as Options;
}
