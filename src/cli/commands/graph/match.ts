import { Option } from 'commander';
import { must, unknownName, UserError } from '../../../core/errors.js';
import {
  type GraphMatch,
  HELD_MEASURES,
  type HeldMeasure,
  MATCH_TOLERANCES,
  type MatchedPartner,
  matchGraph,
} from '../../../graph/space/match.js';
import { formatGraphSpec } from '../../../graph/spec.js';
import { realNumber, wholeNumber } from '../../arguments.js';
import { type CliContext, outJson, type RegisterCommand } from '../../context.js';
import { formatTable } from '../../format.js';
import { specsOfWord } from './measure-words.js';

interface MatchOptions {
  readonly hold: readonly HeldMeasure[];
  readonly tolerance: Partial<Record<HeldMeasure, number>>;
  readonly family: string;
  readonly count: number;
  readonly seed: number;
  readonly json?: true;
}

const PRESET = HELD_MEASURES.map((name) => `${name}=${MATCH_TOLERANCES[name]}`).join(',');

/** `plexus graph match`. */
export const registerMatch: RegisterCommand = (graph, context) => {
  graph
    .command('match')
    .description(
      'Find graphs with the density, C and L of another that differ from it in what else there is.',
    )
    .argument('<spec>', 'graph spec or file')
    .addOption(
      new Option('--hold <names>', 'what they share, separated by commas')
        .argParser(heldNames)
        .default([...HELD_MEASURES], HELD_MEASURES.join(',')),
    )
    .addOption(
      new Option('--tolerance <list>', 'name=difference that they stay below, separated by commas')
        .argParser(tolerancesIn)
        .default({}, PRESET),
    )
    .option(
      '--family <name>',
      'family of the partners: ws-flex, steered (the same degrees), or another',
      'ws-flex',
    )
    .option('--count <count>', 'how many partners', wholeNumber(1, 1000), 1)
    .option('--seed <number>', 'seed of the search', wholeNumber(0, 2 ** 31 - 1), 1)
    .option('--json', 'print one JSON object')
    .addHelpText('after', MATCH_HELP)
    .action((word: string, options: MatchOptions) => match(word, options, context));
};

const wordsOf = (list: string): string[] =>
  list
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

function heldName(word: string): HeldMeasure {
  const found = HELD_MEASURES.find((name) => name === word);
  if (found === undefined) throw unknownName('measure to hold', word, HELD_MEASURES);
  return found;
}

const heldNames = (list: string): HeldMeasure[] => wordsOf(list).map(heldName);

function tolerancesIn(list: string): Partial<Record<HeldMeasure, number>> {
  return Object.fromEntries(
    wordsOf(list).map((word) => {
      const [name = '', value = ''] = word.split('=');
      return [heldName(name), realNumber(value)];
    }),
  );
}

async function match(word: string, options: MatchOptions, context: CliContext): Promise<void> {
  const { hold, tolerance, family, count, seed } = options;
  const specs = specsOfWord(word);
  if (specs.length !== 1)
    throw new UserError(
      `graph match takes one graph, got ${specs.length} of ${word}; write the spec of one`,
    );
  const spec = must(specs[0]);
  const found = await matchGraph(spec, {
    hold,
    tolerances: tolerance,
    family,
    count,
    seed,
    signal: context.signal,
  });
  if (options.json) outJson(context, jsonOf(formatGraphSpec(spec), found));
  else if (found.partners.length > 0) printMatch(formatGraphSpec(spec), found, context);
  if (found.partners.length < count) throw tooFew(formatGraphSpec(spec), found, options);
}

function printMatch(spec: string, { of, partners, tried }: GraphMatch, context: CliContext): void {
  for (const partner of partners) context.out(formatGraphSpec(partner.spec));
  const row = (name: string, place: GraphMatch['of']): string[] => [
    name,
    place.density.toFixed(4),
    place.clustering.toFixed(4),
    place.pathLength?.toFixed(4) ?? '',
  ];
  context.note(
    formatTable(
      [
        { title: '' },
        ...['density', 'C', 'L'].map((title) => ({ title, align: 'right' as const })),
      ],
      [row(spec, of), ...partners.map((partner) => row(formatGraphSpec(partner.spec), partner))],
    ),
  );
  context.note(`${tried} graphs tried`);
}

/** The error that tells the nearest, and how far off it is. */
function tooFew(
  spec: string,
  { hold, tolerances, partners, nearest, tried }: GraphMatch,
  { count, family }: MatchOptions,
): UserError {
  const within = hold.map((name) => `${name} within ${tolerances[name]}`).join(', ');
  const found = partners.length === 0 ? 'none' : `${partners.length}`;
  return new UserError(
    `${count === 1 ? 'a partner' : `${count} partners`} of the family ${family} must have ` +
      `${within} of ${spec}, but ${found} of ${tried} graphs tried ` +
      `${partners.length === 1 ? 'has' : 'have'} that${nearestText(nearest, hold)}; ` +
      `raise --tolerance, hold less, or choose another --family, such as ` +
      (family === 'steered' ? 'ws-flex' : 'steered'),
  );
}

function nearestText(nearest: MatchedPartner | null, hold: readonly HeldMeasure[]): string {
  if (nearest === null) return ' (no other graph was made)';
  const off = hold.map((name) => `${name} off by ${nearest.off[name].toFixed(4)}`).join(', ');
  return ` (nearest: ${formatGraphSpec(nearest.spec)}, ${off})`;
}

const told = ({ spec, ...numbers }: MatchedPartner): Record<string, unknown> => ({
  spec: formatGraphSpec(spec),
  ...numbers,
});

function jsonOf(spec: string, found: GraphMatch): Record<string, unknown> {
  const { of, partners, nearest, ...rest } = found;
  return {
    of: { spec, ...of },
    ...rest,
    partners: partners.map(told),
    nearest: nearest && told(nearest),
  };
}

const MATCH_HELP = `
Where fewer partners are found than asked for, those that were are printed, the nearest graph is
told with how far off it is, and the exit status is 2. The same options always give the same graphs.

Examples:
  $ plexus graph match "hierarchical:outer=(complete:n=8),inner=(complete:n=8),bridges=4"
  $ plexus graph match connectome:cat --family steered --count 10
  $ plexus graph match ws-flex:n=64,k=8,p=0.1,seed=3 --family stochastic-block --hold density,clustering`;
