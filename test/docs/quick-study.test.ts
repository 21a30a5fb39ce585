import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readText } from '../../src/platform/fs.js';
import { parseStudySpec, studyHash } from '../../src/public/study.js';
import { quickStudyPictures } from './quick-study.js';

const read = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

// The study that README tells of is committed: its log is in docs/evidence/quick/study, and
// examples/quick.yaml is its spec. After a change of the analysis or the figures: npx tsx
// scripts/publish-quick-study.ts
describe('the quick study of the README', () => {
  const { terminal, status, verdict, figures, summary } = quickStudyPictures();

  it('is the study that npm start runs', () => {
    const example = parseStudySpec(read('examples/quick.yaml'), 'examples/quick.yaml');
    const committed = parseStudySpec(
      readText('docs/evidence/quick/study/study.yaml'),
      'study.yaml',
      { frozen: true },
    );
    expect(studyHash(committed)).toBe(studyHash({ ...example, data: committed.data }));
    expect(committed.data).toMatchObject(example.data);
  });

  it('says what its log says, to the last digit', () => {
    expect(terminal).toBe(read('docs/images/terminal.txt'));
    expect(read('docs/tour.md')).toContain(status);
    expect(read('README.md').replace(/\s+/g, ' ')).toContain(
      verdict.replaceAll('\u00a0', ' ').replace(/\s+/g, ' '),
    );
  });

  it.each(Object.keys(figures))('%s is drawn from it', (name) => {
    expect(figures[name]).toBe(read(`docs/images/${name}.svg`));
  });

  it('finds what the paper claims, on fresh seeds', () => {
    expect(summary.verdict).toMatchObject({ winner: 'graphs', by: 'fresh' });
    expect(summary.sweetSpot.called).toBe(true);
    expect(summary.sweetSpot.cells).toBeLessThan(summary.sweetSpot.occupied);
    expect(summary.signal?.p).toBeLessThan(0.001);
    expect(summary.fidelity?.plain.r).toBeGreaterThan(0.7);
  });
});
