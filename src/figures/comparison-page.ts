import type { ComparisonText } from '../analysis/comparison-text.js';
import type { Section } from '../analysis/findings/sections/types.js';
import { REPORT_CSS } from './report-style.js';
import { htmlPage } from './page.js';
import { escapeText } from './svg.js';

/** What a page of compared studies shows. */
export interface ComparisonPage {
  readonly names: readonly string[];
  /** Each study against the first. */
  readonly comparisons: readonly ComparisonText[];
  readonly sections: readonly Section[];
  /** Standalone SVGs by name. */
  readonly figures: Readonly<Record<string, string>>;
}

const paragraph = (text: string, kind = ''): string =>
  `<p${kind === '' ? '' : ` class="${kind}"`}>${escapeText(text)}</p>`;

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const row = (cells: readonly string[], tag: 'td' | 'th'): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeText(cell)}</${tag}>`).join('')}</tr>`;
  const body = rows.map((cells) => row(cells, 'td')).join('\n');
  return (
    `<div class="scroll"><table class="left"><thead>${row(columns, 'th')}</thead>` +
    `<tbody>${body}</tbody></table></div>`
  );
}

function comparison({ title, settings, sentences, columns, rows }: ComparisonText): string {
  const differ =
    settings.length === 0
      ? paragraph('No setting differs.')
      : `<ul>${settings.map((line) => `<li><code>${escapeText(line)}</code></li>`).join('')}</ul>`;
  return [
    `<section><h2>${escapeText(title)}</h2>`,
    ...sentences.map((sentence, at) => paragraph(sentence, at === 1 ? 'lead' : '')),
    '<h3>Settings that differ</h3>',
    differ,
    '<h3>Graph by graph</h3>',
    table(columns, rows),
    '</section>',
  ].join('\n');
}

function finding({ title, claim, columns, rows, verdict, definition }: Section): string {
  if (rows.length === 0) return paragraph(`${title}. ${verdict}`, 'small');
  return [
    `<section><h2>${escapeText(title)}</h2>`,
    paragraph(`Paper: ${claim}`, 'small'),
    paragraph(verdict, 'lead'),
    table(columns, rows),
    paragraph(definition, 'small'),
    '</section>',
  ].join('\n');
}

/**
 * Compared studies as one self-contained page: what was asked first, then the paper's questions
 * with the pictures there are.
 */
export function comparisonPage({ names, comparisons, sections, figures }: ComparisonPage): string {
  const told = sections.filter(({ rows }) => rows.length > 0);
  const untold = sections.filter(({ rows }) => rows.length === 0);
  const missing =
    untold.length === 0
      ? ''
      : `<section><h2>What cannot be told</h2>${untold.map(finding).join('\n')}</section>`;
  const title = names.join(', ');
  return htmlPage({
    title: `${title} · Plexus comparison`,
    style: `${REPORT_CSS}table.left td,table.left th{text-align:left}`,
    main: [
      `<h1>${escapeText(title)}</h1>`,
      ...comparisons.map(comparison),
      ...told.map(finding),
      ...Object.values(figures).map((svg) => `<figure>${svg}</figure>`),
      missing,
    ].join('\n'),
  });
}
