import { performance } from 'node:perf_hooks';
import { UserError } from '../../src/core/errors.js';
import { parseGraphFile, type GraphFormat, type ReadOptions } from '../../src/public/graph.js';
import {
  latin,
  latinBytes,
  structureMutations,
  type Mutation,
  type Random,
} from './formats-fuzz-structure.js';

/** What became of the mutated files of one format. */
export interface FuzzResult {
  readonly cases: number;
  /** Files that were still read as a graph. */
  readonly graphs: number;
  /**
   * Different messages, but for numbers and quoted text: how many of the reader's refusals were
   * reached.
   */
  readonly messages: number;
  readonly slowestMs: number;
  /** Everything that is neither a graph nor a good error, at most 20. */
  readonly faults: readonly string[];
}

/** Slower than this is a hang: the files are small. */
const MOST_MS = 2000;

/** What a message must begin with: a line, a byte, an element. */
const PLACE =
  /^(line \d+|byte \d+( \(.{1,90}\))?|.{0,90}\.npy, byte \d+|whole file|the file|[\w.-]+(\.\w+|\[\d+\])*): ./s;

/**
 * Messages of the file as a whole are about its size or its choice of arrays; whatever is damaged
 * is damaged somewhere.
 */
const WHOLE =
  /^(whole file|the file): (a graph (must have at least one node|may have at most)|a square matrix of real numbers is needed|a density of \S+ allows for|there (are \d+ square matrices|is no array)|the array |a sparse matrix of this format needs the member|an object (of node-link JSON with nodes and edges )?is expected here)/;

/**
 * Mutates the files of a format again and again; each must end in a graph or a `UserError` that
 * names a place, quickly and silently.
 */
export function fuzzFormat(
  format: GraphFormat,
  files: readonly Uint8Array[],
  cases: number,
  seed: number,
): FuzzResult {
  const random = randomBelow(seed);
  const structural = structureMutations(format.name);
  const faults: string[] = [];
  const messages = new Set<string>();
  let graphs = 0;
  let slowestMs = 0;
  const silence = listenToConsole((text) => faults.push(`printed: ${text}`));
  for (let at = 0; at < cases && faults.length < 20; at++) {
    const bytes = inBuffer(mutated(files, random, structural), random);
    const threshold = random(3) === 0 ? random(3) - 1 : null;
    const options: ReadOptions = {
      threshold,
      density: threshold === null && random(4) === 0 ? 0.1 : null,
      absolute: random(4) === 0,
      weights: random(4) === 0,
      directed: [null, null, true, false][random(4)],
      variable: null,
      source: null,
      target: null,
      weight: null,
      named: random(2) === 0,
    };
    const start = performance.now();
    const { fault, message } = outcomeOf(format, bytes, options, random(8) === 0);
    const spent = performance.now() - start;
    slowestMs = Math.max(slowestMs, spent);
    if (message === null) graphs++;
    else messages.add(message.replace(/"[^]*"|\(.*?\)|-?\d+(\.\d+)?/g, '.'));
    if (fault !== null)
      faults.push(
        `case ${at}: ${fault}; file ` +
          JSON.stringify(Buffer.from(bytes).toString('latin1').slice(0, 400)),
      );
    if (spent > MOST_MS) faults.push(`case ${at}: took ${spent.toFixed(0)} ms`);
  }
  silence();
  return { cases, graphs, messages: messages.size, slowestMs, faults };
}

interface Outcome {
  /** What is wrong with how it ended, or null. */
  readonly fault: string | null;
  /** The message of the error, or null for a graph. */
  readonly message: string | null;
}

/** Reads a file, and where `unnamed` also as one whose format must be found out. */
function outcomeOf(
  format: GraphFormat,
  bytes: Uint8Array,
  options: ReadOptions,
  unnamed: boolean,
): Outcome {
  try {
    const found = format.read!(bytes, options);
    format.looksLike?.(bytes);
    return {
      fault:
        found.labels.length === found.graph.nodes
          ? null
          : `${found.labels.length} labels for ${found.graph.nodes} nodes`,
      message: null,
    };
  } catch (error) {
    if (!(error instanceof UserError)) return { fault: described(error), message: '' };
    const { message } = error;
    const placed =
      PLACE.test(message) && (!/^(whole|the) file: /.test(message) || WHOLE.test(message));
    return {
      fault:
        placed && message.length < 1000
          ? unnamed
            ? faultUnnamed(bytes, options)
            : null
          : `no place: ${message.slice(0, 300)}`,
      message,
    };
  }
}

function faultUnnamed(bytes: Uint8Array, options: ReadOptions): string | null {
  try {
    parseGraphFile('graph', bytes, options);
  } catch (error) {
    if (!(error instanceof UserError)) return `without a name: ${described(error)}`;
  }
  return null;
}

const described = (error: unknown): string =>
  error instanceof Error
    ? `${error.name}: ${error.message} ${error.stack?.split('\n')[1] ?? ''}`
    : String(error);

/**
 * The same bytes as files come from the disk: in a Node Buffer, which may be a part of a larger
 * one.
 */
function inBuffer(bytes: Uint8Array, random: Random): Uint8Array {
  const from = random(9);
  if (from === 0) return bytes;
  const whole = Buffer.alloc(from + bytes.length + random(9), 0x37);
  whole.set(bytes, from);
  return whole.subarray(from, from + bytes.length);
}

