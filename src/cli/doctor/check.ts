/**
 * What a check says: fine, fine with a limit, or something that studies cannot do without is
 * missing.
 */
export type CheckStatus = 'ok' | 'warn' | 'fail';

/** One line of the doctor's findings. */
export interface Check {
  readonly name: string;
  readonly status: CheckStatus;
  readonly detail: string;
  /** What to do about it; null where there is nothing to do. */
  readonly remedy: string | null;
}

/** A check from a message in the form of our errors: `what is so; what to do about it`. */
export function checkOf(name: string, status: CheckStatus, message: string): Check {
  const [detail = message, ...remedy] = message.split('; ');
  return { name, status, detail, remedy: remedy.length === 0 ? null : remedy.join('; ') };
}
