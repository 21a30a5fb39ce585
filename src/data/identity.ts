import { dataKeyTypes, type DataKey } from './keys.js';
import type { DataSpec, MemoryDataset } from './types.js';

/**
 * The spec that an identity stands for, as far as its words are keys of one; the path of somebody's
 * own files is not among them.
 */
export function specOfIdentity(identity: string): DataSpec {
  const [name = '', ...words] = identity.split(' ');
  const given = words.flatMap((word) => {
    const [key = '', text] = word.split('=');
    if (!(key in dataKeyTypes) || text === undefined) return [];
    const value = plainValue(text);
    return dataKeyTypes[key as DataKey].safeParse(value).success ? [[key, value] as const] : [];
  });
  return { name, ...Object.fromEntries(given) };
}

function plainValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

/**
 * The identity of a data set: its name, what it was made with, how many images are held out, and
 * the first 16 digits of a SHA-256.
 */
export function identityWords(
  name: string,
  words: Readonly<Record<string, string | number | boolean>>,
  validation: number,
  hash: string,
): string {
  return [
    name,
    ...Object.entries(words).map(([key, value]) => `${key}=${value}`),
    ...(validation === 0 ? [] : [`validation=${validation}`]),
    `sha256=${hash}`,
  ].join(' ');
}

/** The bytes that are hashed one by one; the identity's hash is that of their hashes with spaces. */
export function identityBytes({
  train,
  test,
}: Pick<MemoryDataset, 'train' | 'test'>): Uint8Array[] {
  return [train, test].flatMap(({ images, labels }) => [
    images,
    new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength),
  ]);
}
