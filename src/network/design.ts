import { UserError } from '../core/errors.js';
import { features, type Shape } from '../core/shape.js';
import { meanMeasures, measure } from '../graph/index.js';
import type { Graph, GraphMeasures, GraphSpec } from '../graph/types.js';
import type { Architecture } from './architectures/architecture.js';
import { architecture } from './architectures/registry.js';
import { matchWidths } from './budget.js';
import { costOf } from './cost.js';
import { relationalLayers, type RelationalLayers } from './relational.js';
import type { Network, NetworkCost } from './types.js';

/** One CIFAR image: 3 channels of 32 x 32 pixels. */
export const DEFAULT_INPUT: Shape = { channels: 3, height: 32, width: 32 };
export const DEFAULT_CLASSES = 10;

/** What a network is for; CIFAR-10 unless said. */
export interface Task {
  /** Shape of one sample; default 3 x 32 x 32. */
  readonly input?: Shape;
  /** Default 10. */
  readonly classes?: number;
}

export interface DesignRequest extends Task {
  /** Name of the architecture, e.g. `mlp`. */
  readonly arch: string;
  readonly graph: Graph | GraphSpec;
  /** Fixes the widths; without it they are matched to the budget. */
  readonly widths?: readonly number[];
  /** The budget in multiply-adds; default: the dense baseline's cost on the same task. */
  readonly target?: number;
}

/** A network with all that is known of it before training. */
export interface Design {
  readonly network: Network;
  readonly cost: NetworkCost;
  /** Cost of the architecture's dense baseline on the same task. */
  readonly baseline: NetworkCost;
  /** The budget that was matched, in multiply-adds; null when the widths were given. */
  readonly target: number | null;
  /** The graph of each relational layer; all the same one but for a sequence. */
  readonly graphs: readonly Graph[];
  /** Of the graph; for a sequence the means over the relational layers (see `meanMeasures`). */
  readonly measures: GraphMeasures;
}

/**
 * From a graph to a network: the architecture with its relational layers on that graph, as wide as the budget allows.
 *
 * @throws UserError for an unknown architecture, an impossible task, widths or budget, or a graph that does not fit
 */
export function designNetwork(request: DesignRequest): Design {
  const arch = architecture(request.arch);
  if (request.widths !== undefined && request.target !== undefined) throw new UserError('give either widths or a budget to match, not both');
  const relational = relationalLayers(request.graph, arch);
  const baseline = costOf(baselineNetwork(request.arch, request));
  const target = request.widths === undefined ? checkTarget(request.target ?? baseline.macs) : null;
  const network = target === null ? build(arch, relational, request.widths!, request) : matched(arch, relational, target, request);
  return { network, cost: costOf(network), baseline, target, graphs: relational.layers.map(({ graph }) => graph), measures: measuresOf(relational) };
}

function measuresOf({ layers }: RelationalLayers): GraphMeasures {
  const [first, ...others] = layers;
  const known = new Map([...new Set(layers)].map((each) => [each, measure(each.graph)]));
  return meanMeasures([known.get(first)!, ...others.map((each) => known.get(each)!)]);
}

/**
 * The network on `graph` whose cost is matched to `target` multiply-adds by the official procedure (see `matchWidths`).
 *
 * @param options.target default: the dense baseline's cost on the same task
 */
export function matchBudget(arch: string, graph: Graph | GraphSpec, options: Task & { readonly target?: number } = {}): Network {
  const found = architecture(arch);
  const target = checkTarget(options.target ?? costOf(baselineNetwork(arch, options)).macs);
  return matched(found, relationalLayers(graph, found), target, options);
}

/** The network on `graph` with the given widths. */
export function buildNetwork(arch: string, graph: Graph | GraphSpec, widths: readonly number[], task: Task = {}): Network {
  const found = architecture(arch);
  return build(found, relationalLayers(graph, found), widths, task);
}

/** The dense network that budgets refer to: no graph, the architecture's own widths. */
export function baselineNetwork(arch: string, task: Task = {}): Network {
  const found = architecture(arch);
  return build(found, null, found.baselineWidths, task);
}

function matched(arch: Architecture, relational: RelationalLayers, target: number, task: Task): Network {
  const macsAt = (widths: readonly number[]): number => costOf(build(arch, relational, widths, task)).macs;
  return build(arch, relational, matchWidths(macsAt, arch.baselineWidths, target, arch.budgetPasses), task);
}

function build(arch: Architecture, relational: RelationalLayers | null, widths: readonly number[], task: Task): Network {
  const input = task.input ?? DEFAULT_INPUT;
  const classes = task.classes ?? DEFAULT_CLASSES;
  checkTask(input, classes);
  checkWidths(arch, widths);
  return arch.build({ input, classes, widths, relational });
}

function checkTask(input: Shape, classes: number): void {
  const sides = [input.channels, input.height, input.width];
  if (!sides.every(isPositiveInteger) || features(input) > MAX_SIZE) {
    throw new UserError(`an input shape is CHANNELSxHEIGHTxWIDTH, positive integers with at most ${MAX_SIZE} values in all; got ${sides.join('x')}`);
  }
  if (!Number.isInteger(classes) || classes < 2 || classes > MAX_SIZE) throw new UserError(`a classifier has an integer number of classes from 2 to ${MAX_SIZE}; got ${classes}`);
}

function checkWidths(arch: Architecture, widths: readonly number[]): void {
  const count = arch.baselineWidths.length;
  if (widths.length === count && widths.every((width) => isPositiveInteger(width) && width <= MAX_SIZE)) return;
  throw new UserError(`${arch.name} takes ${count === 1 ? 'one width' : `${count} widths`}, from 1 to ${MAX_SIZE} channels; got ${widths.join(',') || 'none'}`);
}

function checkTarget(target: number): number {
  if (Number.isSafeInteger(target) && target > 0) return target;
  throw new UserError(`a budget is a positive integer of multiply-adds; got ${target}`);
}

/** Keeps every product of two sides an exact integer in a float64. */
const MAX_SIZE = 2 ** 24;

function isPositiveInteger(x: number): boolean {
  return Number.isInteger(x) && x > 0;
}
