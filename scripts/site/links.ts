import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The anchor of a heading, as GitHub makes it: the pages are read there too. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\- _]/gu, '')
    .replaceAll(' ', '-');

const SOURCE = 'source';

/** The files beside the pages that they link to, by their path in the project. */
export type Linked = Set<string>;

/**
 * What a link of a page is on the site. A README is the index of its folder there; a file or folder
 * that is no page (sources, specs) is text beside the pages, whose path is put into `linked`.
 *
 * @param page the page's file in docs, with forward slashes
 * @throws Error where the link leads nowhere
 */
export function siteLink(page: string, href: string, linked: Linked): string {
  if (/^([a-z]+:|#|\/)/.test(href)) return href;
  const [path = '', anchor] = href.split('#');
  const target = posix.join('docs', posix.dirname(page), path);
  if (target.startsWith('docs/') && target.endsWith('.md')) {
    const hash = anchor === undefined ? '' : `#${anchor}`;
    return path.replace(/README\.md$/, 'index.md') + hash;
  }
  if (!existsSync(join(ROOT, target)))
    throw new Error(`docs/${page} links to ${href}, which is not there`);
  linked.add(target);
  const depth = page.split('/').length - 1;
  return `${'../'.repeat(depth)}${SOURCE}/${target.replace(/\/$/, '')}.txt`;
}

/** Puts what the pages link to into the site, as text that every browser shows. */
export function writeLinked(linked: Linked, site: string): void {
  for (const path of linked) {
    const from = join(ROOT, path);
    const to = join(site, SOURCE, `${path.replace(/\/$/, '')}.txt`);
    mkdirSync(dirname(to), { recursive: true });
    if (statSync(from).isDirectory()) writeFileSync(to, `${readdirSync(from).sort().join('\n')}\n`);
    else cpSync(from, to);
  }
}

/** The pages of a built site, by their path in it. */
function htmlOf(site: string): ReadonlyMap<string, string> {
  const files = readdirSync(site, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.html'))
    .map((file) => file.split(sep).join('/'));
  return new Map(files.map((file) => [file, readFileSync(join(site, file), 'utf8')]));
}

const decoded = (text: string): string => decodeURIComponent(text.replaceAll('&amp;', '&'));

/** The file that a link of a page asks for, by its path in the site. */
function targetOf(page: string, link: string): string {
  if (link === '') return page;
  const path = link.startsWith('/') ? link.slice(1) : posix.join(posix.dirname(page), link);
  return path === '' || path.endsWith('/') ? `${path}index.html` : path;
}

/**
 * The links of a built site that lead to no file of it, or to no heading; links to other sites are
 * not asked.
 *
 * @param base under which path the site is to lie, with slashes at both ends
 */
export function deadLinks(site: string, base: string): string[] {
  const pages = htmlOf(site);
  const ids = new Map(
    [...pages].map(([file, html]) => [
      file,
      new Set([...html.matchAll(/\sid="([^"]*)"/g)].map(([, id = '']) => decoded(id))),
    ]),
  );
  const dead: string[] = [];
  for (const [file, html] of pages) {
    const links = new Set(
      [...html.matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, link = '']) => decoded(link)),
    );
    for (const link of links) {
      if (/^([a-z]+:|\/\/)/.test(link)) continue;
      const [path = '', anchor] = link.split('#');
      const there = targetOf(file, path.startsWith(base) ? path.slice(base.length - 1) : path);
      const known = ids.get(there);
      if (!existsSync(join(site, there))) dead.push(`${file}: ${link}`);
      else if (anchor && known && !known.has(anchor)) dead.push(`${file}: ${link}`);
    }
  }
  return dead.sort();
}
