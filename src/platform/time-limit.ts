import { createContext, Script } from 'node:vm';

const context = createContext({ work: null });
const script = new Script('work()');

/**
 * Runs work that may never end, such as another program's parser on a damaged file. Returns null
 * where it was not done after `seconds`; it is then stopped wherever it is.
 */
export function withinSeconds<T>(seconds: number, work: () => T): { readonly value: T } | null {
  let done: { readonly value: T } | null = null;
  context.work = (): void => {
    done = { value: work() };
  };
  try {
    script.runInContext(context, { timeout: Math.ceil(1000 * seconds) });
  } catch (error) {
    // The error comes from the other context: it is no `instanceof Error` of this one.
    if (
      typeof error === 'object' &&
      error !== null &&
      'code' in error &&
      error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
    )
      return null;
    throw error;
  } finally {
    context.work = null;
  }
  return done;
}
