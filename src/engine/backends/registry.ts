import { messageOf, unknownName, UserError } from '../../core/errors.js';
import type { Backend } from '../types.js';
import { referenceBackend } from './reference/index.js';

/** A backend that can be chosen by name. */
export interface BackendEntry {
  readonly name: string;
  /**
   * Gives the backend, as often as it is asked for; throws a `UserError` that says why, where it
   * cannot run here.
   */
  readonly make: () => Backend;
  /**
   * Whether `auto` may take it; of several the one that was registered first and runs here. Never
   * the reference: a study would seem to hang.
   */
  readonly automatic: boolean;
}

const entries: BackendEntry[] = [{ name: 'reference', make: referenceBackend, automatic: false }];

/**
 * Makes a backend known by its name: to sessions, settings and specs of studies. Threads and
 * workers have registries of their own.
 *
 * @throws UserError when another backend has the name, or it is `auto`
 */
export function registerBackend(entry: BackendEntry): void {
  const known = entries.find(({ name }) => name === entry.name);
  if (known === entry) return;
  if (known !== undefined || entry.name === 'auto')
    throw new UserError(
      `a backend needs a name of its own, but "${entry.name}" is taken; choose another name`,
    );
  entries.push(entry);
}

/** The names that `selectBackend` knows, `auto` first. */
export function backendNames(): readonly string[] {
  return ['auto', ...entries.map(({ name }) => name)];
}

/** Every backend's name and either the backend, or why it does not run on this machine. */
export function backends(): readonly {
  readonly name: string;
  readonly backend: Backend | null;
  readonly reason: string | null;
}[] {
  return entries.map(({ name, make }) => {
    try {
      return { name, backend: make(), reason: null };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { name, backend: null, reason: messageOf(error) };
    }
  });
}

/**
 * A backend as it is, or the one of that name; `auto` takes the first of those registered for it that
 * runs here: in Node the native `cpu` kernels, or where they do not load the WebAssembly ones, with
 * one line of note that says so.
 *
 * @throws UserError for an unknown name, or when no such backend runs on this machine
 */
export function selectBackend(
  backend: Backend | string,
  note: (line: string) => void = () => {},
): Backend {
  if (typeof backend !== 'string') return backend;
  if (backend === 'auto') return automatic(note);
  const entry = entries.find(({ name }) => name === backend);
  if (entry === undefined)
    throw unknownName('backend', backend, [...entries.map(({ name }) => name), 'auto']);
  return entry.make();
}

function automatic(note: (line: string) => void): Backend {
  const reasons: string[] = [];
  for (const { name, make } of entries.filter((entry) => entry.automatic)) {
    try {
      const backend = make();
      if (reasons.length > 0)
        note(`using the ${name} backend (${backend.info.description}): ${reasons.join('; ')}`);
      return backend;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      reasons.push(messageOf(error));
    }
  }
  throw new UserError(
    `no fast backend runs here: ${reasons.join('; ')}; --backend reference runs ` +
      'everywhere, very slowly',
  );
}
