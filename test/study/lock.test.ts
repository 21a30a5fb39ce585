import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { lockHolder, outwaitLock, takeLock } from '../../src/store/lock.js';

let directory: string;
let path: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'plexus-lock-'));
  path = join(directory, 'lock');
});
afterAll(() => rmSync(directory, { recursive: true }));

function take(): { readonly release: () => void; readonly notes: readonly string[] } {
  const notes: string[] = [];
  const release = takeLock(path, (line) => notes.push(line));
  return { release, notes };
}

/** The number of a process that has ended. */
async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid!;
}

describe('takeLock', () => {
  it('refuses a second holder and is free again after the release', () => {
    const { release, notes } = take();
    expect(notes).toEqual([]);
    expect(lockHolder(path)).toBe(`process ${process.pid} on ${hostname()}`);
    expect(take).toThrow(UserError);
    expect(take).toThrow(`run by process ${process.pid} on ${hostname()}`);
    release();
    expect(existsSync(path)).toBe(false);
    expect(lockHolder(path)).toBeNull();
    take().release();
  });

  it('takes over the lock of a dead process, with a note', async () => {
    const pid = await deadProcess();
    writeFileSync(path, JSON.stringify({ pid, host: hostname(), started: null }));
    expect(lockHolder(path)).toBeNull();
    const { release, notes } = take();
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain(`process ${pid}`);
    expect(readFileSync(path, 'utf8')).toContain(`"pid":${process.pid}`);
    release();
  });

  it('tells a later process of the same number by its start', () => {
    const first = take();
    const holder = JSON.parse(readFileSync(path, 'utf8')) as { started: string | null };
    first.release();
    if (holder.started === null) {
      console.warn('no /proc here: start times of processes are unknown, test skipped');
      return;
    }
    writeFileSync(path, JSON.stringify({ ...holder, started: '1' }));
    const { release, notes } = take();
    expect(notes).toHaveLength(1);
    release();
  });

  it('leaves the lock of another machine alone and says what to do', () => {
    writeFileSync(path, JSON.stringify({ pid: 1, host: 'elsewhere.example', started: null }));
    expect(take).toThrow(
      'run by process 1 on elsewhere.example; wait for it or stop it, or, if it no ' +
        `longer exists, remove ${path}`,
    );
    rmSync(path);
  });

  it('gives a half-written lock time, then takes it over', () => {
    writeFileSync(path, '{"pi');
    expect(take).toThrow('run by another process');
    utimesSync(path, new Date(0), new Date(0));
    const { release, notes } = take();
    expect(notes).toHaveLength(1);
    release();
  });

  it('takes over an unreadable lock of the future at once', () => {
    writeFileSync(path, '{"pi');
    utimesSync(path, new Date(4e12), new Date(4e12));
    const { release, notes } = take();
    expect(notes).toHaveLength(1);
    release();
  });

  /** A lock like one of ours, of somebody else. */
  const writeForeign = (changes: object): void => {
    const { release } = take();
    const own = JSON.parse(readFileSync(path, 'utf8')) as object;
    release();
    // A number that is free here may be anybody's there.
    writeFileSync(path, JSON.stringify({ ...own, pid: 4_000_000, ...changes }));
  };

  it('leaves the lock of another container of the same name alone', () => {
    writeForeign({ namespace: 'pid:[1]' });
    if (!readFileSync(path, 'utf8').includes('"boot":"')) {
      console.warn('no /proc here: containers cannot be told, test skipped');
      return;
    }
    expect(lockHolder(path)).toBe(`process 4000000 on ${hostname()}`);
    expect(take).toThrow('run by process 4000000');
    rmSync(path);
  });

  it('takes over a lock of before the machine was started anew', () => {
    if (!existsSync('/proc/sys/kernel/random/boot_id')) {
      console.warn('no /proc here: boots cannot be told, test skipped');
      return;
    }
    writeForeign({ boot: 'another', pid: process.pid, started: null });
    expect(take().notes).toHaveLength(1);
    rmSync(path);
    // The same name, but another machine.
    writeForeign({ boot: 'another', machine: 'another' });
    if (existsSync('/etc/machine-id')) expect(take).toThrow('run by process 4000000');
    rmSync(path);
  });

  it('waits for a sign of life where it cannot ask, whatever the clocks say', async () => {
    const notes: string[] = [];
    const note = (line: string): void => void notes.push(line);
    writeForeign({ host: 'elsewhere.example', boot: 'another' });
    utimesSync(path, new Date(4e12), new Date(4e12));
    const waiting = outwaitLock(path, { note, beat: 0.02 });
    await new Promise((resolve) => setTimeout(resolve, 30));
    utimesSync(path, new Date(5e11), new Date(5e11));
    await expect(waiting).rejects.toThrow('run by process 4000000 on elsewhere.example');
    await outwaitLock(path, { note, beat: 0.02 });
    expect(existsSync(path)).toBe(false);
    expect(notes.at(-1)).toContain('its lock is taken over');
    // An older version gives no signs: it cannot be waited for.
    writeFileSync(path, JSON.stringify({ pid: 1, host: 'elsewhere.example', started: null }));
    await outwaitLock(path, { note, beat: 0.02 });
    expect(existsSync(path)).toBe(true);
    rmSync(path);
  });

  it('does not remove a lock that is no longer its own', () => {
    const { release } = take();
    const other = JSON.stringify({ pid: 1, host: 'elsewhere.example', started: null });
    writeFileSync(path, other);
    release();
    expect(readFileSync(path, 'utf8')).toBe(other);
    rmSync(path);
  });
});
