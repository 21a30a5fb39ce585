/**
 * Bytes, all 0, that worker threads can share: where there is no shared memory (a page that is not
 * cross-origin isolated) bytes of this thread alone.
 */
export function sharedBytes(count: number): Uint8Array {
  const shared = typeof SharedArrayBuffer !== 'undefined';
  return new Uint8Array(shared ? new SharedArrayBuffer(count) : new ArrayBuffer(count));
}
