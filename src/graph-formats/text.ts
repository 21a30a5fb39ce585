import { dsvFormat } from 'd3-dsv';
import { printable, UserError } from '../core/errors.js';
import { sizesApart } from '../core/sizes.js';
import { encodingProblem } from '../core/text.js';
import { readError } from './collect.js';

/** One line of a text file. */
export interface TextLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

/**
 * Most bytes of a file that must be held as one string (JSON, XML, GML): a string holds 2^29 characters.
 */
const MOST_TEXT_BYTES = 2 ** 28;

const NEWLINE = 10;

/**
 * The whole text (UTF-8, a byte order mark is skipped). Throws where it is none, naming the line.
 */
export function wholeText(bytes: Uint8Array): string {
  requireText(bytes);
  try {
    return strictUtf8().decode(bytes);
  } catch {
    throw badText(bytes);
  }
}

/** The text piece by piece, as `wholeText` would give it, so that a large file is never one string. */
export function* piecesOf(bytes: Uint8Array, size: number): Generator<string> {
  requireText(bytes);
  const decoder = strictUtf8();
  for (let from = 0; from < bytes.length; from += size) {
    const stream = from + size < bytes.length;
    let piece: string;
    try {
      piece = decoder.decode(bytes.subarray(from, from + size), { stream });
    } catch {
      throw badText(bytes);
    }
    yield piece;
  }
}

function requireText(bytes: Uint8Array): void {
  if (bytes.length > MOST_TEXT_BYTES) {
    const [most, size] = sizesApart(MOST_TEXT_BYTES, bytes.length, 0);
    throw readError(
      'whole file',
      `a JSON, XML or GML file may have at most ${most}, got ` +
        `${size}, which would take some GiB of memory to read; write the graph as graph6, ` +
        '.npy or an edge list',
    );
  }
  checkEncoding(bytes);
}

