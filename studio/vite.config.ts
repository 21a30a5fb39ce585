import { defineConfig, type Plugin } from 'vite';
import manifest from '../package.json' with { type: 'json' };
import { PLANE_FILE } from './threads/plane-file.js';
import { shippedPlane } from './threads/shipped-plane.js';

/** The studio runs where there is no Node: an import of anything of Node's ends the build. */
const noNode: Plugin = {
  name: 'no-node',
  enforce: 'pre',
  resolveId(source, importer) {
    if (source.startsWith('node:'))
      throw new Error(`${importer} imports ${source}, which browsers have not`);
  },
};

/**
 * The families that the studio fetches after its first view: the registry has none of them there,
 * studio/graph/further.ts makes them known. Workers have them all from the start.
 */
const furtherFamilies: Plugin = {
  name: 'further-families',
  enforce: 'pre',
  resolveId(source, importer) {
    const ofRegistry = importer?.endsWith('/src/graph/registry.ts') === true;
    return ofRegistry && source.endsWith('/further.js') ? NO_FAMILIES : undefined;
  },
  load: (id) => (id === NO_FAMILIES ? 'export const furtherFamilies = [];' : undefined),
};
const NO_FAMILIES = '\0no-families';

/** The plane that the first view shows is made now, so that no browser has to make it. */
const plane: Plugin = {
  name: 'plane',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: PLANE_FILE, source: shippedPlane() });
  },
};

export default defineConfig({
  root: import.meta.dirname,
  define: { PLEXUS_VERSION: JSON.stringify(manifest.version) },
  // Every address in the build is relative: it runs from any host, below any path.
  base: './',
  plugins: [noNode, furtherFamilies, plane],
  worker: {
    format: 'es',
    plugins: () => [noNode],
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
  build: {
    outDir: '../dist/studio',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { checks: { bundlerTimings: false } },
    license: { fileName: 'THIRD-PARTY.txt' },
  },
});
