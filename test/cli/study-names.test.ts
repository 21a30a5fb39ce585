import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { SMALL_STUDY } from '../study/small-study.js';
import { plexus } from './harness.js';

const folder = mkdtempSync(join(tmpdir(), 'plexus-names-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LATTICE = 'ws-flex:n=8,k=4,p=0,seed=1';
const named = (name: string): string =>
  SMALL_STUDY.replace(`  - ${LATTICE}`, `  - {name: ${name}, graph: "${LATTICE}"}`);

describe('a study whose graphs have names', () => {
  it('trains the same, and can be named anew at any time', async () => {
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const [plain, own] = [join(folder, 'plain'), join(folder, 'own')];
    const first = await plexus(['study', 'run', file('a.yaml', SMALL_STUDY), '--out', plain]);
    expect(first.status).toBe(0);
    const second = await plexus(['study', 'run', file('b.yaml', named('one')), '--out', own]);
    expect(second.out).toContain('  one');
    const table = (directory: string): string => readFileSync(join(directory, 'table.csv'), 'utf8');
    expect(table(own)).toBe(table(plain));
    const third = await plexus(['study', 'run', file('b.yaml', named('two')), '--out', own]);
    expect(third.status).toBe(0);
    const status = await plexus(['study', 'status', own, '--json']);
    expect(JSON.parse(status.out)).toMatchObject({ complete: 8 });
    expect(readFileSync(join(own, 'study.yaml'), 'utf8')).toContain('name: two');
    expect(readFileSync(join(own, 'report.html'), 'utf8')).toContain('>two</td>');
  }, 240_000);
});
