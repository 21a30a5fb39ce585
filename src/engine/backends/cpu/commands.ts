/**
 * The commands of the C kernels: the one source of their opcodes and operands. `native/ops.gen.h`
 * is made from it (scripts/make-ops-header.ts).
 */

/**
 * What an operand is, in words of 32 bits. `memory` and `table`: an offset in floats from the start
 * of the memory, to floats and to int32 words; of `memory or none` also -1. `int`, `float`: a
 * number. `double`: one of 64 bits, two words. `windows`, `shape`: a group, see `GROUPS`.
 */
export type OperandKind =
  'memory' | 'memory or none' | 'table' | 'int' | 'float' | 'double' | keyof typeof GROUPS;

/** Operands that several commands have in one piece. */
export const GROUPS = {
  /** Tables of where windows fall, and what they are indexed by. */
  windows: {
    rows: 'table',
    columns: 'table',
    kernel: 'int',
    outHeight: 'int',
    outWidth: 'int',
    inWidth: 'int',
  },
  shape: {
    kernel: 'int',
    stride: 'int',
    padding: 'int',
    inHeight: 'int',
    inWidth: 'int',
    outHeight: 'int',
    outWidth: 'int',
    inChannels: 'int',
    outChannels: 'int',
  },
} as const;

const PLANES = { channels: 'int', plane: 'int' } as const;
const AFFINE = { ...PLANES, gamma: 'memory', beta: 'memory', act: 'int' } as const;
const NORM = { x: 'memory', y: 'memory', residual: 'memory or none', ...AFFINE } as const;
const RUNNING = { mean: 'memory', var: 'memory' } as const;
const SAVED = { savedMean: 'memory', savedInv: 'memory' } as const;
const GRADIENTS = { gradGamma: 'memory', gradBeta: 'memory' } as const;
const HEADS = { plane: 'int', channels: 'int', heads: 'int', scratch: 'memory' } as const;

