import { dataKeyTypes, type DataKey } from './keys.js';
import type { DataSpec } from './types.js';

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
