import { messageOf, must } from '../../core/errors.js';
import { addonProblem } from '../../engine-native/addon.js';
import { backends } from '../../engine/backends/registry.js';
import { fastBackend } from '../bench/backend.js';
import '../../engine-native/register.js';
import { agreementWithReference } from './agreement.js';
import { type Check, checkOf } from './check.js';

/** What is known of a backend after it was tried. */
export interface BackendTrial {
  readonly name: string;
  /** What runs, e.g. `native avx512`; null where it does not run here. */
  readonly description: string | null;
  /** Why it does not run. */
  readonly reason: string | null;
  /** Largest difference from the reference after training a tiny network (see `Agreement`). */
  readonly difference: number | null;
  readonly agrees: boolean;
  /** Peak of one core in this build, GFLOP/s; null for the reference. */
  readonly peak: number | null;
}

/**
 * Runs every backend: trains a tiny network against the reference, measures the peak. About a
 * second.
 */
export async function tryBackends(): Promise<BackendTrial[]> {
  const trials: BackendTrial[] = [];
  for (const one of backends()) trials.push(await tryBackend(one));
  return trials;
}

async function tryBackend({
  name,
  backend,
  reason,
}: ReturnType<typeof backends>[number]): Promise<BackendTrial> {
  const absent = { name, description: null, difference: null, agrees: false, peak: null };
  if (backend === null)
    return { ...absent, reason: (name === 'cpu' ? brokenAddon() : null) ?? reason };
  try {
    const peak = name === 'reference' ? null : fastBackend(name, () => {}).kernels.peak();
    return {
      name,
      description: backend.info.description,
      reason: null,
      ...(await agreementWithReference(name)),
      peak,
    };
  } catch (error) {
    // Whatever stops a backend from running (a missing file, refused memory) is what the doctor
    // is here to tell.
    return { ...absent, reason: must(messageOf(error).split('\n')[0]) };
  }
}

/**
 * What to say of an addon that was built but does not load (another Node or libc, a half-written
 * file); null where that is not the trouble.
 */
function brokenAddon(): string | null {
  const problem = addonProblem();
  return (
    problem &&
    `the native addon is there but does not load (${problem.split('\n')[0]}); ` +
      'run "npm run build" again'
  );
}

/**
 * One line for each backend, and one for what studies will use. A backend that computes wrongly is
 * always a failure.
 */
export function backendChecks(trials: readonly BackendTrial[]): Check[] {
  // The order of `backends()` is the one in which `auto` tries them.
  const used = trials.find(({ name, description }) => name !== 'reference' && description !== null);
  const summary =
    used === undefined
      ? checkOf(
          'studies use',
          'fail',
          'no fast backend runs here; install a C compiler (such as gcc or clang) and ' +
            'run "npm run build"',
        )
      : checkOf('studies use', 'ok', `${used.name}, ${used.description}`);
  // Where the engine lacks what the relaxed kernels need, nothing is wrong.
  const shown = trials.filter(
    ({ name, description }) => name !== 'wasm-relaxed' || description !== null,
  );
  return [...shown.map(backendCheck), summary];
}

function backendCheck({
  name,
  description,
  reason,
  difference,
  agrees,
  peak,
}: BackendTrial): Check {
  const what = `backend ${name}`;
  if (description === null) return checkOf(what, 'warn', reason ?? 'does not run here');
  if (!agrees) {
    return checkOf(
      what,
      'fail',
      `${description} computes other numbers than the reference (difference ` +
        `${difference?.toExponential(1)}); run "npm run build" again and report a bug if ` +
        'that does not help',
    );
  }
  const speed = peak === null ? '' : `, peak ${peak.toFixed(1)} GFLOP/s a core`;
  const proof =
    name === 'reference'
      ? ', the yardstick of the others'
      : `, agrees with the reference (difference ${difference?.toExponential(1)})`;
  return checkOf(what, 'ok', `${description}${speed}${proof}`);
}
