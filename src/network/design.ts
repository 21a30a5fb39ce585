import { must, UserError } from '../core/errors.js';
import { measure } from '../graph/measures/basic.js';
import { meanMeasures } from '../graph/sequence.js';
import type { Graph, GraphMeasures, GraphSpec } from '../graph/types.js';
import type { Architecture, BuildRequest, Stem } from './architectures/architecture.js';
import { architecture } from './architectures/registry.js';
import {
  BUDGET_RULE,
  budgetMacs,
  budgetPasses,
  isBudget,
  type MacsAt,
  matchWidths,
} from './budget.js';
import { costOf } from './cost.js';
import { checkGraphsFit } from './fit.js';
import { relationalLayers, type RelationalLayers } from './relational.js';
import { DEFAULT_CLASSES, DEFAULT_INPUT, layOut, stemOf, type Task } from './task.js';
import type { Network, NetworkCost } from './types.js';

/** The network that `designNetwork` is asked for. */
export interface DesignRequest extends Task {
  /** Name of the architecture, e.g. `mlp`. */
  readonly arch: string;
  readonly graph: Graph | GraphSpec;
  /** Fixes the widths; without it they are matched to the budget. */
  readonly widths?: readonly number[] | undefined;
  /** The budget in multiply-adds; default: the dense baseline's cost on the same task. */
  readonly target?: number | undefined;
  /** The budget as a share of that cost or as multiply-adds (`isBudget`), instead of `target`. */
  readonly budget?: number | undefined;
}

/** A network with all that is known of it before training. */
export interface Design {
  readonly network: Network;
  /**
   * The stem that was asked for or follows from the input; null where the architecture has no
   * choice.
   */
  readonly stem: Stem | null;
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
 * From a graph to a network: the architecture with its relational layers on that graph, as wide as
 * the budget allows.
 *
 * @throws UserError for an unknown architecture, an impossible task, widths or budget, or a graph
 * that does not fit
 */
export function designNetwork(request: DesignRequest): Design {
  const arch = architecture(request.arch);
  if (request.widths !== undefined && (request.target ?? request.budget) !== undefined)
    throw new UserError('give either widths or a budget to match, not both');
  const relational = relationalLayers(request.graph, arch);
  const baseline = costOf(baselineNetwork(request.arch, request));
  const target =
    request.widths === undefined ? checkTarget(targetOf(request, baseline.macs)) : null;
  const network =
    target === null
      ? build(arch, relational, request.widths!, request)
      : matched(arch, relational, target, request);
  return {
    network,
    stem: stemOf(arch, request),
    cost: costOf(network),
    baseline,
    target,
    graphs: relational.layers.map(({ graph }) => graph),
    measures: measuresOf(relational),
  };
}

function targetOf({ target, budget }: DesignRequest, baseline: number): number {
  if (budget === undefined) return target ?? baseline;
  if (isBudget(budget)) return budgetMacs(budget, baseline);
  throw new UserError(`a budget must be ${BUDGET_RULE}; got ${budget}`);
}

/**
 * Measures of the graph that a spec gives an architecture; for a sequence the means over the
 * relational layers. What a design would say, without its network.
 */
export function graphMeasuresFor(graph: GraphSpec, arch: string): GraphMeasures {
  return measuresOf(relationalLayers(graph, architecture(arch)));
}

function measuresOf({ layers }: RelationalLayers): GraphMeasures {
  const known = new Map([...new Set(layers)].map((each) => [each, measure(each.graph)]));
  const [first, ...others] = layers.map((each) => known.get(each)!);
  return meanMeasures([must(first), ...others]);
}

/**
 * The network on `graph` whose cost is matched to `target` multiply-adds by the official procedure
 * (see `matchWidths`).
 *
 * @param options.target default: the dense baseline's cost on the same task
 */
export function matchBudget(
  arch: string,
  graph: Graph | GraphSpec,
  options: Task & { readonly target?: number } = {},
): Network {
  const found = architecture(arch);
  const target = checkTarget(options.target ?? costOf(baselineNetwork(arch, options)).macs);
  return matched(found, relationalLayers(graph, found), target, options);
}

/** The network on `graph` with the given widths. */
export function buildNetwork(
  arch: string,
  graph: Graph | GraphSpec,
  widths: readonly number[],
  task: Task = {},
): Network {
  const found = architecture(arch);
  return build(found, relationalLayers(graph, found), widths, task);
}

/** The dense network that budgets refer to: no graph, the architecture's own widths. */
export function baselineNetwork(arch: string, task: Task = {}): Network {
  const found = architecture(arch);
  return build(found, null, found.baselineWidths, task);
}

function matched(
  arch: Architecture,
  relational: RelationalLayers,
  target: number,
  task: Task,
): Network {
  const fixed = fixedOf(arch, task);
  const at = (widths: readonly number[]): Network => layOut(arch, { ...fixed, widths, relational });
  checkGraphsFit(arch, relational, { ...fixed, widths: arch.baselineWidths });
  const macsAt = (widths: readonly number[]): number => costOf(at(widths)).macs;
  try {
    return at(matchWidths(macsAt, arch.baselineWidths, target, budgetPasses(fixed.stem)));
  } catch (error) {
    const nodes = Math.max(...relational.layers.map(({ graph }) => graph.nodes));
    throw (error instanceof UserError && tooSmall(arch, { nodes, target, macsAt })) || error;
  }
}

/** What to say of a budget that the narrowest network exceeds; null where it is not that. */
function tooSmall(
  { name, baselineWidths }: Architecture,
  { nodes, target, macsAt }: Readonly<{ nodes: number; target: number; macsAt: MacsAt }>,
): UserError | null {
  const narrowest = Math.min(...baselineWidths);
  const least = baselineWidths.map((width) => Math.ceil((nodes * width) / narrowest));
  try {
    const macs = macsAt(least);
    return macs <= target
      ? null
      : new UserError(
          `a budget of ${target} multiply-adds is too small for ${name} on ${nodes} nodes: with ` +
            `one channel a node it costs ${macs} already, most of it in layers whose width is ` +
            'fixed; choose a larger budget',
        );
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

function build(
  arch: Architecture,
  relational: RelationalLayers | null,
  widths: readonly number[],
  task: Task,
): Network {
  const fixed = fixedOf(arch, task);
  if (relational !== null) checkGraphsFit(arch, relational, { ...fixed, widths });
  return layOut(arch, { ...fixed, widths, relational });
}

/** What of a request does not depend on widths and graphs. */
function fixedOf(arch: Architecture, task: Task): Pick<BuildRequest, 'input' | 'classes' | 'stem'> {
  return {
    input: task.input ?? DEFAULT_INPUT,
    classes: task.classes ?? DEFAULT_CLASSES,
    stem: stemOf(arch, task),
  };
}

function checkTarget(target: number): number {
  if (Number.isSafeInteger(target) && target > 0) return target;
  throw new UserError(`a budget is a positive integer of multiply-adds; got ${target}`);
}
