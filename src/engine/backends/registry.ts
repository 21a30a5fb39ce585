import { messageOf, unknownName, UserError } from '../../core/errors.js';
import type { Backend, BackendName } from '../types.js';
import { cpuBackend, wasmBackend } from './cpu/index.js';
import { referenceBackend } from './reference/index.js';

/**
 * How each backend is made. A maker throws a `UserError` that says why, where its backend cannot
 * run here.
 */
const MAKERS: Readonly<Record<BackendName, () => Backend>> = {
  reference: referenceBackend,
  cpu: () => cpuBackend(),
  wasm: wasmBackend,
};

/** What `auto` tries, fastest first. Never the reference: a study would seem to hang. */
const AUTOMATIC: readonly BackendName[] = ['cpu', 'wasm'];

const NAMES: readonly BackendName[] = ['reference', ...AUTOMATIC];

/** Every backend's name and either the backend, or why it does not run on this machine. */
export function backends(): readonly {
  readonly name: BackendName;
  readonly backend: Backend | null;
  readonly reason: string | null;
}[] {
  return NAMES.map((name) => {
    try {
      return { name, backend: selectBackend(name), reason: null };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { name, backend: null, reason: messageOf(error) };
    }
  });
}

/**
 * The backend of that name; `auto` takes native `cpu` kernels, or where they do not load the
 * WebAssembly ones, with one line of note that says so.
 *
 * @throws UserError for an unknown name, or when no such backend runs on this machine
 */
export function selectBackend(
  name: BackendName | 'auto',
  note: (line: string) => void = () => {},
): Backend {
  if (name === 'auto') return automatic(note);
  if (!NAMES.includes(name)) throw unknownName('backend', name, [...NAMES, 'auto']);
  return MAKERS[name]();
}

function automatic(note: (line: string) => void): Backend {
  const reasons: string[] = [];
  for (const name of AUTOMATIC) {
    try {
      const backend = selectBackend(name);
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
