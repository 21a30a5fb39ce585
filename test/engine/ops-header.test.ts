import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { opsHeader } from '../../scripts/ops-header.js';

it('native/ops.gen.h is what the table of commands gives (npx tsx scripts/make-ops-header.ts)', () => {
  const committed = readFileSync(new URL('../../native/ops.gen.h', import.meta.url), 'utf8');
  expect(committed).toBe(opsHeader());
});
