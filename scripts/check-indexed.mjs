/**
 * Checks `src` with `noUncheckedIndexedAccess`: what is read at an index may be missing, and code
 * says what then. Kernels over typed arrays are left out, by the list below; an entry of it that
 * needs it no longer fails, so that the list gets shorter only. Part of `npm run lint`.
 */
import { relative } from 'node:path';
import ts from 'typescript';

/** Folders (with a slash) and files whose inner loops count indices of arrays that they have made. */
const KERNELS = {
  'src/analysis/': 'to be mended',
};

const options = { noUncheckedIndexedAccess: true, noEmit: true, incremental: false };
const config = ts.getParsedCommandLineOfConfigFile('tsconfig.json', options, {
  ...ts.sys,
  onUnRecoverableConfigFileDiagnostic: (problem) => {
    throw new Error(ts.flattenDiagnosticMessageText(problem.messageText, '\n'));
  },
});
const program = ts.createProgram(config.fileNames, { ...config.options, tsBuildInfoFile: undefined });
const host = { getCanonicalFileName: (name) => name, getCurrentDirectory: () => '.', getNewLine: () => '\n' };
const idle = new Set(Object.keys(KERNELS));
const found = program.getSemanticDiagnostics().filter(({ file }) => {
  const path = file === undefined ? '' : relative('.', file.fileName).replaceAll('\\', '/');
  const entries = Object.keys(KERNELS).filter((entry) => path.startsWith(entry));
  for (const entry of entries) idle.delete(entry);
  return entries.length === 0;
});
if (found.length > 0) {
  console.error(ts.formatDiagnostics(found, host));
  console.error(
    'a value read at an index may be missing (noUncheckedIndexedAccess): take it with for..of, ' +
      'destructuring or must() of src/core/errors.ts',
  );
  process.exitCode = 1;
}
for (const entry of idle) {
  console.error(`${entry} has no unchecked index any more: take it off the list in scripts/check-indexed.mjs`);
  process.exitCode = 1;
}
