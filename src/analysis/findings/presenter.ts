import { mapTuple } from '../../core/tuples.js';
import { mean } from '../../stats/descriptive.js';
import { plexusRule } from '../rules.js';
import { lastTable, type TaskTables } from './input.js';
import {
  cellsOf,
  levelOf,
  paperBest,
  type PaperBest,
  sweetSpotOfCells,
  sweetSpotOfGraphs,
} from './paper.js';
import {
  PUBLISHED,
  PUBLISHED_CORRELATIONS,
  PUBLISHED_EARLY,
  PUBLISHED_INTERSECTION,
  PUBLISHED_SUBSET,
  type PublishedFigures,
} from './published.js';
import { paperDraws, plexusDraws, type RectangleDraws } from './rectangle.js';
import { present } from './rows.js';
import type { ErrorTable, Rectangle } from './types.js';

/**
 * Which graph of a table is its best, and which rectangle its sweet spot; in words as well, for
 * definitions and notes.
 */
export interface RankingRule {
  readonly best: (table: ErrorTable) => PaperBest | null;
  /** Null where no graph was measured or nothing can be tested. */
  readonly sweetSpot: (table: ErrorTable) => Rectangle | null;
  /** The cells that it sorts graphs into. */
  readonly cells: (table: ErrorTable) => readonly RulesCell[];
  /** The sweet spot of cells, the same or another; `draws` are resamples of it. */
  readonly cellRectangle: (table: ErrorTable) => Rectangle | null;
  /** Resamples of the edges of its sweet spot of cells; null without two seeds. */
  readonly draws: (table: ErrorTable, resamples: number) => RectangleDraws | null;
  readonly words: RuleWords;
}

/** A cell of a rule's map. */
export interface RulesCell {
  /** Bins of C and of L, counted from 0; outside 0 to 14 there is no place for it in the plane. */
  readonly i: number;
  readonly j: number;
  /** Mean test error, %. */
  readonly mean: number;
  /** How many graphs, the baseline included where the rule sorts it in. */
  readonly graphs: number;
}

/** A rule of ranking in words. */
export interface RuleWords {
  /** What `best` takes. */
  readonly best: string;
  /** What `sweetSpot` takes, as a sentence without its full stop. */
  readonly sweetSpot: string;
  /** The same of one architecture. */
  readonly sweetSpotOf: (arch: string) => string;
  /** What the rectangles are the bounding boxes of, in brackets of a note. */
  readonly boxes: string;
  /** Whose rule it is. */
  readonly name: string;
  /** How far a rectangle falls short of what it stands for; empty where it does not. */
  readonly margin: string;
}

/** The paper's figures, to be set beside those that come out of its data. */
export interface PublishedRecord {
  readonly of: (arch: string) => PublishedFigures | undefined;
  /** Pearson's r of two architectures over cells. */
  readonly correlation: (one: string, two: string) => number | undefined;
  /** What the sweet spots of all its architectures share, C then L. */
  readonly intersection: readonly number[];
  readonly architectures: number;
  /** r of 52 graphs with all. */
  readonly subset: (arch: string) => number | undefined;
  /** r of the claimed epoch with the last. */
  readonly early: (arch: string) => number | undefined;
}

/** How findings are presented: the paper's own results in one way, one's own studies in another. */
export interface Presenter {
  readonly nameOf: (task: TaskTables) => string;
  /** What so many tasks are called together. */
  readonly noun: (count: number) => string;
  /** Published figures beside ours, in columns of their own; null: none. */
  readonly published: PublishedRecord | null;
  /** The epoch that the paper's claim of early epochs is held against. */
  readonly claimedEpoch: (task: TaskTables) => number;
  readonly rule: RankingRule;
}

const CELLS = 'the centres of the cells';
const NOT_WORSE_CELLS = 'the cells not significantly worse than the one of lowest mean';
const NOT_WORSE_GRAPHS = 'the graphs not significantly worse than the best one';

/**
 * The paper's rules: third lowest mean and cells for the MLP, lowest mean and graphs for all
 * others.
 */
