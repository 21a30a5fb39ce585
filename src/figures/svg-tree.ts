import { SaxesParser } from 'saxes';
import { escapeText } from './svg.js';

/** An element of a picture: its attributes in order, and what is inside. */
export interface SvgElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly SvgNode[];
}

/** An element, or the text between elements. */
export type SvgNode = SvgElement | string;

interface OpenElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: SvgNode[];
}

/**
 * Reads a picture strictly as XML. Throws an `Error` that names line and column where it is not
 * well-formed.
 */
export function parseSvg(text: string): SvgElement {
  const parser = new SaxesParser();
  const outside: OpenElement = { name: '', attributes: {}, children: [] };
  const open = [outside];
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element: OpenElement = { name, attributes, children: [] };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => void open.pop());
  parser.on('text', (content) => {
    if (open.length > 1) open.at(-1)?.children.push(content);
  });
  parser.write(text).close();
  const root = outside.children.find((node) => typeof node !== 'string');
  if (root === undefined || typeof root === 'string') throw new Error('a picture needs an element');
  return root;
}

/** The picture's text again. */
export function formatSvg(node: SvgNode): string {
  if (typeof node === 'string') return escapeText(node);
  const attributes = Object.entries(node.attributes)
    .map(([name, value]) => ` ${name}="${escapeText(value)}"`)
    .join('');
  const inside = node.children.map(formatSvg).join('');
  return inside === ''
    ? `<${node.name}${attributes}/>`
    : `<${node.name}${attributes}>${inside}</${node.name}>`;
}
