import { describe, expect, it } from 'vitest';
import { buildGraph, parseGraphSpec } from '../../src/graph/spec.js';
import { graphFromEdges } from '../../src/graph/index.js';
import { placeNodes, trafficOf, type Mesh, type Placement } from '../../src/spikes/index.js';
import { PythonRandom } from '../../src/core/random/python-random.js';

const graphOf = (line: string) => buildGraph(parseGraphSpec(line));
const inOrder = (nodes: number): Placement => Int32Array.from({ length: nodes }, (_, at) => at);

/** The union of XY paths, link by link. */
function linksByPaths(
  { rows, columns }: Mesh,
  from: number,
  targets: readonly number[],
): { union: number; each: number } {
  const used = new Set<string>();
  let each = 0;
  for (const target of targets) {
    let [x, y] = [from % columns, Math.floor(from / columns)];
    const [tx, ty] = [target % columns, Math.floor(target / columns)];
    while (x !== tx || y !== ty) {
      const [nx, ny] = x !== tx ? [x + Math.sign(tx - x), y] : [x, y + Math.sign(ty - y)];
      expect(ny).toBeLessThan(rows);
      used.add(`${x},${y}>${nx},${ny}`);
      each++;
      [x, y] = [nx, ny];
    }
  }
  return { union: used.size, each };
}

describe('traffic on a mesh', () => {
  it.each([
    ['ws-flex:n=20,k=5,p=0.4,seed=3', { rows: 4, columns: 6 }],
    ['star:n=9', { rows: 3, columns: 3 }],
    ['complete:n=16', { rows: 4, columns: 4 }],
    ['ring-lattice:n=10,k=4', { rows: 1, columns: 10 }],
  ])('%s: links of the union of XY paths, walked one by one', (line, mesh) => {
    const graph = graphOf(line);
    const random = new PythonRandom(4);
    const cores = Array.from({ length: mesh.rows * mesh.columns }, (_, at) => at);
    const placement = Int32Array.from(
      cores.map((core) => ({ core, key: random.random() })).sort((a, b) => a.key - b.key),
      ({ core }) => core,
    ).subarray(0, graph.nodes);
    const loads = Array.from({ length: graph.nodes }, (_, at) => at % 4);
    let [packets, hops, unicastHops] = [0, 0, 0];
    for (let node = 0; node < graph.nodes; node++) {
      const readers = [...graph.targets.subarray(graph.offsets[node], graph.offsets[node + 1])];
      const { union, each } = linksByPaths(
        mesh,
        placement[node],
        readers.map((reader) => placement[reader]),
      );
      packets += loads[node] * readers.length;
      hops += loads[node] * union;
      unicastHops += loads[node] * each;
    }
    expect(trafficOf(graph, loads, mesh, placement)).toEqual({ packets, hops, unicastHops });
  });

  it('a directed edge i -> j means that i reads j', () => {
    const graph = graphFromEdges(3, [[0, 2]], true);
    const mesh = { rows: 1, columns: 3 };
    expect(trafficOf(graph, [5, 7, 1], mesh, inOrder(3))).toEqual({
      packets: 1,
      hops: 2,
      unicastHops: 2,
    });
  });

  it('the complete graph costs the same wherever nodes lie: a spanning tree for each event', () => {
    const loads = Array<number>(64).fill(8);
    const mesh = { rows: 8, columns: 8 };
    const { packets, hops } = trafficOf(graphOf('complete:n=64'), loads, mesh, inOrder(64));
    expect([packets, hops]).toEqual([64 * 8 * 63, 64 * 8 * 63]);
  });
});

describe('placement', () => {
  const mesh = { rows: 4, columns: 4 };
  const loads = Array<number>(16).fill(1);

  it('finds a grid again that was shuffled', () => {
    const side = 4;
    const random = new PythonRandom(7);
    const shuffled = Array.from({ length: 16 }, (_, at) => ({ at, key: random.random() }))
      .sort((a, b) => a.key - b.key)
      .map(({ at }) => at);
    const edges: [number, number][] = [];
    for (let at = 0; at < 16; at++) {
      if (at % side < side - 1) edges.push([shuffled[at], shuffled[at + 1]]);
      if (at < 12) edges.push([shuffled[at], shuffled[at + side]]);
    }
    const graph = graphFromEdges(16, edges);
    const placement = placeNodes([{ graph, loads }], mesh, { seed: 1 });
    expect([...placement].sort((a, b) => a - b)).toEqual([...inOrder(16)]);
    // Every link of the grid once in each direction, and none else.
    expect(trafficOf(graph, loads, mesh, placement).hops).toBe(2 * edges.length);
  });

  it('depends on the seed alone, and takes several graphs and free cores', () => {
    const flows = [
      { graph: graphOf('ws-flex:n=13,k=4,p=0.3,seed=1'), loads: loads.slice(0, 13) },
      { graph: graphOf('star:n=13'), loads: loads.slice(0, 13) },
    ];
    const once = placeNodes(flows, mesh, { seed: 3 });
    expect([...placeNodes(flows, mesh, { seed: 3 })]).toEqual([...once]);
    expect(new Set(once).size).toBe(13);
    const cost = (placement: Placement): number =>
      flows.reduce((sum, flow) => sum + trafficOf(flow.graph, flow.loads, mesh, placement).hops, 0);
    expect(cost(once)).toBeLessThan(cost(inOrder(13)));
  });

  it('refuses layers of different numbers of nodes', () => {
    const flows = [9, 12].map((n) => ({
      graph: graphOf(`star:n=${n}`),
      loads: Array<number>(n).fill(1),
    }));
    expect(() => placeNodes(flows, mesh, { seed: 1 })).toThrow('these have 9 and 12 nodes');
  });

  it('refuses a mesh that is too small, with one that is not', () => {
    const flows = [{ graph: graphOf('complete:n=20'), loads: Array<number>(20).fill(1) }];
    expect(() => placeNodes(flows, mesh, { seed: 1 })).toThrow(
      '20 nodes do not fit on 4 x 4 cores; take a mesh of 5 x 4',
    );
  });
});
