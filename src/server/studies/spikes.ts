import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isFile, readJson } from '../../platform/fs.js';
import { entriesOf, isInside } from './folder.js';
import type { LiveStudy } from './live.js';

/** What `plexus spike study` calls its figures: a code with its steps. */
const FIGURE = /^([a-z]{1,10}-\d{1,4})\.svg$/;
/** Bytes of a figure at most. */
const MOST = 8 * 2 ** 20;

/** Figures of what a study's networks come to as events, by code; none where nobody has measured it. */
export function spikeFigures(study: LiveStudy): readonly string[] {
  const folder = spikeFolder(study);
  if (folder === null) return [];
  return entriesOf(folder)
    .flatMap(({ name }) => FIGURE.exec(name)?.[1] ?? [])
    .toSorted(byCode);
}

/** One of them as SVG; null where there is none of that name. */
export function spikeFigureOf(study: LiveStudy, file: string): string | null {
  const folder = spikeFolder(study);
  if (folder === null || !FIGURE.test(file)) return null;
  const path = join(folder, file);
  if (!isInside(study.root, path) || !isFile(path)) return null;
  const bytes = readFileSync(path);
  return bytes.length > MOST ? null : bytes.toString('utf8');
}

/**
 * Where `plexus spike study` has put what it measured of a study: the folder `spikes` in it, or `events`
 * beside it, as the evidence has it.
 */
function spikeFolder({ root, directory, name }: LiveStudy): string | null {
  const places = [join(directory, 'spikes'), join(dirname(directory), 'events')];
  const found = places.find((place) => {
    const settings = join(place, 'settings.json');
    return isInside(root, settings) && isFile(settings) && studyIn(readJson(settings)) === name;
  });
  return found ?? null;
}

function studyIn(settings: unknown): unknown {
  return typeof settings === 'object' && settings !== null && 'study' in settings
    ? settings.study
    : null;
}

/** By the code's name, then by its steps. */
function byCode(a: string, b: string): number {
  const [codeA = '', stepsA = ''] = a.split('-');
  const [codeB = '', stepsB = ''] = b.split('-');
  return codeA < codeB ? -1 : codeA > codeB ? 1 : Number(stepsA) - Number(stepsB);
}
