/**
 * Checks that no line of the sources is wider than 110 columns: the formatter breaks code, but not
 * strings, comments and templates. Part of `npm run lint`.
 */
import { readdirSync, readFileSync } from 'node:fs';

const WIDTH = 110;
const FOLDERS = ['src', 'studio', 'native', 'scripts', 'bench'];
const SOURCE = /\.(tsx?|mjs|css|c|h)$/;

const wide = FOLDERS.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file}`)
    .filter((file) => SOURCE.test(file)),
).flatMap((file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, at) => (line.length > WIDTH ? [`${file}:${at + 1}: ${line.length}`] : [])),
);
if (wide.length > 0) {
  console.error(`lines must have at most ${WIDTH} columns, got\n  ${wide.join('\n  ')}`);
  process.exitCode = 1;
}