/** Calls `heard` for what is printed, until the returned function is called. */
function listenToConsole(heard: (text: string) => void): () => void {
  const names = ['log', 'info', 'warn', 'error', 'debug'] as const;
  const before = names.map((name) => console[name]);
  for (const name of names) console[name] = (...parts: unknown[]) => heard(parts.join(' '));
  return () => names.forEach((name, at) => (console[name] = before[at]));
}

/** Small and fast: mulberry32. */
function randomBelow(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/**
 * A file changed 1 to 3 times: in half of the cases by what keeps it well formed, where there is
 * such.
 */
function mutated(
  files: readonly Uint8Array[],
  random: Random,
  structural: readonly Mutation[],
): Uint8Array {
  const mutations = structural.length > 0 && random(2) === 0 ? structural : MUTATIONS;
  let bytes = files[random(files.length)];
  for (let count = 1 + random(3); count > 0; count--)
    bytes = mutations[random(mutations.length)](bytes, random, files);
  return bytes;
}

/** Words, numbers, white space and marks of the text. */
const tokensOf = (bytes: Uint8Array): string[] => latin(bytes).match(/\w+|\s+|[^\w\s]/g) ?? [];

function withTokens(change: (tokens: string[], at: number, random: Random) => void): Mutation {
  return (bytes, random) => {
    const tokens = tokensOf(bytes);
    if (tokens.length > 0) change(tokens, random(tokens.length), random);
    return latinBytes(tokens.join(''));
  };
}

function spliced(bytes: Uint8Array, from: number, remove: number, insert: Uint8Array): Uint8Array {
  return new Uint8Array([...bytes.subarray(0, from), ...insert, ...bytes.subarray(from + remove)]);
}

const NUMBERS = [
  '0',
  '-1',
  '1e309',
  '99999999999999999999',
  '20001',
  '4294967296',
  'NaN',
  '0.5',
  '1e-9',
  '-0',
  '0x10',
  '007',
];
const WORDS = [
  '__proto__',
  'constructor',
  '&a;',
  '<!DOCTYPE a [<!ENTITY b "c">]>',
  ']]>',
  '<node>',
  '</graph>',
  '"',
  "'",
  '{',
  ']',
  '\0',
  '\u00ff\u00fe',
  '#',
  '%',
  '\r',
  '\t',
  ',',
  '>>graph6<<',
  ':',
  '&',
  '~~',
  'true',
  'null',
  '{"a":',
];

const MUTATIONS: readonly Mutation[] = [
  // A bit flipped.
  (bytes, random) => {
    const copy = bytes.slice();
    if (copy.length > 0) copy[random(copy.length)] ^= 1 << random(8);
    return copy;
  },
  // Cut off.
  (bytes, random) => bytes.subarray(0, random(bytes.length + 1)),
  // Random bytes put in or over.
  (bytes, random) =>
    spliced(
      bytes,
      random(bytes.length + 1),
      random(4),
      Uint8Array.from({ length: 1 + random(8) }, () => random(256)),
    ),
  // A stretch taken out, or doubled.
  (bytes, random) => spliced(bytes, random(bytes.length + 1), random(20), new Uint8Array(0)),
  (bytes, random) => {
    const from = random(bytes.length + 1);
    return spliced(bytes, from, 0, bytes.slice(from, from + random(60)));
  },
  // Bytes set to the ends of their range.
  (bytes, random) => {
    const copy = bytes.slice();
    const from = random(bytes.length + 1);
    copy.fill([0, 255, 127, 128][random(4)], from, from + 1 + random(8));
    return copy;
  },
  withTokens((tokens, at) => tokens.splice(at, 1)),
  withTokens((tokens, at) => tokens.splice(at, 0, tokens[at])),
  withTokens((tokens, at, random) => {
    const other = random(tokens.length);
    [tokens[at], tokens[other]] = [tokens[other], tokens[at]];
  }),
  withTokens((tokens, at, random) => {
    const numbers = tokens.flatMap((token, index) => (/^\d+$/.test(token) ? [index] : []));
    tokens[numbers.length > 0 ? numbers[random(numbers.length)] : at] =
      NUMBERS[random(NUMBERS.length)];
  }),
  withTokens((tokens, at, random) => (tokens[at] = WORDS[random(WORDS.length)])),
  withTokens((tokens, at, random) => tokens.splice(at, 0, WORDS[random(WORDS.length)])),
  // Nesting.
  withTokens((tokens, at, random) =>
    tokens.splice(
      at,
      0,
      ['[', '{"a":', '<node id="x">', '(', '<graph>'][random(5)].repeat(1 + random(2000)),
    ),
  ),
  // Lines doubled, turned round.
  (bytes, random) => {
    const lines = latin(bytes).split('\n');
    lines.splice(random(lines.length), random(2), lines[random(lines.length)]);
    return latinBytes(lines.join('\n'));
  },
  // Two files in one.
  (bytes, random, files) => {
    const other = files[random(files.length)];
    return spliced(
      bytes.subarray(0, random(bytes.length + 1)),
      bytes.length,
      0,
      other.subarray(random(other.length + 1)),
    );
  },
  // No file at all.
  (_bytes, random) => Uint8Array.from({ length: random(40) }, () => random(256)),
];
