import { canonicalJson } from '../../src/core/canonical-json.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InternalError } from '../../src/core/errors.js';
import { sha256Hex } from '../../src/platform/hash.js';

describe('sha256Hex', () => {
  it('gives the published test vectors', () => {
    expect(sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(sha256Hex('abc')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('hashes text as UTF-8, and shared memory like any other', () => {
    const bytes = new TextEncoder().encode('häßlich');
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    expect(sha256Hex('häßlich')).toBe(sha256Hex(bytes));
    expect(sha256Hex(shared)).toBe(sha256Hex(bytes));
  });
});

describe('canonicalJson', () => {
  it('sorts keys at every depth and leaves out undefined properties', () => {
    expect(canonicalJson({ b: [{ z: 1, a: null }], a: true, c: undefined })).toBe(
      '{"a":true,"b":[{"a":null,"z":1}]}',
    );
  });

  it('does not depend on the order of insertion, and parses back to the value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        const text = canonicalJson(value);
        expect(canonicalJson(reversed)).toBe(text);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it.each([
    [NaN],
    [Infinity],
    [[undefined]],
    [{ f: () => 1 }],
    [new Date(0)],
    [new Float32Array(1)],
  ])('refuses %s, which JSON cannot hold', (value) => {
    expect(() => canonicalJson(value)).toThrow(InternalError);
  });
});
