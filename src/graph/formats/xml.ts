import { printable } from '../../core/errors.js';
import { readError } from './collect.js';

/**
 * A small strict XML reader that gives the part of the DOM that graphology's parsers use. They take any implementation;
 * the one they bring along repairs what it cannot read and prints that on the console, and needs 2 KB for each edge.
 * This one names the line of the first fault, has no entities but XML's five (nothing can expand), and skips comments
 * and processing instructions.
 */
export class XmlElement {
  readonly nodeType = 1;
  childNodes: XmlElement[] = [];
  textContent = '';
  readonly #attributes: Map<string, string>;

  /** @param tagName as written, with its prefix */
  constructor(
    readonly tagName: string,
    readonly line: number,
    attributes: Map<string, string> = new Map(),
  ) {
    this.#attributes = attributes;
  }

  get nodeName(): string {
    return this.tagName;
  }

  /** Empty where there is none, as in the DOM that graphology brings along. */
  getAttribute(name: string): string {
    return this.#attributes.get(name) ?? '';
  }

  hasAttribute(name: string): boolean {
    return this.#attributes.has(name);
  }

  setAttribute(name: string, value: string): void {
    this.#attributes.set(name, value);
  }

  removeAttribute(name: string): void {
    this.#attributes.delete(name);
  }

  appendChild(child: XmlElement): void {
    this.childNodes.push(child);
  }

  /** Every element of that name inside this one, in the file's order. */
  getElementsByTagName(name: string): XmlElement[] {
    return this.childNodes.length === 0 ? [] : elementsNamed(this, name);
  }

  /** Prefixes are not resolved: a name in another namespace is found by its prefix. */
  getElementsByTagNameNS(prefix: string, name: string): XmlElement[] {
    return this.getElementsByTagName(`${prefix}:${name}`);
  }
}

/** A document: an element above the root. */
export class XmlDocument extends XmlElement {
  constructor() {
    super('#document', 1);
  }

  createElement(name: string): XmlElement {
    return new XmlElement(name, 1);
  }
}

function elementsNamed(root: XmlElement, name: string): XmlElement[] {
  const found: XmlElement[] = [];
  const visit = (element: XmlElement): void => {
    for (const child of element.childNodes) {
      if (child.tagName === name) found.push(child);
      if (child.childNodes.length > 0) visit(child);
    }
  };
  visit(root);
  return found;
}

/** Deeper nesting than any graph file has; keeps recursion shallow. */
const MAX_DEPTH = 100;
/** An element takes some 300 bytes, what graphology makes of it as much again. */
const MAX_ELEMENTS = 6_000_000;

const NAME = '[A-Za-z_:\\u0080-\\uffff][\\w:.\\-\\u0080-\\uffff]*';
const TAG = new RegExp(`(/?)(${NAME})`, 'y');
const ATTRIBUTE = new RegExp(`\\s+(${NAME})\\s*=\\s*(?:"([^"<]*)"|'([^'<]*)')`, 'y');
const TAG_END = /\s*(\/?)>/y;
const DOCTYPE = /!DOCTYPE[^[\]<>]*>/y;

/** Reads a document; throws a `UserError` that names the line where it is not well formed. */
export function parseXml(text: string): XmlDocument {
  return new XmlReader(text).read();
}

class XmlReader {
  readonly #text: string;
  readonly #document = new XmlDocument();
  readonly #open: XmlElement[] = [];
  #at = 0;
  #line = 1;
  /** Where that line ends. */
  #newline: number;
  #elements = 0;

  constructor(text: string) {
    this.#text = text;
    this.#newline = newlineFrom(text, 0);
  }

  read(): XmlDocument {
    const text = this.#text;
    while (this.#at < text.length) {
      const next = text.indexOf('<', this.#at);
      const end = next < 0 ? text.length : next;
      if (end > this.#at) this.#characters(text.slice(this.#at, end));
      this.#at = end;
      if (next >= 0) this.#markup();
    }
    const unclosed = this.#open.at(-1);
    if (unclosed) throw this.#fault(`<${unclosed.tagName}> of line ${unclosed.line} is never closed; the file may be cut off`);
    if (this.#document.childNodes.length === 0) throw this.#fault('the file holds no element; check the format');
    return this.#document;
  }

  #markup(): void {
    const text = this.#text;
    const start = this.#at + 1;
    if (text.startsWith('!--', start)) this.#skip('-->', start + 3, 'comment');
    else if (text.startsWith('![CDATA[', start)) this.#verbatim(start + 8);
    else if (text[start] === '?') this.#skip('?>', start + 1, 'processing instruction');
    else if (text[start] === '!') this.#doctype(start);
    else this.#tag(start);
  }

  #skip(end: string, from: number, what: string): void {
    const found = this.#text.indexOf(end, from);
    if (found < 0) throw this.#fault(`a ${what} must end with ${end}; the file may be cut off`);
    this.#at = found + end.length;
  }

  #verbatim(from: number): void {
    const parent = this.#open.at(-1);
    this.#skip(']]>', from, 'CDATA section');
    if (!parent) throw this.#fault('text must stand inside an element; remove it');
    parent.textContent += this.#text.slice(from, this.#at - 3);
  }

