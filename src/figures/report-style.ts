/**
 * The report's looks: one column, system fonts, dark where the reader prefers it; figures stay on
 * white. Tables and specs are laid out and painted when they come into view: those of thousands of
 * graphs would slow down all else on the page.
 */
export const REPORT_CSS = `
:root {
  --ink: #1b1f24;
  --quiet: #5c6670;
  --rule: #e3e7eb;
  --ground: #ffffff;
  --panel: #f6f8fa;
  --accent: #0072b2;
  --warn: #b35900;
  --sweet: #e8f3fa;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6eaee;
    --quiet: #9aa7b2;
    --rule: #2f3740;
    --ground: #14181c;
    --panel: #1c2228;
    --accent: #6cb8e6;
    --warn: #f0a35c;
    --sweet: #15303f;
  }
}
* {
  box-sizing: border-box;
}
html {
  -webkit-text-size-adjust: 100%;
}
@media (prefers-reduced-motion: no-preference) {
  html {
    scroll-behavior: smooth;
  }
}
body {
  margin: 0;
  background: var(--ground);
  color: var(--ink);
  font:
    16px/1.55 system-ui,
    -apple-system,
    'Segoe UI',
    Roboto,
    'Helvetica Neue',
    Arial,
    sans-serif;
}
main {
  max-width: 1240px;
  margin: 0 auto;
  padding: 40px 24px 80px;
}
h1 {
  font-size: 30px;
  line-height: 1.2;
  margin: 0 0 4px;
  letter-spacing: -0.01em;
  overflow-wrap: anywhere;
}
h2 {
  font-size: 20px;
  margin: 52px 0 12px;
  padding-top: 12px;
  border-top: 1px solid var(--rule);
}
p {
  max-width: 72ch;
  margin: 0 0 12px;
  overflow-wrap: anywhere;
}
.under {
  color: var(--quiet);
  margin-bottom: 28px;
}
.lead {
  font-size: 18px;
}
.verdict {
  font-weight: 600;
}
.tiles {
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(200px, 1fr));
  gap: 12px;
  margin: 24px 0;
}
.tile {
  background: var(--panel);
  border: 1px solid var(--rule);
  border-radius: 10px;
  padding: 14px 16px;
}
.tile b {
  display: block;
  font-size: 21px;
  line-height: 1.3;
  font-weight: 650;
  font-variant-numeric: tabular-nums;
}
.tile span {
  display: block;
  margin-top: 4px;
  line-height: 1.4;
  color: var(--quiet);
  font-size: 13px;
}
.caveats {
  border-left: 3px solid var(--warn);
  padding: 2px 0 2px 16px;
  margin: 20px 0;
  list-style: none;
  font-size: 15px;
}
.caveats li {
  margin: 5px 0;
  max-width: 76ch;
}
figure {
  margin: 20px 0;
  background: #fff;
  border: 1px solid var(--rule);
  border-radius: 10px;
  padding: 8px;
  overflow-x: auto;
  contain: content;
}
figure svg {
  display: block;
  width: 100%;
  height: auto;
  max-width: 1000px;
  margin: 0 auto;
}
/* Specs may break, so that errors stand beside them on a phone and all columns fit on a desk. */
#graphs th,
#graphs td {
  padding: 6px;
}
#graphs .text {
  white-space: normal;
  overflow-wrap: anywhere;
  min-width: 160px;
}
.pair {
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(480px, 1fr));
  gap: 16px;
}
.pair figure {
  margin: 0;
}
.scroll {
  overflow-x: auto;
  border: 1px solid var(--rule);
  border-radius: 10px;
}
.scroll,
pre {
  content-visibility: auto;
  contain-intrinsic-size: auto 420px;
}
table {
  border-collapse: collapse;
  width: 100%;
  font-size: 13.5px;
  font-variant-numeric: tabular-nums;
}
th,
td {
  padding: 6px 9px;
  text-align: right;
  white-space: nowrap;
  border-bottom: 1px solid var(--rule);
}
th {
  background: var(--panel);
  color: var(--quiet);
  font-weight: 600;
}
th.text,
td.text {
  text-align: left;
}
td.wrap {
  white-space: normal;
  overflow-wrap: anywhere;
}
tbody tr:last-child td {
  border-bottom: 0;
}
tr.sweet td {
  background: var(--sweet);
}
tr.baseline td {
  font-weight: 600;
}
th button {
  all: unset;
  cursor: pointer;
}
th button:focus-visible {
  outline: 2px solid var(--accent);
  outline-offset: 2px;
}
th[aria-sort='ascending'] button::after {
  content: ' \\2191';
}
th[aria-sort='descending'] button::after {
  content: ' \\2193';
}
th button:hover {
  color: var(--accent);
  text-decoration: underline;
}
code,
pre {
  font:
    13px/1.5 ui-monospace,
    SFMono-Regular,
    Menlo,
    Consolas,
    'Liberation Mono',
    monospace;
}
pre {
  background: var(--panel);
  border: 1px solid var(--rule);
  border-radius: 10px;
  padding: 14px 16px;
  overflow: auto;
  max-height: 420px;
}
dl {
  display: grid;
  grid-template-columns: minmax(150px, 230px) 1fr;
  gap: 8px 20px;
  margin: 0;
  font-size: 15px;
}
dt {
  font-weight: 600;
}
dd {
  margin: 0;
  color: var(--quiet);
  max-width: 72ch;
}
.small {
  font-size: 14px;
  color: var(--quiet);
}
@media (max-width: 640px) {
  dl {
    grid-template-columns: 1fr;
    gap: 2px;
  }
  dd {
    margin-bottom: 10px;
  }
  .pair {
    grid-template-columns: 1fr;
  }
  main {
    padding: 24px 14px 60px;
  }
  /* Figures keep their letters readable: they scroll sideways instead of shrinking. */
  figure svg {
    width: max-content;
    min-width: 100%;
  }
}
@media print {
  main {
    max-width: none;
    padding: 0;
  }
  figure,
  .tile,
  tr {
    break-inside: avoid;
  }
  pre {
    max-height: none;
    white-space: pre-wrap;
  }
  th button::after {
    content: '';
  }
}
`;

/** Sorts a table by the column whose heading is pressed; empty cells always come last. */
export const REPORT_SCRIPT = `
for (const button of document.querySelectorAll('th button')) {
  button.addEventListener('click', () => {
    const head = button.closest('th'),
      body = head.closest('table').tBodies[0],
      column = head.cellIndex;
    const down = head.getAttribute('aria-sort') === 'ascending';
    for (const other of head.parentNode.cells) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    const key = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent;
    const compare = (a, b) => {
      const x = key(a),
        y = key(b);
      if (x === '' || y === '') return (x === '') - (y === '');
      const order = head.classList.contains('text')
        ? x.localeCompare(y, 'en', { numeric: true })
        : x - y;
      return down ? -order : order;
    };
    body.append(...[...body.rows].sort(compare));
  });
}
`;
