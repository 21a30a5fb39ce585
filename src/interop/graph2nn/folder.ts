import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { messageOf, must, printable, UserError } from '../../core/errors.js';
import { mapTuple } from '../../core/tuples.js';
import { readBytes, withFileErrors } from '../../platform/fs.js';
import { readNumbers, readTexts } from './arrays.js';
import { keyOf } from './key.js';
import { mergeTask, type RunTable } from './merge.js';
import { type PublishedFolder, type PublishedGraph, RESULT_COLUMNS } from './types.js';

/** Strings in a row of `names_*.npy`, and which of them say what. */
const NAME_COLUMNS = 15;
const NAME = { transform: 0, nodes: 2, density: 4, rewiring: 5, seed: 7 } as const;

/**
 * The transform of dense layers in each task, which marks the baseline, and the architecture it
 * belongs to.
 */
const DENSE: Readonly<Record<string, string>> = {
  linear: 'mlp',
  convbasic: 'cnn',
  channelbasic: 'resnet34',
  channelsep: 'resnet34-sep',
  bottleneck: 'resnet50',
  mbconv: 'efficientnet-b0',
};

/** What is read so far. */
interface Reading {
  readonly root: string;
  arrays: number;
  readonly problems: string[];
}

/**
 * Reads the `analysis` folder of facebookresearch/graph2nn, or a part of it: the sets of graphs
 * `graphs_n64_52.npy`, ..., and `final_results/TASK/{names,results}_*_epochE.npy`, in which a task
 * may have several folders, one for each seed. What is not sound is left out and named.
 *
 * @throws UserError where the folder has no set of graphs or no results at all
 */
export function readGraph2nn(directory: string): PublishedFolder {
  const results = join(directory, 'final_results');
  if (!existsSync(results))
    throw new UserError(
      `${directory} must be the analysis folder of graph2nn, with a folder final_results ` +
        'in it; give that folder',
    );
  const reading: Reading = { root: directory, arrays: 0, problems: [] };
  const sets = readSets(reading);
  if (sets.length === 0)
    throw new UserError(
      `${directory} must hold a set of graphs such as graphs_n64_52.npy, which gives ` +
        'their measures; found none that is ' +
        `sound${reading.problems.length === 0 ? '' : ` (${reading.problems[0]})`}`,
    );
  const graphs = new Map(
    sets.flatMap((set) => set.graphs.map((graph) => [keyOf(graph), graph] as const)),
  );
  const tables = namesIn(results).flatMap((folder) =>
    readTaskFolder(reading, join(results, folder), folder),
  );
  if (tables.length === 0)
    throw new UserError(
      `${results} must hold folders with names_*_epochE.npy and results_*_epochE.npy; ` +
        'found no sound ' +
        `pair${reading.problems.length === 0 ? '' : ` (${reading.problems[0]})`}`,
    );
  const names = [...new Set(tables.map((table) => table.task))];
  const tasks = names.map((name) =>
    mergeTask(
      name,
      tables.filter((table) => table.task === name),
      graphs,
      reading.problems,
    ),
  );
  return { sets, tasks, arrays: reading.arrays, problems: reading.problems };
}

function namesIn(directory: string): string[] {
  return withFileErrors('read', directory, () => readdirSync(directory)).sort();
}

/**
 * What `work` gives; where it throws a `UserError`, null, and the file is named among the problems.
 */
function soundly<T>(reading: Reading, path: string, work: () => T): T | null {
  try {
    const value = work();
    reading.arrays += 1;
    return value;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    reading.problems.push(`${relative(reading.root, path)}: ${messageOf(error)}`);
    return null;
  }
}

function readSets(reading: Reading): PublishedFolder['sets'] {
  return namesIn(reading.root).flatMap((name) => {
    const found = /^graphs_n(\d+)_(\d+)\.npy$/.exec(name);
    if (!found) return [];
    const path = join(reading.root, name);
    const [nodes, count] = [Number(found[1]), Number(found[2])];
    const graphs = soundly(reading, path, () => {
      const { shape, values } = readNumbers(readBytes(path), 2);
      if (shape[1] !== 6)
        throw new UserError(
          `a set of graphs has 6 columns (n, k/n, p, seed, C, L), got ${shape[1]}`,
        );
      if (shape[0] !== count)
        reading.problems.push(
          `${name}: by its name it holds ${count} graphs, got ${shape[0]}; taken as they are`,
        );
      return Array.from({ length: must(shape[0]) }, (_, row): PublishedGraph => {
        const column = (which: number): number => must(values[6 * row + which]);
        return {
          nodes: column(0),
          density: column(1),
          rewiring: column(2),
          seed: column(3),
          clustering: column(4),
          pathLength: column(5),
        };
      });
    });
    return graphs === null ? [] : [{ nodes, count, graphs }];
  });
}