  #doctype(start: number): void {
    DOCTYPE.lastIndex = start;
    if (!DOCTYPE.test(this.#text)) throw this.#fault('a document type must not declare entities or anything else; remove <!DOCTYPE ...>');
    this.#at = DOCTYPE.lastIndex;
  }

  #tag(start: number): void {
    TAG.lastIndex = start;
    const match = TAG.exec(this.#text);
    if (!match) throw this.#fault(`a < must begin an element, got "${printable(this.#text.slice(this.#at, this.#at + 20))}"; write &lt; for the character`);
    const attributes = match[1] === '' ? this.#attributes(TAG.lastIndex) : new Map<string, string>();
    TAG_END.lastIndex = match[1] === '' ? ATTRIBUTE.lastIndex : TAG.lastIndex;
    const end = TAG_END.exec(this.#text);
    if (!end || (match[1] !== '' && end[1] !== '')) throw this.#fault(`<${match[1]}${printable(match[2])} must hold attributes written name="value" and end with >; the file may be cut off`);
    if (match[1] === '/') this.#close(match[2]);
    else this.#begin(match[2], attributes, end[1] === '/');
    this.#at = TAG_END.lastIndex;
  }

  /** Leaves `ATTRIBUTE.lastIndex` behind the last one. */
  #attributes(from: number): Map<string, string> {
    const attributes = new Map<string, string>();
    let end = from;
    for (;;) {
      ATTRIBUTE.lastIndex = end;
      const match = ATTRIBUTE.exec(this.#text);
      if (!match) break;
      if (attributes.has(match[1])) throw this.#fault(`an attribute must be given once, got ${printable(match[1])} twice; remove one`);
      attributes.set(match[1], this.#unescape(match[2] ?? match[3] ?? ''));
      end = ATTRIBUTE.lastIndex;
    }
    ATTRIBUTE.lastIndex = end;
    return attributes;
  }

  #begin(name: string, attributes: Map<string, string>, closed: boolean): void {
    const parent = this.#open.at(-1);
    if (!parent && this.#document.childNodes.length > 0) throw this.#fault(`a document must have one root element, got <${printable(name)}> after its end; remove what follows`);
    if (this.#open.length >= MAX_DEPTH) throw this.#fault(`elements may be nested ${MAX_DEPTH} deep, got <${printable(name)}> still deeper; flatten the file`);
    if (++this.#elements > MAX_ELEMENTS) throw this.#fault(`an XML file may have at most ${MAX_ELEMENTS} elements, more would take over 3 GiB of memory to read; write the graph as graph6 or .npy`);
    const element = new XmlElement(name, this.#lineHere(), attributes);
    (parent ?? this.#document).appendChild(element);
    if (!closed) this.#open.push(element);
  }

  #close(name: string): void {
    const element = this.#open.pop();
    if (element?.tagName !== name) throw this.#fault(`</${printable(name)}> must close what is open, ${element ? `which is <${printable(element.tagName)}> of line ${element.line}` : 'but nothing is'}; repair the file`);
  }

  #characters(text: string): void {
    const parent = this.#open.at(-1);
    if (text.trim() === '') return;
    if (!parent) throw this.#fault(`text must stand inside an element, got "${printable(text.trim())}"; remove it`);
    parent.textContent += this.#unescape(text);
  }

  #unescape(text: string): string {
    if (!text.includes('&')) return text;
    return text.replace(/&([^;&]{0,12})(;?)/g, (whole, name: string, end: string) => {
      const character = end === ';' ? characterOf(name) : null;
      if (character === null) throw this.#fault(`an entity must be one of &amp; &lt; &gt; &quot; &apos; or a number such as &#65;, got "${printable(whole)}"; write &amp; for the character &`);
      return character;
    });
  }

  /** The line of the current place; counts on from the last question. */
  #lineHere(): number {
    while (this.#newline < this.#at) {
      this.#line++;
      this.#newline = newlineFrom(this.#text, this.#newline + 1);
    }
    return this.#line;
  }

  #fault(message: string): Error {
    return readError(`line ${this.#lineHere()}`, message);
  }
}

function newlineFrom(text: string, from: number): number {
  const found = text.indexOf('\n', from);
  return found < 0 ? Infinity : found;
}

const ENTITIES: ReadonlyMap<string, string> = new Map([['amp', '&'], ['lt', '<'], ['gt', '>'], ['quot', '"'], ['apos', "'"]]);

function characterOf(name: string): string | null {
  const digits = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name);
  if (!digits) return ENTITIES.get(name) ?? null;
  const code = digits[1] === undefined ? Number(digits[2]) : Number.parseInt(digits[1], 16);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : null;
}

/** Text as an attribute's value or an element's contents. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
