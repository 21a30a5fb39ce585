import { describe, expect, it } from 'vitest';
import { readText } from '../../src/platform/fs.js';
import { searchRows } from '../../scripts/search-evidence.js';
import { weightRows } from '../../scripts/weight-evidence.js';
import { isComplete, predictionPicture, predictionRows } from './evidence.js';

describe('docs/evidence/README.md', () => {
  const text = readText('docs/evidence/README.md');
  it.each([
    'density',
    'smooth-1',
    'smooth-2',
    'smooth-3',
    'start-published',
    'start-fan-in',
    'start-fan-in-fast',
    'rewiring',
    'place-cnn',
    'place-residual',
  ])('%s: tells its outcomes as its log has them', (name) => {
    const rows = predictionRows(name);
    expect(rows.length).toBeGreaterThan(2);
    for (const row of rows) expect(text).toContain(row);
  });
});

describe('searches on complete studies', () => {
  const text = readText('docs/evidence/README.md');
  it.each(searchRows(['smooth-1', 'smooth-2', 'smooth-3']))(
    'docs/evidence/README.md has %s',
    (row) => {
      expect(text).toContain(row);
    },
  );
});

describe('docs/images', () => {
  it.each(['density', 'hierarchy', 'orders', 'efficient', 'pruned'])(
    'has the figure of the predictions of %s',
    async (name) => {
      const path = `docs/images/predictions-${name}.svg`;
      expect(readText(path)).toBe(await predictionPicture(name));
    },
  );
});

describe('docs/hierarchy.md', () => {
  const text = readText('docs/hierarchy.md');
  it.each(['hierarchy', 'orders', 'efficient'])(
    '%s: tells its outcomes as soon as its log is complete, and none before',
    (name) => {
      if (isComplete(name)) for (const row of predictionRows(name)) expect(text).toContain(row);
      else expect(text).toContain(`\`${name}\` has not been run to its end.`);
    },
  );
});

describe('docs/rewiring.md', () => {
  it.each(weightRows())('has %s', (row) => {
    expect(readText('docs/rewiring.md')).toContain(row);
  });

  it.each(['pruned', 'rewiring-cnn'])('tells the outcomes of %s as its log has them', (name) => {
    const text = readText('docs/rewiring.md');
    for (const row of predictionRows(name)) expect(text).toContain(row);
  });
});
