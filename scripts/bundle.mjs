// Bundles the program and its workers over what the compiler wrote: dist/cli/main.js and the
// modules of the workers become a few files, with the small libraries in them, and start in a
// fraction of the time that hundreds of modules take. The library's modules stay as they are.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

/** Modules that are started by themselves: the program, and one for each kind of worker thread. */
const ENTRIES = [
  'cli/main',
  'executors/worker',
  'graph-space/worker',
  'spike-threads/worker',
  'data-files/folder/feeder-thread',
];

/** Libraries that look for files of their own, or are binaries. */
const EXTERNAL = /^(sharp|@cwasm\/|fontkit|pdfkit|svg-to-pdfkit|dejavu-fonts-ttf)/;

/** The directory of the package that a module's file belongs to, and null for modules of ours. */
function packageOf(file) {
  const at = file.lastIndexOf('node_modules/');
  if (at < 0) return null;
  const [scope, name] = file.slice(at + 'node_modules/'.length).split('/');
  return join(file.slice(0, at), 'node_modules', scope, scope.startsWith('@') ? name : '');
}

/** The licence that a package comes with, with its name and version. */
function noticeOf(directory) {
  const { name, version, license } = JSON.parse(
    readFileSync(join(directory, 'package.json'), 'utf8'),
  );
  const file = readdirSync(directory).find((each) => /^(licen[sc]e|copying)/i.test(each));
  const text = file === undefined ? '' : readFileSync(join(directory, file), 'utf8').trim();
  return `${name} ${version} (${license})\n\n${text}\n`;
}

/** @param {string} root the package's directory, with a slash at its end */
export async function bundleProgram(root) {
  // Chunks of an earlier build have other names.
  rmSync(`${root}dist/chunks`, { recursive: true, force: true });
  const bundle = await rolldown({
    cwd: root,
    input: Object.fromEntries(ENTRIES.map((entry) => [entry, `src/${entry}.ts`])),
    platform: 'node',
    external: EXTERNAL,
    resolve: { mainFields: ['module', 'main'] },
  });
  const { output } = await bundle.write({
    dir: `${root}dist`,
    format: 'esm',
    entryFileNames: '[name].js',
    // As deep as the modules are: paths to the package's files hold from here too.
    chunkFileNames: 'chunks/[name]-[hash].js',
  });
  const modules = output.flatMap(({ moduleIds = [] }) => moduleIds);
  const packages = new Set(modules.map(packageOf).filter((each) => each && existsSync(each)));
  writeFileSync(
    `${root}dist/THIRD-PARTY.txt`,
    [...packages]
      .sort((a, b) => (a < b ? -1 : 1))
      .map(noticeOf)
      .join(`\n${'-'.repeat(80)}\n\n`),
  );
}
