import { expect } from 'vitest';

/** What a picture holds: its texts in order, and how often each element occurs. */
export interface Picture {
  readonly texts: readonly string[];
  readonly elements: Readonly<Record<string, number>>;
}

const TAG = /<(\/?)([a-zA-Z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/y;
const TEXT = /[^<]+/y;
const ENTITY = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-fA-F]+);)/;

/**
 * Reads a picture strictly as XML (tags that close in order, attributes once and in double quotes,
 * known entities), and checks what every picture must keep to: one standalone SVG, finite numbers,
 * nothing from outside.
 */
export function readPicture(svg: string): Picture {
  const open: string[] = [];
  const texts: string[] = [];
  const elements: Record<string, number> = {};
  for (let at = 0; at < svg.length;) {
    TAG.lastIndex = TEXT.lastIndex = at;
    const tag = TAG.exec(svg);
    const text = tag ? null : TEXT.exec(svg);
    if (!tag && !text) throw new Error(`not well-formed at ${at}: ${svg.slice(at, at + 60)}`);
    at += (tag ?? text)?.[0].length ?? 0;
    if (ENTITY.test((tag ?? text)?.[0] ?? '')) throw new Error(`a bare & before ${at}`);
    if (text)
      texts.push(...(open.at(-1) === 'text' || open.at(-1) === 'tspan' ? [decoded(text[0])] : []));
    else if (tag) enter(tag, open, elements);
    if (open.length === 0 && at < svg.length)
      throw new Error(`more than one element at the top: ${svg.slice(at, at + 60)}`);
  }
  expect(open).toEqual([]);
  expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^>]* role="img"/);
  expect(elements['svg']).toBe(1);
  expect(svg).not.toMatch(
    /NaN|undefined|Infinity|\bnull\b(?=["',])|<script|<image|<foreignObject|url\(|@import/,
  );
  expect([...svg.matchAll(/href="([^"]*)"/g)].map(([, target]) => target[0])).toEqual(
    [...svg.matchAll(/href="/g)].map(() => '#'),
  );
  return { texts, elements };
}

function enter(
  [, closes, name, attributes, alone]: RegExpExecArray,
  open: string[],
  elements: Record<string, number>,
): void {
  if (closes) {
    if (open.pop() !== name) throw new Error(`</${name}> closes nothing`);
    return;
  }
  const names = [...attributes.matchAll(/([\w:-]+)="/g)].map(([, attribute]) => attribute);
  if (new Set(names).size !== names.length)
    throw new Error(`<${name}> has an attribute twice: ${names.join(' ')}`);
  elements[name] = (elements[name] ?? 0) + 1;
  if (!alone) open.push(name);
}

const decoded = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
