import { describe, expect, it, vi } from 'vitest';
import { parseStudySpec } from '../../src/store/spec-file.js';

const GOOD =
  'plexus: 1\nname: one\nbaseline: complete:n=8\ngraphs: ["ws-flex:n=8,k=4,p=0,seed=1"]\n';
const messageOf = (text: string): string => {
  try {
    parseStudySpec(text, '/home/me/s.yaml');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'no error';
};

describe('values that YAML reads as something else', () => {
  it.each([
    ['name: one', 'name: 2024', 'a number; put it in quotes: "2024"'],
    ['name: one', 'name: 1e3', 'got 1e3, which YAML reads as a number; put it in quotes: "1e3"'],
    [
      'name: one',
      'name: true',
      'got true, which YAML reads as true or false; put it in quotes: "true"',
    ],
    ['name: one', 'name:', 'got null; give it a value'],
    ['baseline: complete:n=8', 'baseline: 7', 'a number; put it in quotes: "7"'],
    ['graphs: ["ws-flex:n=8,k=4,p=0,seed=1"]', 'graphs: [7]', 'put it in quotes: "7"'],
    ['name: one', 'name: one\narch: 7', 'put it in quotes: "7"'],
    ['name: one', 'name: one\ndata: {name: 7}', 'put it in quotes: "7"'],
  ])('%s as %s are to be put in quotes', (from, to, message) => {
    expect(messageOf(GOOD.replace(from, to))).toContain(message);
  });

  it('are told as they are written, beyond 2^53 too', () => {
    expect(messageOf(`${GOOD}seeds: [9007199254740993]`)).toContain('got 9007199254740993');
    expect(messageOf(GOOD.replace('seed=1', 'seed=9007199254740993'))).toContain(
      'must be an integer, got seed=9007199254740993',
    );
  });
});

describe('what YAML allows and a spec does not', () => {
  it.each([
    ['a list as a key', `${GOOD}[a, b]: 3`, '/home/me/s.yaml:5: a key is a word; got'],
    ['braces as a key', `${GOOD}{name: x}: 3`, '/home/me/s.yaml:5: a key is a word; got'],
    ['such a key deeper down', `${GOOD}train: {[a]: 3}`, '/home/me/s.yaml:5: a key is a word'],
    [
      'a tag that is not known',
      GOOD.replace('name: one', 'name: !word one'),
      '/home/me/s.yaml:2: not valid YAML: Unresolved tag',
    ],
  ])('%s is refused in its line, and the parser says nothing besides', (_, text, message) => {
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue(undefined);
    try {
      expect(messageOf(text)).toContain(message);
      expect(warn).not.toHaveBeenCalled();
    } finally {
      warn.mockRestore();
    }
  });
});

describe('misspelt words of a spec', () => {
  it.each([
    [`${GOOD}seed: 3`, '(did you mean seeds?)'],
    [`${GOOD}epochs: 3`, '(did you mean train.epochs?)'],
    [`${GOOD}train: {seeds: 3}`, '(did you mean seeds or confirm.seeds?)'],
    [`${GOOD}train: {learning_rate: 3}`, '(did you mean learningRate?)'],
    [`${GOOD}train: {schedule: cosin}`, '(did you mean cosine?)'],
    [`${GOOD}arch: resnet-34`, '(did you mean resnet34?)'],
    [`${GOOD}data: {name: cifar-10}`, '(did you mean cifar10?)'],
    [`${GOOD}search: {polcy: random}`, '(did you mean policy?)'],
    [GOOD.replace('ws-flex', 'wsflex'), '(did you mean ws-flex?)'],
    [GOOD.replace('k=4', 'K=4'), '(did you mean k?)'],
    [GOOD.replace('["', '[{flie: "').replace('"]', '"}]'), '(did you mean file?)'],
  ])('%#: %s', (text, message) => {
    expect(messageOf(text)).toContain(message);
  });
});

describe('texts that would take the machine down', () => {
  it.each([
    ['lists in lists', `${GOOD}train: ${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    ['some lists in lists', `${GOOD}train: ${'['.repeat(400)}${']'.repeat(400)}`],
  ])('are refused in words: %s', (_, text) => {
    expect(messageOf(text)).toContain('lists and mappings may be nested 100 deep');
  });

  it('and those of aliases of aliases', () => {
    const list = (name: string): string => `[${Array<string>(9).fill(name).join(',')}]`;
    const lines = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(
      (name, at, all) => `${name}: &${name} ${list(at === 0 ? 'x' : `*${all[at - 1]}`)}`,
    );
    expect(messageOf(`${lines.join('\n')}\n`)).toContain('aliases (*name) may not multiply');
  });
});
