import { createHash } from 'node:crypto';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { CifarLayout } from '../../src/data-files/cifar.js';
import { cifar10Layout } from '../../src/data-files/cifar10.js';
import type { Download } from '../../src/data-files/published.js';

export const RECORD = 3073;

export const cifar10Files = [...cifar10Layout.train, ...cifar10Layout.test].map(({ name }) => name);

/** CIFAR-10 with other numbers of records in its files, and from another place. */
export function smallCifar(records: number, archive = cifar10Layout.archive): CifarLayout {
  const { train, test } = cifar10Layout;
  return {
    ...cifar10Layout,
    train: train.map(({ name }) => ({ name, records })),
    test: test.map(({ name }) => ({ name, records })),
    archive,
  };
}

/**
 * The bytes of one made-up file: labels 0..9 in turn, every pixel byte a mix of file, record and
 * place.
 */
export function fakeBatch(file: number, records: number): Uint8Array {
  const bytes = new Uint8Array(records * RECORD);
  for (let r = 0; r < records; r++) {
    bytes[r * RECORD] = (file + r) % 10;
    for (let i = 1; i < RECORD; i++) bytes[r * RECORD + i] = (file * 41 + r * 7 + i * 13) & 255;
  }
  return bytes;
}

/** A made-up CIFAR-10 of a few records a file in `folder`. */
export function writeFakeCifar(folder: string, records: number): void {
  mkdirSync(folder, { recursive: true });
  cifar10Files.forEach((file, i) => writeFileSync(join(folder, file), fakeBatch(i, records)));
  writeFileSync(join(folder, cifar10Layout.namesFile), `${cifar10Layout.classes.join('\n')}\n\n`);
}

/** Six files of the true size, all zeros and sparse: every picture a black airplane. */
export function writeBlackCifar(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const file of cifar10Files) {
    writeFileSync(join(folder, file), '');
    truncateSync(join(folder, file), 10_000 * RECORD);
  }
}

/** A tar record: header with its checksum, content padded to 512 bytes. */
export function tarRecord(name: string, bytes: Uint8Array, type = '0'): Uint8Array {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000644\0', 100);
  header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124);
  header.fill(' ', 148, 156);
  header.write(type, 156);
  header.write('ustar\u000000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}

export const TAR_END = Buffer.alloc(1024);

/** A made-up archive laid out as the published one is, and its description for `getPublished`. */
export function fakeArchive(records: number): {
  bytes: Buffer;
  describe: (url: string) => Download;
} {
  const folder = cifar10Layout.folder;
  const tar = [
    tarRecord(`${folder}/`, new Uint8Array(0), '5'),
    tarRecord(`${folder}/readme.html`, Buffer.from('<p>')),
    tarRecord(
      `${folder}/${cifar10Layout.namesFile}`,
      Buffer.from(`${cifar10Layout.classes.join('\n')}\n\n`),
    ),
    ...cifar10Files.map((file, i) => tarRecord(`${folder}/${file}`, fakeBatch(i, records))),
    TAR_END,
  ];
  // Stored, not compressed: long enough to be cut in the middle.
  const bytes = gzipSync(Buffer.concat(tar), { level: 0 });
  const md5 = createHash('md5').update(bytes).digest('hex');
  return {
    bytes,
    describe: (url) => ({ url, file: 'cifar-10-binary.tar.gz', bytes: bytes.length, md5 }),
  };
}
