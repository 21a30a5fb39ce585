import { UserError } from '../core/errors.js';
import { PythonRandom } from '../core/random/python-random.js';
import type { Graph } from '../graph/types.js';
import { checkMesh, type Mesh, type Placement, readersOf, treeCounter } from './mesh.js';

/** How long and from where it is annealed. */
export interface AnnealOptions {
  readonly seed: number;
  /** Swaps that are tried for each core; default 300. */
  readonly sweeps?: number | undefined;
}

const SWEEPS = 300;
/** What is less of a gain than that is rounding. */
const LEAST_GAIN = 1e-9;
const NOBODY = new Int32Array(0);
/** The temperature falls by this factor in all, geometrically. */
const COOLING = 1e-3;

/** What one layer sends: through which graph it is read, and how much each node sends. */
export interface Flow {
  readonly graph: Graph;
  /** Events of each node; only their proportions matter. */
  readonly loads: readonly number[];
}

/**
 * Puts each node on a core so that multicast trees are short: simulated annealing (Kirkpatrick,
 * Gelatt and Vecchi 1983) over swaps of two cores, free ones too, from the order of the nodes. The
 * best placement met is given. It depends on flows, mesh and options alone.
 *
 * @param flows of one network
 * @throws UserError where the mesh has too few cores, or layers differ in their numbers of nodes
 */
export function placeNodes(
  flows: readonly Flow[],
  mesh: Mesh,
  { seed, sweeps = SWEEPS }: AnnealOptions,
): Placement {
  const nodes = flows[0]?.graph.nodes ?? 0;
  const other = flows.find(({ graph }) => graph.nodes !== nodes);
  if (other !== undefined)
    throw new UserError(
      `a node keeps its core through all layers, but these have ${nodes} and ${other.graph.nodes} ` +
        'nodes; take graphs of one size',
    );
  checkMesh(mesh, nodes);
  const state = begin(flows, nodes, mesh);
  const cores = mesh.rows * mesh.columns;
  const random = new PythonRandom(seed);
  const steps = isEverywhere(flows, cores) ? 0 : sweeps * cores;
  const scale = state.cost / Math.max(1, nodes);
  let best = state.cost;
  let placement = state.placement.slice();
  for (let step = 0; step < steps; step++) {
    const temperature = scale * COOLING ** (step / steps);
    const a = Math.floor(random.random() * cores);
    const b = Math.floor(random.random() * cores);
    const change = a === b ? 0 : swap(state, a, b);
    if (change > 0 && random.random() >= Math.exp(-change / temperature)) swap(state, a, b);
    if (state.cost < best - LEAST_GAIN) {
      best = state.cost;
      placement = state.placement.slice();
    }
  }
  return placement;
}

/** Whether every core hears every event, so that every placement is as good. */
const isEverywhere = (flows: readonly Flow[], cores: number): boolean =>
  flows.every(({ graph }) => readersOf(graph).every((readers) => readers.length === cores - 1));

/** A placement with what it costs, tree by tree: one for each flow and node. */
interface State {
  readonly placement: Placement;
  /** The node on each core; -1: free. */
  readonly hosted: Int32Array;
  readonly readers: readonly Int32Array[];
  /** Trees that depend on a node's place: its own and those of the nodes that it reads. */
  readonly touched: readonly Int32Array[];
  readonly loads: Float64Array;
  readonly trees: Float64Array;
  readonly links: ReturnType<typeof treeCounter>;
  cost: number;
}

function begin(flows: readonly Flow[], nodes: number, mesh: Mesh): State {
  const hosted = new Int32Array(mesh.rows * mesh.columns).fill(-1);
  for (let node = 0; node < nodes; node++) hosted[node] = node;
  const loads = flows.flatMap((flow) => flow.loads);
  // Mean load 1, so that equal loads of any size anneal alike.
  const total = loads.reduce((sum, load) => sum + load, 0);
  const state: State = {
    placement: Int32Array.from({ length: nodes }, (_, node) => node),
    hosted,
    readers: flows.flatMap(({ graph }) => readersOf(graph)),
    touched: Array.from({ length: nodes }, (_, node) =>
      Int32Array.from(
        flows.flatMap(({ graph: { offsets, targets } }, flow) =>
          [node, ...targets.subarray(offsets[node], offsets[node + 1])].map(
            (read) => flow * nodes + read,
          ),
        ),
      ),
    ),
    loads: Float64Array.from(loads, (load) => (total === 0 ? 1 : (load * loads.length) / total)),
    trees: new Float64Array(loads.length),
    links: treeCounter(mesh),
    cost: 0,
  };
  loads.forEach((_, tree) => retree(state, tree));
  return state;
}

/** Swaps what two cores host; gives by how much the cost grew. */
function swap(state: State, a: number, b: number): number {
  const { hosted, placement, touched, cost } = state;
  const [first, second] = [hosted[a] ?? -1, hosted[b] ?? -1];
  hosted[a] = second;
  hosted[b] = first;
  if (first >= 0) placement[first] = b;
  if (second >= 0) placement[second] = a;
  for (const node of [first, second])
    for (const tree of node < 0 ? [] : (touched[node] ?? [])) retree(state, tree);
  return state.cost - cost;
}

function retree(state: State, tree: number): void {
  const { readers, trees, loads, placement, links } = state;
  const count = links(tree % placement.length, readers[tree] ?? NOBODY, placement);
  const cost = count * (loads[tree] ?? 0);
  state.cost += cost - (trees[tree] ?? 0);
  trees[tree] = cost;
}
