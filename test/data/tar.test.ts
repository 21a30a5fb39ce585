import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { tarFiles } from '../../src/data-files/tar.js';
import type { TarFile } from '../../src/data-files/tar.js';
import { TAR_END, tarRecord } from './fixtures.js';

/** The bytes in pieces of a size, as a stream gives them. */
async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readAll(bytes: Uint8Array, size = 700): Promise<TarFile[]> {
  const files: TarFile[] = [];
  for await (const file of tarFiles(pieces(bytes, size))) files.push(file);
  return files;
}

describe('tarFiles', () => {
  it('gives back any files, whatever the pieces', async () => {
    const file = fc.record({
      name: fc.stringMatching(/^[a-z/.]{1,99}$/),
      bytes: fc.uint8Array({ maxLength: 1600 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(file, { maxLength: 5 }),
        fc.integer({ min: 1, max: 2000 }),
        async (files, size) => {
          const tar = Buffer.concat([
            ...files.map(({ name, bytes }) => tarRecord(name, bytes)),
            TAR_END,
          ]);
          const found = await readAll(tar, size);
          expect(found.map(({ name, bytes }) => [name, [...bytes]])).toEqual(
            files.map(({ name, bytes }) => [name, [...bytes]]),
          );
        },
      ),
    );
  });

  it('passes over directories, links and extension records', async () => {
    const tar = Buffer.concat([
      tarRecord('d/', new Uint8Array(0), '5'),
      tarRecord('l', new Uint8Array(0), '2'),
      tarRecord('x', Buffer.from('pax'), 'x'),
      tarRecord('f', Buffer.from('yes')),
      TAR_END,
    ]);
    expect((await readAll(tar)).map(({ name }) => name)).toEqual(['f']);
  });

  it('refuses any cut within a file or a header', async () => {
    const tar = Buffer.concat([
      tarRecord('a', Buffer.alloc(600, 1)),
      tarRecord('b', Buffer.alloc(10, 1)),
    ]);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: tar.length - 503 }), async (length) => {
        // A cut between two files is an archive of the first one; a cut within the padding loses
        // nothing.
        fc.pre(!(length >= 512 + 600 && length <= 512 + 1024));
        await expect(readAll(tar.subarray(0, length))).rejects.toThrow(UserError);
      }),
    );
  });

  it('refuses a header that was changed', async () => {
    const tar = Buffer.concat([tarRecord('a', Buffer.alloc(6)), TAR_END]);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 147 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, change) => {
          const bad = Buffer.from(tar);
          bad[at] = bad[at] ^ change;
          await expect(readAll(bad)).rejects.toThrow(/damaged/);
        },
      ),
    );
  });
});
