// How few trainings find a good graph: every search policy, replayed on the published trainings of
// the 5-layer MLP.
//   node bench/search-replay.mjs ANALYSIS_FOLDER [replays] [budgets, comma separated]
//     [--json FILE] [--svg FILE]
// The folder is `analysis` of facebookresearch/graph2nn. --json keeps the numbers and --svg draws
// them, after every budget.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { searchFigure } from '../dist/figures/index.js';
import { readGraph2nn } from '../dist/interop/index.js';
import { replay, searchPolicy } from '../dist/search/index.js';
import { quantile } from '../dist/stats/index.js';

const { values: files, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, svg: { type: 'string' } },
});
const [folder, replaysText = '200', budgetsText = '24,64'] = positionals;
if (folder === undefined) {
  console.error(
    'Usage: node bench/search-replay.mjs ANALYSIS_FOLDER [replays] [budgets] [--json ' +
      'FILE] [--svg FILE]',
  );
  process.exit(2);
}
const REPLAYS = Number(replaysText);
const BUDGETS = budgetsText.split(',').map(Number);
const SEED = 1;
/** Graphs around a graph whose trainings say what to expect of it, itself left out. */
const NEIGHBOURS = 20;

const published = readGraph2nn(folder);
const rows = published.tasks
  .find(({ name }) => name === 'mlp_cifar10')
  .tables.at(-1)
  .graphs.filter(({ errors }) => !errors.includes(null));
const table = {
  candidates: rows.map(({ clustering, pathLength, density }) => ({
    clustering,
    pathLength,
    density,
  })),
  errors: rows.map(({ errors }) => errors),
};
const placeOf = ({ density, clustering, pathLength }) =>
  [density.toFixed(6), clustering.toFixed(9), pathLength.toFixed(9)].join(' ');
const placesOfGrid = new Set(published.sets.find(({ count }) => count === 52).graphs.map(placeOf));
const grid = [...rows.keys()].filter((at) => placesOfGrid.has(placeOf(rows[at])));

const average = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const means = table.errors.map(average);
const seeds = table.errors[0].length;
const noise = Math.sqrt(
  average(
    table.errors.map(
      (errors) =>
        errors.reduce((sum, error) => sum + (error - average(errors)) ** 2, 0) /
        (errors.length - 1),
    ),
  ),
);
const spread = average(means.map((value) => (value - average(means)) ** 2));

/**
 * What to expect of a graph trained anew: the mean of its nearest graphs in (C, L, log density),
 * each in standard deviations. The luck of its own published seeds has no part in it.
 */
function expectations() {
  const axes = [
    ({ clustering }) => clustering,
    ({ pathLength }) => pathLength,
    ({ density }) => Math.log(density),
  ].map((axis) => {
    const values = table.candidates.map(axis);
    const scale = Math.sqrt(average(values.map((value) => (value - average(values)) ** 2)));
    return values.map((value) => value / scale);
  });
  return means.map((_, i) => {
    const nearest = means
      .map((mean, j) => ({
        mean,
        distance:
          j === i ? Infinity : axes.reduce((sum, axis) => sum + (axis[j] - axis[i]) ** 2, 0),
      }))
      .sort((a, b) => a.distance - b.distance);
    return average(nearest.slice(0, NEIGHBOURS).map(({ mean }) => mean));
  });
}

const expected = expectations();
const missed = average(means.map((mean, i) => (mean - expected[i]) ** 2));
const ofSeeds = noise ** 2 / seeds;
// A mean of neighbours is itself of so many noisy means.
const ownEffect = missed - ofSeeds * (1 + 1 / NEIGHBOURS);
console.log(
  `${rows.length} graphs x ${seeds} trainings; grid of ${grid.length}; mean ` +
    `${average(means).toFixed(2)} %, lowest mean of ${seeds} ` +
    `${Math.min(...means).toFixed(2)} %`,
);
console.log(
  `noise of one training ${noise.toFixed(3)}; variance of the means of ${seeds}: ` +
    `${spread.toFixed(4)}, of which ${ofSeeds.toFixed(4)} is noise`,
);
console.log(
  `neighbours explain ${(100 * (1 - ownEffect / (spread - ofSeeds))).toFixed(1)} % of ` +
    `the rest; own effect of a graph, as a variance: ${ownEffect.toFixed(5)}`,
);
console.log(
  `lowest mean of ${NEIGHBOURS} neighbours ${Math.min(...expected).toFixed(2)} %, its 1 ` +
    `% quantile ${quantile(expected, 0.01).toFixed(2)} %`,
);

const POLICIES = [
  ['random', 'random', {}],
  ['grid', 'grid', { grid }],
  ['bandit', 'bandit', { noise }],
  ['surrogate', 'surrogate', {}],
  // Not as a study searches: it is told that the mean over the published seeds is what counts.
  [`surrogate, told that ${seeds} seeds count`, 'surrogate', { finalTrainings: seeds }],
];
const spreadOf = (values) => ({
  p10: quantile(values, 0.1),
  median: quantile(values, 0.5),
  p90: quantile(values, 0.9),
});
const results = {
  graphs: rows.length,
  seeds,
  replays: REPLAYS,
  neighbours: NEIGHBOURS,
  lowest: { own: Math.min(...means), anew: Math.min(...expected) },
  average: average(means),
  policies: POLICIES.map(([label]) => ({ name: label, points: [] })),
};
console.log(
  `\n${REPLAYS} replays; mean of the ${seeds} published errors of the recommended graph, ` +
    "and of its neighbours' (median, 90th percentile)",
);
for (const budget of BUDGETS) {
  for (const [place, [label, name, options]] of POLICIES.entries()) {
    const started = performance.now();
    const { runs } = replay(
      (seed) => searchPolicy(name, { seed, ...options }),
      table,
      budget,
      REPLAYS,
      SEED,
    );
    const [own, anew] = [means, expected].map((errors) =>
      spreadOf(runs.map(({ recommended }) => errors[recommended.candidate])),
    );
    results.policies[place].points.push({ budget, own, anew });
    const numbers = [own.median, own.p90, anew.median, anew.p90].map((value) =>
      value.toFixed(3).padStart(8),
    );
    console.log(
      `${String(budget).padStart(4)}  ${label.padEnd(36)}${numbers.join('')}   ` +
        `${((performance.now() - started) / 1000).toFixed(1)} s`,
    );
  }
  if (files.svg) writeFileSync(files.svg, `${searchFigure(results)}\n`);
  if (files.json) writeFileSync(files.json, `${JSON.stringify(results, null, 1)}\n`);
}
