import { signal } from '@preact/signals';
import { graphFamilies, registerFamily } from '../../src/graph/registry.js';

/** Whether the families that come after the first view are there. */
export const allFamilies = signal(false);

let coming: Promise<void> | null = null;

/**
 * Fetches the families that are made of other graphs, which the first view seldom needs, and makes
 * them known. Rejects where they do not come; another call tries again.
 */
export function fetchFamilies(): Promise<void> {
  coming ??= import('../../src/graph/generators/further.js').then(
    ({ furtherFamilies }) => {
      for (const family of furtherFamilies) registerFamily(family);
      allFamilies.value = true;
    },
    (error: unknown) => {
      coming = null;
      throw error;
    },
  );
  return coming;
}

/**
 * Reads specs once every family that they may name is known: at once where that is so already.
 *
 * @param specs what will be read, such as a line that somebody typed
 * @param fail is told where the families could not be fetched
 */
export function withFamilies(
  specs: readonly string[],
  read: () => void,
  fail: (message: string) => void,
): void {
  if (allFamilies.value || specs.every(isKnown)) read();
  else
    fetchFamilies().then(read, () =>
      fail('A part of the page could not be fetched: is the server still there? Reload the page.'),
    );
}

/** Whether all families of a spec are known. Names of other things count as families not known. */
function isKnown(spec: string): boolean {
  return [...spec.matchAll(/(?:^|[=(])\s*([a-z][\w-]*)/gu)].every(([, name]) =>
    graphFamilies.some((family) => family.name === name),
  );
}
