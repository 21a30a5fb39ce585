import { defineConfig, type Plugin } from 'vite';

/** The studio runs where there is no Node: an import of anything of Node's ends the build. */
const noNode: Plugin = {
  name: 'no-node',
  enforce: 'pre',
  resolveId(source, importer) {
    if (source.startsWith('node:'))
      throw new Error(`${importer} imports ${source}, which browsers have not`);
  },
};

export default defineConfig({
  root: import.meta.dirname,
  // Every address in the build is relative: it runs from any host, below any path.
  base: './',
  plugins: [noNode],
  worker: { format: 'es', plugins: () => [noNode] },
  build: {
    outDir: '../dist/studio',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    license: { fileName: 'THIRD-PARTY.txt' },
  },
});
