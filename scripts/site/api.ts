import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application, type DeclarationReflection, type ProjectReflection } from 'typedoc';
import type { PluginOptions } from 'typedoc-plugin-markdown';
import { entryPoints } from './entry-points.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const named = (project: ProjectReflection): readonly DeclarationReflection[] =>
  project.children ?? [];

/** One page an entry point, with tables where lists would be long. */
const PAGES: Partial<PluginOptions> = {
  entryFileName: 'index',
  outputFileStrategy: 'modules',
  hideBreadcrumbs: true,
  hidePageHeader: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  useCodeBlocks: true,
  useHTMLAnchors: true,
};

/** Types that need no name of their own outside the sources. */
const UNNAMED = [
  'Interval',
  'TableColumn',
  'CallIn',
  'Part',
  'PythonRandom',
  'WorkerLine',
  'Conflict',
  'searchSchema',
  'Numbers',
  ...'Activation Add Attention BatchNorm ChannelScale Conv Depthwise GlobalPool LayerNorm Linear'
    .split(' ')
    .map((name) => `${name}Calls`),
  ...['Pool', 'PositionalEmbedding', 'SoftmaxLoss', 'Update'].map((name) => `${name}Calls`),
];

/**
 * Writes the reference of every entry point as Markdown, a page each.
 *
 * @throws Error where TypeDoc cannot read the sources, or a docstring links to nothing
 */
export async function writeApi(folder: string): Promise<void> {
  const points = entryPoints();
  const app = await Application.bootstrapWithPlugins({
    entryPoints: [...points.values()].map((file) => join(ROOT, file)),
    tsconfig: join(ROOT, 'tsconfig.json'),
    plugin: ['typedoc-plugin-markdown'],
    out: folder,
    readme: 'none',
    disableSources: true,
    // `npm run lint` checks the types.
    skipErrorChecking: true,
    excludePrivate: true,
    // Names for parts of the types that use them, and of nothing else.
    intentionallyNotExported: UNNAMED,
    sort: ['source-order'],
    logLevel: 'Warn',
    ...PAGES,
  });
  const project = await app.convert();
  if (project === undefined) throw new Error('TypeDoc could not read the sources');
  // Named as they are imported, and not by the files that declare them.
  const files = [...points];
  for (const reflection of named(project)) {
    const [name] =
      files.find(
        ([, file]) =>
          file === `src/${reflection.name}.ts` || file === `src/${reflection.name}/index.ts`,
      ) ?? [];
    if (name === undefined)
      throw new Error(`TypeDoc tells of ${reflection.name}, which is no entry point`);
    reflection.name = name;
  }
  project.name = 'Entry points';
  app.validate(project);
  await app.generateOutputs(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings())
    throw new Error('TypeDoc warned, see above');
}
