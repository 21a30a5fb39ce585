// What successive halving and trainings chosen several at a time do to a search: replays on
// published trainings.
//   node bench/search-halving.mjs ANALYSIS_FOLDER [replays]
// The folder is `analysis` of facebookresearch/graph2nn. Experiments with errors of many epochs are
// searched with and without halving; those with one epoch only with 1, 4 and 8 trainings at a time.
import { readGraph2nn } from '../dist/interop/index.js';
import { replaySearch, rungsOf, searchPolicy } from '../dist/search/index.js';
import { quantile } from '../dist/stats/index.js';

const [folder, replaysText = '40'] = process.argv.slice(2);
if (folder === undefined) {
  console.error('Usage: node bench/search-halving.mjs ANALYSIS_FOLDER [replays]');
  process.exit(2);
}
const REPLAYS = Number(replaysText);
const HALVING = { factor: 3 };

/**
 * A task's graphs with all seeds, each with its error after every epoch; one that was not kept is
 * the last one before it.
 */
function tableOf({ tables }) {
  const last = tables.at(-1);
  const rows = last.graphs.filter(({ errors }) => !errors.includes(null));
  const byEpoch = new Map(
    tables.map((table) => [
      table.epoch,
      new Map(table.graphs.map((row) => [row.graph, row.errors])),
    ]),
  );
  const epochs = tables.length === 1 ? 1 : last.epoch;
  const curves = rows.map(({ graph, errors }) =>
    errors.map((final, seed) => {
      let error = byEpoch.get(tables[0].epoch).get(graph)?.[seed] ?? final;
      return Array.from({ length: epochs }, (_, epoch) => {
        error = epochs === 1 ? final : (byEpoch.get(epoch + 1)?.get(graph)?.[seed] ?? error);
        return error;
      });
    }),
  );
  return {
    candidates: rows.map(({ clustering, pathLength, density }) => ({
      clustering,
      pathLength,
      density,
    })),
    curves,
  };
}

function measure(label, table, policy, rules) {
  const runs = Array.from({ length: REPLAYS }, (_, seed) =>
    replaySearch(searchPolicy(policy, { seed }), table, rules, seed),
  );
  const errors = runs.map(({ trueError }) => trueError).filter((error) => error !== null);
  const begun = runs.reduce((sum, { trainings }) => sum + trainings.length, 0) / runs.length;
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  console.log(
    `  ${String(rules.trainings).padStart(3)} ${label.padEnd(34)} ` +
      `${[quantile(errors, 0.5), quantile(errors, 0.9), mean].map((value) => value.toFixed(3)).join('  ')} ` +
      ` ${begun.toFixed(1)} begun`,
  );
}

console.log(
  `${REPLAYS} replays; mean error over all seeds of the recommended graph: median, 90th ` +
    'percentile, mean',
);
for (const task of readGraph2nn(folder).tasks) {
  const table = tableOf(task);
  const epochs = table.curves[0][0].length;
  const finals = table.curves.map(
    (seeds) => seeds.reduce((sum, curve) => sum + curve.at(-1), 0) / seeds.length,
  );
  console.log(
    `${task.name}: ${finals.length} graphs, lowest ${Math.min(...finals).toFixed(2)} %, ` +
      `median ${quantile(finals, 0.5).toFixed(2)} %, ${epochs} epochs`,
  );
  if (epochs === 1) {
    for (const together of [1, 4, 8])
      measure(`surrogate, ${together} at a time`, table, 'surrogate', {
        trainings: 24,
        together,
        halving: null,
      });
    continue;
  }
  const first = Math.ceil(epochs / 9);
  for (const trainings of [6, 12]) {
    measure('surrogate, 4 at a time', table, 'surrogate', {
      trainings,
      together: 4,
      halving: null,
    });
    for (const rung of [first, Math.ceil(epochs / 27)])
      measure(
        `surrogate, halving ${rungsOf(epochs, { ...HALVING, first: rung }).join('-')}`,
        table,
        'surrogate',
        { trainings, together: 9, halving: { ...HALVING, first: rung } },
      );
    measure(
      `random, halving ${rungsOf(epochs, { ...HALVING, first }).join('-')}`,
      table,
      'random',
      { trainings, together: 9, halving: { ...HALVING, first } },
    );
  }
}