/** Every command with its operands in order. Opcodes count from 1. */
export const COMMANDS = {
  product: {
    y: 'memory',
    x: 'memory',
    w: 'memory',
    bias: 'memory or none',
    table: 'table',
    groups: 'int',
    transposed: 'int',
    accumulate: 'int',
    rows: 'int',
    bf16: 'int',
  },
  weightGrad: {
    x: 'memory',
    dy: 'memory',
    w: 'memory',
    v: 'memory',
    g: 'memory',
    scratch: 'memory',
    table: 'table',
    groups: 'int',
    rows: 'int',
    fused: 'int',
    bf16: 'int',
  },
  planeSums: { x: 'memory', out: 'memory', ...PLANES },
  normTrain: { ...NORM, ...RUNNING, ...SAVED, eps: 'float', momentum: 'float' },
  normEval: { ...NORM, ...RUNNING, eps: 'float' },
  normGrad: {
    x: 'memory',
    /** None where no residual was added: the kernel makes it again. */
    y: 'memory or none',
    dy: 'memory',
    dx: 'memory',
    dresidual: 'memory or none',
    accumulate: 'int',
    ...AFFINE,
    ...SAVED,
    ...GRADIENTS,
  },
  activation: { act: 'int', x: 'memory', y: 'memory', rows: 'int' },
  activationGrad: {
    act: 'int',
    x: 'memory',
    y: 'memory',
    dy: 'memory',
    dx: 'memory',
    rows: 'int',
  },
  softmaxLoss: {
    logits: 'memory',
    dlogits: 'memory or none',
    classes: 'int',
    labels: 'table',
    metrics: 'memory',
    smoothing: 'float',
  },
  update: { w: 'memory', v: 'memory', g: 'memory', n: 'int' },
  images: {
    x: 'memory',
    staged: 'memory',
    transforms: 'table',
    scaling: 'memory',
    lines: 'memory',
    channels: 'int',
    height: 'int',
    width: 'int',
  },
  conv: {
    y: 'memory',
    x: 'memory',
    w: 'memory',
    bias: 'memory or none',
    table: 'table',
    groups: 'int',
    accumulate: 'int',
    zeros: 'memory',
    step: 'int',
    windows: 'windows',
    inChannels: 'int',
    outChannels: 'int',
  },
  convWeightGrad: {
    x: 'memory',
    dy: 'memory',
    g: 'memory',
    zeros: 'memory',
    table: 'table',
    groups: 'int',
    shape: 'shape',
  },
  depthwise: {
    y: 'memory',
    x: 'memory',
    w: 'memory',
    channels: 'int',
    accumulate: 'int',
    windows: 'windows',
  },
  depthwiseWeightGrad: { x: 'memory', dy: 'memory', g: 'memory', shape: 'shape' },
  maxPool: { x: 'memory', y: 'memory', channels: 'int', windows: 'windows' },
  maxPoolGrad: {
    x: 'memory',
    y: 'memory',
    dy: 'memory',
    dx: 'memory',
    inPlane: 'int',
    channels: 'int',
    windows: 'windows',
  },
  windowSums: { x: 'memory', y: 'memory', channels: 'int', scale: 'float', windows: 'windows' },
  globalPool: { x: 'memory', y: 'memory', ...PLANES },
  globalPoolGrad: { dy: 'memory', dx: 'memory', ...PLANES },
  add: { a: 'memory', b: 'memory or none', y: 'memory', rows: 'int' },
  channelScale: { x: 'memory', s: 'memory', y: 'memory', ...PLANES },
  channelScaleGrad: {
    x: 'memory',
    s: 'memory',
    dy: 'memory',
    dx: 'memory',
    ds: 'memory',
    ...PLANES,
  },
  positionalEmbedding: { x: 'memory', w: 'memory', y: 'memory', ...PLANES },
  positionalEmbeddingWeightGrad: { dy: 'memory', g: 'memory', ...PLANES },
  layerNorm: {
    x: 'memory',
    y: 'memory',
    ...PLANES,
    gamma: 'memory',
    beta: 'memory',
    eps: 'float',
  },
  layerNormGrad: {
    x: 'memory',
    dy: 'memory',
    dx: 'memory',
    ...PLANES,
    gamma: 'memory',
    eps: 'float',
    ...GRADIENTS,
  },
  attention: { q: 'memory', k: 'memory', v: 'memory', y: 'memory', ...HEADS },
  attentionGrad: {
    q: 'memory',
    k: 'memory',
    v: 'memory',
    dy: 'memory',
    dq: 'memory',
    dk: 'memory',
    dv: 'memory',
    ...HEADS,
  },
  transpose: { from: 'memory', to: 'memory', order: 'table', n: 'int' },
  normStatistics: {
    ...NORM,
    ...RUNNING,
    ...SAVED,
    eps: 'float',
    sums: 'memory',
    momentum: 'float',
    exactMomentum: 'double',
  },
  /** `table`: of native/rows.h, for 1 to `most` samples; `many`: the product's, for more. */
  inferenceProduct: {
    y: 'memory',
    x: 'memory',
    w: 'memory',
    bias: 'memory or none',
    table: 'table',
    groups: 'int',
    most: 'int',
    many: 'table',
    manyGroups: 'int',
    rows: 'int',
    inputs: 'int',
    depth: 'int',
    scratch: 'memory',
  },
  roundRows: { from: 'memory', to: 'memory', rows: 'int', how: 'int' },
  roundWeights: {
    from: 'memory',
    to: 'memory',
    n: 'int',
    table: 'table',
    groups: 'int',
    transposed: 'int',
    rows: 'int',
  },
  roundNumbers: { from: 'memory', to: 'memory', n: 'int' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, OperandKind>>>>;

export type CommandName = keyof typeof COMMANDS;

/** The numbers of a group of operands, by name. */
export type GroupOf<Name extends keyof typeof GROUPS> = Readonly<
  Record<keyof (typeof GROUPS)[Name], number>
>;

/** The operands of a command, by name. */
export type Operands<Name extends CommandName> = {
  readonly [
    Operand in keyof (typeof COMMANDS)[Name]
  ]: (typeof COMMANDS)[Name][Operand] extends keyof typeof GROUPS
    ? GroupOf<(typeof COMMANDS)[Name][Operand]>
    : number;
};

/** An operand that names no memory. */
export const NONE = -1;

const asFloat = new Float32Array(1);
const asWord = new Int32Array(asFloat.buffer);
const asDouble = new Float64Array(1);
const asWords = new Int32Array(asDouble.buffer);

/** The words of one operand. */
function wordsOf(kind: OperandKind, value: number | Readonly<Record<string, number>>): number[] {
  if (typeof value !== 'number')
    return Object.keys(GROUPS[kind as keyof typeof GROUPS]).map((name) => value[name]);
  if (kind === 'float') {
    asFloat[0] = value;
    return [asWord[0]];
  }
  if (kind === 'double') {
    asDouble[0] = value;
    return [...asWords];
  }
  return [value];
}

const OPCODES: ReadonlyMap<string, number> = new Map(
  Object.keys(COMMANDS).map((name, i) => [name, i + 1]),
);

/** Where the commands of a list lie: each one's first word and how many it has. */
export function commandsIn(
  words: ArrayLike<number>,
): { name: CommandName; from: number; length: number }[] {
  const names = Object.keys(COMMANDS) as CommandName[];
  const found: { name: CommandName; from: number; length: number }[] = [];
  for (let from = 0; from < words.length; from += words[from + 1])
    found.push({ name: names[words[from] - 1], from, length: words[from + 1] });
  return found;
}

/** A word of a command that names a place of the memory. */
export interface MemoryOperand {
  /** As `conv.bias`. */
  readonly name: string;
  readonly kind: 'memory' | 'memory or none' | 'table';
  /** The offset in floats, or `NONE`. */
  readonly at: number;
}

/** What a command, as `command` makes it, names of the memory. */
export function memoryOperands(words: ArrayLike<number>): MemoryOperand[] {
  const [op, operands] = Object.entries(COMMANDS)[words[0] - 1];
  const found: MemoryOperand[] = [];
  let next = 2;
  const visit = ([name, kind]: readonly [string, OperandKind]): void => {
    if (kind === 'windows' || kind === 'shape') Object.entries(GROUPS[kind]).forEach(visit);
    else {
      if (kind === 'memory' || kind === 'memory or none' || kind === 'table')
        found.push({ name: `${op}.${name}`, kind, at: words[next] });
      next += kind === 'double' ? 2 : 1;
    }
  };
  Object.entries<OperandKind>(operands).forEach(visit);
  return found;
}

/** A command as native/run.h reads it: opcode, length in words, operands. */
export function command<Name extends CommandName>(name: Name, operands: Operands<Name>): number[] {
  const values = operands as Readonly<Record<string, number | Readonly<Record<string, number>>>>;
  const words = Object.entries(COMMANDS[name]).flatMap(([operand, kind]) =>
    wordsOf(kind, values[operand]),
  );
  return [OPCODES.get(name)!, words.length + 2, ...words];
}