const paperRule: RankingRule = {
  best: paperBest,
  cells: (table) =>
    cellsOf(table, true).map(({ key, rows }) => {
      const [j, i] = mapTuple(key.split(' ') as [string, string], Number);
      return { i: i - 1, j: j - 1, mean: mean(rows.flatMap(present)), graphs: rows.length };
    }),
  cellRectangle: (table) => sweetSpotOfCells(table)?.rectangle ?? null,
  draws: paperDraws,
  sweetSpot: (table) =>
    (table.arch === 'mlp' ? sweetSpotOfCells(table) : sweetSpotOfGraphs(table))?.rectangle ?? null,
  words: {
    best: 'as the paper picks it (lowest mean; MLP: third lowest)',
    sweetSpot:
      `MLP: bounding box of ${CELLS} (15 x 15 over C 0–1, L 1–4.5) whose errors are not ` +
      'significantly higher than those ' +
      `of the cell of lowest mean; others: of ${NOT_WORSE_GRAPHS} (one-sided t-test, 5 %)`,
    sweetSpotOf: (arch) =>
      arch === 'mlp'
        ? `bounding box of ${CELLS} not significantly worse than the cell of lowest mean`
        : `bounding box of ${NOT_WORSE_GRAPHS}`,
    boxes: 'MLP: of cells, others: of graphs',
    name: 'the paper’s rule',
    margin:
      '; the MLP’s is of centres of cells, so that up to half a cell (C 0.033, L 0.12) beyond it ' +
      'a network still is in a ' +
      'cell of it',
  },
};

function studySweetSpot(table: ErrorTable): Rectangle | null {
  return plexusRule.plane(table).rectangle;
}

/** The rule of Plexus, for one's own studies whatever the architecture. */
const studyRule: RankingRule = {
  best: (table) => {
    const graph = plexusRule.best(table);
    const row = table.graphs.find((each) => each.graph === graph);
    if (row === undefined) return null;
    const baseline =
      table.baseline !== null && present(table.baseline).length > 0
        ? levelOf(table.baseline)
        : null;
    return { baseline, best: levelOf(row), row };
  },
  sweetSpot: studySweetSpot,
  cells: (table) =>
    plexusRule
      .plane(table)
      .cells.map(({ i, j, mean: level, rows }) => ({ i, j, mean: level, graphs: rows.length })),
  cellRectangle: studySweetSpot,
  draws: plexusDraws,
  words: {
    best: 'lowest mean',
    sweetSpot:
      `Bounding box of the edges of ${NOT_WORSE_CELLS} (15 x 15 over C 0–1, L 1–4.5; ` +
      'paired by seed, one-sided, 5 %)',
    sweetSpotOf: () => `bounding box of ${NOT_WORSE_CELLS}`,
    boxes: 'of cells',
    name: 'the rule of Plexus',
    margin: '',
  },
};

const publishedRecord: PublishedRecord = {
  of: (arch) => PUBLISHED[arch],
  correlation: (one, two) =>
    PUBLISHED_CORRELATIONS.find(({ a, b }) => [a, b].includes(one) && [a, b].includes(two))?.r,
  intersection: PUBLISHED_INTERSECTION,
  architectures: Object.keys(PUBLISHED).length,
  subset: (arch) => (arch === 'mlp' ? PUBLISHED_SUBSET : undefined),
  early: (arch) => (arch === PUBLISHED_EARLY.arch ? PUBLISHED_EARLY.r : undefined),
};

/** Presents the paper's own results: tasks by their architectures, its figures beside. */
export const paperPresenter: Presenter = {
  nameOf: ({ arch }) => arch,
  noun: (count) => (count === 1 ? 'architecture' : 'architectures'),
  published: publishedRecord,
  claimedEpoch: () => PUBLISHED_EARLY.epoch,
  rule: paperRule,
};

/** Presents one's own studies: by name, the claimed epoch a tenth of all. */
export const studyPresenter: Presenter = {
  nameOf: ({ name }) => name,
  noun: (count) => (count === 1 ? 'study' : 'studies'),
  published: null,
  claimedEpoch: (task) => Math.ceil(lastTable(task).epoch / 10),
  rule: studyRule,
};
