/** What may come next. */
type Expected = 'value' | 'value or ]' | 'name' | 'name or }' | ':' | 'more or end' | 'nothing';

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const SPACE = /[\t\n\r ]*/y;

const [CONTROLS_END, QUOTE, BACKSLASH, SMALL_U] = [0x20, 0x22, 0x5c, 0x75];

/**
 * Where a text stops being JSON (RFC 8259): the index of the first character that cannot stand there, or the length where
 * the text ends too early; -1 where it is JSON. Engines differ in whether their messages tell. Takes time in proportion to
 * the length, and no stack for nesting.
 */
export function jsonFault(text: string): number {
  /** The brackets that are open. */
  const open: string[] = [];
  let expected: Expected = 'value';
  let at = after(SPACE, text, 0);
  while (at < text.length) {
    const character = text[at];
    const next = step(character, expected, open);
    if (next === null) return at;
    const end: number = next === 'scalar' ? scalarEnd(text, at, expected) : at + 1;
    if (end < 0) return ~end;
    expected = next === 'scalar' ? afterScalar(expected, open) : next;
    at = after(SPACE, text, end);
  }
  return expected === 'nothing' ? -1 : text.length;
}

/** What is expected behind a mark, `scalar` where text, a number or a word begins, null where neither may stand. */
function step(character: string, expected: Expected, open: string[]): Expected | 'scalar' | null {
  const value = expected === 'value' || expected === 'value or ]';
  if (character === '[' || character === '{') {
    if (!value) return null;
    open.push(character);
    return character === '[' ? 'value or ]' : 'name or }';
  }
  if (character === ']' || character === '}') {
    const ends = expected === 'more or end' || expected === (character === ']' ? 'value or ]' : 'name or }');
    if (!ends || open.pop() !== (character === ']' ? '[' : '{')) return null;
    return open.length === 0 ? 'nothing' : 'more or end';
  }
  if (character === ':') return expected === ':' ? 'value' : null;
  if (character === ',') return expected !== 'more or end' ? null : open.at(-1) === '[' ? 'value' : 'name';
  const name = expected === 'name' || expected === 'name or }';
  return value || (name && character === '"') ? 'scalar' : null;
}

function afterScalar(expected: Expected, open: readonly string[]): Expected {
  if (expected === 'name' || expected === 'name or }') return ':';
  return open.length === 0 ? 'nothing' : 'more or end';
}

/** Where text, a number or a word ends; `~` of the fault's index where it is none. */
function scalarEnd(text: string, at: number, expected: Expected): number {
  if (text[at] === '"') return textEnd(text, at + 1);
  const end = expected.startsWith('name') ? at : Math.max(after(NUMBER, text, at), after(WORD, text, at));
  return end > at ? end : ~at;
}

function textEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code < CONTROLS_END) return ~at;
    if (code !== BACKSLASH) continue;
    at++;
    if (text.charCodeAt(at) === SMALL_U) {
      const digits = /^[0-9a-f]*/i.exec(text.slice(at + 1, at + 5))?.[0].length ?? 0;
      if (digits < 4) return ~(at + 1 + digits);
      at += 4;
    } else if (at < text.length && !'"\\/bfnrt'.includes(text[at])) return ~at;
  }
  return ~text.length;
}

/** The end of what the sticky pattern matches at `at`, or `at`. */
function after(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
