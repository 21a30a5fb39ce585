import { describe, expect, it } from 'vitest';
import { deeperThan } from '../../src/core/depth.js';
import { similarNames, suggestion } from '../../src/core/similar.js';
import { sizesApart, sizeText } from '../../src/core/sizes.js';
import { encodingProblem, utf8Text } from '../../src/core/text.js';

describe('sizes', () => {
  it('are never shown as nothing where there is something', () => {
    expect(
      [0, 1, 1023, 1024, 50_000_000, 2 ** 30, 2 ** 70].map((bytes) => sizeText(bytes)),
    ).toEqual(['0 bytes', '1 bytes', '1023 bytes', '1.0 KiB', '47.7 MiB', '1.0 GiB', '1024.0 EiB']);
  });

  it('tell a limit from what is just above it', () => {
    expect(sizesApart(2 ** 30, 2 ** 30 + 2 ** 20)).toEqual(['1.000 GiB', '1.001 GiB']);
    expect(sizesApart(2 ** 30, 2 ** 31)).toEqual(['1.0 GiB', '2.0 GiB']);
  });
});

describe('names that may have been meant', () => {
  it.each([
    ['sed', ['n', 'k', 'p', 'seed'], ['seed']],
    ['resnet-34', ['resnet34', 'resnet50'], ['resnet34']],
    ['learning_rate', ['learningRate', 'momentum'], ['learningRate']],
    ['epohcs', ['epochs', 'batch'], ['epochs']],
    ['cat', ['dog', 'mlp'], []],
    ['', ['n'], []],
    ['x'.repeat(5000), ['xx'], []],
  ])('%s', (name, valid, near) => {
    expect(similarNames(name, valid)).toEqual(near);
  });

  it('are told, or nothing is', () => {
    expect(suggestion('thresold', ['threshold'])).toBe(' (did you mean threshold?)');
    expect(suggestion('abc', ['threshold'])).toBe('');
  });
});

describe('bytes that are no text in UTF-8', () => {
  const utf16 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf16le'));

  it.each([
    ['UTF-16 with a mark', new Uint8Array([0xff, 0xfe, ...utf16('a: 1')]), 'UTF-16'],
    ['UTF-16 without', utf16('plexus: 1\nname: one\n'), 'UTF-16'],
    ['zeros', new Uint8Array(100), 'a binary file'],
    [
      'a picture',
      new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]),
      'a binary file',
    ],
    ['text', new TextEncoder().encode('a: ä\t1\r\n'), null],
    ['nothing', new Uint8Array(), null],
  ])('are named: %s', (_, bytes, problem) => {
    expect(encodingProblem(bytes)).toBe(problem);
  });

  it('are told with the line where they stand', () => {
    const latin = new Uint8Array([97, 10, 98, 10, 0xe4, 99, 10]);
    expect(() => utf8Text(latin, 'a.yaml')).toThrow(
      'a.yaml:3: a text must be UTF-8, and this line',
    );
    expect(utf8Text(new Uint8Array([0xef, 0xbb, 0xbf, 97]), 'a.yaml')).toBe('a');
  });
});

describe('depth', () => {
  it('is found without the stack', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 200_000; i++) deep = [deep];
    expect(deeperThan(deep, 100)).toBe(true);
    expect(deeperThan({ a: [{ b: 1 }] }, 3)).toBe(false);
    expect(deeperThan({ a: [{ b: 1 }] }, 2)).toBe(true);
  });
});
