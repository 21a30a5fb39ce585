import type {
  BlockMask,
  ConvLayer,
  LinearLayer,
  Network,
  Partition,
} from '../../src/network/types.js';
import { neighbours } from '../graph/neighbours.js';

/** A relational layer. */
type Relational = (LinearLayer | ConvLayer) & { readonly mask: BlockMask };

/**
 * One round of message exchange: the relational layers side by side (a block's projection and its
 * first convolution; queries, keys and values).
 */
export interface Round {
  /** As layers are named by it: `s2`. */
  readonly stage: string;
  readonly layers: readonly Relational[];
  readonly mask: BlockMask;
}

/** What is drawn between two columns of nodes: one round, or all those of a folded stage. */
export interface Span {
  readonly stage: string;
  /** Number of the stage, from 1. */
  readonly stageNumber: number;
  /** Numbers of its rounds, from 0. */
  readonly first: number;
  readonly count: number;
  /** Of the first round, for its lines and for the nodes before it. */
  readonly mask: BlockMask;
  /** The channels after its last round. */
  readonly output: Partition;
}

/** Networks of no more rounds are drawn whole. */
export const FEW_ROUNDS = 12;

/**
 * The rounds of a network, in order: relational layers that a message comes to after as many others
 * are one round.
 */
export function roundsOf(network: Network): Round[] {
  const rounds: Round[] = [];
  // Of each layer: how many rounds there are before what it gives.
  const depths = new Map<string, number>();
  for (const layer of network.layers) {
    const before = Math.max(0, ...layer.inputs.map((input) => depths.get(input) ?? 0));
    const relational = isRelational(layer);
    depths.set(layer.id, before + (relational ? 1 : 0));
    if (!relational) continue;
    const same = rounds[before];
    rounds[before] =
      same === undefined
        ? { stage: stageOf(layer.id), layers: [layer], mask: layer.mask }
        : { ...same, layers: [...same.layers, layer] };
  }
  return rounds;
}

function isRelational(layer: Network['layers'][number]): layer is Relational {
  return (layer.kind === 'linear' || layer.kind === 'conv') && layer.mask !== null;
}

function stageOf(id: string): string {
  return id.split('.')[0] ?? id;
}

/** The stages of some rounds, in order. */
export function stagesOf(rounds: readonly Round[]): string[] {
  return [...new Set(rounds.map(({ stage }) => stage))];
}

/** What is drawn: every round, but only one for each stage that is folded. */
export function spansOf(rounds: readonly Round[], unfolded: readonly number[]): Span[] {
  const stages = stagesOf(rounds);
  const whole = rounds.length <= FEW_ROUNDS;
  const spans: Span[] = [];
  for (const [at, round] of rounds.entries()) {
    const { stage, mask } = round;
    const stageNumber = stages.indexOf(stage) + 1;
    const last = spans.at(-1);
    const folds = !whole && !unfolded.includes(stageNumber);
    if (folds && last !== undefined && last.stage === stage)
      spans[spans.length - 1] = { ...last, count: last.count + 1, output: mask.output };
    else spans.push({ stage, stageNumber, first: at, count: 1, mask, output: mask.output });
  }
  return spans;
}

/**
 * Which nodes a message from `source` has reached: before the first round, then after each one of
 * the first `most`. Node i hears node j where the graph has the edge i -> j, and itself.
 */
export function reachOf(rounds: readonly Round[], source: number, most: number): Uint8Array[] {
  const [first] = rounds;
  if (first === undefined) return [];
  let here: Uint8Array = new Uint8Array(first.mask.input.nodes);
  here[Math.min(source, here.length - 1)] = 1;
  let partition = first.mask.input;
  const reached = [here];
  for (const { mask } of rounds.slice(0, most)) {
    const before = carried(here, partition, mask.input);
    here = before.map((own, node) =>
      own === 1 || neighbours(mask.graph, node).some((heard) => before[heard] === 1) ? 1 : 0,
    );
    partition = mask.output;
    reached.push(here);
  }
  return reached;
}

/** The same channels dealt to other nodes: those that hold a channel of a reached one are reached. */
function carried(reached: Uint8Array, from: Partition, to: Partition): Uint8Array {
  if (from.nodes === to.nodes) return reached;
  const channels = new Uint8Array(Math.max(from.channels, to.channels));
  for (const [node, is] of reached.entries())
    if (is === 1) channels.fill(1, from.starts[node], from.starts[node + 1]);
  return Uint8Array.from({ length: to.nodes }, (_, node) =>
    channels.subarray(to.starts[node], to.starts[node + 1]).includes(1) ? 1 : 0,
  );
}
