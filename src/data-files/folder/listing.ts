import { type Dirent, readdirSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { must, printable, UserError } from '../../core/errors.js';
import type { PackedFiles } from '../../data/types.js';
import { withFileErrors } from '../../platform/fs.js';
import { MOST_CLASSES } from '../../data-formats/dataset.js';

/** The pictures of one split, sorted by class, then by name. */
export interface ListedSplit {
  /** Holds the folders of the classes. */
  readonly directory: string;
  /** `CLASS/FILE`, with a slash on every system. */
  readonly names: readonly string[];
  readonly labels: Uint8Array | Uint16Array;
}

/** What lies in a folder of pictures. */
export interface FolderListing {
  /** Names of the classes: the sorted names of the folders. */
  readonly classes: readonly string[];
  readonly train: ListedSplit;
  readonly test: ListedSplit;
  /** What lies in the folders and is passed over. */
  readonly warnings: readonly string[];
}

/** Names of the folder with the pictures for evaluation; the first that is there is used. */
const evaluationFolders = ['val', 'valid', 'validation', 'test'] as const;

const PICTURE = /\.(?:jpe?g|png|webp)$/i;
const KINDS = '.jpg, .jpeg, .png or .webp';

/**
 * Lists `PATH/train/CLASS/*` and `PATH/val/CLASS/*`. Files of other kinds and names that begin with
 * a dot are passed over.
 *
 * Throws a `UserError` where a folder is missing, unreadable or without pictures, there is only one
 * class, or the splits have other classes.
 */
export function listFolder(path: string): FolderListing {
  const folders = foldersIn(path);
  const evaluation = evaluationFolders.find((name) => folders.includes(name));
  if (!folders.includes('train') || evaluation === undefined) {
    const missing = folders.includes('train') ? 'val (or test)' : 'train';
    throw new UserError(
      `${path} must hold the folders train and val (or test), each with a folder of ` +
        `pictures for every class, but has no folder ${missing}; it has ${some(folders)}; ` +
        'correct the path or sort the pictures so',
    );
  }
  const [trainFolder, testFolder] = [join(path, 'train'), join(path, evaluation)];
  const classes = foldersIn(trainFolder);
  checkClasses(classes, trainFolder);
  checkSameClasses(classes, trainFolder, foldersIn(testFolder), testFolder);
  const passed = new Map<string, number>();
  return {
    classes,
    train: listSplit(trainFolder, classes, passed),
    test: listSplit(testFolder, classes, passed),
    warnings: passedOver(path, passed),
  };
}

function some(names: readonly string[]): string {
  if (names.length === 0) return 'no folders';
  const more = names.length > 5 ? ` and ${names.length - 5} more` : '';
  return names.slice(0, 5).map(printable).join(', ') + more;
}

function checkClasses(classes: readonly string[], directory: string): void {
  if (classes.length >= 2 && classes.length <= MOST_CLASSES) return;
  if (classes.length > MOST_CLASSES)
    throw new UserError(
      `${directory} may hold at most ${MOST_CLASSES} classes, got ${classes.length}; ` +
        'leave some out',
    );
  throw new UserError(
    `${directory} must hold a folder of pictures for each of at least two classes, got ` +
      `${some(classes)}; sort the pictures into folders by class`,
  );
}

function checkSameClasses(
  train: readonly string[],
  trainFolder: string,
  test: readonly string[],
  testFolder: string,
): void {
  const [inTrain, inTest] = [new Set(train), new Set(test)];
  const missing = train.filter((name) => !inTest.has(name));
  const extra = test.filter((name) => !inTrain.has(name));
  if (missing.length === 0 && extra.length === 0) return;
  const [has, lacks, names] =
    missing.length > 0 ? [trainFolder, testFolder, missing] : [testFolder, trainFolder, extra];
  throw new UserError(
    `both splits must have the same classes, but ${lacks} has no folder ${some(names)}, ` +
      `which ${has} has; add or remove folders until they are the same`,
  );
}

/** Sorted names of the folders in a directory; links to folders count. */
function foldersIn(directory: string): string[] {
  return entries(directory)
    .filter(
      (entry) =>
        entry.isDirectory() ||
        (entry.isSymbolicLink() &&
          statSync(join(directory, entry.name), { throwIfNoEntry: false })?.isDirectory() === true),
    )
    .map(({ name }) => name)
    .sort();
}

function entries(directory: string): Dirent[] {
  return withFileErrors('read', directory, () =>
    readdirSync(directory, { withFileTypes: true }),
  ).filter(({ name }) => !name.startsWith('.'));
}

/** What a folder in the folder of a class is called. */
const NESTED = 'nested folder';

/** Files that are no pictures are counted, by their endings. */
function passedOver(path: string, passed: ReadonlyMap<string, number>): string[] {
  if (passed.size === 0) return [];
  const total = [...passed.values()].reduce((sum, count) => sum + count, 0);
  const kinds = [...passed]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(
      ([kind, count]) => `${count} ${printable(kind)}${kind === NESTED && count > 1 ? 's' : ''}`,
    );
  return [
    `${total} ${total === 1 ? 'entry' : 'entries'} in the folders of classes in ${path} ` +
      `${total === 1 ? 'is' : 'are'} passed over (${kinds.slice(0, 8).join(', ')}): pictures are ` +
      `${KINDS}, directly in the folder of their class`,
  ];
}

/** Directories and files that are no pictures, counted by what they are. */
function countPassed(list: readonly Dirent[], passed: Map<string, number>): void {
  for (const entry of list) {
    const kind = entry.isDirectory() ? NESTED : extname(entry.name).toLowerCase();
    if (!entry.isDirectory() && PICTURE.test(entry.name)) continue;
    const name = kind === '' ? 'without an ending' : kind;
    passed.set(name, (passed.get(name) ?? 0) + 1);
  }
}

function listSplit(
  directory: string,
  classes: readonly string[],
  passed: Map<string, number>,
): ListedSplit {
  const names: string[] = [];
  const ends = classes.map((name) => {
    const folder = join(directory, name);
    const all = entries(folder);
    countPassed(all, passed);
    const files = all.filter((entry) => !entry.isDirectory() && PICTURE.test(entry.name));
    if (files.length === 0)
      throw new UserError(
        `${folder} must hold pictures (${KINDS}), but has none; add some, or remove the ` +
          'class from both splits',
      );
    for (const file of files.map((entry) => entry.name).sort()) names.push(`${name}/${file}`);
    return names.length;
  });
  const labels = makeLabels(names.length, classes.length);
  ends.forEach((end, label) => labels.fill(label, ends[label - 1] ?? 0, end));
  return { directory, names, labels };
}

function makeLabels(count: number, classes: number): Uint8Array | Uint16Array {
  return classes <= 256
    ? new Uint8Array(new SharedArrayBuffer(count))
    : new Uint16Array(new SharedArrayBuffer(2 * count));
}

/**
 * So many pictures of a split, the first ones of every class in equal shares (of classes that have
 * fewer, all), in the order of the split. Throws a `UserError` where there are fewer.
 */
export function takeOf(
  split: ListedSplit,
  asked: number | undefined,
  classes: number,
): ListedSplit {
  const { directory, names, labels } = split;
  if (asked === undefined || asked === names.length) return split;
  if (asked > names.length)
    throw new UserError(
      `${directory} holds ${names.length} pictures, ${asked} were asked for; ask for ` +
        'fewer or leave the number out',
    );
  // The turn in which a picture is taken: its number within its class. Turns are dealt out until
  // enough are taken.
  const turns = turnsOf(labels);
  const order = Int32Array.from(names, (_, index) => index).sort(
    (i, j) => must(turns[i]) - must(turns[j]) || i - j,
  );
  const kept = order.subarray(0, asked).sort();
  const taken = makeLabels(asked, classes);
  kept.forEach((index, at) => (taken[at] = must(labels[index])));
  return { directory, names: Array.from(kept, (index) => must(names[index])), labels: taken };
}

function turnsOf(labels: Uint8Array | Uint16Array): Int32Array {
  const turns = new Int32Array(labels.length);
  for (let i = 1; i < labels.length; i++)
    turns[i] = labels[i] === labels[i - 1] ? must(turns[i - 1]) + 1 : 0;
  return turns;
}

/** Names in shared memory. */
export function packFiles({
  directory,
  names,
}: Pick<ListedSplit, 'directory' | 'names'>): PackedFiles {
  const ends = new Float64Array(new SharedArrayBuffer(8 * names.length));
  let total = 0;
  names.forEach((name, i) => (ends[i] = total += Buffer.byteLength(name)));
  const bytes = new Uint8Array(new SharedArrayBuffer(total));
  names.forEach((name, i) => bytes.set(Buffer.from(name), ends[i - 1] ?? 0));
  return { directory, names: bytes, ends };
}

/** Name of a picture, relative to the directory of its split. */
export function fileName({ names, ends }: PackedFiles, index: number): string {
  // Copied: a decoder of text takes no shared memory.
  return Buffer.from(names.slice(ends[index - 1] ?? 0, ends[index])).toString('utf8');
}
