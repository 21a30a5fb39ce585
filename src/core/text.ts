import { UserError } from './errors.js';

/** How many bytes of a file are looked at to tell text from something else. */
const LOOKED_AT = 4096;

/**
 * What a file's bytes are that are no UTF-8 text: told by the byte order mark, by zero bytes at
 * every other place, or by characters that no text has. Null where they may be text.
 */
export function encodingProblem(bytes: Uint8Array): string | null {
  const start = bytes.subarray(0, LOOKED_AT);
  const [first, second] = start;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return 'UTF-16';
  let [even, odd, control] = [0, 0, 0];
  for (const [at, byte] of start.entries()) {
    if (byte === 0 && at % 2 === 0) even++;
    else if (byte === 0) odd++;
    else if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) control++;
  }
  if (even + odd === 0 && control === 0) return null;
  // Text of western languages has a zero beside almost every letter.
  const half = start.length / 2;
  if (control === 0 && Math.max(even, odd) > 0.7 * half && Math.min(even, odd) < 0.1 * half)
    return 'UTF-16';
  return even + odd + control > 0 ? 'a binary file' : null;
}

/**
 * A text file's content, without a byte order mark.
 *
 * @param path for the message
 * @throws UserError where it is not UTF-8, with the line where that is known
 */
export function utf8Text(bytes: Uint8Array, path: string): string {
  const problem = encodingProblem(bytes);
  if (problem !== null)
    throw new UserError(
      `${path} must be a text in UTF-8, got ${problem}; ` +
        (problem === 'UTF-16' ? 'save the file as UTF-8' : 'check that it is the right file'),
    );
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UserError(
      `${path}:${lineOfFault(bytes)}: a text must be UTF-8, and this line is not; save the file ` +
        'as UTF-8',
    );
  }
}

/** The first line, from 1, that is not UTF-8. */
function lineOfFault(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for (let number = 1, from = 0; ; number++) {
    const newline = bytes.indexOf(10, from);
    const end = newline < 0 ? bytes.length : newline;
    try {
      decoder.decode(bytes.subarray(from, end));
    } catch {
      return number;
    }
    if (newline < 0) return number;
    from = end + 1;
  }
}
