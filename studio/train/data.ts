import { signal } from '@preact/signals';
import { messageOf, UserError } from '../../src/core/errors.js';
import { writeNpz } from '../../src/data-formats/write-npz.js';
import { announcement } from '../graph/current.js';
import { ownName } from '../state/codec.js';
import { show, view } from '../state/store.js';
import { saveFile } from '../ui/files.js';
import type { DataAnswer, DataQuestion } from './data-worker.js';
import type { DroppedFile, OwnData } from './files.js';

/** More than a page should hold. */
const MOST_BYTES = 2 ** 30;
const MOST_FILES = 100_000;

/** Somebody's own data, once it is read; it is in no link. */
export const ownData = signal<OwnData | null>(null);
/** The name of what is being read. */
export const reading = signal<string | null>(null);
/** Why the last drop was refused. */
export const dataFailure = signal<string | null>(null);
let worker: Worker | null = null;

/** Reads files as data. What is refused leaves the page as it was. */
export async function openData(
  files: readonly (readonly [path: string, file: File])[],
): Promise<void> {
  cancelReading();
  dataFailure.value = null;
  const [first] = files;
  if (first === undefined) return;
  reading.value = first[0];
  try {
    const dropped = await bytesOf(files);
    if (reading.value !== first[0]) return;
    ask({ files: dropped, side: view.peek().size });
  } catch (error) {
    refuse(messageOf(error));
  }
}

export function cancelReading(): void {
  worker?.terminate();
  worker = null;
  reading.value = null;
}

async function bytesOf(
  files: readonly (readonly [path: string, file: File])[],
): Promise<DroppedFile[]> {
  const total = files.reduce((sum, [, { size }]) => sum + size, 0);
  if (total > MOST_BYTES || files.length > MOST_FILES)
    throw new UserError(
      `data on a page must have at most ${MOST_FILES} files and 1 GB, got ${files.length} and ` +
        `${(total / 2 ** 30).toFixed(2)} GB; train it with the command`,
    );
  return Promise.all(
    files.map(async ([path, file]) => ({ path, bytes: new Uint8Array(await file.arrayBuffer()) })),
  );
}

function ask(question: DataQuestion): void {
  worker = new Worker(new URL('data-worker.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('message', ({ data }: MessageEvent<DataAnswer>) => {
    cancelReading();
    if (data.kind === 'failed') refuse(data.message);
    else take(data.data);
  });
  worker.addEventListener('error', ({ message }) =>
    refuse(message || 'the worker could not be started: is the server still there?'),
  );
  worker.postMessage(question, { transfer: question.files.map(({ bytes }) => bytes.buffer) });
}

function refuse(message: string): void {
  cancelReading();
  dataFailure.value = message;
}

function take(data: OwnData): void {
  ownData.value = data;
  show({ data: ownName(data.name), confused: null });
  const { train, test } = data.dataset;
  announcement.value = `${data.name}: ${train.count} pictures to train on, ${test.count} to test`;
}

/** The file that the command reads the same data from. */
export function dataFile({ name, direct }: OwnData): string {
  return direct ? name : `${name.replace(/\.\w+$/, '').replace(/[^\w.-]+/g, '_') || 'data'}.npz`;
}

/** Saves the data as the command reads it. */
export function saveData(data: OwnData): void {
  saveFile(dataFile(data), writeNpz(data.dataset), 'application/zip');
}

/** The files of a drop, those in folders by their paths. */
export async function filesOfDrop(
  transfer: DataTransfer,
): Promise<(readonly [path: string, file: File])[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (!entries.some(({ isDirectory }) => isDirectory))
    return [...transfer.files].map((file) => [file.name, file]);
  return (await Promise.all(entries.map(filesIn))).flat();
}

async function filesIn(entry: FileSystemEntry): Promise<(readonly [string, File])[]> {
  const path = entry.fullPath.replace(/^\//, '');
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    return [[path, file]];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: (readonly [string, File])[] = [];
  // A reader gives some entries at a time, and none at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return found;
    found.push(...(await Promise.all(some.map(filesIn))).flat());
  }
}
