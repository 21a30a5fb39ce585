import { must, printable, type UserError } from '../core/errors.js';
import { MAX_NODES } from '../graph/build.js';
import { MOST_COUNTED, readError } from './collect.js';

/** A value of GML: a number, a text, or a list of further values. */
export type GmlValue = number | string | GmlList;

/** Names and values in brackets, in the file's order, each with its line. */
export interface GmlList {
  /** Line of its name. */
  readonly line: number;
  readonly entries: (readonly [name: string, value: GmlValue, line: number])[];
}

/** Deeper nesting than any file has. */
const MAX_DEPTH = 100;

/** A value takes some 100 bytes. */
const MAX_VALUES = 20_000_000;

const SPACE = /[\s\ufeff]*/y;
const NAME = /[a-z_][\w.-]*/iy;
const WORD = /[^\s[\]"]+/y;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const NOT_FINITE = /^[+-]?(?:inf|infinity|nan)$/i;

/**
 * The list of all that a GML file holds: `name value` pairs, where a value is a number, a text in
 * double quotes, or such pairs in brackets; lines that begin with # are comments. Throws a
 * `UserError` that names the line.
 */
export function parseGml(text: string): GmlList {
  return new Parser(text).file();
}

class Parser {
  readonly #text: string;
  #at = 0;
  #line = 1;
  #values = 0;
  #nodes = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Without recursion, so that no nesting exhausts the stack. */
  file(): GmlList {
    const root: GmlList = { line: 1, entries: [] };
    const open = [root];
    for (;;) {
      this.#skip();
      const list = must(open[open.length - 1]);
      if (this.#at >= this.#text.length) break;
      if (this.#text[this.#at] === ']') {
        if (open.length === 1) throw this.#fault('a bracket is closed that was never opened');
        open.pop();
        this.#at++;
        continue;
      }
      const { line } = this;
      const name = this.#name();
      this.#skip();
      if (name === 'node' && ++this.#nodes > MOST_COUNTED)
        throw this.#fault(
          `a graph may have at most ${MAX_NODES} nodes, got more than ${MOST_COUNTED}`,
          'choose a smaller graph',
        );
      if (++this.#values > MAX_VALUES)
        throw this.#fault(`a GML file may have at most ${MAX_VALUES} values`, 'write it as graph6');
      if (this.#text[this.#at] !== '[') {
        list.entries.push([name, this.#value(name), line]);
        continue;
      }
      this.#at++;
      const inner: GmlList = { line, entries: [] };
      if (open.length > MAX_DEPTH)
        throw this.#fault(`lists may be nested ${MAX_DEPTH} deep, got more`, 'flatten the file');
      list.entries.push([name, inner, line]);
      open.push(inner);
    }
    if (open.length > 1)
      throw this.#fault(
        `the list that begins in line ${must(open[open.length - 1]).line} must be closed by ]`,
        'the file may be cut off: add the bracket or save it again',
      );
    return root;
  }

  get line(): number {
    return this.#line;
  }

  /** Moves behind white space and comments. */
  #skip(): void {
    for (;;) {
      const space = this.#match(SPACE) ?? '';
      this.#line += newlines(space);
      const first = this.#at === 0 || space.includes('\n') || this.#text[this.#at - 1] === '\n';
      if (this.#text[this.#at] !== '#' || !first) return;
      const end = this.#text.indexOf('\n', this.#at);
      this.#at = end < 0 ? this.#text.length : end;
    }
  }

  #name(): string {
    const name = this.#match(NAME);
    if (name !== null) return name;
    throw this.#fault(
      `a name such as node or id is expected here, got "${printable(this.#rest())}"`,
    );
  }

  #value(name: string): number | string {
    if (this.#text[this.#at] === '"') return this.#quoted();
    const word = this.#match(WORD) ?? '';
    if (NUMBER.test(word)) return Number(word);
    if (NOT_FINITE.test(word))
      return /nan/i.test(word) ? NaN : word[0] === '-' ? -Infinity : Infinity;
    throw this.#fault(
      `the value of ${printable(name)} must be a number, a text in double quotes or a list ` +
        `in brackets, got "${printable(word === '' ? this.#rest() : word)}"`,
    );
  }

  #quoted(): string {
    const end = this.#text.indexOf('"', this.#at + 1);
    if (end < 0)
      throw this.#fault(
        'a text must be closed by a double quote',
        'add it, or save the file again',
      );
    const raw = this.#text.slice(this.#at + 1, end);
    this.#line += newlines(raw);
    this.#at = end + 1;
    return raw.includes('&') ? raw.replace(/&(#x?[\da-f]+|\w+);/gi, unescaped) : raw;
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) return null;
    this.#at += found.length;
    return found;
  }

  #rest(): string {
    const end = this.#text.indexOf('\n', this.#at);
    return this.#text.slice(this.#at, end < 0 ? this.#at + 100 : Math.min(end, this.#at + 100));
  }

  #fault(message: string, remedy = 'repair the file or save it again'): UserError {
    return readError(`line ${this.#line}`, `${message}; ${remedy}`);
  }
}

function newlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', '\u00a0'],
]);

/** The character that an entity such as `&#233;` or `&amp;` stands for; others stay as they are. */
function unescaped(entity: string, inside: string): string {
  if (!inside.startsWith('#')) return NAMED.get(inside) ?? entity;
  const code = /^#x/i.test(inside) ? parseInt(inside.slice(2), 16) : Number(inside.slice(1));
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : entity;
}