function readTaskFolder(reading: Reading, directory: string, folder: string): RunTable[] {
  const task = folder.replace(/_seed\d+$/, '');
  const files = namesIn(directory);
  const known = new Set(files);
  return files.flatMap((file) => {
    const results = /^results_(.+)$/.exec(file);
    if (results && !known.has(`names_${results[1]}`))
      reading.problems.push(
        `${relative(reading.root, join(directory, file))}: names_${results[1]}, which ` +
          'says whose results these are, is missing',
      );
    const found = /^names_(.+_epoch(\d+)\.npy)$/.exec(file);
    if (!found) return [];
    const epoch = Number(found[2]);
    const path = join(directory, file);
    if (!known.has(`results_${found[1]}`)) {
      reading.problems.push(`${relative(reading.root, path)}: results_${found[1]} is missing`);
      return [];
    }
    if (!file.startsWith(`names_${task}_`))
      reading.problems.push(
        `${relative(reading.root, path)}: its name must begin with names_${task}_, as ` +
          "its folder's does; left out",
      );
    else
      return readRun(reading, path, join(directory, `results_${found[1]}`), {
        task,
        folder,
        epoch,
      });
    return [];
  });
}

function readRun(
  reading: Reading,
  namesPath: string,
  resultsPath: string,
  place: Pick<RunTable, 'task' | 'folder' | 'epoch'>,
): RunTable[] {
  const names = soundly(reading, namesPath, () => {
    const texts = readTexts(readBytes(namesPath));
    if (texts.shape[1] !== NAME_COLUMNS)
      throw new UserError(`a row of names has ${NAME_COLUMNS} texts, got ${texts.shape[1]}`);
    return texts;
  });
  const results = soundly(reading, resultsPath, () => {
    const numbers = readNumbers(readBytes(resultsPath), 3);
    if (numbers.shape[2] !== RESULT_COLUMNS.length)
      throw new UserError(`a result has ${RESULT_COLUMNS.length} numbers, got ${numbers.shape[2]}`);
    if (names !== null && numbers.shape[0] !== names.shape[0])
      throw new UserError(
        `there must be as many results as names, got ${numbers.shape[0]} and ${names.shape[0]}`,
      );
    return numbers;
  });
  if (names === null || results === null) return [];
  const [count, seeds] = [must(results.shape[0]), must(results.shape[1])];
  const rows: RunTable['rows'][number][] = [];
  for (let row = 0; row < count; row++) {
    const text = (column: number): string => names.values[NAME_COLUMNS * row + column] ?? '';
    const numbers = mapTuple([NAME.nodes, NAME.density, NAME.rewiring, NAME.seed], (column) =>
      Number(text(column)),
    );
    if (!numbers.every(Number.isFinite)) {
      reading.problems.push(
        `${relative(reading.root, namesPath)}, row ${row}: nodes, k/n, p and seed must ` +
          `be numbers, got "${printable(numbers.join(' '))}"; left out`,
      );
      continue;
    }
    const [nodes, density, rewiring, seed] = numbers;
    const of = (s: number): readonly number[] => [
      ...results.values.subarray((row * seeds + s) * 8, (row * seeds + s + 1) * 8),
    ];
    const values = Array.from({ length: seeds }, (_, s) => of(s));
    const bad = values.map((each) => must(each[3])).find((top1) => !(top1 >= 0 && top1 <= 100));
    if (bad !== undefined) {
      reading.problems.push(
        `${relative(reading.root, resultsPath)}, row ${row}: a top-1 error lies from 0 ` +
          `to 100 %, got ${bad}; left out`,
      );
      continue;
    }
    rows.push({
      key: keyOf({ nodes, density, rewiring, seed }),
      nodes,
      dense: DENSE[text(NAME.transform)] ?? null,
      results: values,
    });
  }
  return [{ ...place, rows }];
}
