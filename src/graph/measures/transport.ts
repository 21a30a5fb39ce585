import { invariant } from '../../core/errors.js';

/**
 * A transport problem: amounts at hand, amounts wanted (the same in all), and the cost of one unit
 * from each to each.
 */
export interface Transport {
  readonly supply: Int32Array;
  readonly demand: Int32Array;
  /** `supply.length x demand.length` small non-negative integers. */
  readonly costs: Int32Array;
}

/** Node numbers of the residual network: supplies first, then demands. */
interface Residual extends Transport {
  readonly flows: Int32Array;
  /** Amounts not sent yet, and not met yet. */
  readonly left: Int32Array;
  readonly wanted: Int32Array;
  /**
   * Potentials: cost + potential of the supply - potential of the demand >= 0, and = 0 where
   * something flows.
   */
  readonly potentials: Int32Array;
  readonly distances: Int32Array;
  readonly done: Uint8Array;
  /** Steps from a supply with something left, along ways that cost nothing; -1 out of reach. */
  readonly levels: Int32Array;
  /** The neighbour that each node tries next: those before it lead nowhere. */
  readonly next: Int32Array;
  readonly queue: Int32Array;
}

const FAR = 0x3fffffff;

/**
 * The least cost of a transport problem, exactly, by the primal-dual method (Ford and Fulkerson
 * 1956; successive shortest paths, all those of one length at once). Integers throughout.
 */
export function transportCost(problem: Transport): number {
  const { supply, demand, costs } = problem;
  const nodes = supply.length + demand.length;
  const list = (): Int32Array => new Int32Array(nodes);
  const residual: Residual = {
    ...problem,
    flows: new Int32Array(costs.length),
    left: supply.slice(),
    wanted: demand.slice(),
    potentials: list(),
    distances: list(),
    done: new Uint8Array(nodes),
    levels: list(),
    next: list(),
    queue: list(),
  };
  let total = sum(supply);
  invariant(total === sum(demand), `supply ${total} and demand ${sum(demand)} must be equal`);
  while (total > 0) {
    raisePotentials(residual);
    while (setLevels(residual)) total -= sendAll(residual);
  }
  let cost = 0;
  for (let at = 0; at < costs.length; at++) cost += costs[at] * residual.flows[at];
  return cost;
}

function sum(values: Int32Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/**
 * Dijkstra's search from all supplies with something left, then potentials that make the shortest
 * ways cost nothing.
 */
function raisePotentials(residual: Residual): void {
  const { supply, left, wanted, potentials, distances, done } = residual;
  done.fill(0);
  for (let node = 0; node < distances.length; node++)
    distances[node] = node < supply.length && left[node] > 0 ? 0 : FAR;
  for (let node = nearest(distances, done); node >= 0; node = nearest(distances, done)) {
    done[node] = 1;
    if (node < supply.length) relaxForward(residual, node);
    else if (wanted[node - supply.length] > 0) {
      // What lies farther than the first unmet demand counts as far as that.
      for (let other = 0; other < potentials.length; other++)
        potentials[other] += Math.min(distances[other], distances[node]);
      return;
    } else relaxBackward(residual, node - supply.length);
  }
  invariant(false, 'no way to a demand that is not met');
}

/** The node not done yet that is nearest; -1 where none is in reach. */
function nearest(distances: Int32Array, done: Uint8Array): number {
  let found = -1;
  let least = FAR;
  for (let node = 0; node < distances.length; node++) {
    if (done[node] || distances[node] >= least) continue;
    least = distances[node];
    found = node;
  }
  return found;
}

function relaxForward(
  { supply, demand, costs, potentials, distances }: Residual,
  source: number,
): void {
  for (let sink = 0; sink < demand.length; sink++) {
    const node = supply.length + sink;
    const distance =
      distances[source] +
      costs[source * demand.length + sink] +
      potentials[source] -
      potentials[node];
    if (distance < distances[node]) distances[node] = distance;
  }
}

/** Back along what flows, which costs nothing. */
function relaxBackward({ supply, demand, flows, distances }: Residual, sink: number): void {
  const distance = distances[supply.length + sink];
  for (let source = 0; source < supply.length; source++) {
    if (flows[source * demand.length + sink] > 0 && distance < distances[source])
      distances[source] = distance;
  }
}

/**
 * Breadth-first levels along ways that cost nothing; whether they reach a demand that is not met.
 */
function setLevels(residual: Residual): boolean {
  const { supply, demand, costs, flows, left, wanted, potentials, levels, next, queue } = residual;
  levels.fill(-1);
  next.fill(0);
  let length = 0;
  let reached = false;
  const visit = (node: number, level: number): void => {
    levels[node] = level;
    queue[length++] = node;
  };
  for (let source = 0; source < supply.length; source++) if (left[source] > 0) visit(source, 0);
  for (let head = 0; head < length; head++) {
    const node = queue[head];
    const level = levels[node] + 1;
    if (node < supply.length) {
      for (let sink = 0, at = node * demand.length; sink < demand.length; sink++, at++) {
        const other = supply.length + sink;
        if (levels[other] >= 0 || costs[at] + potentials[node] !== potentials[other]) continue;
        visit(other, level);
        reached ||= wanted[sink] > 0;
      }
    } else {
      for (
        let source = 0, at = node - supply.length;
        source < supply.length;
        source++, at += demand.length
      ) {
        if (levels[source] < 0 && flows[at] > 0) visit(source, level);
      }
    }
  }
  return reached;
}

/**
 * Sends along the levels from every supply until nothing more goes (a blocking flow, Dinic 1970);
 * how much it sent.
 */
function sendAll(residual: Residual): number {
  const { supply, left } = residual;
  let total = 0;
  for (let source = 0; source < supply.length; source++) {
    for (let sent = 1; sent > 0 && left[source] > 0; total += sent) {
      sent = push(residual, source, left[source]);
      left[source] -= sent;
    }
  }
  return total;
}

/** Sends at most `limit` from a supply, one level up at each step; how much it sent. */
function push(residual: Residual, source: number, limit: number): number {
  const { supply, demand, costs, flows, potentials, levels, next } = residual;
  for (; next[source] < demand.length; next[source]++) {
    const node = supply.length + next[source];
    const at = source * demand.length + next[source];
    if (levels[node] !== levels[source] + 1 || costs[at] + potentials[source] !== potentials[node])
      continue;
    const sent = deliver(residual, next[source], limit);
    flows[at] += sent;
    if (sent > 0) return sent;
  }
  return 0;
}

/** Meets a demand, or has a supply that met it send elsewhere to make room; by how much. */
function deliver(residual: Residual, sink: number, limit: number): number {
  const { supply, demand, flows, wanted, levels, next } = residual;
  const node = supply.length + sink;
  if (wanted[sink] > 0) {
    const sent = Math.min(limit, wanted[sink]);
    wanted[sink] -= sent;
    return sent;
  }
  for (; next[node] < supply.length; next[node]++) {
    const source = next[node];
    const at = source * demand.length + sink;
    if (levels[source] !== levels[node] + 1 || flows[at] === 0) continue;
    const sent = push(residual, source, Math.min(limit, flows[at]));
    flows[at] -= sent;
    if (sent > 0) return sent;
  }
  return 0;
}
