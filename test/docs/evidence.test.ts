import { describe, expect, it } from 'vitest';
import { readText } from '../../src/platform/fs.js';
import { predictionRows } from './evidence.js';

describe('docs/evidence/README.md', () => {
  const text = readText('docs/evidence/README.md');
  it.each(['density', 'smooth-1', 'start-published', 'start-fan-in', 'start-fan-in-fast'])(
    '%s: tells its outcomes as its log has them',
    (name) => {
      const rows = predictionRows(name);
      expect(rows.length).toBeGreaterThan(2);
      for (const row of rows) expect(text).toContain(row);
    },
  );
});
