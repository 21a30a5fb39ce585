import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { DEFINITIONS, resultsTable, summarise } from '../../src/analysis/index.js';
import { renderReport, writeReport, type ReportInput } from '../../src/figures/index.js';
import { buildGraph, parseGraphSpec } from '../../src/graph/index.js';
import { failed, syntheticStudy } from '../analysis/synthetic.js';

const study = syntheticStudy();

function inputOf(records = study.records, spec = study.spec): ReportInput {
  const summary = summarise({ ...study, spec, records });
  return {
    summary,
    spec,
    records,
    bestGraph: summary.best === null ? null : buildGraph(parseGraphSpec(summary.best.spec)),
  };
}

const html = renderReport(inputOf());
const { document } = parseHTML(html);

describe('the report', () => {
  it('needs nothing but itself', () => {
    expect(html.replaceAll('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/https?:\/\//);
    expect(html).not.toMatch(/\ssrc=|<link|@import|url\(|<iframe|<base/i);
    expect(document.querySelectorAll('figure svg').length).toBe(6);
  });

  it('lists every graph and the baseline, lowest mean first', () => {
    const rows = [...document.querySelectorAll('#graphs tbody tr')];
    expect(rows).toHaveLength(53);
    const heads = [...document.querySelectorAll('#graphs thead th')].map(
      (head) => head.textContent,
    );
    expect(heads).toEqual([
      '#',
      'Graph',
      'Error (%)',
      '− baseline',
      'C',
      'L',
      'Density',
      'Edges',
      'Width',
      'MACs (M)',
      'Std',
      'Train (%)',
      'Gap',
      'Top-5 (%)',
      'p',
      'Trials',
    ]);
    const valueIn = (row: (typeof rows)[number], head: string): number => {
      const cell = row.querySelectorAll('td')[heads.indexOf(head)];
      return Number(cell.getAttribute('data-value') ?? cell.textContent);
    };
    const errors = rows.map((row) => valueIn(row, 'Error (%)'));
    for (const row of rows)
      expect(valueIn(row, 'Gap')).toBeCloseTo(
        valueIn(row, 'Error (%)') - valueIn(row, 'Train (%)'),
        6,
      );
    expect(errors).toEqual(errors.toSorted((a, b) => a - b));
    expect(document.querySelectorAll('#graphs tr.baseline')).toHaveLength(1);
  });

  it('defines every number', () => {
    const terms = [...document.querySelectorAll('dt')].map((term) => term.textContent);
    expect(terms).toEqual(Object.values(DEFINITIONS).map((definition) => definition.term));
    expect(
      [...document.querySelectorAll('dd')].every(
        (meaning) => (meaning.textContent ?? '').length > 20,
      ),
    ).toBe(true);
  });

  it('holds the spec, which reads back the same', () => {
    expect(parse(document.querySelector('#spec')?.textContent ?? '')).toEqual(study.spec);
  });

  it('is a function of the records alone, in any order', () => {
    const slower = study.records.map((record) => ({ ...record, seconds: 99 })).toReversed();
    expect(renderReport(inputOf(slower))).toBe(html);
  });

  it('escapes whatever it shows', () => {
    const hostile = '<img onerror="x"> & \'</script>\'\u0007';
    const records = study.records.map((record, i) =>
      i % 50 === 9 ? failed(record, hostile) : record,
    );
    const page = renderReport(inputOf(records, { ...study.spec, name: hostile }));
    expect(page).not.toContain('<img');
    expect(page).not.toContain('\u0007');
    expect(page.match(/<\/script>/g)).toHaveLength(1);
    const shown = parseHTML(page).document;
    expect(shown.querySelectorAll('#failures tbody tr')).toHaveLength(3);
    expect(shown.querySelector('h1')?.textContent).toBe('<img onerror="x"> & \'</script>\' ');
  });

  it('stands without a single complete trial', () => {
    const page = renderReport(inputOf([]));
    expect(page).toContain(
      'No region can be told: no graph with a complete trial lies in the plane',
    );
    expect(page.match(/NaN|undefined/g)).toBeNull();
    expect(parseHTML(page).document.querySelectorAll('figure svg').length).toBe(5);
  });
});

describe('writing it', () => {
  const directory = mkdtempSync(join(tmpdir(), 'plexus-report-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('leaves the page, the figures, the table and the summary, and nothing else', () => {
    const input = inputOf();
    const written = writeReport(directory, input);
    expect(readdirSync(directory).toSorted()).toEqual([
      'figures',
      'report.html',
      'summary.json',
      'table.csv',
    ]);
    expect(readdirSync(join(directory, 'figures')).toSorted()).toEqual([
      'best-graph.svg',
      'error-over-clustering.svg',
      'error-over-density.svg',
      'error-over-path-length.svg',
      'heat-map.svg',
      'learning-curves.svg',
    ]);
    expect(readFileSync(written.report, 'utf8')).toBe(html);
    expect(readFileSync(written.table, 'utf8')).toBe(resultsTable(study.records));
    expect(JSON.parse(readFileSync(written.summary, 'utf8'))).toEqual(input.summary);
  });
});
