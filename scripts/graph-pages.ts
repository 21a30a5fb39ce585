/**
 * The pages and pictures of docs/families and docs/measures as texts, made from what the code says
 * of its families and measures, with numbers measured on the spot. `make-graph-pages.ts` writes
 * them; a test compares.
 */
import {
  buildGraph,
  formatGraphSpec,
  graphFamilies,
  graphFromEdges,
  graphMeasures,
  graphSpec,
  measure,
  parseGraphSpec,
  type GraphFamily,
  type GraphMeasure,
  type GraphMeasures,
  type GraphParamInfo,
} from '../src/graph/index.js';
import {
  exampleGraph,
  familyPicture,
  measurePicture,
  type ExampleGraph,
} from '../src/figures/index.js';
import '../src/graph-files/register.js';

/** The graphs on which every measure's page tells its value. */
const referenceGraphs: readonly string[] = [
  'complete:n=16',
  'ring-lattice:n=16,k=4',
  'ws-flex:n=64,k=8,p=0.1,seed=3',
  'ws-flex:n=64,k=8,p=1,seed=1',
  'barabasi-albert:n=64,m=4,seed=1',
  'grid:shape=8x8',
  'hypercube:d=6',
  'star:n=16',
  'tree:n=31,r=2',
  'empty:n=8',
];

const COST_WORDS: Readonly<Record<GraphMeasure['cost'], string>> = {
  basic: 'Always told.',
  quick:
    'Quick: about as fast as C and L. Ask for it with `--measures NAME`, or for all ' +
    'quick ones with `--measures quick`.',
  slow: 'Slow on large graphs. Ask for it with `--measures NAME`.',
};

const number = (value: number | boolean | null): string => {
  if (value === null) return '–';
  return typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(4) : String(value);
};

/** A text in the cell of a Markdown table. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function paramRow(info: GraphParamInfo): string {
  const preset =
    info.default === undefined ? 'required' : info.default === '' ? 'none' : `\`${info.default}\``;
  return (
    `| \`${info.name}\` | ` +
    `${cell(info.meaning)}${info.positional ? ' (written first, without its name)' : ''} | ` +
    `${info.type} | ${cell(info.range)} | ${preset} |`
  );
}

type RowNumbers = Pick<
  GraphMeasures,
  'nodes' | 'edges' | 'averageDegree' | 'clustering' | 'pathLength'
>;

function sampleRow(line: string, m: RowNumbers): string {
  return (
    `| \`${cell(line)}\` | ${m.nodes} | ${m.edges} | ${m.averageDegree.toFixed(2)} | ` +
    `${m.clustering.toFixed(4)} | ` +
    `${m.pathLength === null ? 'not connected' : m.pathLength.toFixed(4)} |`
  );
}

/** Up to six samples, spread over the family's list. */
function samplesOf(family: GraphFamily): string[] {
  const all = family.samples(64).map((params) => formatGraphSpec(graphSpec(family.name, params)));
  const step = Math.max(1, Math.ceil(all.length / 6));
  return all.filter((_, at) => at % step === 0);
}

/** The page of a family; its picture lies beside it under the same name. */
function familyPage(family: GraphFamily): string {
  const samples = samplesOf(family);
  const rows = [
    ...samples.map((line) => sampleRow(line, measure(buildGraph(parseGraphSpec(line))))),
    ...(family.landmarks ?? []).map((landmark) =>
      sampleRow(landmark.spec, {
        ...landmark,
        averageDegree: (2 * landmark.edges) / landmark.nodes,
      }),
    ),
  ];
  const measured =
    rows.length === 0
      ? []
      : [
          '## Some of its graphs',
          '',
          '| spec | nodes | edges | degree | C | L |',
          '|---|---|---|---|---|---|',
          ...rows,
          '',
        ];
  const sizes = family.resize
    ? 'Where a layer has fewer channels than the graph has nodes, the graph is made again ' +
      'on fewer nodes at the same density, as far as the family allows.'
    : 'The family has one size only: it cannot be made again on fewer nodes for a layer ' +
      'with fewer channels than the graph has nodes.';
  return [
    '<!-- Made by scripts/make-graph-pages.ts from src/graph/generators. Do not edit. -->',
    `# ${family.name}`,
    '',
    family.meaning,
    '',
    `![${family.name}](${family.name}.svg)`,
    '',
    '## Parameters',
    '',
    '| name | meaning | type | range | default |',
    '|---|---|---|---|---|',
    ...family.params.map(paramRow),
    '',
    '## How it is made',
    '',
    family.description.trim(),
    '',
    sizes,
    '',
    ...measured,
    '## Source',
    '',
    family.reference,
    '',
    'All families: [README](README.md). What C, L and the other numbers mean: ' +
      '[measures](../measures/README.md).',
    '',
  ].join('\n');
}

