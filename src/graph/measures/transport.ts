import { invariant } from '../../core/errors.js';

/** A transport problem: amounts at hand, amounts wanted (the same in all), and the cost of one unit from each to each. */
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
  /** Potentials: cost + potential of the supply - potential of the demand >= 0, and = 0 where something flows. */
  readonly potentials: Int32Array;
  readonly distances: Int32Array;
  readonly done: Uint8Array;
}

const FAR = 0x3fffffff;

/**
 * The least cost of a transport problem, exactly, by the primal-dual method (Ford and Fulkerson 1956; successive shortest
 * paths, all those of one length at once). Integers throughout.
 */
export function transportCost(problem: Transport): number {
  const { supply, demand, costs } = problem;
  const nodes = supply.length + demand.length;
  const residual: Residual = {
    ...problem, flows: new Int32Array(costs.length), left: supply.slice(), wanted: demand.slice(),
    potentials: new Int32Array(nodes), distances: new Int32Array(nodes), done: new Uint8Array(nodes),
  };
  let total = sum(supply);
  invariant(total === sum(demand), `supply ${total} and demand ${sum(demand)} must be equal`);
  while (total > 0) {
    raisePotentials(residual);
    for (let source = 0; source < supply.length; source++) {
      while (residual.left[source] > 0) {
        residual.done.fill(0);
        const sent = push(residual, source, residual.left[source]);
        if (sent === 0) break;
        residual.left[source] -= sent;
        total -= sent;
      }
    }
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

/** Dijkstra's search from all supplies with something left, then potentials that make the shortest ways cost nothing. */
function raisePotentials(residual: Residual): void {
  const { supply, left, wanted, potentials, distances, done } = residual;
  done.fill(0);
  for (let node = 0; node < distances.length; node++) distances[node] = node < supply.length && left[node] > 0 ? 0 : FAR;
  for (let node = nearest(distances, done); node >= 0; node = nearest(distances, done)) {
    done[node] = 1;
    if (node < supply.length) relaxForward(residual, node);
    else if (wanted[node - supply.length] > 0) {
      // What lies farther than the first unmet demand counts as far as that.
      for (let other = 0; other < potentials.length; other++) potentials[other] += Math.min(distances[other], distances[node]);
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

function relaxForward({ supply, demand, costs, potentials, distances }: Residual, source: number): void {
  for (let sink = 0; sink < demand.length; sink++) {
    const node = supply.length + sink;
    const distance = distances[source] + costs[source * demand.length + sink] + potentials[source] - potentials[node];
    if (distance < distances[node]) distances[node] = distance;
  }
}

/** Back along what flows, which costs nothing. */
function relaxBackward({ supply, demand, flows, distances }: Residual, sink: number): void {
  const distance = distances[supply.length + sink];
  for (let source = 0; source < supply.length; source++) {
    if (flows[source * demand.length + sink] > 0 && distance < distances[source]) distances[source] = distance;
  }
}

/** Sends at most `limit` from a supply along ways that cost nothing (depth first); how much it sent. */
function push(residual: Residual, source: number, limit: number): number {
  const { supply, demand, costs, flows, wanted, potentials, done } = residual;
  done[source] = 1;
  for (let sink = 0; sink < demand.length; sink++) {
    const node = supply.length + sink;
    const at = source * demand.length + sink;
    if (done[node] || costs[at] + potentials[source] !== potentials[node]) continue;
    done[node] = 1;
    const sent = wanted[sink] > 0 ? Math.min(limit, wanted[sink]) : reroute(residual, sink, limit);
    if (sent === 0) continue;
    if (wanted[sink] > 0) wanted[sink] -= sent;
    flows[at] += sent;
    return sent;
  }
  return 0;
}

/** Makes room at a demand that is met: another supply sends elsewhere what it sent here; how much. */
function reroute(residual: Residual, sink: number, limit: number): number {
  const { supply, demand, flows, done } = residual;
  for (let source = 0; source < supply.length; source++) {
    const at = source * demand.length + sink;
    if (done[source] || flows[at] === 0) continue;
    const sent = push(residual, source, Math.min(limit, flows[at]));
    if (sent === 0) continue;
    flows[at] -= sent;
    return sent;
  }
  return 0;
}
