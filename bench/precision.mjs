// node bench/precision.mjs DIR [GRAPHS]: what training with products in bf16 costs in error. The same study
// twice, in float32 and in bf16: GRAPHS of the 52 published graphs (all, or evenly spread over them), the
// short protocol of docs/protocol.md, three seeds. `plexus study compare` pairs the trainings of a graph
// and seed. DIR keeps both; running it again goes on where it was left.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expandGraphSpecs, formatGraphSpec } from '../dist/public/graph.js';

const CLI = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const [directory, asked = '52'] = process.argv.slice(2);
const count = Number(asked);
if (directory === undefined || !Number.isInteger(count) || count < 2 || count > 52) {
  console.error('error: usage: node bench/precision.mjs DIR [GRAPHS, 2 to 52]');
  process.exit(2);
}
const all = expandGraphSpecs('ws-flex:set=52').map(formatGraphSpec);
const graphs = Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]);
const plexus = (...args) => execFileSync(process.execPath, [CLI, ...args], { stdio: 'inherit' });

mkdirSync(directory, { recursive: true });
for (const precision of ['float32', 'bf16']) {
  const [spec, out] = [join(directory, `${precision}.yaml`), join(directory, precision)];
  const lines = [
    'plexus: 1',
    `name: ${precision}`,
    'data: {name: shapes, size: 16, train: 48000, test: 4000}',
    'baseline: complete:n=64',
    'graphs:',
    ...graphs.map((graph) => `  - ${graph}`),
    'seeds: 3',
    'train:',
    '  {epochs: 1, learningRate: 0.02, schedule: cosine-steps, augment: false, precision: ' +
      `${precision}}`,
  ];
  writeFileSync(spec, `${lines.join('\n')}\n`);
  plexus('study', 'run', ...(existsSync(join(out, 'study.json')) ? [out] : [spec, '--out', out]));
}
plexus('study', 'compare', join(directory, 'float32'), join(directory, 'bf16'));