/** The page of a measure; its picture lies beside it under the same name. */
function measurePage(entry: GraphMeasure): string {
  const options = { seed: 1, references: 10 };
  const rows = referenceGraphs.map(
    (line) =>
      `| \`${line}\` | ${number(entry.compute(buildGraph(parseGraphSpec(line)), options))} |`,
  );
  return [
    '<!-- Made by scripts/make-graph-pages.ts from src/graph/measures. Do not edit. -->',
    `# ${entry.title}`,
    '',
    `\`${entry.name}\` in JSON and in \`--measures\`. ${entry.definition}`,
    '',
    `![${entry.title}](${entry.name}.svg)`,
    '',
    '## In detail',
    '',
    entry.description.trim(),
    '',
    COST_WORDS[entry.cost].replace('NAME', entry.name),
    '',
    '## Some values',
    '',
    `| graph | ${cell(entry.title)} |`,
    '|---|---|',
    ...rows,
    '',
    'A dash means that the graph has no such number.',
    '',
    '## Source',
    '',
    entry.reference,
    '',
    'All measures: [README](README.md).',
    '',
  ].join('\n');
}

function familyIndex(): string {
  return [
    '<!-- Made by scripts/make-graph-pages.ts. Do not edit. -->',
    '# Families of graphs',
    '',
    'A family is a way to make graphs. `plexus graph families` prints this list with all ' +
      'parameters;',
    '[the command line](../cli.md#graph-specs) says how a spec is written.',
    '',
    '| family | what it is |',
    '|---|---|',
    ...graphFamilies.map(({ name, meaning }) => `| [${name}](${name}.md) | ${cell(meaning)} |`),
    '',
  ].join('\n');
}

function measureIndex(): string {
  return [
    '<!-- Made by scripts/make-graph-pages.ts. Do not edit. -->',
    '# Measures of graphs',
    '',
    '`plexus graph measure` tells the basic ones; `--measures` adds others.',
    '',
    '| measure | name | definition |',
    '|---|---|---|',
    ...graphMeasures.map(
      ({ name, title, definition }) =>
        `| [${cell(title)}](${name}.md) | \`${name}\` | ${cell(definition)} |`,
    ),
    '',
  ].join('\n');
}

/** Every page by its path below docs/. */
export function graphPages(): ReadonlyMap<string, string> {
  return new Map([
    ['families/README.md', familyIndex()],
    ...graphFamilies.map((family): [string, string] => [
      `families/${family.name}.md`,
      familyPage(family),
    ]),
    ['measures/README.md', measureIndex()],
    ...graphMeasures.map((entry): [string, string] => [
      `measures/${entry.name}.md`,
      measurePage(entry),
    ]),
  ]);
}

/**
 * Graphs that the pictures of measures choose from: small enough to be drawn, different in every
 * way that is measured.
 */
const drawnGraphs: readonly ExampleGraph[] = [
  ...[
    'complete:n=16',
    'ring-lattice:n=20,k=4',
    'ring-lattice:n=20,k=2',
    'ws-flex:n=20,k=4,p=0.2,seed=1',
    'ws-flex:n=20,k=4,p=1,seed=2',
    'barabasi-albert:n=20,m=2,seed=1',
    'core-periphery:n=20,core=6,between=0.4,seed=1',
    'stochastic-block:sizes=7-7-7,inside=0.8,between=0.03,seed=1',
    'gnm:n=18,m=14,seed=1',
    'grid:shape=4x5',
    'hypercube:d=4',
    'star:n=16',
    'tree:n=15,r=2',
  ].map(exampleGraph),
  {
    caption: 'a ring of one direction',
    graph: graphFromEdges(
      12,
      Array.from({ length: 12 }, (_, u): [number, number] => [u, (u + 1) % 12]),
      true,
    ),
  },
];

/** Every picture by its path below docs/. */
export function graphPictures(): ReadonlyMap<string, string> {
  return new Map([
    ...graphFamilies.map((family): [string, string] => [
      `families/${family.name}.svg`,
      `${familyPicture(family)}\n`,
    ]),
    ...graphMeasures.map((entry): [string, string] => [
      `measures/${entry.name}.svg`,
      `${measurePicture(entry, drawnGraphs)}\n`,
    ]),
  ]);
}
