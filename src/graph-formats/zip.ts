import { crc32 } from '../core/crc32.js';
import { messageOf, printable, UserError } from '../core/errors.js';
import { mapTuple } from '../core/tuples.js';
import { readError } from './collect.js';

/**
 * ZIP archives as .npz files are (PKWARE's APPNOTE 6.3): the directory stands at the end, and every
 * member has a head of its own before its bytes. ZIP64, which files of 4 GiB need, and encryption
 * are refused.
 */
export interface ZipMember {
  readonly name: string;
  /** Byte of its entry in the directory. */
  readonly at: number;
  readonly method: number;
  readonly checksum: number;
  readonly packed: number;
  readonly size: number;
  /** Byte of its own head. */
  readonly head: number;
}

const [END, ENTRY, HEAD] = [0x06054b50, 0x02014b50, 0x04034b50];
const [END_LENGTH, ENTRY_LENGTH, HEAD_LENGTH] = [22, 46, 30];
const LONGEST_COMMENT = 65_535;
const ENCRYPTED = 1;
const STORED = 0;
export const DEFLATED = 8;

const place = (at: number): string => `byte ${at}`;

/** What is wrong with an archive at a byte of it. */
export const damagedZip = (at: number, message: string): UserError =>
  readError(place(at), `${message}; copy or save the file again`);

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * The members that the directory lists, none of them unpacked. Throws a `UserError` where the file
 * is no sound archive.
 */
export function zipMembers(bytes: Uint8Array, most: number): ZipMember[] {
  const view = viewOf(bytes);
  const end = endOf(view);
  const count = view.getUint16(end + 10, true);
  if (count > most)
    throw readError(
      place(end),
      `an archive may hold at most ${most} arrays, got ${count}; save fewer`,
    );
  const members: ZipMember[] = [];
  let at = view.getUint32(end + 16, true);
  for (let index = 0; index < count; index++) {
    if (at + ENTRY_LENGTH > end || view.getUint32(at, true) !== ENTRY)
      throw damagedZip(
        Math.min(at, end),
        `entry ${index + 1} of ${count} of the archive's directory should begin here, but does not`,
      );
    const [nameLength, extra, comment] = mapTuple([28, 30, 32], (offset) =>
      view.getUint16(at + offset, true),
    );
    const [checksum, packed, size, head] = mapTuple([16, 20, 24, 42], (offset) =>
      view.getUint32(at + offset, true),
    );
    const name = new TextDecoder().decode(
      bytes.subarray(at + ENTRY_LENGTH, at + ENTRY_LENGTH + nameLength),
    );
    if ((view.getUint16(at + 8, true) & ENCRYPTED) !== 0)
      throw readError(
        place(at),
        `${printable(name)} is encrypted; save the file without a password`,
      );
    members.push({ name, at, method: view.getUint16(at + 10, true), checksum, packed, size, head });
    at += ENTRY_LENGTH + nameLength + extra + comment;
  }
  return members;
}

/** Byte of the record that ends an archive. */
function endOf(view: DataView): number {
  const last = view.byteLength - END_LENGTH;
  for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) {
    if (view.getUint32(at, true) === END && view.getUint16(at + 20, true) === last - at) return at;
  }
  throw damagedZip(
    view.byteLength,
    'a ZIP archive must end with its directory, which is not there: the file is cut off ' +
      'or of another format',
  );
}

/** Unfolds raw DEFLATE (RFC 1951) into at most so many bytes; throws where that is impossible. */
export type Inflate = (packed: Uint8Array, most: number) => Uint8Array;

/**
 * The bytes of a member, unpacked and checked. Takes the memory of `size`, which the caller has
 * looked at.
 */
export function memberBytes(bytes: Uint8Array, member: ZipMember, inflate: Inflate): Uint8Array {
  const { name, size, checksum } = member;
  const { packed, start } = packedBytes(bytes, member);
  const found = unpacked(packed, member, start, inflate);
  if (found.length !== size)
    throw damagedZip(
      start,
      `${printable(name)} should unfold to ${size} bytes, got ${found.length}`,
    );
  if (crc32(found) !== checksum)
    throw damagedZip(start, `the checksum of ${printable(name)} is wrong`);
  return found;
}

/** The bytes of a member as they stand in the file, and where they begin. */
export function packedBytes(
  bytes: Uint8Array,
  { name, at, head, packed }: ZipMember,
): { readonly packed: Uint8Array; readonly start: number } {
  const view = viewOf(bytes);
  if (head + HEAD_LENGTH > bytes.length || view.getUint32(head, true) !== HEAD)
    throw damagedZip(
      at,
      `the directory says that ${printable(name)} begins at byte ${head}, but nothing does`,
    );
  const start =
    head + HEAD_LENGTH + view.getUint16(head + 26, true) + view.getUint16(head + 28, true);
  if (start + packed > bytes.length)
    throw damagedZip(
      head,
      `${printable(name)} should end at byte ${start + packed}, but the file has ${bytes.length}`,
    );
  return { packed: bytes.subarray(start, start + packed), start };
}

export function unpacked(
  bytes: Uint8Array,
  { method, size, name }: ZipMember,
  start: number,
  inflate: Inflate,
): Uint8Array {
  if (method === STORED) return bytes;
  if (method !== DEFLATED)
    throw readError(
      place(start),
      `${printable(name)} is packed by method ${method}, which is not read; save the ` +
        'file with numpy.savez_compressed',
    );
  try {
    return inflate(bytes, size);
  } catch (error) {
    throw damagedZip(
      start,
      `${printable(name)} cannot be unfolded: ${printable(messageOf(error))}`,
    );
  }
}
