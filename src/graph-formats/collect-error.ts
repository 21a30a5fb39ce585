import { UserError } from '../core/errors.js';

/** The `UserError` of a file: where, then rule, value, remedy. */
export function readError(place: string, message: string): UserError {
  return new UserError(`${place}: ${message}`);
}
