import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of the pages, with a slash at its end. */
export const DOCS = fileURLToPath(new URL('../../docs/', import.meta.url));

/** A page of the site: its file in docs, and what the navigation calls it. */
export interface Page {
  readonly file: string;
  readonly text: string;
}

/** Pages that stand together in the navigation. */
export interface Section {
  readonly text: string;
  readonly pages: readonly Page[];
}

const page = (file: string, text: string): Page => ({ file, text });

/** The pages of a folder: its list first, then the others by name. */
function folder(name: string, list: string): Page[] {
  const names = readdirSync(`${DOCS}${name}`)
    .filter((file) => file.endsWith('.md') && file !== 'README.md')
    .map((file) => file.slice(0, -'.md'.length))
    .sort();
  return [
    page(`${name}/README.md`, list),
    ...names.map((each) => page(`${name}/${each}.md`, each)),
  ];
}

/** Folders of pages that the build makes, and git does not keep. */
export const MADE = ['api', 'gallery'] as const;

/** Pages that the build makes: they are there only afterwards. */
export const madeSections = (entryPoints: readonly string[]): readonly Section[] => [
  { text: 'Gallery', pages: [page('gallery/index.md', 'Gallery of studies')] },
  {
    text: 'API',
    pages: [
      page('api/index.md', 'Entry points'),
      ...entryPoints.map((name) => page(`api/${name}.md`, `plexus-nn/${name}`)),
    ],
  },
];

/** Every page of docs, in the order in which the navigation has them. */
export const sections: readonly Section[] = [
  {
    text: 'Guide',
    pages: [
      page('tour.md', 'A tour'),
      page('start-to-pytorch.md', 'From npm start to PyTorch'),
      page('studio.md', 'The studio'),
      page('studies.md', 'Studies'),
      page('data.md', 'Data'),
      page('graph-files.md', 'Graph files'),
      page('rewiring.md', 'Rewiring while training'),
      page('spikes.md', 'Spikes'),
      page('clusters.md', 'Many machines'),
      page('export.md', 'Out into the world'),
    ],
  },
  {
    text: 'Reference',
    pages: [
      page('cli.md', 'The command line'),
      page('library.md', 'The library'),
      page('numbers.md', 'Every number'),
    ],
  },
  {
    text: 'What was found',
    pages: [
      page('findings.md', "The paper's claims"),
      page('evidence/README.md', 'Evidence'),
      page('hierarchy.md', 'Hierarchy, and depth'),
      page('protocol.md', 'The short protocol'),
    ],
  },
  {
    text: 'How it works',
    pages: [
      page('architecture.md', 'Architecture'),
      page('engine.md', 'The engine'),
      page('speed.md', 'Speed'),
      page('reliability.md', 'Reliability'),
    ],
  },
  { text: 'Architectures', pages: folder('architectures', 'All architectures') },
  { text: 'Families of graphs', pages: folder('families', 'All families') },
  { text: 'Measures of graphs', pages: folder('measures', 'All measures') },
];
