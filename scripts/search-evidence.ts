/**
 * Efficiency: what a search finds at a quarter of a table's cost, with ten seeds of the search, on the
 * complete tables of docs/evidence. A graph is chosen on one study and judged on another, whose images
 * and seeds had no part in the choice: `npx tsx scripts/search-evidence.ts`.
 */
import { fileURLToPath } from 'node:url';
import { errorsAfter, resultTable } from '../src/analysis/result-table.js';
import { fixed, signed } from '../src/analysis/text.js';
import { must } from '../src/core/errors.js';
import { readStudy } from '../src/public/study.js';
import { searchPolicy } from '../src/search/policies.js';
import { type CurveTable, replaySearch } from '../src/search/replay.js';
import { mean } from '../src/stats/descriptive.js';

const SEARCH_SEEDS = 10;
/** The policy of `plexus search`, and choosing at random, which any policy must beat. */
const POLICIES = ['surrogate', 'random'] as const;

interface Table extends CurveTable {
  readonly lines: readonly string[];
  /** Mean errors less the baseline's. */
  readonly differences: readonly number[];
}

/** The table of a complete study of one set of graphs, every graph with every seed. */
function tableOf(name: string): Table {
  const path = fileURLToPath(new URL(`../docs/evidence/${name}/study`, import.meta.url));
  const { spec, records } = readStudy(path);
  const { graphs, baseline } = errorsAfter(resultTable({ spec, records }));
  const errorsOf = (errors: readonly (number | null)[]): number[] =>
    errors.map((error) => {
      if (error === null) throw new Error(`${name} has a training without an error`);
      return error;
    });
  const own = errorsOf(baseline?.errors ?? []);
  return {
    candidates: graphs.map(({ clustering, pathLength, density }) => ({
      clustering,
      pathLength,
      density,
    })),
    curves: graphs.map(({ errors }) => errorsOf(errors).map((error) => [error])),
    shared: { baseline: own.map((error) => [error]) },
    differences: graphs.map(({ errors }) => mean(errorsOf(errors)) - mean(own)),
    lines: graphs.map(({ graph }) => graph),
  };
}

/** What one way of choosing came to on one study, judged on another. */
export interface Found {
  readonly chosenOn: string;
  readonly judgedOn: string;
  readonly by: string;
  readonly trainings: number;
  /** Differences from the baseline on the study that judges, points: one for each search. */
  readonly differences: readonly number[];
}

/** Every policy on every study, judged on every other one. */
export function searchEvidence(names: readonly string[]): Found[] {
  const tables = new Map(names.map((name) => [name, tableOf(name)]));
  return [...tables].flatMap(([chosenOn, table]) => {
    const all = table.curves.length * must(table.curves[0]).length;
    const rules = {
      trainings: Math.round(all / 4),
      together: 1,
      halving: null,
      paired: { baseline: must(table.shared).baseline.length },
    };
    const best = table.differences.indexOf(Math.min(...table.differences));
    const chosen: { by: string; trainings: number; graphs: number[] }[] = [
      { by: 'full table', trainings: all, graphs: [best] },
      ...POLICIES.map((name) => ({
        by: name,
        trainings: rules.trainings,
        graphs: Array.from({ length: SEARCH_SEEDS }, (_, seed) => {
          const found = replaySearch(
            searchPolicy(name, { seed: seed + 1 }),
            table,
            rules,
            seed + 1,
          );
          return must(found.recommended ?? undefined).candidate;
        }),
      })),
    ];
    return [...tables].flatMap(([judgedOn, judge]) =>
      judgedOn === chosenOn
        ? []
        : chosen.map(({ by, trainings, graphs }) => ({
            chosenOn,
            judgedOn,
            by,
            trainings,
            differences: graphs.map((graph) =>
              must(judge.differences[judge.lines.indexOf(must(table.lines[graph]))]),
            ),
          })),
    );
  });
}

/** A row for each way of choosing, as docs/evidence/README.md has them. */
export function searchRows(names: readonly string[]): string[] {
  return searchEvidence(names).map(({ chosenOn, judgedOn, by, trainings, differences }) => {
    const sorted = [...differences].sort((a, b) => a - b);
    const spread =
      sorted.length === 1
        ? ''
        : ` (${fixed(must(sorted[0]), 2)} to ${fixed(must(sorted.at(-1)), 2)}, ${sorted.length} searches)`;
    return `| ${chosenOn} | ${judgedOn} | ${by} | ${trainings} | ${signed(mean(differences), 2)}${spread} |`;
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  console.log(searchRows(['smooth-1', 'smooth-2', 'smooth-3']).join('\n'));
