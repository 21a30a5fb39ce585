import { inflateRawSync } from 'node:zlib';
import { messageOf, printable } from '../../core/errors.js';
import {
  damagedZip,
  DEFLATED,
  memberBytes,
  packedBytes,
  unpacked,
  type ZipMember,
} from '../../graph-formats/zip.js';
import { beginningOfRaw } from './inflate.js';

/** The bytes of a member, unpacked by Node and checked: see `memberBytes`. */
export function unzipped(bytes: Uint8Array, member: ZipMember): Uint8Array {
  return memberBytes(bytes, member, inflateMember);
}

/** As Node unfolds. One buffer for all: of several, their joining would hold everything twice. */
export function inflateMember(packed: Uint8Array, size: number): Uint8Array {
  const most = Math.max(1, size);
  return inflateRawSync(packed, { maxOutputLength: most, chunkSize: Math.max(64, most + 1) });
}

/** How a member begins, unpacked: enough for the head of an array, and never more than some MiB. */
export function beginningOfMember(bytes: Uint8Array, member: ZipMember): Uint8Array {
  const { packed, start } = packedBytes(bytes, member);
  if (member.method !== DEFLATED) return unpacked(packed, member, start, inflateMember);
  try {
    return beginningOfRaw(packed);
  } catch (error) {
    throw damagedZip(
      start,
      `${printable(member.name)} cannot be unfolded: ${printable(messageOf(error))}`,
    );
  }
}
