/**
 * Checks `src` with `noUncheckedIndexedAccess`: what is read at an index may be missing, and code
 * says what then. Kernels over typed arrays are left out, by the list below; an entry of it that
 * needs it no longer fails, so that the list gets shorter only. Part of `npm run lint`.
 */
import { relative } from 'node:path';
import ts from 'typescript';

/** Folders (with a slash) and files whose inner loops count indices of arrays that they have made. */
const KERNELS = {
  'src/cli/bench/': 'fills arrays of its own for kernels that it times',
  'src/core/random/': 'words of state and permutations, drawn a million times',
  'src/data/shapes/': 'pixels of scenes that it draws',
  'src/data-formats/strided.ts': 'places of pixels by strides',
  'src/data-files/folder/colour.ts': 'pixels, channel by channel',
  'src/data-files/folder/resample.ts': 'weights of pixels',
  'src/data-files/folder/small.ts': 'pixels',
  'src/engine/backends/': 'kernels and what is encoded for them',
  'src/engine/initialise.ts': 'numbers of weights, run by run',
  'src/engine/ops/': 'operands by number',
  'src/figures/graph-layout.ts': 'forces between places of nodes',
  'src/graph/bits.ts': 'words of bitset rows',
  'src/graph/build.ts': 'bitset rows to neighbour lists',
  'src/graph/generators/': 'nodes and edges of graphs being made',
  'src/graph/measures/': 'nodes, neighbours and words of rows',
  'src/graph/n-cut.ts': 'points and their groups',
  'src/graph/null-sampler.ts': 'swaps of edges',
  'src/graph/temporal.ts': 'rows of who has heard of whom',
  'src/graph/space/place.ts': 'rows that candidates are drawn into',
  'src/graph/weighted.ts': 'neighbours with weights',
  'src/network/block-squares.ts': 'weights of blocks',
  'src/network/prune.ts': 'weights of blocks, and pairs of groups with what they count',
  'src/network/regroup.ts': 'channels and their groups, swapped a million times',
  'src/network/rewire-pairs.ts': 'pairs of nodes with their scores',
  'src/spikes/kernels/': 'weights, events and potentials, one by one',
  'src/stats/block-effects.ts': 'a matrix of blocks',
  'src/stats/blocks.ts': 'a matrix of blocks',
  'src/stats/exchangeable-means.ts': 'a grid of integration',
  'src/stats/gaussian-process.ts': 'covariances',
  'src/stats/linear-algebra.ts': 'matrices',
  'src/stats/nelder-mead.ts': 'corners of a simplex',
  'src/stats/projection.ts': 'columns',
  'src/stats/sparse-process.ts': 'covariances',
  'src/stats/symmetric-eigen.ts': 'rotations of a matrix',
};

const options = { noUncheckedIndexedAccess: true, noEmit: true, incremental: false };
const config = ts.getParsedCommandLineOfConfigFile('tsconfig.json', options, {
  ...ts.sys,
  onUnRecoverableConfigFileDiagnostic: (problem) => {
    throw new Error(ts.flattenDiagnosticMessageText(problem.messageText, '\n'));
  },
});
const program = ts.createProgram(config.fileNames, {
  ...config.options,
  tsBuildInfoFile: undefined,
});
const host = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => '.',
  getNewLine: () => '\n',
};
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
  console.error(
    `${entry} has no unchecked index any more: take it off the list in scripts/check-indexed.mjs`,
  );
  process.exitCode = 1;
}
