import { escapeText } from './svg.js';

interface PageParts {
  /** In its title bar. */
  readonly title: string;
  readonly style: string;
  /** HTML of its main part. */
  readonly main: string;
  readonly script?: string;
}

/** A page that needs nothing else: no network, no fonts, no files. */
export function htmlPage({ title, style, main, script }: PageParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeText(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${main}
</main>
${script === undefined ? '' : `<script>${script}</script>\n`}</body>
</html>
`;
}