/** What is wrong with a text that cannot be decoded: line by line, which names the line. */
function badText(bytes: Uint8Array): UserError {
  try {
    for (const line of linesOf(bytes)) if (line.text === '') continue;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  return readError('whole file', 'text must be UTF-8; save the file as UTF-8');
}

/**
 * The lines of a text file, without their ends, one by one, so that a large file is never one
 * string.
 */
export function* linesOf(bytes: Uint8Array): Generator<TextLine> {
  checkEncoding(bytes);
  const decoder = strictUtf8();
  let number = 1;
  for (let from = 0; from < bytes.length;) {
    const end = endOfLines(bytes, from);
    if (end - from > LONGEST_LINE)
      throw readError(
        `line ${number}`,
        `a line may have at most ${LONGEST_LINE / 2 ** 20} MiB, got ` +
          `${((end - from) / 2 ** 20).toFixed(1)} MiB; write one edge or one row of a matrix a line`,
      );
    const lines = decodeLines(decoder, bytes.subarray(from, end), number);
    for (const text of lines)
      yield { number: number++, text: text.endsWith('\r') ? text.slice(0, -1) : text };
    from = end + 1;
  }
}

/** Most bytes of a line: more than a row of the largest matrix has with all its digits. */
const LONGEST_LINE = 2 ** 22;

/** Lines are decoded together, this many bytes of them. */
const DECODED_TOGETHER = 2 ** 16;

/** Where the last newline is that comes soon enough, else the first one at all, else the end. */
function endOfLines(bytes: Uint8Array, from: number): number {
  if (bytes.length - from <= DECODED_TOGETHER)
    return bytes.length - (bytes[bytes.length - 1] === NEWLINE ? 1 : 0);
  const last = bytes.subarray(from, from + DECODED_TOGETHER).lastIndexOf(NEWLINE);
  const end = last < 0 ? bytes.indexOf(NEWLINE, from + DECODED_TOGETHER) : from + last;
  return end < 0 ? bytes.length : end;
}

/** Lines without data that are passed over: a file of nothing else is soon told. */
const MOST_EMPTY = 1_000_000;

/** The lines that are neither blank nor comments (#, % or // first), trimmed. */
export function* dataLinesOf(bytes: Uint8Array): Generator<TextLine> {
  let data = 0;
  for (const { number, text } of linesOf(bytes)) {
    if (number - data > MOST_EMPTY)
      throw readError(
        `line ${number}`,
        `at most ${MOST_EMPTY} lines of a file may be blank or comments, got more; remove them`,
      );
    const trimmed = text.trim();
    if (trimmed.includes('\r'))
      throw readError(
        `line ${number}`,
        `a line must not hold a carriage return, got "${printable(trimmed)}"; end lines ` +
          'with a newline',
      );
    // A leading tab is an empty corner cell.
    if (trimmed === '' || /^(?:[#%]|\/\/)/.test(trimmed)) continue;
    data++;
    yield { number, text: text.startsWith('\t') ? text.trimEnd() : trimmed };
  }
}

function strictUtf8(): InstanceType<typeof TextDecoder> {
  return new TextDecoder('utf-8', { fatal: true });
}

function decodeLines(
  decoder: InstanceType<typeof TextDecoder>,
  bytes: Uint8Array,
  number: number,
): string[] {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    throw readError(
      `line ${number + lineOfBadText(bytes)}`,
      'text must be UTF-8, and this line is not; save the file as UTF-8, or name its format',
    );
  }
  const nul = text.indexOf('\0');
  if (nul >= 0)
    throw readError(
      `line ${number + countNewlines(text.slice(0, nul))}`,
      'text must not hold NUL bytes; the file seems to be binary: name its format, e.g. format=npy',
    );
  return text.split('\n');
}

/** Which of the lines, from 0, cannot be decoded. */
function lineOfBadText(bytes: Uint8Array): number {
  // A replacement character stands where the first fault is; the file may hold real ones before.
  const lines = new TextDecoder().decode(bytes).split('\n');
  let from = 0;
  for (const line of lines.keys()) {
    const newline = bytes.indexOf(NEWLINE, from);
    try {
      strictUtf8().decode(bytes.subarray(from, newline < 0 ? bytes.length : newline));
    } catch {
      return line;
    }
    from = newline + 1;
  }
  return 0;
}

function countNewlines(text: string): number {
  return text.split('\n').length - 1;
}

function checkEncoding(bytes: Uint8Array): void {
  if (encodingProblem(bytes) === 'UTF-16')
    throw readError('line 1', 'text must be UTF-8, got UTF-16; save the file as UTF-8');
}

/** What separates the fields of a table; a space stands for any white space. */
export type Separator = '\t' | ',' | ';' | ' ';

/** The separator that a line has: tab, semicolon, comma, else white space. */
export function separatorOf(line: string): Separator {
  const found = (['\t', ';', ','] as const).find((candidate) => line.includes(candidate));
  return found ?? ' ';
}

const readers = {
  '\t': dsvFormat('\t'),
  ',': dsvFormat(','),
  ';': dsvFormat(';'),
  ' ': dsvFormat(' '),
} satisfies Record<Separator, unknown>;

/** Most fields of a line: a name and a row of the largest matrix, twice over. */
const MOST_FIELDS = 40_000;

/** Counts before anything is split: a line of separators would become a field for each byte. */
function requireFields(text: string, separator: Separator, number: number): void {
  if (text.length < MOST_FIELDS) return;
  let count = 1;
  for (let at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, at + 1)) count++;
  if (count > MOST_FIELDS && (separator !== ' ' || text.trim().split(/\s+/).length > MOST_FIELDS))
    throw readError(
      `line ${number}`,
      `a line may have at most ${MOST_FIELDS} fields, got ${count}; write one edge or one row of ` +
        'a matrix a line',
    );
}

/** The fields of a line, trimmed; fields in double quotes may hold separators. */
export function fieldsOf({ number, text }: TextLine, separator: Separator): string[] {
  requireFields(text, separator, number);
  const quoted = text.includes('"');
  if (!quoted && separator === ' ') return text.trim().split(/\s+/);
  if ((text.split('"').length - 1) % 2 === 1)
    throw readError(
      `line ${number}`,
      `quotes must be closed on their line, got "${printable(text)}"; add the missing quote`,
    );
  const [fields = ['']] = readers[separator].parseRows(
    separator === ' ' ? text.trim().replace(/\s+/g, ' ') : text,
  );
  return fields.map((field) => field.trim());
}

/** Each digit can be matched in one way only: a long field takes no longer than its length. */
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** The number that a field holds, or null. */
export function numberOf(field: string): number | null {
  return NUMBER.test(field) ? Number(field) : null;
}

/**
 * The first data lines, split by the first one's separator: enough to tell formats apart. Null
 * where it is no table.
 */
export function firstRows(bytes: Uint8Array, most: number): string[][] | null {
  const rows: string[][] = [];
  try {
    let separator: Separator | null = null;
    for (const line of dataLinesOf(bytes)) {
      separator ??= separatorOf(line.text);
      rows.push(fieldsOf(line, separator));
      if (rows.length >= most) break;
    }
  } catch {
    return null;
  }
  return rows;
}
