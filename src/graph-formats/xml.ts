import { SaxesParser } from 'saxes';
import { printable, visible } from '../core/errors.js';
import { sizesApart } from '../core/sizes.js';
import { MAX_NODES } from '../graph/build.js';
import { MOST_COUNTED, readError } from './collect.js';
import { piecesOf } from './text.js';

/**
 * The part of the DOM that graphology's parsers use. They take any implementation; the one they
 * bring along repairs what it cannot read and prints that on the console, and needs 2 KB for each
 * edge.
 */
export class XmlElement {
  readonly nodeType = 1;
  childNodes: XmlElement[] = [];
  textContent = '';
  readonly #attributes: Map<string, string>;

  /** @param tagName without its prefix where that stands for GraphML or GEXF, else as written */
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

/** The namespaces of GraphML and of GEXF, of any version; not that of GEXF's looks. */
const GRAPH_NAMESPACE =
  /^https?:\/\/(graphml\.graphdrawing\.org\/|(www\.)?(gexf|gephi)\b(?!.*viz))/i;

/** Deeper nesting than any graph file has; keeps recursion shallow. */
const MAX_DEPTH = 100;
/** An element takes some 300 bytes, what graphology makes of it as much again. */
const MAX_ELEMENTS = 6_000_000;

/** More than any program writes. */
const [MAX_ATTRIBUTES, LONGEST_VALUE] = [1000, 2 ** 20];

/** Reads a document; throws a `UserError` that names the line where it is not well formed. */
export function parseXml(bytes: Uint8Array): XmlDocument {
  requireTags(bytes);
  const builder = new DocumentBuilder();
  const { parser } = builder;
  for (const piece of piecesOf(bytes, CHUNK)) parser.write(piece);
  parser.close();
  return builder.document;
}

/** More bytes without a tag than any program writes: the parser looks at each and keeps them all. */
const LONGEST_TEXT = 2 ** 22;

function requireTags(bytes: Uint8Array): void {
  for (let from = 0; from < bytes.length;) {
    const tag = bytes.indexOf(OPENING, from + 1);
    const end = tag < 0 ? bytes.length : tag;
    if (end - from > LONGEST_TEXT) {
      const line = bytes
        .subarray(0, from)
        .reduce((lines, byte) => lines + (byte === 10 ? 1 : 0), 1);
      const [most, size] = sizesApart(LONGEST_TEXT, end - from, 0);
      throw readError(
        `line ${line}`,
        `a tag with the text behind it may take at most ${most}, got ${size}; check the format, ` +
          'or remove the text',
      );
    }
    from = end;
  }
}

/** The sign < that begins a tag. */
const OPENING = 60;

/** Bytes that the parser is given at a time: all at once would make it keep one long text. */
const CHUNK = 65_536;

/**
 * Builds the document from what saxes, a strict streaming parser, meets. Its first fault ends it.
 */
class DocumentBuilder {
  readonly document = new XmlDocument();
  readonly parser = new SaxesParser();
  readonly #open: XmlElement[] = [this.document];
  #elements = 0;
  #nodes = 0;
  #attributes = 0;
  /** Prefixes that stand for the names of GraphML or GEXF. */
  readonly #own = new Set<string>();
  /** Line of the element that is being read. */
  #line = 1;

  constructor() {
    const { parser } = this;
    parser.on('error', ({ message }) =>
      this.#fail(
        'the file must be well-formed XML, but here: ' +
          `${visible(message.replace(/^\d+:\d+: /, '').replace(/\.$/, ''))}; repair it or save it ` +
          'anew',
        parser.line,
      ),
    );
    parser.on('doctype', (declared) => {
      if (declared.includes('['))
        this.#fail(
          'a document type must not declare entities or anything else; remove <!DOCTYPE ...>',
          parser.line,
        );
    });
    parser.on('opentagstart', ({ name }) => this.#count(name));
    parser.on('attribute', ({ value }) => this.#countAttribute(value));
    parser.on('opentag', ({ name, attributes }) => this.#begin(name, attributes));
    parser.on('closetag', () => void this.#open.pop());
    parser.on('text', (characters) => this.#add(characters));
    parser.on('cdata', (characters) => this.#add(characters));
  }

  #count(name: string): void {
    this.#line = this.parser.line;
    this.#attributes = 0;
    if (/(?:^|:)node$/.test(name) && ++this.#nodes > MOST_COUNTED)
      this.#fail(
        `a graph may have at most ${MAX_NODES} nodes, got more than ${MOST_COUNTED}; choose a ` +
          'smaller graph',
        this.#line,
      );
    if (this.#open.length > MAX_DEPTH)
      this.#fail(
        `elements may be nested ${MAX_DEPTH} deep, got <${printable(name)}> still ` +
          'deeper; flatten the file',
        this.#line,
      );
    if (++this.#elements > MAX_ELEMENTS)
      this.#fail(
        `an XML file may have at most ${MAX_ELEMENTS} elements, more would take over 3 ` +
          'GiB of memory to read; write the graph as graph6 or .npy',
        this.#line,
      );
  }

  #countAttribute(value: string): void {
    if (++this.#attributes > MAX_ATTRIBUTES || value.length > LONGEST_VALUE)
      this.#fail(
        `an element may have at most ${MAX_ATTRIBUTES} attributes of at most ${LONGEST_VALUE} ` +
          'characters, got more; remove what is no part of the graph',
        this.#line,
      );
  }

  #begin(name: string, attributes: Readonly<Record<string, string>>): void {
    for (const [key, value] of Object.entries(attributes))
      if (key.startsWith('xmlns:') && GRAPH_NAMESPACE.test(value)) this.#own.add(key.slice(6));
    const colon = name.indexOf(':');
    const local = colon > 0 && this.#own.has(name.slice(0, colon)) ? name.slice(colon + 1) : name;
    const element = new XmlElement(local, this.#line, new Map(Object.entries(attributes)));
    this.#open.at(-1)?.appendChild(element);
    this.#open.push(element);
  }

  #add(characters: string): void {
    const element = this.#open.at(-1);
    if (element !== undefined && element !== this.document && characters.trim() !== '')
      element.textContent += characters;
  }

  #fail(message: string, line: number): never {
    throw readError(`line ${line}`, message);
  }
}
