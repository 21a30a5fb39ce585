import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import {
  fileError,
  makeDirectory,
  readJson,
  readText,
  temporaryPath,
  writeFileAtomic,
  writeJsonAtomic,
} from '../../src/platform/fs.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plexus-fs-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('writeFileAtomic', () => {
  it('writes text and bytes, replaces old content and leaves nothing else behind', () => {
    const path = join(directory, 'a.txt');
    writeFileAtomic(path, 'first, the longer text');
    writeFileAtomic(path, 'second');
    expect(readFileSync(path, 'utf8')).toBe('second');
    writeFileAtomic(path, Uint8Array.of(0, 255, 7));
    expect([...readFileSync(path)]).toEqual([0, 255, 7]);
    expect(readdirSync(directory)).toEqual(['a.txt']);
  });

  it('writes through a link and keeps it', () => {
    const [path, link] = [join(directory, 'a.txt'), join(directory, 'link')];
    writeFileAtomic(path, 'old');
    symlinkSync(path, link);
    writeFileAtomic(link, 'new');
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
  });

  it.skipIf(!existsSync('/dev/full'))(
    'writes to a device as it is, and says that a disk is full',
    () => {
      writeFileAtomic('/dev/null', 'x');
      expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
      expect(() => writeFileAtomic('/dev/full', 'x')).toThrow(
        'cannot write /dev/full: the disk is full',
      );
    },
  );

  it('names a missing directory', () => {
    const path = join(directory, 'missing', 'a.txt');
    expect(() => writeFileAtomic(path, 'x')).toThrow(UserError);
    expect(() => writeFileAtomic(path, 'x')).toThrow(
      `cannot write ${path}: no such file or directory`,
    );
  });

  it('cleans up and keeps what was there when the last step fails', () => {
    const path = join(directory, 'taken');
    mkdirSync(join(path, 'inside'), { recursive: true });
    expect(() => writeFileAtomic(path, 'x')).toThrow(UserError);
    expect(readdirSync(directory)).toEqual(['taken']);
    expect(readdirSync(path)).toEqual(['inside']);
  });
});

describe('fileError', () => {
  const systemError = (code: string): Error =>
    Object.assign(new Error(`${code}: system text`), { code });

  it.each([
    ['ENOSPC', /cannot write \/x\/y: the disk is full; free some space/],
    ['EACCES', /cannot write \/x\/y: permission denied/],
    ['EROFS', /cannot write \/x\/y: the file system is read-only/],
    ['EWEIRD', /cannot write \/x\/y: EWEIRD: system text/],
  ])('says what to do about %s', (code, message) => {
    const error = fileError('write', '/x/y', systemError(code));
    expect(error).toBeInstanceOf(UserError);
    expect(String(error)).toMatch(message);
  });

  it('passes on what is not a system error', () => {
    const bug = new TypeError('bug');
    const user = new UserError('already said');
    expect(fileError('write', '/x', bug)).toBe(bug);
    expect(fileError('write', '/x', user)).toBe(user);
  });
});

describe('reading and directories', () => {
  it('round-trips JSON', () => {
    const path = join(directory, 'a.json');
    writeJsonAtomic(path, { b: [1, 2], a: null });
    expect(readJson(path)).toEqual({ b: [1, 2], a: null });
    expect(readText(path).endsWith('}\n')).toBe(true);
  });

  it('names a missing file and a broken one', () => {
    const missing = join(directory, 'none.json');
    expect(() => readJson(missing)).toThrow(`cannot read ${missing}: no such file`);
    const broken = join(directory, 'broken.json');
    writeFileSync(broken, '{"a":');
    expect(() => readJson(broken)).toThrow(UserError);
    expect(() => readJson(broken)).toThrow(`${broken} is not valid JSON`);
  });

  it('makes directories, and refuses where a file is in the way', () => {
    makeDirectory(join(directory, 'a', 'b'));
    makeDirectory(join(directory, 'a', 'b'));
    expect(readdirSync(join(directory, 'a'))).toEqual(['b']);
    writeFileSync(join(directory, 'file'), '');
    expect(() => makeDirectory(join(directory, 'file', 'sub'))).toThrow(UserError);
    expect(() => makeDirectory(join(directory, 'file'))).toThrow(
      `cannot make the directory ${join(directory, 'file')}: something of that name is in the way`,
    );
  });

  it('never gives the same temporary name twice, and stays in the directory', () => {
    const path = join(directory, 'a');
    expect(temporaryPath(path)).not.toBe(temporaryPath(path));
    expect(join(temporaryPath(path), '..')).toBe(directory);
  });
});
