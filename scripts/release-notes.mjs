// Prints the notes of a release: its part of CHANGELOG.md, and where the package comes from (commit,
// what npm will say of the file). Without a version: what is not released yet.
//
// Run: node scripts/release-notes.mjs [VERSION]
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const wanted = process.argv[2] ?? 'Unreleased';
const changelog = readFileSync(`${root}CHANGELOG.md`, 'utf8');
const parts = changelog.split(/^## (?=\[)/m).slice(1);
const nameOf = (part) => /^\[([^\]]+)\]/.exec(part)[1];
const part = parts.find((each) => nameOf(each) === wanted);
if (part === undefined) {
  console.error(`CHANGELOG.md has no part ${wanted}; it has ${parts.map(nameOf).join(', ')}`);
  process.exit(1);
}

const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
const { name, version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
const packed = JSON.parse(
  execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }),
)[0];
const changed = git('status', '--porcelain') === '' ? '' : ', with changes that are not committed';
const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
console.log(`# ${name} ${wanted === 'Unreleased' ? `${version}, unreleased` : wanted}

${part.slice(part.indexOf('\n')).trim()}

## Origin

- commit ${git('rev-parse', 'HEAD')}${changed}, of ${git('show', '-s', '--format=%cs', 'HEAD')}
- ${packed.files.length} files, ${megabytes(packed.size)} MB, unpacked ${megabytes(packed.unpackedSize)} MB
- ${packed.integrity} (as it is built here; \`npm view ${name} dist.integrity\` says the published one)`);
