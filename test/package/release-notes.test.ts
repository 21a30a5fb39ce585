import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { manifest, ROOT } from './packed.js';

const notes = (...args: readonly string[]) =>
  spawnSync(process.execPath, ['scripts/release-notes.mjs', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  });

describe('scripts/release-notes.mjs', () => {
  it('prints the part of the changelog, and where the package comes from', () => {
    const { status, stdout } = notes();
    expect(status).toBe(0);
    expect(stdout).toMatch(
      new RegExp(`^# plexus-nn ${manifest.version}, unreleased\n\n### Added\n`),
    );
    expect(stdout).not.toMatch(/^## \[/m);
    const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: ROOT, encoding: 'utf8' });
    expect(stdout).toContain(`- commit ${commit.trim()}`);
    expect(stdout).toMatch(/^- \d+ files, \d+\.\d MB, unpacked \d+\.\d MB\n- sha512-/m);
  });

  it('refuses a version that the changelog does not have', () => {
    const { status, stderr } = notes('9.9.9');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^CHANGELOG\.md has no part 9\.9\.9; it has Unreleased/);
  });
});
